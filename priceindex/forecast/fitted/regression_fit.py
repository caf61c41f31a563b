"""Regression on outside regressors with ARIMA errors, by statsmodels' SARIMAX."""

from typing import Final

import numpy as np

from priceindex.forecast.fitted.dropped import DropReason, FitDropped
from priceindex.forecast.fitted.fit_input import FitInput, RegressorWindow
from priceindex.forecast.fitted.likelihood import settled
from priceindex.forecast.panel import Floats

_ORDER: Final = (0, 1, 1)
"""Errors of exponential smoothing; also what averaging a random walk leaves behind (Working 1960)."""
_SEASONAL_UP_TO: Final = 12
_VALUES_A_REGRESSOR: Final = 8
"""Values the history needs for each regressor beyond `LEAST_VALUES`."""


def fit_regression(given: FitInput) -> Floats:
    """Forecasts (h,) of log prices on regressors x: ln yₜ = β'xₜ + nₜ, nₜ an ARIMA(0,1,1), gaps allowed.

    With a season of at most 12 periods the errors have a seasonal autoregressive term (Hyndman &
    Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., chapter 10). Regressors are put on their
    own scale first. Raises `FitDropped`.
    """
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    values, window = _together(given)
    centre, spread = window.history.mean(axis=0), window.history.std(axis=0)
    if bool(np.any(spread == 0.0)):
        raise FitDropped(DropReason.REGRESSORS_ALIKE, window.names[int(np.argmin(spread))])
    history = (window.history - centre) / spread
    if np.linalg.matrix_rank(np.diff(history, axis=0)) < history.shape[1]:
        raise FitDropped(DropReason.REGRESSORS_ALIKE, ", ".join(window.names))
    logs = np.log(values)
    level, scale = float(np.nanmean(logs)), float(np.nanstd(logs))
    season = given.seasonal_length if given.seasonal_length <= _SEASONAL_UP_TO else 1
    seasonal = (1, 0, 0, season) if season > 1 else (0, 0, 0, 0)
    model = SARIMAX((logs - level) / scale, exog=history, order=_ORDER, seasonal_order=seasonal)
    fitted = settled(model)
    if fitted is None:
        raise FitDropped(DropReason.NOT_CONVERGED)
    ahead = fitted.forecast(given.horizon, exog=(window.future - centre) / spread)
    return np.asarray(np.exp(np.asarray(ahead) * scale + level))


def _together(given: FitInput) -> tuple[Floats, RegressorWindow]:
    """Values and regressors from the first period that has them all; raises `FitDropped`."""
    given.usable(gaps=True)
    window = given.regressors
    if window is None or not window.names:
        raise FitDropped(DropReason.NO_REGRESSORS)
    if not bool(np.all(np.isfinite(window.future))) or len(window.future) < given.horizon:
        raise FitDropped(DropReason.NO_REGRESSORS, "future")
    known = np.asarray(np.isfinite(window.history).all(axis=1))
    first = max(int(np.argmax(known)), int(np.argmax(~np.isnan(given.values))))
    if not known[first:].all() or not known.any():
        raise FitDropped(DropReason.NO_REGRESSORS, "history")
    shorter = FitInput(values=given.values[first:], season=given.season, horizon=given.horizon)
    values = shorter.usable(gaps=True)
    wanted = len(window.names) * _VALUES_A_REGRESSOR
    if int((~np.isnan(values)).sum()) < wanted:
        raise FitDropped(DropReason.TOO_SHORT, f"< {wanted}")
    kept = len(values)
    return values, RegressorWindow(
        names=window.names, history=window.history[-kept:], future=window.future[: given.horizon]
    )
