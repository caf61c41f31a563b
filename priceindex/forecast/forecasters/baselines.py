"""What every forecast is held against: the last value, the value a season ago, the straight line on."""

import numpy as np

from priceindex.forecast.forecasters.laid_out import LaidOut
from priceindex.forecast.panel import Floats


def naive(laid: LaidOut, horizon: int) -> Floats:
    """The last value at every step, (horizon, n)."""
    return np.repeat(laid.values[-1:], horizon, axis=0)


def seasonal_naive(laid: LaidOut, horizon: int) -> Floats:
    """The value of the same period a season ago; the last value where a series is shorter than a season."""
    back = laid.season - np.arange(horizon)[:, None] % laid.season
    place = np.where(laid.lengths >= laid.season, laid.lengths - back, laid.lengths - 1)
    return np.asarray(laid.values[np.maximum(place, 0), np.arange(len(laid.lengths))])


def drift(laid: LaidOut, horizon: int) -> Floats:
    """The line through the first and the last value, carried on; a single value stays.

    Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., §5.2.
    """
    first, last = laid.values[0], laid.values[-1]
    slope = (last - first) / np.maximum(laid.lengths - 1, 1)
    return np.asarray(last + np.arange(1.0, horizon + 1.0)[:, None] * slope)
