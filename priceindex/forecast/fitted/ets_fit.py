"""Exponential smoothing with a damped trend by statsmodels, additive in logarithms or multiplicative."""

import numpy as np

from priceindex.forecast.fitted.dropped import DropReason, FitDropped
from priceindex.forecast.fitted.fit_input import FitInput
from priceindex.forecast.fitted.season import without_season
from priceindex.forecast.panel import Floats


def fit_ets(given: FitInput) -> Floats:
    """Forecasts (h,) of ETS(A,Ad,N) on the logarithms of the seasonally adjusted values.

    Hyndman, Koehler, Ord & Snyder (2008), Forecasting with Exponential Smoothing, chapter 2. Raises
    `FitDropped`.
    """
    seasonless = without_season(given.usable(gaps=False), given.season, given.horizon)
    return np.asarray(np.exp(_damped(seasonless.logs, "add", given.horizon)) * seasonless.ahead)


def fit_ets_multiplicative(given: FitInput) -> Floats:
    """Forecasts (h,) of ETS(M,Ad,N): errors in proportion to the level, the trend in the values themselves.

    Values are scaled to a mean of 1 for the optimiser; the model does not change under scaling. Raises
    `FitDropped`.
    """
    seasonless = without_season(given.usable(gaps=False), given.season, given.horizon)
    values = np.exp(seasonless.logs)
    scale = float(values.mean())
    return np.asarray(_damped(values / scale, "mul", given.horizon) * scale * seasonless.ahead)


def _damped(values: Floats, error: str, horizon: int) -> Floats:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    fitted = ETSModel(values, error=error, trend="add", damped_trend=True).fit(disp=False)
    if not fitted.mle_retvals["converged"]:
        raise FitDropped(DropReason.NOT_CONVERGED)
    return np.asarray(fitted.forecast(horizon), dtype=np.float64)
