"""Forecasts of the tree's nodes made to agree: shares at the origin, past errors, and MinT over both.

The base is mixed: the upper nodes' forecasts as the gate published them, naive for herbs and grades.
"""

import numpy as np

from priceindex.calendar import day_number, day_of
from priceindex.classification import TREE_LEVELS, Level
from priceindex.forecast.nodes_on_grid import NodesOnGrid
from priceindex.forecast.panel import Floats
from priceindex.forecast.reconciliation.hierarchy import Hierarchy, TreeNode, build
from priceindex.forecast.reconciliation.moves import IndexForm, moves, origin_shares, since_link
from priceindex.forecast.reconciliation.reconciling import mixed_base, reconcile_tree
from priceindex.forecast.scoring.rolling_origin import Backtest


def coherent(
    found: NodesOnGrid,
    point: Floats,
    tested: Backtest,
    replayed: Floats,
    form: IndexForm,
    linked: int | None = None,
) -> Floats:
    """The published forecasts (n, h) of all nodes, reconciled; index points.

    `replayed` (o, n, h) are what would have been published at the origins of `tested`. All nodes of `found`
    must be of the tree. `linked` is the day number from which the weights of now hold, None where they always
    did: errors of earlier origins are of another tree, and are left out.
    """
    origin = found.panel.values[:, -1]
    upper = np.zeros(len(found.nodes), dtype=np.bool_)
    upper[found.upper] = True
    naive = np.repeat(origin[:, None], point.shape[1], axis=1)
    base = mixed_base(naive, point, upper)
    then = np.where(upper, replayed[:, :, 0], tested.last)
    errors = moves(tested.actuals[:, :, 0].T, np.ones(len(origin)), form) - moves(
        then.T, np.ones(len(origin)), form
    )
    past = _relative(errors, tested, form)
    if linked is not None:
        past = since_link(past, found.ends[tested.origins], linked)
    return reconcile_tree(_tree(found, form), base, origin, past, form)


def _relative(errors: Floats, tested: Backtest, form: IndexForm) -> Floats:
    """Errors of levels as errors of movements since each origin; those of logs are both."""
    return errors / tested.last.T if form == "arithmetic" else errors


def _tree(found: NodesOnGrid, form: IndexForm) -> Hierarchy:
    """The tree of the nodes on the grid; one whose parent cannot be forecast stands alone."""
    keys = {(each.level, each.node) for each in found.nodes}
    nodes = [
        TreeNode(
            key=f"{each.level}/{each.node}", parent=_parent(each.level, each.parent, keys), weight=each.weight
        )
        for each in found.nodes
    ]
    plain = build(nodes)
    if form == "geometric":
        return plain
    weights = np.array([node.weight for node in nodes])
    shares = origin_shares(weights, _since_month_end(found), plain.parent, form)
    return Hierarchy(keys=plain.keys, parent=plain.parent, share=shares, order=plain.order)


def _parent(level: Level, parent: str | None, keys: set[tuple[Level, str]]) -> str | None:
    above = TREE_LEVELS[TREE_LEVELS.index(level) - 1]
    return f"{above}/{parent}" if parent is not None and (above, parent) in keys else None


def _since_month_end(found: NodesOnGrid) -> Floats:
    """Each node's value at the origin over that at the end of the month before: weights hold from there."""
    first = day_number(day_of(int(found.ends[-1])).replace(day=1))
    before = np.flatnonzero(found.ends < first)
    values = found.panel.values
    if not len(before):
        return np.ones(len(values))
    then = values[:, int(before[-1])]
    return np.where(np.isnan(then), 1.0, values[:, -1] / then)
