"""Exponential smoothing with a damped trend, its three parameters chosen from a grid."""

from itertools import product
from typing import Final

import numpy as np

from priceindex.forecast.forecasters.adjusted import Adjusted
from priceindex.forecast.panel import Floats

GRID: Final = np.array(
    [
        (level, level * of_level, damping)
        for level, of_level, damping in product(
            (0.1, 0.25, 0.4, 0.6, 0.8, 0.95), (0.0, 0.05, 0.15, 0.3), (0.8, 0.9, 0.98)
        )
    ]
)
"""Weight of the newest error in the level, in the trend, and how much of the trend each period keeps."""
_FIRST: Final = 6
"""The trend starts as the mean change over the first so many periods."""


def damped_trend(series: Adjusted, grid: Floats = GRID) -> Floats:
    """Forecasts (horizon, n) in logarithms by the grid's member of least squared one-step error.

    Gardner & McKenzie (1985), Management Science 31, 1237-1246, in error-correction form. `grid` has rows
    of (level weight, trend weight, damping).
    """
    level, trend, squares = _run(series, grid)
    best, every = squares.argmin(axis=0), np.arange(level.shape[1])
    kept = np.cumsum(np.cumprod(np.repeat(grid[best, 2][None], series.horizon, axis=0), axis=0), axis=0)
    return np.asarray(level[best, every] + kept * trend[best, every])


def _run(series: Adjusted, grid: Floats) -> tuple[Floats, Floats, Floats]:
    """Level and trend at the end and the sum of squared errors, for each member of the grid, (g, n) each."""
    logs, laid = series.logs, series.laid
    apart = np.clip(laid.lengths - 1, 1, _FIRST)
    start = (logs[np.minimum(apart, len(logs) - 1), np.arange(logs.shape[1])] - logs[0]) / apart
    level, trend = np.repeat(logs[:1], len(grid), axis=0), np.repeat(start[None], len(grid), axis=0)
    squares, error, step = (np.zeros_like(level) for _ in range(3))
    of_level, of_trend, damping = grid.T[:, :, None]
    for row, count in zip(logs[1:], laid.running[1:], strict=True):
        at, by, off, moved = level[:, :count], trend[:, :count], error[:, :count], step[:, :count]
        by *= damping
        at += by
        np.subtract(row[:count], at, out=off)
        np.multiply(off, of_level, out=moved)
        at += moved
        np.multiply(off, of_trend, out=moved)
        by += moved
        off *= off
        squares[:, :count] += off
    return level, trend, squares
