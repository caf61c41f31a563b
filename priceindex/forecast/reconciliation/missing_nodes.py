"""Trees some of whose nodes have no forecast: cut to those that have one, and filled again afterwards."""

import numpy as np
from numpy.typing import NDArray

from priceindex.forecast.panel import Floats
from priceindex.forecast.reconciliation.hierarchy import NO_PARENT, Hierarchy, TreeNode, build, shares_of
from priceindex.formulas.relatives import Places


def without(tree: Hierarchy, known: NDArray[np.bool_]) -> tuple[Hierarchy, Places]:
    """The tree of the known nodes (n,) alone, and their places in the whole one.

    A missing leaf's share goes to its siblings in proportion, as when its price takes its parent's
    movement; the children of a missing inner node hang on the nearest known one above, with the product
    of the shares between.
    """
    alive = _known_below(tree, known)
    share = _reshared(tree, alive)
    above, weight = tree.parent.copy(), share.copy()
    for place in tree.order.tolist():
        up = int(above[place])
        if up != NO_PARENT and not known[up]:
            weight[place] *= weight[up]
            above[place] = above[up]
    places = np.flatnonzero(known)
    nodes = [
        TreeNode(
            key=tree.keys[place],
            parent=None if above[place] == NO_PARENT else tree.keys[int(above[place])],
            weight=float(weight[place]),
        )
        for place in places.tolist()
    ]
    return build(nodes), places


def filled(tree: Hierarchy, moved: Floats) -> Floats:
    """Moves (n, h) with those of missing nodes (NaN) put in, coherent where the known ones are.

    An inner node without a value gets its children's sum; anything else without one takes the movement of
    the node above, the rule of parental imputation. Where a whole tree is missing NaN stays.
    """
    known = np.asarray(~np.isnan(moved).any(axis=1))
    alive = _known_below(tree, known)
    share = _reshared(tree, alive)
    found = np.where(known[:, None], moved, 0.0)
    for place in tree.order[::-1].tolist():
        up = int(tree.parent[place])
        if up != NO_PARENT and not known[up] and alive[place]:
            found[up] += share[place] * found[place]
    found[~alive] = np.nan
    for place in tree.order.tolist():
        up = int(tree.parent[place])
        if up != NO_PARENT and not alive[place]:
            found[place] = found[up]
    return found


def _known_below(tree: Hierarchy, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(n,): whether the node itself or anything below it is known."""
    alive = known.copy()
    for place in tree.order[::-1].tolist():
        up = int(tree.parent[place])
        if up != NO_PARENT and alive[place]:
            alive[up] = True
    return alive


def _reshared(tree: Hierarchy, alive: NDArray[np.bool_]) -> Floats:
    """Shares among the siblings that are alive, 1 at a top; what is not alive has none."""
    counted = np.flatnonzero(alive)
    places = np.full(len(tree.keys) + 1, NO_PARENT, dtype=np.int64)
    places[counted] = np.arange(len(counted))  # the last place stands for NO_PARENT, and stays it
    share = np.zeros(len(tree.keys))
    share[counted] = shares_of(tree.share[counted], places[tree.parent[counted]])
    return share
