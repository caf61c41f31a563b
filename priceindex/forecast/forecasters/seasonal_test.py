"""Whether a series has a season: the 90 % test of the M4 competition."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from priceindex.forecast.forecasters.laid_out import LaidOut, in_order_sum

LEAST_SEASONS: Final = 3
"""A season is looked for only in series of at least so many of them."""
_Z: Final = 1.645
"""The two-sided 90 % point of the normal distribution."""


def seasonal(laid: LaidOut) -> NDArray[np.bool_]:
    """Whether the autocorrelation at the seasonal lag passes the test, (n,).

    The limit is Bartlett's, 1.645 √((1 + 2 Σ r²ₖ over lags k under the season) / length), as the benchmark
    methods of the M4 competition have it (Makridakis, Spiliotis & Assimakopoulos 2020, International
    Journal of Forecasting 36, 54-74).
    """
    season, (periods, series) = laid.season, laid.values.shape
    if season == 1 or periods < LEAST_SEASONS * season:
        return np.zeros(series, dtype=np.bool_)
    known, length = laid.known, np.maximum(laid.lengths, 1)
    high = laid.values.max(axis=0)
    values = laid.values / high  # so that no square leaves what a float holds
    mean = in_order_sum(np.where(known, values, 0.0)) / length
    off = np.where(known, values - mean, 0.0)
    squares = in_order_sum(off * off)
    varies = laid.values.min(axis=0) < high
    correlations = [
        in_order_sum(off[lag:] * off[:-lag]) / np.where(varies, squares, 1.0) for lag in range(1, season + 1)
    ]
    spread = 1.0 + 2.0 * in_order_sum(np.vstack([np.zeros(series), *correlations[:-1]]) ** 2)
    beyond = np.abs(correlations[-1]) > _Z * np.sqrt(spread / length)
    return np.asarray(varies & (laid.lengths >= LEAST_SEASONS * season) & beyond)
