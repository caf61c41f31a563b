"""The season of each series as factors, by classical multiplicative decomposition, and how it moves."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from priceindex.forecast.forecasters.laid_out import LaidOut, in_order_sum
from priceindex.forecast.forecasters.seasonal_test import LEAST_SEASONS, seasonal
from priceindex.forecast.panel import Floats
from priceindex.portable import exp, log

_WEIGHTS: Final = np.arange(0.0, 0.51, 0.1)
"""What the newest year may weigh in a factor that moves."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeasonalRatios:
    """Each value over its centred moving average of one season, in logarithms, by year and place in it."""

    logs: Floats
    """(years, season, n), counted from the first value; 0 where half a season is wanting on a side."""
    known: NDArray[np.bool_]
    """Where a ratio stands, (years, season, n)."""
    has_season: NDArray[np.bool_]
    """Which series passed the test, (n,)."""


def seasonal_ratios(laid: LaidOut) -> SeasonalRatios | None:
    """The ratios of a panel's series; None where no series has a season."""
    has = seasonal(laid)
    if not has.any():
        return None
    season, (periods, series) = laid.season, laid.values.shape
    half = season // 2
    total = np.vstack([np.zeros((1, series)), np.cumsum(laid.values, axis=0)])
    window = (total[season:] - total[:-season]) / season
    middle = (window[1:] + window[:-1]) / 2.0 if season % 2 == 0 else window
    years = -(-periods // season)
    logs, known = np.zeros((years * season, series)), np.zeros((years * season, series), dtype=np.bool_)
    inside = slice(half, half + len(middle))
    known[inside] = laid.known[periods - len(middle) :]
    logs[inside] = np.where(known[inside], log(laid.values[inside] / middle), 0.0)
    shape = (years, season, series)
    return SeasonalRatios(logs=logs.reshape(shape), known=known.reshape(shape), has_season=has)


def fixed_factors(ratios: SeasonalRatios) -> Floats:
    """One factor for each place of the season, (season, n): the mean of its ratios, scaled to mean 1.

    Classical decomposition (Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed.,
    §3.4).
    """
    total = in_order_sum(np.where(ratios.known, exp(ratios.logs), 0.0))
    return _scaled(total / np.maximum(ratios.known.sum(axis=0), 1), ratios)


def moving_factors(ratios: SeasonalRatios) -> Floats:
    """Factors that follow a season that changes, (season, n): the newest ratios weigh more.

    The ratios of each place are smoothed exponentially over the years, as the season is in the method of
    Holt and Winters (Winters 1960, Management Science 6, 324-342), from the mean of the first three on.
    The weight is the series' own: that with the least squared error of the next year's ratios, 0 where
    the season stays. The result is the geometric mean with the fixed factors.
    """
    count = np.cumsum(ratios.known, axis=0)
    first = ratios.known & (count <= LEAST_SEASONS)
    start = in_order_sum(np.where(first, ratios.logs, 0.0)) / np.maximum(first.sum(axis=0), 1)
    later = ratios.known & ~first
    weight = _WEIGHTS[:, None, None]
    level = np.repeat(start[None], len(_WEIGHTS), axis=0)
    squares = np.zeros((len(_WEIGHTS), start.shape[1]))
    for logs, known in zip(ratios.logs, later, strict=True):
        error = np.where(known, logs - level, 0.0)
        squares += in_order_sum(error * error, axis=1)
        level += weight * error
    moved = level[squares.argmin(axis=0), :, np.arange(start.shape[1])].T
    return _scaled(np.sqrt(_scaled(exp(moved), ratios) * fixed_factors(ratios)), ratios)


def _scaled(factors: Floats, ratios: SeasonalRatios) -> Floats:
    """Factors of mean 1, and ones for series without a season."""
    mean = in_order_sum(factors) / len(factors)
    return np.where(ratios.has_season, factors / np.where(ratios.has_season, mean, 1.0), 1.0)
