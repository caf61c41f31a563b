"""How far forecasts were from what came: the measures the track record is told in.

All take arrays of any shape that broadcast together and a pair counts only where every number of it is known,
so rows of different length stand in one array; `axis` says what is averaged over, None for everything.
A mean over nothing is NaN.

Sources: Hyndman and Koehler (2006), "Another look at measures of forecast accuracy", Int. J. Forecasting 22
(MASE, relative MAE); Makridakis, Spiliotis and Assimakopoulos (2020), "The M4 Competition", IJF 36 (sMAPE,
OWA, MSIS); Gneiting and Raftery (2007), "Strictly proper scoring rules, prediction, and estimation", JASA 102
(interval score).
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from priceindex.forecast.panel import Floats

Axis: TypeAlias = int | tuple[int, ...] | None


def mean_known(values: ArrayLike, axis: Axis = None) -> Floats:
    """The mean of what is known, NaN where nothing is.

    >>> mean_known([[1.0, np.nan], [np.nan, np.nan]], axis=1).tolist()
    [1.0, nan]
    """
    array = np.asarray(values, dtype=np.float64)
    known = np.isfinite(array)
    count = known.sum(axis=axis)
    total = np.where(known, array, 0.0).sum(axis=axis)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))


def smape(actuals: Floats, forecasts: Floats, axis: Axis = None) -> Floats:
    """Symmetric mean absolute percentage error in percent, 0 to 200 (M4: 200 |y - f| / (|y| + |f|)).

    >>> float(smape(np.array([100.0]), np.array([50.0]))).__round__(3)
    66.667
    """
    size = np.abs(actuals) + np.abs(forecasts)
    return mean_known(200.0 * np.abs(actuals - forecasts) / np.where(size > 0.0, size, np.nan), axis)


def mase(actuals: Floats, forecasts: Floats, scale: Floats, axis: Axis = None) -> Floats:
    """Mean absolute error in units of `scale`, the in-sample mean absolute change (see `change_scale`)."""
    return mean_known(np.abs(actuals - forecasts) / _positive(scale), axis)


def owa(smape_model: float, mase_model: float, smape_naive2: float, mase_naive2: float) -> float:
    """Overall weighted average of M4: the mean of sMAPE and MASE, each relative to Naive2's.

    >>> owa(9.0, 0.8, 10.0, 1.0)
    0.8500000000000001
    """
    return (smape_model / smape_naive2 + mase_model / mase_naive2) / 2.0


def relative_mae(errors: Floats, baseline_errors: Floats, axis: Axis = None) -> Floats:
    """Mean absolute error over that of the baseline on the same pairs; below 1 is better than the baseline.

    Where both are zero the two are equally good: 1. Where only the baseline's is zero: infinite.

    >>> float(relative_mae(np.array([1.0, np.nan]), np.array([2.0, 5.0])))
    0.5
    """
    both = np.isfinite(errors) & np.isfinite(baseline_errors)
    ours = mean_known(np.where(both, np.abs(errors), np.nan), axis)
    theirs = mean_known(np.where(both, np.abs(baseline_errors), np.nan), axis)
    beyond = np.where(ours > 0.0, np.inf, np.where(ours == 0.0, 1.0, np.nan))
    return np.asarray(np.where(theirs > 0.0, ours / np.where(theirs > 0.0, theirs, 1.0), beyond))


def msis(
    actuals: Floats, lower: Floats, upper: Floats, scale: Floats, level: float = 0.95, axis: Axis = None
) -> Floats:
    """Mean scaled interval score: width, plus 2/(1-level) times what lies outside, in units of `scale`.

    >>> float(msis(np.array([3.0]), np.array([0.0]), np.array([2.0]), np.array([1.0]), 0.5))
    6.0
    """
    missed = np.maximum(lower - actuals, 0.0) + np.maximum(actuals - upper, 0.0)
    return mean_known((upper - lower + 2.0 / (1.0 - level) * missed) / _positive(scale), axis)


def inside(actuals: Floats, lower: Floats, upper: Floats) -> Floats:
    """1 where the actual lies in the closed interval, 0 where outside, NaN where one of them is unknown."""
    known = np.isfinite(actuals) & np.isfinite(lower) & np.isfinite(upper)
    return np.where(known, ((lower <= actuals) & (actuals <= upper)).astype(np.float64), np.nan)


def coverage(actuals: Floats, lower: Floats, upper: Floats, axis: Axis = None) -> Floats:
    """Share of known actuals that lie inside."""
    return mean_known(inside(actuals, lower, upper), axis)


def _positive(scale: Floats) -> Floats:
    """A scale of zero measures nothing: NaN. See `scales.pooled_scale` for constant series."""
    return np.where(np.asarray(scale) > 0.0, scale, np.nan)
