"""Basket formulas: what one basket between the two periods' costs in each of them.

They differ in the mean of old and new quantities that makes the basket.
"""

from typing import Final

import numpy as np

from priceindex.formulas.described import Described
from priceindex.formulas.laws import Law
from priceindex.formulas.pairs import Pair
from priceindex.formulas.relatives import Floats


def basket_cost_ratio(pair: Pair, basket: Floats) -> float:
    """Cost of a basket (n,) at new prices over its cost at old ones.

    >>> pair = Pair(np.array([1.0, 1.0]), np.ones(2), np.array([2.0, 1.0]), np.ones(2))
    >>> basket_cost_ratio(pair, np.array([3.0, 1.0]))
    1.75
    """
    return float((pair.p1 * basket).sum() / (pair.p0 * basket).sum())


def walsh(pair: Pair) -> float:
    """Basket of the geometric means of quantities."""
    return basket_cost_ratio(pair, np.sqrt(pair.q0 * pair.q1))


def marshall_edgeworth(pair: Pair) -> float:
    """Basket of the arithmetic means of quantities."""
    return basket_cost_ratio(pair, pair.q0 + pair.q1)


def bilateral_geary_khamis(pair: Pair) -> float:
    """Basket of the harmonic means of quantities."""
    return basket_cost_ratio(pair, pair.q0 * pair.q1 / (pair.q0 + pair.q1))


def bialek(pair: Pair) -> float:
    """Geometric mean of the two outermost baskets: the smaller and the larger quantity of each product."""
    inner = basket_cost_ratio(pair, np.minimum(pair.q0, pair.q1))
    outer = basket_cost_ratio(pair, np.maximum(pair.q0, pair.q1))
    return float(np.sqrt(inner * outer))


_SYMMETRIC: Final = frozenset(
    {
        Law.IDENTITY,
        Law.PROPORTIONALITY,
        Law.HOMOGENEITY,
        Law.TIME_REVERSAL,
        Law.COMMENSURABILITY,
        Law.MEAN_VALUE,
    }
)

BASKETS: Final = (
    Described(
        key="walsh",
        zh="沃尔什指数",
        en="Walsh",
        equation="Σ p¹√(q⁰q¹) / Σ p⁰√(q⁰q¹)",
        source="Walsh (1901); CPI Manual 2020, chapter 15",
        laws=_SYMMETRIC,
        compute=walsh,
    ),
    Described(
        key="marshall_edgeworth",
        zh="马歇尔–埃奇沃思指数",
        en="Marshall–Edgeworth",
        equation="Σ p¹(q⁰+q¹) / Σ p⁰(q⁰+q¹)",
        source="Marshall (1887); Edgeworth (1925); CPI Manual 2020, chapter 15",
        laws=_SYMMETRIC,
        compute=marshall_edgeworth,
    ),
    Described(
        key="bilateral_geary_khamis",
        zh="双边吉尔里–哈米斯指数",
        en="bilateral Geary–Khamis",
        equation="Σ p¹h / Σ p⁰h, h = q⁰q¹/(q⁰+q¹)",
        source="Geary (1958); Khamis (1972); Balk (2008), table 3.4",
        laws=_SYMMETRIC,
        compute=bilateral_geary_khamis,
    ),
    Described(
        key="bialek",
        zh="比亚韦克指数",
        en="Białek",
        equation="√(Σp¹min(q⁰,q¹)/Σp⁰min(q⁰,q¹) · Σp¹max(q⁰,q¹)/Σp⁰max(q⁰,q¹))",
        source="Białek (2012); PriceIndices 0.3.1 (bialek)",
        laws=_SYMMETRIC,
        compute=bialek,
    ),
)
"""The formulas of this family."""
