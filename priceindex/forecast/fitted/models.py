"""The fitted models by name, and one fit with everything that can go wrong with it told as a reason."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.forecast.fitted.components_fit import fit_components, fit_trend
from priceindex.forecast.fitted.dropped import DropReason, FitDropped
from priceindex.forecast.fitted.ets_fit import fit_ets, fit_ets_multiplicative
from priceindex.forecast.fitted.fit_input import FitInput
from priceindex.forecast.fitted.regression_fit import fit_regression
from priceindex.forecast.fitted.theta_fit import fit_theta
from priceindex.forecast.panel import Floats

REGRESSION: Final = "fitted_regression"
"""The one model that needs outside regressors: without them every fit of it is dropped."""
_FITS: Final[Mapping[str, Callable[[FitInput], Floats]]] = {
    "fitted_theta": fit_theta,
    "fitted_ets": fit_ets,
    "fitted_ets_multiplicative": fit_ets_multiplicative,
    "fitted_components": fit_components,
    "fitted_trend": fit_trend,
    REGRESSION: fit_regression,
}
FITTED: Final[tuple[str, ...]] = tuple(_FITS)
"""Names of the models of this package; none is a name of the vectorised engine."""
WIDTHS: Final = 5.0
"""How many times the range of the history a forecast may lie beyond it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """What one fit gave: forecasts, or the reason why there are none."""

    forecast: Floats | None
    """(h,), positive."""
    reason: DropReason | None = None
    detail: str = ""
    remarks: tuple[str, ...] = ()
    """Kinds of warning the library gave on the way, such as `ValueWarning`."""


def fit(name: str, given: FitInput) -> Outcome:
    """Fit one model to one series. No warning and no error of the fit comes out of it.

    Warnings are caught because they are about one fit, whose outcome says what matters: each model looks up
    itself whether it converged, and every kind of warning is kept among the remarks. Raises KeyError for a
    name that is not `FITTED`.
    """
    model = _FITS[name]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found = model(given)
            reason, detail = _refusal(found, given), ""
        except FitDropped as dropped:
            found, reason, detail = None, dropped.reason, dropped.detail
        except Exception as error:  # noqa: BLE001  whatever a fit raises drops this fit alone, and is told
            found, reason, detail = None, DropReason.FAILED, f"{type(error).__name__}: {error}"[:200]
    remarks = tuple(sorted({each.category.__name__ for each in caught}))
    return Outcome(forecast=found if reason is None else None, reason=reason, detail=detail, remarks=remarks)


def _refusal(found: Floats, given: FitInput) -> DropReason | None:
    """Why a forecast may not be used: it is not finite, not positive, or far outside the history."""
    if found.shape != (given.horizon,) or not bool(np.all(np.isfinite(found))):
        return DropReason.NOT_FINITE
    low, high = float(np.nanmin(given.values)), float(np.nanmax(given.values))
    reach = WIDTHS * (high - low)
    inside = (found > 0.0) & (found >= low - reach) & (found <= high + reach)
    return None if bool(np.all(inside)) else DropReason.OUT_OF_RANGE
