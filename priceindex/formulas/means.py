"""Weighted means of relatives, and the logarithmic mean that ties arithmetic and geometric change.

A mean rescales its weights to one, so it takes them in any unit: values, shares, or shares of a
basket of which only a part is matched.
"""

import numpy as np

from priceindex.formulas.relatives import Floats


def power_mean(weights: Floats, relatives: Floats, order: float) -> float:
    """Weighted mean of the given order: 1 arithmetic, 0 geometric, -1 harmonic; (n,), (n,) -> number.

    Source: CPI Manual 2020, chapter 8; Bullen, Handbook of Means and Their Inequalities (2003).

    >>> [round(power_mean(np.array([1.0, 1.0]), np.array([1.0, 4.0]), r), 9) for r in (1, 0, -1)]
    [2.5, 2.0, 1.6]
    """
    shares = weights / weights.sum()
    if order == 0:
        return float(np.exp((shares * np.log(relatives)).sum()))
    return float((shares * relatives**order).sum() ** (1 / order))


def arithmetic_mean(weights: Floats, relatives: Floats) -> float:
    """Weighted arithmetic mean, A_w(r)."""
    return power_mean(weights, relatives, 1)


def geometric_mean(weights: Floats, relatives: Floats) -> float:
    """Weighted geometric mean, G_w(r)."""
    return power_mean(weights, relatives, 0)


def harmonic_mean(weights: Floats, relatives: Floats) -> float:
    """Weighted harmonic mean, H_w(r)."""
    return power_mean(weights, relatives, -1)


def logarithmic_mean(one: Floats, other: Floats) -> Floats:
    """Lm(a, b) = (a - b) / ln(a / b), and a where both are equal; elementwise, for positive numbers.

    The logarithm is taken of one plus the gap over the smaller number, so that no digits are lost
    where both are nearly equal.
    Source: Vartia, Scandinavian Journal of Statistics 3 (1976); Balk (2008), section 4.2.

    >>> logarithmic_mean(np.array([2.0, 1.0]), np.array([2.0, np.e])).round(9).tolist()
    [2.0, 1.718281828]
    """
    smaller = np.minimum(one, other)
    gap = np.maximum(one, other) - smaller
    apart = gap > 0
    return np.asarray(np.where(apart, gap / np.log1p(np.where(apart, gap, smaller) / smaller), smaller))
