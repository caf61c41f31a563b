"""Simulated prices nothing can forecast, and backtests put together by hand."""

import numpy as np

from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.forecast.scoring.rolling_origin import Backtest


def walks(
    seed: int, series: int, periods: int, *, sticky: bool = False, together: float = 0.5
) -> SeriesPanel:
    """Random walks in logs that share a part of every step; sticky ones rest four weeks in five."""
    draw = np.random.default_rng(seed)
    own = draw.standard_normal((series, periods)) * np.sqrt(1.0 - together)
    steps = own + draw.standard_normal((1, periods)) * np.sqrt(together)
    if sticky:
        steps = 2.0 * steps * (draw.random((series, periods)) < 0.2)
    return SeriesPanel(values=100.0 * np.exp(np.cumsum(0.02 * steps, axis=1)), season=1)


def made(errors: dict[str, Floats], level: float = 100.0) -> Backtest:
    """A backtest in which the forecasts of each model are off by the errors (o, n, h) given; all ended."""
    models = tuple(errors)
    origins, series, horizon = errors[models[0]].shape
    actuals = np.full((origins, series, horizon), level)
    columns = np.arange(origins, dtype=np.int64)
    ended = columns[:, None, None] + 1 + np.arange(horizon) <= origins
    return Backtest(
        models=models,
        forecasts=np.stack([actuals + errors[name] for name in models]),
        actuals=np.where(ended, actuals, np.nan),
        last=np.full((origins, series), level),
        origins=columns,
    )
