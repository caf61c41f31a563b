"""The chain: fixed baskets of one month each, linked at the month's mean prices.

The rule. Let R(b) be the geometric mean of each cell's daily prices over the base period and R(m)
that over month m. Every day up to the end of the month in which the base period ends is compared
with R(b) at the level of the base. Every day of a later month m is compared with R(m-1), and its
movement is applied to the link value of month m-1. A link value is the link value before, times the
movement from one reference to the next. Weights are price-updated at each link. A day's value thus
rests on the last completed month and on that day alone: no later day of the month changes it, and
chaining happens monthly, never daily.

A cell that has no price in a month is imputed for a limited number of links, so that its return
corrects the index; after that it must be quoted through a link to count again.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from priceindex.calendar import month_numbers
from priceindex.cleaning.imputation.standing_in import ImputationRule
from priceindex.cleaning.imputation.standing_in import movements as stand_in
from priceindex.engine.aggregate import Hierarchy, Movements, aggregate, price_updated
from priceindex.engine.basket import Basket, BasketChange, Closing
from priceindex.engine.panel import Marks, Panel, mean_price
from priceindex.engine.weights import WeightSet
from priceindex.formulas.elementary import Formula
from priceindex.formulas.relatives import Floats, Places, relatives

Screen = Callable[[Panel, Floats], Marks]
"""Marks the prices (days, cells) that are far from the rest, given the reference prices."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A basket and what its days are compared with."""

    reference: Floats
    """Price of each cell at the reference, imputed ones included; NaN for cells not in."""
    weights: Floats
    """Value weight of each grade at the reference prices; 0 for grades not in."""
    links: tuple[Floats, ...]
    """Link value of every node, bottom up, in index points."""
    missing: Places
    """Links in a row for which each cell had no price."""
    silent: Places
    """Months in a row in which each grade was not quoted."""
    was_in: Marks
    """Grades that are or were in the basket."""
    members: Marks
    """Herbs selected."""
    month: int
    """The month whose end it was made at; for the first, the month before that in which the base ends."""
    weight_set: WeightSet | None
    """The set the weights are of; None where they are declared."""
    changes: tuple[BasketChange, ...] = ()
    """What entered and left when this basket was made."""


@dataclass(frozen=True, slots=True)
class Segment:
    """The days compared with one reference, and every node's value on them."""

    panel: Panel
    """Prices that count: without outliers where the text leaves them out."""
    marked: Marks
    """(days, cells): far from the rest of their class that day."""
    whole: Panel
    """Prices before anything was left out."""
    standing: Standing
    values: tuple[Floats, ...]
    """(days, nodes) in index points, bottom up."""
    imputed: tuple[Floats, ...]
    """Share of each node's weight that was imputed, 0..1."""

    @property
    def month(self) -> int:
        """The month its last day is in."""
        return int(month_numbers(self.panel.days[-1:])[0])


@dataclass(frozen=True, slots=True)
class Codes:
    """Integer codes of every cell's grade, herb, class and market."""

    grade: Places
    herb: Places
    part_class: Places
    market: Places


@dataclass(frozen=True, slots=True)
class Recipe:
    """What of the method the chain needs."""

    formula: Formula
    order: int
    price_update: bool
    level: float
    limits: Places
    """Links each cell may live on imputation: three for herbs in trade (CPI Manual 2020, chapter 6)."""
    codes: Codes
    hierarchy: Hierarchy
    basket: Basket
    imputation: ImputationRule = "parental"
    outliers_left_out: bool = False

    def move(self, now: Floats, reference: Floats, weights: Floats) -> Movements:
        """Movement of every node from the reference prices to each day's prices (days, cells)."""
        count = self.hierarchy.sizes[0]
        bottom = self.formula(now, reference, self.codes.grade, count)
        inside = np.where(weights > 0, bottom, np.nan)
        found = aggregate(self.hierarchy, inside, weights, self.order, self._missing(now, reference))
        if self.imputation == "parental":
            return found
        return self._imputed_by_rule(now, reference, weights, found)

    def _missing(self, now: Floats, reference: Floats) -> Floats:
        """Share of each grade's cells with a reference that have no price (days, grades)."""
        count, compared = self.hierarchy.sizes[0], np.isfinite(reference)
        gone = compared & ~np.isfinite(now)
        if not gone.any():
            return np.zeros((len(now), count))
        silent = np.array([np.bincount(self.codes.grade, weights=row, minlength=count) for row in gone])
        among = np.bincount(self.codes.grade, weights=compared, minlength=count)
        return silent / np.where(among > 0, among, 1.0)

    def _imputed_by_rule(
        self, now: Floats, reference: Floats, weights: Floats, parental: Movements
    ) -> Movements:
        """Fill the cells that have no price by the text's rule, and aggregate again."""
        filled = now.copy()
        for row in range(len(now)):
            moved = self.stand_in(now[row], reference, parental, row)
            gone = ~np.isfinite(now[row])
            filled[row, gone] = (reference * moved)[gone]
        bottom = self.formula(filled, reference, self.codes.grade, self.hierarchy.sizes[0])
        inside = np.where(weights > 0, bottom, np.nan)
        again = aggregate(self.hierarchy, inside, weights, self.order)
        return Movements(again.levels, parental.imputed)

    def stand_in(self, now: Floats, reference: Floats, found: Movements, row: int) -> Floats:
        """What each cell is taken to have moved by where it has no price (cells,)."""
        return stand_in(
            self.imputation,
            relatives(now, reference),
            grade=self.codes.grade,
            herb=self.codes.herb,
            market=self.codes.market,
            class_=self.codes.part_class,
            grade_moves=found.levels[0][row],
            class_moves=found.levels[2][row],
        )


def begin(panel: Panel, base: Marks, recipe: Recipe) -> Standing:
    """The first basket: base prices, base weights, the level of the base; `base` marks its days."""
    month = int(month_numbers(panel.days[base]).max())
    reference = mean_price(panel.carried[base])
    priced = _any_cell(np.isfinite(reference), recipe)
    started = recipe.basket.begin(month, priced)
    return Standing(
        reference=reference,
        weights=started.weights,
        links=tuple(np.full(size, recipe.level) for size in recipe.hierarchy.sizes),
        missing=np.zeros(len(reference), dtype=np.int64),
        silent=np.zeros(recipe.hierarchy.sizes[0], dtype=np.int64),
        was_in=started.weights > 0,
        members=started.members,
        month=month - 1,
        weight_set=started.weight_set,
    )


def segment(panel: Panel, standing: Standing, recipe: Recipe, screen: Screen | None = None) -> Segment:
    """Value every node on the days of `panel`; `screen` says which prices are left out of it."""
    marked = screen(panel, standing.reference) if screen else np.zeros(panel.carried.shape, dtype=bool)
    used = panel.without(marked) if recipe.outliers_left_out and marked.any() else panel
    found = recipe.move(used.carried, standing.reference, standing.weights)
    values = tuple(link * level for link, level in zip(standing.links, found.levels, strict=True))
    return Segment(used, marked, panel, standing, values, found.imputed)


def link(closing: Segment, recipe: Recipe, history: tuple[Segment, ...]) -> Standing:
    """Close a month: move the reference to its mean prices, and let the basket change by its rules.

    `history` are all segments through the closing one: renewed weights are moved by their values.
    """
    before = closing.standing
    months = month_numbers(closing.panel.days)
    rows = closing.panel.rows(slice(int(np.searchsorted(months, closing.month)), len(months)))
    mean = mean_price(rows.carried)
    found = recipe.move(mean[None, :], before.reference, before.weights)
    # Where not even the composite has anything matched, every node stands still at the link.
    moves = tuple(np.where(np.isfinite(level[0]), level[0], 1.0) for level in found.levels)
    links = tuple(value * move for value, move in zip(before.links, moves, strict=True))
    seen = np.where(np.isfinite(mean), mean, rows.opening)
    missing = np.where(np.isfinite(seen), 0, before.missing + 1)
    kept = before.reference * _stood_in(mean, before.reference, found, moves[0], recipe)
    kept = np.where(missing <= recipe.limits, kept, np.nan)
    reference = np.where(np.isfinite(seen), seen, kept)
    quoted = _any_cell(np.logical_or.reduce(rows.quoted, axis=0), recipe)
    silent = np.where(quoted, 0, before.silent + 1)
    updated = price_updated(before.weights, moves[0], recipe.order) if recipe.price_update else before.weights
    turned = recipe.basket.turn(
        Closing(
            month=closing.month,
            since=before.month,
            weight_set=before.weight_set,
            weights=updated,
            priced=_any_cell(np.isfinite(reference), recipe),
            entering=_any_cell(np.isfinite(seen), recipe) & quoted,
            silent=silent,
            was_in=before.was_in,
            members=before.members,
            links=links[0],
            history=tuple((part.panel.days, part.values[0]) for part in history),
        )
    )
    gone = turned.left[recipe.codes.grade]
    reference = np.where(gone, np.nan, reference)
    return Standing(
        reference=reference,
        weights=turned.weights,
        links=links,
        missing=missing,
        silent=silent,
        was_in=before.was_in | (turned.weights > 0),
        members=turned.members,
        month=closing.month,
        weight_set=turned.weight_set,
        changes=turned.changes,
    )


def _stood_in(
    mean: Floats, reference: Floats, found: Movements, grade_moves: Floats, recipe: Recipe
) -> Floats:
    if recipe.imputation == "parental":
        return np.asarray(grade_moves[recipe.codes.grade])
    moved = recipe.stand_in(mean, reference, found, 0)
    return np.where(np.isfinite(moved), moved, 1.0)


def _any_cell(marked: Marks, recipe: Recipe) -> Marks:
    """Whether any cell of each grade is marked."""
    count = recipe.hierarchy.sizes[0]
    return np.bincount(recipe.codes.grade, weights=marked, minlength=count) > 0
