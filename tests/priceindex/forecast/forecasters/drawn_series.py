"""Seeded series for tests of the engine, and series as the models inside it take them."""

import numpy as np

from priceindex.forecast.forecasters.adjusted import Adjusted
from priceindex.forecast.forecasters.laid_out import lay_out
from priceindex.forecast.panel import Floats, SeriesPanel


def drawn_panel(series: int = 12, periods: int = 60, season: int = 12, seed: int = 1) -> SeriesPanel:
    """Walks of different lengths, some with a season; every third begins later."""
    draw = np.random.default_rng(seed)
    walk = np.cumsum(draw.normal(0.002, 0.04, (series, periods)), axis=1)
    size = draw.choice([0.0, 0.2], (series, 1))
    values = 100.0 * np.exp(walk + size * np.sin(2.0 * np.pi * np.arange(periods) / season))
    for row in range(0, series, 3):
        values[row, : draw.integers(0, periods - 1)] = np.nan
    return SeriesPanel(values=values, season=season)


def as_taken(values: Floats, horizon: int) -> Adjusted:
    """One series (T,) put before a model as its logarithms would be: the model adds no season."""
    laid = lay_out(SeriesPanel(values=np.ones((1, len(values))), season=1))
    return Adjusted(laid=laid, logs=values[:, None], ahead=np.ones((horizon, 1)))
