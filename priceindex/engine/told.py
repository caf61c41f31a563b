"""What is told of every node in some periods, as it is published: whole units and whole counts."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from priceindex.classification import Level, Tree, grade_key
from priceindex.engine.aggregate import weight_shares
from priceindex.engine.chain import Recipe, Segment
from priceindex.engine.panel import Marks
from priceindex.engine.tallies import Counted, Ways, tally
from priceindex.families import Family
from priceindex.formulas.relatives import Floats, Places
from priceindex.quotes import Cell, Tier
from priceindex.releases.series import COUNTS, UNPUBLISHED

_TIER_COUNTS = {f"{tier}_bp": tier.rank for tier in Tier}
_WHOLE_BP = 10_000
_SLACK = 1e-12
MINIMA = ("cells", "herbs", "markets", "sources")
"""What the least of is named in a family's text, in the order in which it is checked."""


@dataclass(frozen=True, slots=True)
class Told:
    """Published columns of every node of one tree; bottom up by level."""

    days: Places
    """First day of each period."""
    units: tuple[Places, ...]
    """(periods, nodes) values in units of the last digit kept; `UNPUBLISHED` where none is."""
    counts: tuple[Mapping[str, Places], ...]
    """(periods, nodes) for each name of `COUNTS`."""
    lacking: Mapping[str, Places]
    """Of the composite, what was there where a minimum was not met, by the minimum's name; else -1."""

    def joined(self, later: Sequence["Told"]) -> "Told":
        """These periods and all later ones, in order."""
        if not later:
            return self
        parts = (self, *later)
        depths = range(len(self.units))
        return Told(
            np.concatenate([part.days for part in parts]),
            tuple(np.concatenate([part.units[depth] for part in parts]) for depth in depths),
            tuple(
                {name: np.concatenate([part.counts[depth][name] for part in parts]) for name in COUNTS}
                for depth in depths
            ),
            {name: np.concatenate([part.lacking[name] for part in parts]) for name in MINIMA},
        )


@dataclass(frozen=True, slots=True)
class LeftOutDays:
    """Quotes kept out, by day and node: what becomes the count `left_out`."""

    day: Places
    nodes: tuple[Places, ...]
    """The node of each at every level, bottom up; -1 where the tree does not have it."""

    def joined(self, later: "LeftOutDays") -> "LeftOutDays":
        """These and the later ones."""
        nodes = (np.concatenate(pair) for pair in zip(self.nodes, later.nodes, strict=True))
        return LeftOutDays(np.concatenate([self.day, later.day]), tuple(nodes))

    @classmethod
    def of(
        cls,
        left_out: Sequence[tuple[Cell, int]],
        tree: Tree,
        level: Level | None,
    ) -> "LeftOutDays":
        """Place quotes kept out (cell, day number) under the nodes of a tree, or of the cut by `level`.

        A cell the tree does not have counts for the composite, and for its grade, herb, class, market or
        origin where other cells bring them in.
        """
        columns = _places_of({cell for cell, _ in left_out}, tree)
        known = _known(tree, level)
        by_cell = {cell: _nodes_of(cell, tree, columns, known) for cell, _ in left_out}
        placed = [(day, nodes) for cell, day in left_out for nodes in by_cell[cell]]
        depths = tuple(np.array([nodes[depth] for _, nodes in placed], dtype=np.int64) for depth in range(4))
        return cls(np.array([day for day, _ in placed], dtype=np.int64), depths)

    def counted(self, starts: Places, ends: Places, depth: int, size: int) -> Places:
        """How many fall into each period (first day, day after the last) under each node."""
        row = np.searchsorted(starts, self.day, side="right") - 1
        node = self.nodes[depth]
        inside = (row >= 0) & (node >= 0)
        inside[inside] &= self.day[inside] < ends[row[inside]]
        key = row[inside] * size + node[inside]
        return np.bincount(key, minlength=len(starts) * size).reshape(len(starts), size)


Known = Callable[[Cell], tuple[int, ...]]
"""As much of a cell's way up a tree as the tree knows, though the cell itself is not in it."""


def _places_of(cells: Set[Cell], tree: Tree) -> dict[Cell, list[int]]:
    """The places of these cells in a tree; in a cut by theme there may be several of one."""
    found: dict[Cell, list[int]] = {}
    for place, cell in enumerate(tree.cells if cells else ()):
        if cell in cells:
            found.setdefault(cell, []).append(place)
    return found


def _known(tree: Tree, level: Level | None) -> Known:
    if level is None:
        grades, herbs = tree.grade_at, tree.herb_at

        def in_tree(cell: Cell) -> tuple[int, ...]:
            herb = herbs.get(cell.herb, -1)
            return grades.get(grade_key(cell), -1), herb, tree.class_of_herb[herb] if herb >= 0 else -1, 0

        return in_tree
    nodes = {key: place for place, key in enumerate(tree.classes)}

    def in_cut(cell: Cell) -> tuple[int, ...]:
        return -1, -1, nodes.get(cell.market if level is Level.MARKET else cell.origin, -1), 0

    return in_cut


def _nodes_of(
    cell: Cell, tree: Tree, columns: Mapping[Cell, Sequence[int]], known: Known
) -> list[tuple[int, ...]]:
    """The ways up a tree from a cell (bottom up; -1 for nodes it does not have)."""
    ways_up: list[tuple[int, ...]] = []
    for place in columns.get(cell, ()):
        grade = tree.grade_of_cell[place]
        herb = tree.herb_of_grade[grade]
        ways_up.append((grade, herb, tree.class_of_herb[herb], 0))
    return ways_up or [known(cell)]


@dataclass(frozen=True, slots=True)
class Teller:
    """All that is needed to tell a segment of one tree."""

    family: Family
    recipe: Recipe
    up: Ways
    left_out: LeftOutDays

    def tell(self, valued: Segment, period_days: int | Places = 1) -> Told:
        """Round every value, count what it rests on, and withhold what rests on too little."""
        panel, size = valued.panel, self.up.sizes
        counted = tally(panel, self.up, self.recipe.hierarchy, self.recipe.codes.market)
        shares = _shares(valued, self.recipe)
        ends = panel.days + period_days
        for depth, counts in enumerate(counted):
            counts |= shares[depth]
            counts["left_out"] = self.left_out.counted(panel.days, ends, depth, size[depth])
        lacking, enough = self._lacking(counted)
        units = tuple(self._units(valued, depth, counted[depth]) for depth in range(len(size)))
        units[-1][~enough] = UNPUBLISHED
        ordered = tuple({name: counts[name] for name in COUNTS} for counts in counted)
        return Told(panel.days, units, ordered, lacking)

    def _units(self, valued: Segment, depth: int, counts: Counted) -> Places:
        """Values in whole units, half-even; `UNPUBLISHED` where they rest on too little."""
        value = valued.values[depth]
        limit = float(self.family.missing.suppress_imputed_over) + _SLACK
        published = (valued.imputed[depth] <= limit) & np.isfinite(value)
        if depth < len(valued.values) - 1:
            published &= counts["quoted"] + counts["carried"] >= self.family.minimum.node_cells
        scaled = np.rint(np.where(published, value, 0.0) * float(10**self.family.digits.kept))
        return np.where(published, scaled.astype(np.int64), UNPUBLISHED)

    def _lacking(self, counted: list[Counted]) -> tuple[dict[str, Places], Marks]:
        """What of the composite's basis is below the family's minimum, and where all is enough."""
        top, by_herb = counted[-1], counted[1]
        found = {
            "cells": (top["quoted"] + top["carried"])[:, 0],
            "herbs": ((by_herb["quoted"] + by_herb["carried"]) > 0).sum(axis=1),
            "markets": top["markets"][:, 0],
            "sources": top["sources"][:, 0],
        }
        enough = np.ones(len(top["quoted"]), dtype=bool)
        lacking: dict[str, Places] = {}
        for name, there in found.items():
            least = int(getattr(self.family.minimum, name))
            lacking[name] = np.where(enough & (there < least), there, -1)
            enough &= there >= least
        return lacking, enough


def _shares(valued: Segment, recipe: Recipe) -> list[Counted]:
    """Imputed and stale share of each node's weight and the share of each tier, in basis points."""
    panel, standing = valued.panel, valued.standing
    size = recipe.hierarchy.sizes[0]
    group = recipe.codes.grade
    priced = np.isfinite(panel.carried) & np.isfinite(standing.reference)
    among = _by_grade(priced, group, size)
    marks = {"stale_bp": panel.stale & priced}
    marks |= {name: priced & (panel.tier == rank) for name, rank in _TIER_COUNTS.items()}
    found: list[Counted] = [{"imputed_bp": _bp(share)} for share in valued.imputed]
    for name, mark in marks.items():
        part = _by_grade(mark, group, size) / np.where(among > 0, among, 1.0)
        inside = np.where(standing.weights > 0, part, 0.0)
        for depth, share in enumerate(weight_shares(recipe.hierarchy, inside, standing.weights)):
            found[depth][name] = _bp(np.where(valued.imputed[depth] < 1.0, share, 0.0))
    return found


def _by_grade(mark: Marks, group: Places, size: int) -> Floats:
    if not mark.any():
        return np.zeros((len(mark), size))
    return np.array([np.bincount(group, weights=row, minlength=size) for row in mark]).reshape(-1, size)


def _bp(share: Floats) -> Places:
    """Basis points, half-even."""
    return np.rint(share * _WHOLE_BP).astype(np.int64)
