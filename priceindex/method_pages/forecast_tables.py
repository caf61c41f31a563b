"""The tables of the forecast method's text: every parameter, every model, every constant of the code."""

from types import ModuleType
from typing import Final

from pydantic import BaseModel

from priceindex.forecast.direction import covariates, hurdle, jumps, logistic
from priceindex.forecast.fitted import components_fit, fit_input, models, regression_fit
from priceindex.forecast.fitted.dropped import REASON_WORDS
from priceindex.forecast.forecasters import (
    damped_trend,
    decomposition,
    forecaster,
    guards,
    level_smoothing,
    optimised_theta,
    seasonal_test,
)
from priceindex.forecast.intervals import adaptive, own_scale
from priceindex.forecast.method import QUANTILES, forecast_method
from priceindex.forecast.reconciliation import reconciling, shrinkage
from priceindex.forecast.scoring import bands, block_bootstrap, combining
from priceindex.forecast.track import comparing_runs, track_record
from priceindex.method_pages.markdown import code, table
from priceindex.method_pages.meanings import meanings

_MODELS: Final = {
    "naive": "the value at the origin at every step",
    "seasonal_naive": "the value of the same period a season ago; naive where shorter than a season",
    "drift": "the line through first and last value, carried on",
    "ses": "simple exponential smoothing",
    "theta": "the trend line carried on, and the smoothed line of θ = 2, in equal parts",
    "damped": "exponential smoothing with a damped trend, parameters from a grid",
    "combination": "geometric mean of `theta` and `damped`",
    "optimised_theta": "dynamic optimised Theta, solved by least squares for each weight",
    "wide_combination": "geometric mean of `theta`, `damped` and `optimised_theta`, the season may move",
    "weighted": "geometric mean of the members below, weighted by their past errors",
    "fitted_theta": "statsmodels ThetaModel on logarithms",
    "fitted_ets": "statsmodels ETS(A,Ad,N) on logarithms",
    "fitted_ets_multiplicative": "statsmodels ETS(M,Ad,N) on the values",
    "fitted_components": "statsmodels local level on logarithms, season where there is one; takes gaps",
    "fitted_trend": "the same with a local linear trend",
    "fitted_regression": "statsmodels SARIMAX: outside regressors, ARIMA(0,1,1) errors, on logarithms",
}
_CONSTANTS: Final[tuple[tuple[ModuleType, tuple[str, ...]], ...]] = (
    (seasonal_test, ("LEAST_SEASONS",)),
    (decomposition, ("_WEIGHTS",)),
    (level_smoothing, ("WEIGHTS",)),
    (damped_trend, ("_FIRST",)),
    (optimised_theta, ("WEIGHTS", "LEAST", "_SKIPPED")),
    (guards, ("WIDTHS",)),
    (fit_input, ("LEAST_VALUES", "LEAST_SEASONS")),
    (components_fit, ("_DUMMIES_UP_TO",)),
    (regression_fit, ("_ORDER", "_VALUES_A_REGRESSOR")),
    (models, ("WIDTHS",)),
    (combining, ("_EPSILON",)),
    (block_bootstrap, ("LEVEL",)),
    (own_scale, ("CHANGES_OF_GROUP", "ORIGINS_OF_GROUP")),
    (adaptive, ("SIZE_OF_HALF_GAIN", "LEAST_OF_NOMINAL", "LEAST_SERIES")),
    (covariates, ("NEAR", "LONG", "FADING")),
    (hurdle, ("MOST_SERIES",)),
    (logistic, ("HALF",)),
    (jumps, ("LEAST_STEPS",)),
    (reconciling, ("LARGEST_FULL", "LEAST_ORIGINS")),
    (shrinkage, ("LEAST_VARIANCE",)),
    (comparing_runs, ("SLACK",)),
    (track_record, ("SEED",)),
)
"""Numbers that are in the code and not in the method's text: by module, the names of those with words."""
_FORECAST: Final = "priceindex.forecast."


def forecast_parameter_table() -> str:
    """Every parameter of the method's text: its value and what it is."""
    text = forecast_method().text
    rows = [
        [code(f"{section}.{name}"), _shown(value), meanings(type(said)).get(name, "")]
        for section, said in text
        if isinstance(said, BaseModel)
        for name, value in said
        if value != ""
    ]
    return table(["parameter", forecast_method().method_id, "is"], rows)


def forecast_model_table() -> str:
    """Every model: what it is, and where the method uses it."""
    rows = [[code(name), _MODELS[name], _used(name)] for name in model_names()]
    return table(["model", "is", "in the method"], rows)


def model_names() -> tuple[str, ...]:
    """All models: the engine's, the weighted combination, the fitted ones."""
    return (*forecaster.MODELS, combining.WEIGHTED, *models.FITTED)


def forecast_constant_table() -> str:
    """The numbers that are in the code: where, what, and why."""
    rows = [
        [code(f"{module.__name__.removeprefix(_FORECAST)}.{name}"), _shown(vars(module)[name]), said[name]]
        for module, names in _CONSTANTS
        for said in [meanings(module)]
        for name in names
        if name in said
    ]
    rows += [
        [code("method.QUANTILES"), _shown(QUANTILES), "The published quantiles; the third is the forecast."],
        [code("scoring.bands.BANDS"), _shown(bands.BANDS), "Bands of horizons: near, middle, far."],
        [code("scoring.block_bootstrap.DRAWS"), _shown(block_bootstrap.DRAWS), "Draws of each interval."],
    ]
    return table(["in the code", "value", "is"], rows)


def dropped_fit_table() -> str:
    """Why a fit may give no forecast."""
    rows = [[code(str(reason)), f"{zh} {en}"] for reason, (zh, en) in REASON_WORDS.items()]
    return table(["reason", "means"], rows)


def _used(name: str) -> str:
    rule = forecast_method().text.models
    said = {
        "published beside every forecast": forecaster.BASELINES,
        "tried": (*rule.tried, combining.WEIGHTED),
        "member of `weighted`": rule.weighted,
        "tried and member for composite and classes": rule.fitted,
        "tried for composite and classes where regressors are handed in": (models.REGRESSION,),
    }
    return ", ".join(words for words, names in said.items() if name in names) or "not tried"


def _shown(value: object) -> str:
    """A value in words; long rows of numbers by their ends."""
    listed = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(listed, list | tuple):
        said = [f"{each:.4g}" if isinstance(each, float) else str(each) for each in listed]
        return ", ".join(said if len(said) <= 8 else [*said[:2], "…", said[-1]])
    return f"{listed:,}" if isinstance(listed, int) else str(listed)
