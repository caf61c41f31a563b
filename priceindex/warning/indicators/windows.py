"""The past of every period: values some periods ago, and medians over a window that ends before now.

Missing values are NaN and are left out of a median; nothing here warns or looks ahead.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from priceindex.warning.indicators.indication import Floats

MAD_TO_SD: Final = 1.482602218505602
"""1 / Φ⁻¹(3/4): the median absolute deviation of a normal distribution times this is its standard deviation
(Rousseeuw and Croux, 1993, J. Am. Stat. Assoc. 88, p. 1273)."""


_CELLS_AT_ONCE: Final = 2_000_000


def lagged(values: Floats, periods: int) -> Floats:
    """The values `periods` earlier along the last axis, NaN before the first.

    >>> lagged(np.array([1.0, 2.0, 3.0]), 2).tolist()
    [nan, nan, 1.0]
    """
    found = np.full(values.shape, np.nan)
    if periods < values.shape[-1]:
        found[..., periods:] = values[..., : values.shape[-1] - periods]
    return found


def past(values: Floats, window: int) -> Floats:
    """The `window` values before each period, oldest first: (..., T) to (..., T, window).

    >>> past(np.array([1.0, 2.0, 3.0]), 2)[2].tolist()
    [1.0, 2.0]
    """
    before = np.full((*values.shape[:-1], window), np.nan)
    padded = np.concatenate([before, values[..., :-1]], axis=-1)
    return np.lib.stride_tricks.sliding_window_view(padded, window, axis=-1)


def median(values: Floats) -> Floats:
    """The median over the last axis of what is known there; NaN where nothing is.

    >>> median(np.array([[3.0, np.nan, 1.0], [np.nan, np.nan, np.nan]])).tolist()
    [2.0, nan]
    """
    ordered = np.sort(values, axis=-1)  # NaN last
    known = np.isfinite(values).sum(axis=-1)
    low = np.maximum(known - 1, 0) // 2
    high = np.minimum(known // 2, np.maximum(known - 1, 0))
    pair = [np.take_along_axis(ordered, place[..., None], axis=-1)[..., 0] for place in (low, high)]
    return np.asarray(np.where(known > 0, (pair[0] + pair[1]) / 2.0, np.nan))


def past_median(values: Floats, window: int) -> tuple[Floats, Floats]:
    """Median of the `window` values before each period, and how many of them are known; of the values' shape.

    >>> [each.tolist() for each in past_median(np.array([1.0, 3.0, 5.0]), 2)]
    [[nan, 1.0, 2.0], [0.0, 1.0, 2.0]]
    """
    middle, known = _over_past(values, window, lambda windows: (median(windows), known_in(windows)))
    return middle, known


def past_robust(values: Floats, window: int) -> tuple[Floats, Floats, Floats]:
    """Median and robust standard deviation of the `window` values before, and how many are known."""
    middle, spread, known = _over_past(values, window, lambda windows: (*robust(windows), known_in(windows)))
    return middle, spread, known


def past_mean(values: Floats, window: int) -> tuple[Floats, Floats, Floats]:
    """Mean and sample standard deviation of the `window` values before, and how many are known."""
    mean, spread, known = _over_past(
        values, window, lambda windows: (*mean_and_sd(windows), known_in(windows))
    )
    return mean, spread, known


def _over_past(
    values: Floats, window: int, statistic: Callable[[Floats], tuple[Floats, ...]]
) -> tuple[Floats, ...]:
    """A statistic of every period's past, a few rows at a time: thousands of series fill no memory."""
    rows = values.reshape(-1, values.shape[-1])
    at_once = max(1, _CELLS_AT_ONCE // max(1, values.shape[-1] * window))
    parts = [statistic(past(rows[begin : begin + at_once], window)) for begin in range(0, len(rows), at_once)]
    return tuple(np.concatenate(each).reshape(values.shape) for each in zip(*parts, strict=True))


def known_in(values: Floats) -> Floats:
    """How many values of the last axis are known.

    >>> known_in(np.array([[3.0, np.nan, 1.0]])).tolist()
    [2.0]
    """
    return np.asarray(np.isfinite(values).sum(axis=-1), dtype=np.float64)


def robust(windows: Floats) -> tuple[Floats, Floats]:
    """Median and robust standard deviation (MAD times `MAD_TO_SD`) over the last axis.

    >>> [round(float(each), 4) for each in robust(np.array([1.0, 2.0, 3.0, 4.0, 100.0]))]
    [3.0, 1.4826]
    """
    centre = median(windows)
    return centre, MAD_TO_SD * median(np.abs(windows - centre[..., None]))


def mean_and_sd(windows: Floats) -> tuple[Floats, Floats]:
    """Mean and sample standard deviation (n - 1) of what is known over the last axis; NaN under two values.

    >>> [each.tolist() for each in mean_and_sd(np.array([[1.0, 3.0, np.nan]]))]
    [[2.0], [1.4142135623730951]]
    """
    known = np.isfinite(windows)
    count = known.sum(axis=-1)
    enough = count >= 2
    mean = np.where(known, windows, 0.0).sum(axis=-1) / np.maximum(count, 1)
    squares = (np.where(known, windows - mean[..., None], 0.0) ** 2).sum(axis=-1)
    deviation = np.sqrt(squares / np.maximum(count - 1, 1))
    return np.where(enough, mean, np.nan), np.where(enough, deviation, np.nan)


def ratio(above: Floats, below: Floats) -> Floats:
    """`above / below`, NaN where the divisor is 0 or either is missing.

    >>> ratio(np.array([1.0, 1.0]), np.array([2.0, 0.0])).tolist()
    [0.5, nan]
    """
    usable = np.isfinite(above) & np.isfinite(below) & (below != 0.0)
    return np.asarray(np.where(usable, above / np.where(usable, below, 1.0), np.nan))
