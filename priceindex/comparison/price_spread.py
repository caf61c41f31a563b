"""How far quotes stand above trades of the same cell in the same week: a spread of prices, not of indices.

Two indices that move alike may rest on prices that lie apart for good: what is asked is then always more
than what is paid. The median over cells and weeks tells it, and no single deal can be read off it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from priceindex.engine.inputs import Inputs
from priceindex.quotes import Tier

_FULL_BP: Final = 10_000
_MONDAY: Final = 3
"""Day 0 was a Thursday: weeks begin on day -3."""
_QUARTILES: Final = (0.25, 0.5, 0.75)
"""Linear between neighbours (R's type 7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSpread:
    """How quotes stand to trades of the same cell in the same ISO week."""

    pairs: int
    """Cells and weeks that have both."""
    median_bp: int
    """Median of quote over trade less one, in basis points."""
    quartiles_bp: tuple[int, int]


def price_spread(inputs: Inputs, asked: Collection[Tier], paid: Collection[Tier]) -> PriceSpread | None:
    """Compare, cell by cell and week by week, the geometric means of both; None where they never meet.

    Rounded half-even to the basis point; for people, and no part of any release.
    """
    above, below = (_weekly_logs(inputs, tiers) for tiers in (asked, paid))
    both = sorted(above.keys() & below.keys())
    if not both:
        return None
    ratios = np.exp(np.array([above[key] - below[key] for key in both])) - 1
    low, middle, high = (round(float(each)) for each in np.quantile(ratios, _QUARTILES) * _FULL_BP)
    return PriceSpread(pairs=len(both), median_bp=middle, quartiles_bp=(low, high))


def _weekly_logs(inputs: Inputs, tiers: Collection[Tier]) -> dict[tuple[int, int], float]:
    """Mean log price by cell and week."""
    chosen: NDArray[np.bool_] = np.isin(inputs.quotes.tier, [tier.rank for tier in tiers])
    cell, week = inputs.quotes.cell[chosen], (inputs.quotes.day[chosen] + _MONDAY) // 7
    keys, place = np.unique(np.stack([cell, week]), axis=1, return_inverse=True)
    sums = np.bincount(place, weights=np.log(inputs.quotes.fen[chosen].astype(np.float64)))
    means = sums / np.bincount(place)
    return dict(zip(zip(*keys.tolist(), strict=True), means.tolist(), strict=True))
