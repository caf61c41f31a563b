"""Prices drawn from the processes the models are for."""

import numpy as np

from priceindex.forecast.fitted.fit_input import FitInput, RegressorWindow
from priceindex.forecast.panel import Floats


def walk(seed: int, periods: int = 120, spread: float = 0.03) -> Floats:
    """A random walk in logarithms, (T,)."""
    steps = spread * np.random.default_rng(seed).standard_normal(periods)
    return np.asarray(100.0 * np.exp(np.cumsum(steps)))


def damped_path(periods: int, share: float = 0.9) -> Floats:
    """Logarithms that rise by steps each a share of the one before, with a little noise, (T,)."""
    rise = 0.08 * share ** np.arange(periods)
    return np.asarray(4.0 + np.cumsum(rise) + 1e-4 * np.random.default_rng(1).standard_normal(periods))


def to_fit(
    values: Floats, season: int = 1, horizon: int = 6, regressors: RegressorWindow | None = None
) -> FitInput:
    """One series to fit."""
    return FitInput(values=values, season=season, horizon=horizon, regressors=regressors)
