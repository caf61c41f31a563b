"""Unobserved components by statsmodels: the models for series with gaps, which their Kalman filter takes."""

from typing import Final

import numpy as np

from priceindex.forecast.fitted.dropped import DropReason, FitDropped
from priceindex.forecast.fitted.fit_input import FitInput
from priceindex.forecast.fitted.likelihood import settled
from priceindex.forecast.panel import Floats

_DUMMIES_UP_TO: Final = 12
"""Periods a year up to which the season has a state each; longer ones take two harmonics."""
_HARMONICS: Final = 2


def fit_components(given: FitInput) -> Floats:
    """Forecasts (h,) of a local level in logarithms, with a season where there is one.

    Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter, chapters 2 and 4. Gaps
    (NaN) may stand anywhere. Raises `FitDropped`.
    """
    return _forecast(given, "local level")


def fit_trend(given: FitInput) -> Floats:
    """The same with a local linear trend: level and slope both wander.

    A model of its own, since choosing between the two by AICc was worse than the level alone on both sets
    it was tried on (M3 monthly, OWA 0.90 against 0.80; Pink Sheet composites): rolling origins decide.
    """
    return _forecast(given, "local linear trend")


def _forecast(given: FitInput, level: str) -> Floats:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    logs = np.log(given.usable(gaps=True))
    scale, centre = float(np.nanstd(logs)), float(np.nanmean(logs))
    parts: dict[str, object] = {}
    if 1 < given.seasonal_length <= _DUMMIES_UP_TO:
        parts["seasonal"] = given.seasonal_length
    elif given.seasonal_length > 1:
        parts["freq_seasonal"] = [{"period": given.seasonal_length, "harmonics": _HARMONICS}]
    fitted = settled(UnobservedComponents((logs - centre) / scale, level, **parts))
    if fitted is None:
        raise FitDropped(DropReason.NOT_CONVERGED)
    return np.asarray(np.exp(np.asarray(fitted.forecast(given.horizon)) * scale + centre))
