"""Joining series: another reference period, another basket, an overlap of two baskets.

What is joined are levels of chained series, node by node; movements stay what they were, so no join
changes a published rate of change within either part. Contributions are not carried over: a rebased
or linked series needs its own (CPI Manual 2020, chapter 9).
"""

import numpy as np

from priceindex.formulas.index_forms import Chained, PeriodOnPeriod, must_lie_within
from priceindex.formulas.relatives import Floats


def rebase(series: Chained, first: int, last: int | None = None, level: float = 1.0) -> Chained:
    """The series with the mean of the reference periods first..last set to `level`.

    `last` is `first` where not given. The mean is arithmetic, as for a base year of months.
    Raises LinkOutside. Source: CPI Manual 2020, chapter 9 (index reference period).

    >>> rebase(Chained(np.array([1.0, 2.0, 4.0])), 1, level=100).levels.tolist()
    [50.0, 100.0, 200.0]
    """
    return Chained(series.levels / _mean_level(series, first, first if last is None else last) * level)


def link(old: Chained, new: PeriodOnPeriod) -> Chained:
    """Carry a series on with the movements of a new basket.

    The first movement of `new` belongs to the link period, the last of `old`, and is not used:
    I^t = I^T_old · Π x_new.

    >>> link(Chained(np.array([1.0, 2.0])), PeriodOnPeriod(np.array([1.0, 1.5, 2.0]))).levels.tolist()
    [1.0, 2.0, 3.0, 6.0]
    """
    onward = old.levels[-1] * np.cumprod(new.movements[1:], axis=0)
    return Chained(np.concatenate((old.levels, onward)))


def splice(old: Chained, new: Chained, at: int, overlap: int = 1) -> Chained:
    """Join two series that were both computed over `overlap` periods, of which the last is at place `at`.

    `new` begins at the first period of the overlap. It is scaled so that both have the same mean
    level there; `old` stands up to `at`, `new` after it. One period is the one-month overlap, twelve
    the annual overlap I^t = Ī^y_old · I^t_new / Ī^y_new. Raises LinkOutside.

    >>> splice(Chained(np.array([1.0, 2.0])), Chained(np.array([1.0, 1.5])), 1).levels.tolist()
    [1.0, 2.0, 3.0]
    """
    ours = _mean_level(old, at - overlap + 1, at)
    theirs = _mean_level(new, 0, overlap - 1)
    return Chained(np.concatenate((old.levels[: at + 1], new.levels[overlap:] * (ours / theirs))))


def weights_at(weights: Floats, series: Chained, reference: int, period: int, order: int = 1) -> Floats:
    """Weights (nodes,) of one period at the prices of another: w_i · (I_i^period / I_i^reference)^order.

    Price-updating keeps the basket and lets its value follow prices; under a geometric mean (order 0)
    weights stay. Raises LinkOutside. Source: CPI Manual 2020, chapter 9; PPI Manual 2004, chapter 15.

    >>> weights_at(np.array([1.0, 1.0]), Chained(np.array([[1.0, 1.0], [2.0, 1.0]])), 0, 1).tolist()
    [2.0, 1.0]
    """
    must_lie_within(reference, len(series.levels))
    must_lie_within(period, len(series.levels))
    moved: Floats = series.levels[period] / series.levels[reference]
    return weights * moved**order


def _mean_level(series: Chained, first: int, last: int) -> Floats:
    must_lie_within(first, len(series.levels))
    must_lie_within(last, len(series.levels))
    return np.asarray(series.levels[first : last + 1].mean(axis=0))
