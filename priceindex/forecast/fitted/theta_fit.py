"""The Theta method by statsmodels, in logarithms."""

import warnings

import numpy as np

from priceindex.forecast.fitted.dropped import DropReason, FitDropped
from priceindex.forecast.fitted.fit_input import FitInput
from priceindex.forecast.fitted.season import without_season
from priceindex.forecast.panel import Floats


def fit_theta(given: FitInput) -> Floats:
    """Forecasts (h,) of the Theta model (Assimakopoulos & Nikolopoulos 2000, Int. J. Forecasting 16).

    statsmodels' ThetaModel by simple exponential smoothing and half the slope of the trend (Hyndman &
    Billah 2003), on the logarithms of the seasonally adjusted values. It tells of a smoothing that did not
    converge by a warning alone. Raises `FitDropped`.
    """
    from statsmodels.tools.sm_exceptions import ConvergenceWarning
    from statsmodels.tsa.forecasting.theta import ThetaModel

    seasonless = without_season(given.usable(gaps=False), given.season, given.horizon)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            fitted = ThetaModel(seasonless.logs, period=1, deseasonalize=False).fit()
        except ConvergenceWarning as warned:
            raise FitDropped(DropReason.NOT_CONVERGED) from warned
    return np.asarray(np.exp(np.asarray(fitted.forecast(given.horizon))) * seasonless.ahead)
