"""The tree whose forecasts are to agree: each node's parent, and its share of that parent.

Shares are those at the origin of the forecasts, so that a node's relative to the origin (arithmetic
indices) or its logarithm (geometric ones) is the share-weighted sum of its children's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from priceindex.forecast.forecast_errors import TreeMisshapen
from priceindex.forecast.panel import Floats
from priceindex.formulas.relatives import Places

NO_PARENT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeNode:
    """One node as it is handed in."""

    key: str
    """Unique in the tree, such as `herb/白芍`."""
    parent: str | None
    weight: float
    """Its weight among its siblings, in any unit; see `origin_weights`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hierarchy:
    """A tree, or several, in arrays over its n nodes; the order is that in which they were handed in."""

    keys: tuple[str, ...]
    parent: Places
    """(n,): place of the parent; `NO_PARENT` at a top."""
    share: Floats
    """(n,): share of the parent, so that siblings add up to 1; 1 at a top."""
    order: Places
    """(n,): all places, each parent before its children."""

    @property
    def is_bottom(self) -> NDArray[np.bool_]:
        """(n,): which nodes have no children."""
        found = np.ones(len(self.keys), dtype=np.bool_)
        found[self.parent[self.parent != NO_PARENT]] = False
        return found

    @property
    def bottom(self) -> Places:
        """Places of the nodes without children, ascending: the columns of `summing`."""
        return np.flatnonzero(self.is_bottom)

    def upward(self, values: Floats) -> Floats:
        """(n, h) from values (n, h) of which those of the bottom alone are read: coherent by construction."""
        told = np.where(self.is_bottom[:, None], values, 0.0)
        for place in self.order[::-1].tolist():
            above = int(self.parent[place])
            if above != NO_PARENT:
                told[above] += self.share[place] * told[place]
        return told

    @property
    def summing(self) -> Floats:
        """S (n, bottom): what each bottom node contributes to each node.

        >>> build([TreeNode(key="all", parent=None, weight=1), TreeNode(key="a", parent="all", weight=3),
        ...        TreeNode(key="b", parent="all", weight=1)]).summing.tolist()
        [[0.75, 0.25], [1.0, 0.0], [0.0, 1.0]]
        """
        units = np.zeros((len(self.keys), len(self.bottom)))
        units[self.bottom, np.arange(len(self.bottom))] = 1.0
        return self.upward(units)

    def incoherence(self, values: Floats) -> float:
        """The greatest distance between a node and the sum of its children, in the values' own unit."""
        gaps = values - np.where(self.is_bottom[:, None], values, 0.0)
        below = self.parent != NO_PARENT
        np.subtract.at(gaps, self.parent[below], self.share[below, None] * values[below])
        gaps[self.is_bottom] = 0.0
        return float(np.max(np.abs(gaps), initial=0.0))


def build(nodes: Sequence[TreeNode]) -> Hierarchy:
    """The arrays of a tree.

    Siblings without any weight count alike. Raises `TreeMisshapen` for a key told twice, a parent that is
    not among the nodes, a circle, or a weight that is negative or not finite.
    """
    place_of = {node.key: place for place, node in enumerate(nodes)}
    if len(place_of) < len(nodes):
        raise TreeMisshapen(fault_zh="有重复的节点", fault_en="a node is told twice")
    unknown = [node.parent for node in nodes if node.parent is not None and node.parent not in place_of]
    if unknown:
        raise TreeMisshapen(
            fault_zh=f"没有上级节点 {unknown[0]}", fault_en=f"there is no parent {unknown[0]}"
        )
    parent = np.array(
        [NO_PARENT if node.parent is None else place_of[node.parent] for node in nodes], dtype=np.int64
    )
    weights = np.array([node.weight for node in nodes], dtype=np.float64)
    if not bool(np.all(np.isfinite(weights) & (weights >= 0.0))):
        raise TreeMisshapen(fault_zh="权数为负或不是数", fault_en="a weight is negative or no number")
    return Hierarchy(
        keys=tuple(node.key for node in nodes),
        parent=parent,
        share=shares_of(weights, parent),
        order=_parents_first(parent),
    )


def shares_of(weights: Floats, parent: Places) -> Floats:
    """Weights (n,) among siblings as shares of their parent; 1 at a top, equal where all weights are 0."""
    below = parent != NO_PARENT
    totals, counts = np.zeros(len(parent)), np.zeros(len(parent))
    np.add.at(totals, parent[below], weights[below])
    np.add.at(counts, parent[below], 1.0)
    share = np.ones(len(parent))
    of = totals[parent[below]]
    share[below] = np.where(
        of > 0.0, weights[below] / np.where(of > 0.0, of, 1.0), 1.0 / counts[parent[below]]
    )
    return share


def _parents_first(parent: Places) -> Places:
    """Places by depth; raises `TreeMisshapen` where a node is its own ancestor."""
    depth, above = np.zeros(len(parent), dtype=np.int64), parent.copy()
    for _ in range(len(parent) + 1):
        climbing = above != NO_PARENT
        if not climbing.any():
            return np.argsort(depth, kind="stable")
        depth[climbing] += 1
        above[climbing] = parent[above[climbing]]
    raise TreeMisshapen(fault_zh="上级关系成环", fault_en="a node is its own ancestor")
