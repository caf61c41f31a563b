"""What stands behind every node's value: cells, quotes, markets, grades and sources, counted up the tree."""

from dataclasses import dataclass

import numpy as np

from priceindex.engine.aggregate import Hierarchy
from priceindex.engine.cell_prices import Words, as_words, mark_words
from priceindex.engine.panel import Panel
from priceindex.formulas.relatives import Floats, Places, group_sums

_SAME = 1e-12
"""Prices nearer to each other than this share are the same: below any price in whole fen, above what the
last bit of a mean or of a tier's factor makes."""
Counted = dict[str, Places]
"""Count by name; (periods, nodes)."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The way of every cell up the tree: its node at each level, bottom up."""

    nodes: tuple[Places, ...]
    sizes: tuple[int, ...]


def ways(grade_of_cell: Places, hierarchy: Hierarchy) -> Ways:
    """Follow every cell's grade up to the composite.

    >>> tree = Hierarchy((np.array([0, 0]), np.array([0])), (2, 1, 1))
    >>> [nodes.tolist() for nodes in ways(np.array([1, 0, 1]), tree).nodes]
    [[1, 0, 1], [0, 0, 0], [0, 0, 0]]
    """
    found = [grade_of_cell]
    for parents in hierarchy.parents:
        found.append(parents[found[-1]])
    return Ways(tuple(found), hierarchy.sizes)


def tally(panel: Panel, up: Ways, hierarchy: Hierarchy, market: Places) -> list[Counted]:
    """Count, for every node and period, cells by what they did and what was heard of them; bottom up.

    `market` is the code of each cell's market.
    """
    before = np.vstack([panel.before, panel.carried[:-1]])
    there = np.isfinite(panel.carried)
    moved = panel.carried - before
    least = _SAME * before
    marks = {
        "quoted": panel.quoted & there,
        "carried": panel.stale & ~panel.quoted,
        "missing": panel.seen & ~there,
        "up": moved > least,
        "down": moved < -least,
        "flat": np.abs(moved) <= least,
    }
    level = {name: _per_node(mark, up) for name, mark in marks.items()}
    level["quotes"] = _per_node(panel.quotes, up)
    level["grades"] = (level["quoted"] > 0).astype(np.float64)
    at_markets = as_words(market, mark_words(int(market.max(initial=0)) + 1))
    met = {
        "markets": np.where((panel.quotes > 0)[:, :, None], at_markets, np.uint64(0)),
        "sources": panel.sources,
    }
    group = up.nodes[0]
    found: list[Counted] = []
    for depth, size in enumerate(up.sizes):
        if depth:
            group = hierarchy.parents[depth - 1]
            level = {name: group_sums(counts, group, size) for name, counts in level.items()}
        met = {name: united(sets, group, size) for name, sets in met.items()}
        counted = {name: counts.astype(np.int64) for name, counts in level.items()}
        counted |= {name: np.bitwise_count(sets).sum(axis=2, dtype=np.int64) for name, sets in met.items()}
        found.append(counted)
    return found


def _per_node(mark: Places | np.ndarray, up: Ways) -> Floats:
    """How many cells of each grade are marked (periods, grades)."""
    size = up.sizes[0]
    rows = [np.bincount(up.nodes[0], weights=line, minlength=size) for line in mark]
    return np.array(rows, dtype=np.float64).reshape(len(mark), size)


def united(sets: Words, group: Places, count: int) -> Words:
    """The union of the sets of each group (periods, things, words) -> (periods, count, words).

    >>> united(np.array([[[1], [2], [6]]], dtype=np.uint64), np.array([1, 0, 0]), 3).tolist()
    [[[6], [1], [0]]]
    """
    order = np.argsort(group, kind="stable")
    present, starts = np.unique(group[order], return_index=True)
    found = np.zeros((len(sets), count, sets.shape[2]), dtype=np.uint64)
    found[:, present] = np.bitwise_or.reduceat(sets[:, order], starts, axis=1)
    return found
