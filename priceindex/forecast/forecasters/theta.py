"""The Theta method of Assimakopoulos and Nikolopoulos, winner of the M3 competition."""

import numpy as np

from priceindex.forecast.forecasters.adjusted import Adjusted
from priceindex.forecast.forecasters.laid_out import in_order_sum
from priceindex.forecast.forecasters.level_smoothing import WEIGHTS, smoothed
from priceindex.forecast.panel import Floats


def theta(series: Adjusted, weights: Floats = WEIGHTS) -> Floats:
    """The mean of the trend line carried on and of the smoothed line of doubled curvature, (horizon, n).

    All in logarithms. Assimakopoulos & Nikolopoulos (2000), International Journal of Forecasting 16,
    521-530: the line of θ = 2 is 2y less the least-squares line, smoothed from its first value; equal to
    simple exponential smoothing with half the slope as drift (Hyndman & Billah 2003, ibid. 19, 287-290).
    """
    length = np.maximum(series.laid.lengths, 1)
    middle = (length - 1) / 2.0
    mean, slope = _line(series, middle)
    place = np.arange(len(series.logs))[:, None]
    doubled = 2.0 * series.logs - (mean + slope * (place - middle))
    level = smoothed(doubled, series.laid, weights).level
    ahead = mean + slope * (length - middle + np.arange(series.horizon)[:, None])
    return np.asarray((level + ahead) / 2.0)


def _line(series: Adjusted, middle: Floats) -> tuple[Floats, Floats]:
    """Mean and slope of the least-squares line of each series, (n,) each; a single value has slope 0."""
    laid = series.laid
    length = np.maximum(laid.lengths, 1)
    mean = in_order_sum(np.where(laid.known, series.logs, 0.0)) / length
    off = np.arange(len(series.logs))[:, None] - middle
    product = in_order_sum(np.where(laid.known, off * (series.logs - mean), 0.0))
    squares = length * (length * length - 1.0) / 12.0
    return mean, product / np.maximum(squares, 1.0)
