"""A table of prices by period with its gaps filled, period by period, and how much of it was filled.

For analysis on whole tables: seasonal baskets, cross-checks, published vectors. A release fills its gaps
at the links of its chain by the same rules.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from priceindex.cleaning.imputation.carry_forward import carry_forward
from priceindex.cleaning.imputation.parental import parental
from priceindex.engine.aggregate import Hierarchy, aggregate, price_updated, weight_shares
from priceindex.formulas.elementary import FORMULAS
from priceindex.formulas.relatives import Floats, Places, group_sums


@dataclass(frozen=True, slots=True)
class Imputed:
    """Prices (periods, products) with their gaps filled."""

    prices: Floats
    """NaN before a product's first price, and where a gap is longer than the limit."""
    marked: NDArray[np.bool_]
    """Which of them stand in for a price that was not observed."""


def impute(
    prices: Floats,
    group: Places,
    hierarchy: Hierarchy,
    weights: Floats,
    *,
    rule: Literal["parental", "carry_forward"],
    order: int = 1,
    limit: int | None = None,
) -> Imputed:
    """Fill the gaps of a table (periods, products), Jevons below and weighted means above.

    `group` is the elementary aggregate of each product, `weights` the value weights of those aggregates
    in the first period, price-updated from there; `limit` the most periods in a row a price may be made
    up for (none: no limit).
    """
    filled, marked = prices.copy(), np.zeros(prices.shape, dtype=bool)
    gap = np.zeros(prices.shape[1], dtype=np.int64)
    for period in range(1, len(prices)):
        now, before = prices[period], filled[period - 1]
        bottom = FORMULAS["jevons"](now[None, :], before, group, hierarchy.sizes[0])
        moves = aggregate(hierarchy, bottom, weights, order).levels[0][0]
        # Where not even the top has anything matched, everything stands still.
        moves = np.where(np.isfinite(moves), moves, 1.0)
        moved = before * (parental(group, moves) if rule == "parental" else carry_forward(len(group)))
        missing = np.isnan(now)
        gap = np.where(missing, gap + 1, 0)
        used = missing & np.isfinite(moved) & (True if limit is None else gap <= limit)
        filled[period] = np.where(used, moved, now)
        marked[period] = used
        weights = price_updated(weights, _carried(filled[period], before, group, moves), order)
    return Imputed(filled, marked)


def _carried(now: Floats, before: Floats, group: Places, moves: Floats) -> Floats:
    """Movement of each aggregate over its filled prices; of one without any, what it was imputed."""
    found = FORMULAS["jevons"](now[None, :], before, group, len(moves))[0]
    return np.where(np.isfinite(found), found, moves)


def imputed_shares(
    found: Imputed, group: Places, hierarchy: Hierarchy, weights: Floats
) -> tuple[Floats, ...]:
    """Share of every node's weight that rests on filled prices (periods, nodes), bottom up; 0..1."""
    there = group_sums(np.isfinite(found.prices).astype(float), group, hierarchy.sizes[0])
    made_up = group_sums(found.marked.astype(float), group, hierarchy.sizes[0])
    part = np.where(there > 0, made_up / np.where(there > 0, there, 1.0), 1.0)
    return weight_shares(hierarchy, part, weights)
