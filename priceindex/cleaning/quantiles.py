"""Quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996).

Sorting, comparing, adding and multiplying only: the same bits on every machine, because flags decide
what a published value rests on.
"""

from typing import Final, NamedTuple

import numpy as np

from priceindex.formulas.relatives import Floats

NORMAL_MAD: Final = 1.4826
"""What a median absolute deviation is multiplied by to estimate a normal standard deviation."""


class Quartiles(NamedTuple):
    """The three quartiles of what is present."""

    lower: float
    median: float
    upper: float


def quantile(ordered: Floats, share: float) -> float:
    """The quantile of ascending values without gaps, `share` from 0 to 1; NaN of nothing.

    >>> quantile(np.array([1.0, 2.0, 4.0]), 0.75)
    3.0
    """
    if not len(ordered):
        return float("nan")
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (place - low) * (ordered[high] - ordered[low]))


def ascending(values: Floats) -> Floats:
    """The values that are there, smallest first."""
    return np.sort(values[np.isfinite(values)])


def quartiles(values: Floats) -> Quartiles:
    """The quartiles of the values that are there; NaN of nothing.

    >>> quartiles(np.array([5.0, np.nan, 1.0, 3.0]))
    Quartiles(lower=2.0, median=3.0, upper=4.0)
    """
    ordered = ascending(values)
    return Quartiles(quantile(ordered, 0.25), quantile(ordered, 0.5), quantile(ordered, 0.75))


def median(values: Floats) -> float:
    """The middle of the values that are there."""
    return quantile(ascending(values), 0.5)
