"""The range a forecast may not leave: five times the range of the history beyond it, and positive."""

import numpy as np

from priceindex.forecast.forecasters.laid_out import LaidOut
from priceindex.forecast.panel import Floats

WIDTHS = 5.0
"""How many times the range of the history a forecast may go beyond it."""


def bounds(laid: LaidOut) -> tuple[Floats, Floats]:
    """The least and the greatest forecast of each series, (n,) each; they meet where a series is constant.

    The upper bound is max + 5R. The lower one stands as far below the minimum as min + 5R stands above it,
    counted in ratios: min² / (min + 5R) is positive and never below min - 5R.
    """
    low, high = laid.values.min(axis=0), laid.values.max(axis=0)
    reach = WIDTHS * (high - low)
    return low * (low / (low + reach)), high + reach


def guarded(found: Floats, bound: tuple[Floats, Floats]) -> Floats:
    """Forecasts (horizon, n) moved to the nearest bound where they leave the range."""
    return np.asarray(np.clip(found, *bound))
