r"""Contributions 贡献: by how much each product changes the index, so that the parts add up to the whole.

Every mean of relatives can be written as an arithmetic one whose weights a depend on the relatives
themselves; then product i contributes $c_i = a_i (r_i - 1)$ and $\sum c_i = I - 1$ exactly:

    arithmetic   a = w
    geometric    a ∝ w / Lm(r, I)         Lm the logarithmic mean
    harmonic     a ∝ w / r

Source: Balk (2008), section 4.2; Reinsdorf, Diewert and Ehemann, Review of Income and Wealth 48
(2002); CPI Manual 2020, chapter 9.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal

import numpy as np

from priceindex.formulas.means import geometric_mean, logarithmic_mean
from priceindex.formulas.pairs import Pair
from priceindex.formulas.relatives import Floats

Order = Literal[1, 0, -1]


def arithmetic_weights(weights: Floats, relatives: Floats, mean: Floats | float, order: Order) -> Floats:
    """Weights, up to a factor, with which the mean of this order is an arithmetic one; elementwise.

    `mean` is the mean itself; only the geometric one needs it.
    """
    if order == 1:
        return weights
    if order == -1:
        return weights / relatives
    return weights / logarithmic_mean(relatives, np.asarray(mean, dtype=np.float64))


def mean_contributions(weights: Floats, relatives: Floats, order: Order) -> Floats:
    """Contribution of each product (n,) to a weighted mean of relatives, as a fraction: 0.01 is 1 %.

    >>> mean_contributions(np.array([1.0, 3.0]), np.array([1.4, 1.0]), 1).round(12).tolist()
    [0.1, 0.0]
    """
    mean = geometric_mean(weights, relatives) if order == 0 else 1.0
    shares = arithmetic_weights(weights, relatives, mean, order)
    return np.asarray(shares / shares.sum() * (relatives - 1))


def basket_contributions(pair: Pair, basket: Floats) -> Floats:
    """Contribution of each product (n,) to the change of what a basket (n,) costs."""
    return np.asarray((pair.p1 - pair.p0) * basket / (pair.p0 * basket).sum())


def walsh_contributions(pair: Pair) -> Floats:
    """Contributions to the Walsh index, through its basket √(q⁰q¹)."""
    return basket_contributions(pair, np.sqrt(pair.q0 * pair.q1))


def tornqvist_contributions(pair: Pair) -> Floats:
    """Contributions to the Törnqvist index."""
    return mean_contributions(pair.shares0 + pair.shares1, pair.relatives, 0)


def laspeyres_contributions(pair: Pair) -> Floats:
    """Contributions to the Laspeyres index."""
    return mean_contributions(pair.shares0, pair.relatives, 1)


def paasche_contributions(pair: Pair) -> Floats:
    """Contributions to the Paasche index."""
    return mean_contributions(pair.shares1, pair.relatives, -1)


def jevons_contributions(pair: Pair) -> Floats:
    """Contributions to the Jevons index."""
    return mean_contributions(np.ones_like(pair.p0), pair.relatives, 0)


ONE_STEP: Final[Mapping[str, Callable[[Pair], Floats]]] = {
    "jevons": jevons_contributions,
    "laspeyres": laspeyres_contributions,
    "paasche": paasche_contributions,
    "tornqvist": tornqvist_contributions,
    "walsh": walsh_contributions,
}
"""Contributions by the name of the formula; Fisher's stand in `fisher_contributions`."""
