"""Simple exponential smoothing of all series for a whole grid of weights at once."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.forecast.forecasters.adjusted import Adjusted
from priceindex.forecast.forecasters.laid_out import LaidOut
from priceindex.forecast.panel import Floats

WEIGHTS: Final = np.append(np.arange(0.05, 0.96, 0.05), 0.99)
"""The weights tried for the newest value."""


@dataclass(frozen=True, slots=True, eq=False)
class Smoothed:
    """The level at the end of each series and the weight of least squared error that led to it."""

    level: Floats
    """(n,)."""
    weight: Floats
    """(n,)."""


def smoothed(values: Floats, laid: LaidOut, weights: Floats = WEIGHTS) -> Smoothed:
    """Smooth (T, n) values laid out as `laid`, from their first value on, with the best weight for each.

    Brown (1956); Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., §8.1.
    """
    level = np.repeat(values[:1], len(weights), axis=0)
    squares, error, step = np.zeros_like(level), np.empty_like(level), np.empty_like(level)
    column = weights[:, None]
    for row, count in zip(values[1:], laid.running[1:], strict=True):
        off, moved = error[:, :count], step[:, :count]
        np.subtract(row[:count], level[:, :count], out=off)
        np.multiply(off, column, out=moved)
        level[:, :count] += moved
        np.multiply(off, off, out=moved)
        squares[:, :count] += moved
    best = squares.argmin(axis=0)
    return Smoothed(level[best, np.arange(level.shape[1])], weights[best])


def ses(series: Adjusted, weights: Floats = WEIGHTS) -> Floats:
    """Simple exponential smoothing: the last level at every step, (horizon, n), in logarithms."""
    return np.repeat(smoothed(series.logs, series.laid, weights).level[None], series.horizon, axis=0)
