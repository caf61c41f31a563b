"""The seasonally adjusted naive forecast against which competitions are scored."""

import numpy as np

from priceindex.forecast.forecasters.adjusted import adjusted
from priceindex.forecast.forecasters.decomposition import fixed_factors, seasonal_ratios
from priceindex.forecast.forecasters.laid_out import lay_out
from priceindex.forecast.panel import Floats, SeriesPanel


def naive2(panel: SeriesPanel, horizon: int) -> Floats:
    """The last seasonally adjusted value with the season of each step, (n, horizon): Naive2 of M3 and M4.

    NaN for a series without a value. The base of OWA; not offered as a model.
    """
    laid = lay_out(panel)
    series = adjusted(laid, seasonal_ratios(laid), horizon, fixed_factors)
    found = np.empty((len(panel.values), horizon))
    found[laid.order] = series.restored(np.repeat(series.logs[-1:], horizon, axis=0)).T
    return np.where(panel.lengths[:, None] > 0, found, np.nan)
