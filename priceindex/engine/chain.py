"""The chain: fixed baskets of one month each, linked at the month's mean prices.

The rule. Let R(b) be the geometric mean of each cell's daily prices over the base period and R(m)
that over month m. Every day up to the end of the month in which the base period ends is compared
with R(b) at the level of the base. Every day of a later month m is compared with R(m-1), and its
movement is applied to the link value of month m-1. A link value is the link value before, times the
movement from one reference to the next. Weights are price-updated at each link. A day's value thus
rests on the last completed month and on that day alone: no later day of the month changes it, and
chaining happens monthly, never daily.

A cell that has no price in a month takes its grade's movement for a limited number of links, so that
its return corrects the index; after that it must be quoted through a link to count again.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from priceindex.calendar import month_numbers
from priceindex.engine.aggregate import Hierarchy, Movements, aggregate, price_updated, weight_shares
from priceindex.engine.panel import Panel, mean_price
from priceindex.formulas.elementary import Formula
from priceindex.formulas.relatives import Floats, Places, group_sums

Admission = Callable[[Floats, list[int]], Floats]
"""Gives the weights after the grades at these places entered the basket."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One basket: the days compared with one reference."""

    rows: slice
    reference: Floats
    """Price of each cell at the reference, imputed ones included; NaN for cells not in."""
    weights: Floats
    """Value weight of each grade at the reference prices; 0 for grades not in yet."""
    links: tuple[Floats, ...]
    """Link value of every node, bottom up, in index points."""


@dataclass(frozen=True, slots=True)
class Chained:
    """Index values of every node on every day, and what they rest on."""

    levels: tuple[Floats, ...]
    """(days, nodes) of each level in index points, bottom up."""
    imputed: tuple[Floats, ...]
    stale: tuple[Floats, ...]
    """Shares of each node's weight, 0..1."""
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What of the method the chain needs."""

    formula: Formula
    order: int
    price_update: bool
    level: float
    imputed_links: int
    """Links a cell may live on imputation: three months for herbs in trade (CPI Manual 2020, chapter 6)."""
    group: Places
    """Grade of each cell."""
    hierarchy: Hierarchy
    admit: Admission

    def move(self, now: Floats, reference: Floats, weights: Floats) -> Movements:
        """Movement of every node from the reference prices to each day's prices."""
        bottom = self.formula(now, reference, self.group, self.hierarchy.sizes[0])
        inside = np.where(weights > 0, bottom, np.nan)
        return aggregate(self.hierarchy, inside, weights, self.order)


def chain(panel: Panel, base: NDArray[np.bool_], recipe: Recipe) -> Chained:
    """Compute every node's value on every day; `base` marks the days of the base period."""
    segments = _segments(panel, base, recipe)
    parts = [_days_of(panel, segment, recipe) for segment in segments]
    depth = len(recipe.hierarchy.sizes)
    stacked = [
        tuple(np.concatenate([part[kind][level] for part in parts]) for level in range(depth))
        for kind in range(3)
    ]
    return Chained(stacked[0], stacked[1], stacked[2], tuple(segments))


def _days_of(panel: Panel, segment: Segment, recipe: Recipe) -> tuple[tuple[Floats, ...], ...]:
    """Values, imputed shares and stale shares of the days of one segment."""
    now = panel.carried[segment.rows]
    found = recipe.move(now, segment.reference, segment.weights)
    values = tuple(link * level for link, level in zip(segment.links, found.levels, strict=True))
    priced = np.isfinite(now) & np.isfinite(segment.reference)
    old = priced & (panel.age[segment.rows] > 0)
    count = recipe.hierarchy.sizes[0]
    among = group_sums(priced.astype(float), recipe.group, count)
    stale = group_sums(old.astype(float), recipe.group, count) / np.where(among > 0, among, 1.0)
    shares = weight_shares(recipe.hierarchy, np.where(segment.weights > 0, stale, 0.0), segment.weights)
    known = tuple(np.where(part < 1.0, share, 0.0) for share, part in zip(shares, found.imputed, strict=True))
    return values, found.imputed, known


def _segments(panel: Panel, base: NDArray[np.bool_], recipe: Recipe) -> list[Segment]:
    months = month_numbers(panel.days)
    base_end = int(months[base].max())
    reference = mean_price(panel.carried[base])
    weights = recipe.admit(np.zeros(recipe.hierarchy.sizes[0]), _priced_grades(reference, recipe))
    links = tuple(np.full(size, recipe.level) for size in recipe.hierarchy.sizes)
    last = int(np.searchsorted(months, base_end, side="right"))
    segments = [Segment(slice(0, last), reference, weights, links)]
    missing = np.zeros(len(reference), dtype=np.int64)
    while last < len(months):
        begun = segments[-1]
        closing = months == months[last - 1]
        reference, weights, links, missing = _link(panel.carried[closing], begun, missing, recipe)
        end = int(np.searchsorted(months, months[last], side="right"))
        segments.append(Segment(slice(last, end), reference, weights, links))
        last = end
    return segments


def _link(
    month: Floats, before: Segment, missing: Places, recipe: Recipe
) -> tuple[Floats, Floats, tuple[Floats, ...], Places]:
    """Move the reference from the one before to the mean prices of the closing month."""
    mean = mean_price(month)
    found = recipe.move(mean[None, :], before.reference, before.weights)
    # Where not even the composite has anything matched, every node stands still at the link.
    moves = tuple(np.where(np.isfinite(level[0]), level[0], 1.0) for level in found.levels)
    links = tuple(link * move for link, move in zip(before.links, moves, strict=True))
    grade_moves = moves[0]
    weights = (
        price_updated(before.weights, grade_moves, recipe.order) if recipe.price_update else before.weights
    )
    missing = np.where(np.isfinite(mean), 0, missing + 1)
    kept = np.where(missing <= recipe.imputed_links, before.reference * grade_moves[recipe.group], np.nan)
    reference = np.where(np.isfinite(mean), mean, kept)
    entering = [grade for grade in _priced_grades(reference, recipe) if not weights[grade] > 0]
    if entering:
        weights = recipe.admit(weights, entering)
    return reference, weights, links, missing


def _priced_grades(reference: Floats, recipe: Recipe) -> list[int]:
    """Places of the grades of which at least one cell has a reference price, ascending."""
    return sorted(set(recipe.group[np.isfinite(reference)].tolist()))
