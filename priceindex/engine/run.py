"""One computation of one family: from inputs to every node's series, without database or clock.

`service.compute` and the offline verifier call the same `run`, so a release and its verification
cannot drift apart.
"""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from priceindex.calendar import day_number, day_of, month_numbers
from priceindex.classification import Level, Tree, classify
from priceindex.engine import weights as weighing
from priceindex.engine.aggregate import Hierarchy, level_weights
from priceindex.engine.chain import Chained, Recipe, chain
from priceindex.engine.panel import Panel, build_panel
from priceindex.errors import NothingInBase, NothingQuoted, WeightsMissing
from priceindex.families import Family
from priceindex.formulas.elementary import FORMULAS
from priceindex.formulas.relatives import Floats, group_sums
from priceindex.releases import bundle as bundles
from priceindex.releases.exclusions import Exclusion, exclusions
from priceindex.releases.series import Point, Series

LEVELS_UP = (Level.GRADE, Level.HERB, Level.CLASS, Level.COMPOSITE)
"""The levels in the order of the arrays: bottom up."""

Counts = dict[str, NDArray[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRun:
    """Everything one computation found."""

    inputs: bundles.Inputs
    bundle: bytes
    """Canonical bytes of the inputs."""
    tree: Tree
    panel: Panel
    recipe: Recipe
    chained: Chained
    shares: tuple[Floats, ...]
    """Share of each node in the composite's weight at the last link, bottom up."""
    counts: tuple[Counts, ...] = field(repr=False)

    @property
    def family(self) -> Family:
        """The family computed."""
        return self.inputs.family

    @property
    def bundle_sha256(self) -> str:
        """Digest of the inputs, hex."""
        return bundles.digest(self.bundle)

    @property
    def days(self) -> tuple[datetime.date, ...]:
        """The index days, oldest first."""
        return tuple(day_of(number) for number in self.panel.days.tolist())

    @property
    def exclusions(self) -> tuple[Exclusion, ...]:
        """How many quotes of the basket were left out, and why; empty when none was."""
        return exclusions(self.inputs.left_out)

    def series(self, level: Level | str, node: str) -> Series:
        """The series of one node; raises KeyError for a node the basket does not have."""
        which = Level(level)
        keys = self.tree.keys(which)
        if node not in keys:
            raise KeyError(node)
        return self._series(which, keys.index(node))

    def all_series(self) -> list[Series]:
        """Every node's series, composite first, then by level and key: the order that is published."""
        found: list[Series] = []
        for level in Level:
            found += [self._series(level, place) for place in range(len(self.tree.keys(level)))]
        return found

    def _series(self, level: Level, place: int) -> Series:
        depth = LEVELS_UP.index(level)
        return Series(
            level=level,
            node=self.tree.keys(level)[place],
            parent=self.tree.parent(level, place),
            weight=Decimal(f"{self.shares[depth][place]:.{self.family.digits.kept}f}"),
            points=tuple(self._points(depth, place)),
        )

    def _points(self, depth: int, place: int) -> Sequence[Point]:
        imputed = self.chained.imputed[depth][:, place].tolist()
        stale = self.chained.stale[depth][:, place].tolist()
        values = self.chained.levels[depth][:, place].tolist()
        counts = {name: column[:, place].tolist() for name, column in self.counts[depth].items()}
        return [
            Point(
                day=day,
                value=self._kept(values[row], imputed[row]),
                imputed_bp=round(imputed[row] * 10_000),
                stale_bp=round(stale[row] * 10_000),
                **{name: column[row] for name, column in counts.items()},
            )
            for row, day in enumerate(self.days)
        ]

    def _kept(self, value: float, imputed: float) -> Decimal | None:
        """The value to the digits that are kept, or None where too much of it is imputed."""
        if imputed > float(self.family.missing.suppress_imputed_over) + 1e-12 or not math.isfinite(value):
            return None
        return Decimal(f"{value:.{self.family.digits.kept}f}")


def run(inputs: bundles.Inputs, bundle: bytes | None = None) -> IndexRun:
    """Compute a family from its inputs; `bundle` are their canonical bytes when already at hand.

    Raises `NothingQuoted`, `NothingInBase`, `WeightsMissing`, `WeightsWrong`, `UnclassifiedHerb`.
    """
    family = inputs.family
    if not len(inputs.days):
        raise NothingQuoted(family=family.id)
    tree = classify(inputs.cells, inputs.class_of)
    panel = build_panel(inputs.days, inputs.prices, family.missing.carry_days)
    hierarchy = hierarchy_of(tree)
    declared = _declared(inputs, tree)
    recipe = Recipe(
        formula=FORMULAS[family.elementary],
        order=family.aggregation_order,
        price_update=family.chain.price_update,
        level=float(family.level),
        imputed_links=family.missing.imputed_links,
        group=np.asarray(tree.grade_of_cell, dtype=np.int64),
        hierarchy=hierarchy,
        admit=lambda weights, entering: weighing.admit(
            weights, declared, entering, tree, family.weights.unit
        ),
    )
    chained = chain(panel, base_days(family, inputs.days), recipe)
    newest = level_weights(hierarchy, chained.segments[-1].weights)
    total = newest[-1][0] or 1.0
    return IndexRun(
        inputs=inputs,
        bundle=bundles.encode(inputs) if bundle is None else bundle,
        tree=tree,
        panel=panel,
        recipe=recipe,
        chained=chained,
        shares=tuple(level / total for level in newest),
        counts=_counts(panel, recipe),
    )


def hierarchy_of(tree: Tree) -> Hierarchy:
    """The tree above the cells as integer arrays, bottom up."""
    parents = (
        np.asarray(tree.herb_of_grade, dtype=np.int64),
        np.asarray(tree.class_of_herb, dtype=np.int64),
        np.zeros(len(tree.classes), dtype=np.int64),
    )
    return Hierarchy(parents, (len(tree.grades), len(tree.herbs), len(tree.classes), 1))


def base_days(family: Family, days: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which index days belong to the base period; raises `NothingInBase` when none does."""
    if family.base.first is None or family.base.last is None:
        months = month_numbers(days)
        return np.asarray(months == months[0])
    inside = np.asarray((days >= day_number(family.base.first)) & (days <= day_number(family.base.last)))
    if not inside.any():
        raise NothingInBase(family=family.id, first=family.base.first, last=family.base.last)
    return inside


def _declared(inputs: bundles.Inputs, tree: Tree) -> Floats:
    if inputs.family.weights.rule == "declared_equal":
        return weighing.declared_equal(tree, inputs.family.weights.unit)
    if inputs.turnover is None:
        raise WeightsMissing(family=inputs.family.id)
    return weighing.from_turnover(tree, inputs.turnover)


def _counts(panel: Panel, recipe: Recipe) -> tuple[Counts, ...]:
    """How many cells under each node were quoted, carried, missing, up, down, flat; bottom up."""
    before = np.vstack([np.full((1, panel.carried.shape[1]), np.nan), panel.carried[:-1]])
    present = np.isfinite(panel.carried)
    marks = {
        "quoted": np.isfinite(panel.quoted),
        "carried": present & (panel.age > 0),
        "missing": panel.seen & ~present,
        "up": panel.carried > before,
        "down": panel.carried < before,
        "flat": panel.carried == before,
    }
    groups = (recipe.group, *recipe.hierarchy.parents)
    found: list[Counts] = []
    level = {name: mark.astype(float) for name, mark in marks.items()}
    for group, size in zip(groups, recipe.hierarchy.sizes, strict=True):
        level = {name: group_sums(mark, group, size) for name, mark in level.items()}
        found.append({name: mark.astype(np.int64) for name, mark in level.items()})
    return tuple(found)
