"""From grades to the composite: weighted means with parental imputation.

The algorithm is the one StatCan's piar uses (CPI Manual 2020, equation 9.26): a parent moves by the
weighted mean of the children that have a movement; a child that has none takes its parent's; a
parent's own weight upwards is the sum of all its children's, missing ones too, which is what makes
the imputation equal to the parental mean.
"""

from dataclasses import dataclass

import numpy as np

from priceindex.formulas.relatives import Floats, Places, group_sums
from priceindex.portable import exp, log, power


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """How nodes hang together, bottom up: `parents[l][i]` is the place of i's parent at level l+1."""

    parents: tuple[Places, ...]
    sizes: tuple[int, ...]
    """Number of nodes of each level, bottom up; the last is 1."""


@dataclass(frozen=True, slots=True)
class Movements:
    """Movement of every node against the reference, and how much of its weight was imputed."""

    levels: tuple[Floats, ...]
    """(days, nodes) of each level, bottom up; NaN only where the top itself has nothing."""
    imputed: tuple[Floats, ...]
    """Share of each node's weight that had nothing matched, 0..1: of a grade, the share of its cells."""


def weighted_mean(values: Floats, weights: Floats, group: Places, count: int, order: int) -> Floats:
    """Weighted mean of order 1 (arithmetic), 0 (geometric) or -1 (harmonic) over the children present.

    >>> two = np.array([[1.0, 4.0]])
    >>> [weighted_mean(two, np.ones(2), np.zeros(2, int), 1, r).round(9).item() for r in (1, 0, -1)]
    [2.5, 2.0, 1.6]
    """
    present = np.where(np.isfinite(values), weights, 0.0)
    below = group_sums(present, group, count)
    below = np.where(below > 0, below, np.nan)
    if order == 0:
        return exp(group_sums(present * log(values), group, count) / below)
    powered = values if order == 1 else 1.0 / values
    mean = group_sums(present * powered, group, count) / below
    return mean if order == 1 else 1.0 / mean


def level_weights(hierarchy: Hierarchy, weights: Floats) -> tuple[Floats, ...]:
    """Weight of every node of every level, bottom up: each is the sum of its children's."""
    found = [weights]
    for parents, size in zip(hierarchy.parents, hierarchy.sizes[1:], strict=True):
        found.append(group_sums(found[-1][None, :], parents, size)[0])
    return tuple(found)


def aggregate(
    hierarchy: Hierarchy, bottom: Floats, weights: Floats, order: int = 1, missing: Floats | None = None
) -> Movements:
    """Aggregate the grades' movements (days, grades) and impute downwards.

    `weights` are the grades' value weights at the reference prices, in any unit; `missing` (days, grades)
    the share of each grade's cells that moves with the others of the grade, none by default. A grade that
    has no movement at all is missing as a whole.
    """
    by_level = level_weights(hierarchy, weights)
    levels = [bottom]
    for depth, parents in enumerate(hierarchy.parents):
        size = hierarchy.sizes[depth + 1]
        levels.append(weighted_mean(levels[-1], by_level[depth], parents, size, order))
    for depth in range(len(hierarchy.parents) - 1, -1, -1):
        above = levels[depth + 1][:, hierarchy.parents[depth]]
        levels[depth] = np.where(np.isfinite(levels[depth]), levels[depth], above)
    imputed = np.where(np.isfinite(bottom), 0.0 if missing is None else missing, 1.0)
    return Movements(tuple(levels), weight_shares(hierarchy, imputed, weights))


def weight_shares(hierarchy: Hierarchy, marked: Floats | np.ndarray, weights: Floats) -> tuple[Floats, ...]:
    """Share of every node's weight that is marked (days, grades; 0..1); a grade's is its own mark.

    A node none of whose grades weighs anything yet counts as wholly marked.
    """
    shares = [marked.astype(float)]
    part = shares[0] * weights
    by_level = level_weights(hierarchy, weights)
    for depth, parents in enumerate(hierarchy.parents):
        part = group_sums(part, parents, hierarchy.sizes[depth + 1])
        whole = by_level[depth + 1]
        shares.append(np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 1.0))
    return tuple(shares)


def price_updated(weights: Floats, movement: Floats, order: int = 1) -> Floats:
    """Weights at the new reference: w·x^r, so that a fixed basket stays the same basket.

    >>> price_updated(np.array([1.0, 1.0]), np.array([2.0, 1.0])).tolist()
    [2.0, 1.0]
    """
    return weights * power(movement, order)
