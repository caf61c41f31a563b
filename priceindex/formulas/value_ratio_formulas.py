"""Formulas that divide the ratio of values by a measure of quantity."""

from typing import Final

import numpy as np

from priceindex.formulas.arithmetic_formulas import laspeyres
from priceindex.formulas.described import Described
from priceindex.formulas.laws import Law
from priceindex.formulas.pairs import Pair
from priceindex.formulas.relatives import Floats


def stuvel(pair: Pair) -> float:
    """The price index of Stuvel's pair of price and quantity index."""
    half = (laspeyres(pair) - laspeyres(pair.swapped())) / 2
    return float(half + np.sqrt(half**2 + pair.value_ratio))


def lehr(pair: Pair) -> float:
    """Value ratio over the quantities priced at each product's unit value over both periods."""
    return _deflated(pair, (pair.values0 + pair.values1) / (pair.q0 + pair.q1))


def davies(pair: Pair) -> float:
    """Value ratio over the quantities priced at the geometric mean of old and new prices."""
    return _deflated(pair, np.sqrt(pair.p0 * pair.p1))


def banerjee(pair: Pair) -> float:
    """V(1+L)/(V+Q), L and Q the Laspeyres price and quantity index."""
    quantity = laspeyres(pair.swapped())
    ratio = pair.value_ratio
    return ratio * (1 + laspeyres(pair)) / (ratio + quantity)


def unit_value(pair: Pair) -> float:
    """Value per unit now over value per unit then: for one product in one unit only."""
    return float(pair.value_ratio * pair.q0.sum() / pair.q1.sum())


def value_ratio(pair: Pair) -> float:
    """Value now over value then: no price index, kept to be set beside one."""
    return pair.value_ratio


def _deflated(pair: Pair, prices: Floats) -> float:
    return float(pair.value_ratio * (prices * pair.q0).sum() / (prices * pair.q1).sum())


VALUE_RATIOS: Final = (
    Described(
        key="stuvel",
        zh="斯图维尔指数",
        en="Stuvel",
        equation="a + √(a²+V), a = (L−Q)/2, Q = Σp⁰q¹/Σp⁰q⁰",
        source="Stuvel (1957); Balk (2008), section 3.5",
        laws=frozenset(
            {
                Law.IDENTITY,
                Law.PROPORTIONALITY,
                Law.TIME_REVERSAL,
                Law.COMMENSURABILITY,
                Law.MEAN_VALUE,
                Law.FACTOR_REVERSAL,
                Law.CONSISTENCY,
            }
        ),
        compute=stuvel,
    ),
    Described(
        key="lehr",
        zh="莱尔指数",
        en="Lehr",
        equation="V · Σzq⁰/Σzq¹, z = (v⁰+v¹)/(q⁰+q¹)",
        source="Lehr (1885); Balk (2008), table 3.4",
        laws=frozenset({Law.IDENTITY, Law.TIME_REVERSAL, Law.COMMENSURABILITY, Law.CONSISTENCY}),
        compute=lehr,
    ),
    Described(
        key="davies",
        zh="戴维斯指数",
        en="Davies",
        equation="V · Σ√(p⁰p¹)q⁰ / Σ√(p⁰p¹)q¹",
        source="Davies (1924); PriceIndices 0.3.1 (davies)",
        laws=frozenset(
            {
                Law.IDENTITY,
                Law.PROPORTIONALITY,
                Law.HOMOGENEITY,
                Law.TIME_REVERSAL,
                Law.COMMENSURABILITY,
                Law.MEAN_VALUE,
            }
        ),
        compute=davies,
    ),
    Described(
        key="banerjee",
        zh="班纳吉指数",
        en="Banerjee",
        equation="V(1+L)/(V+Q), Q = Σp⁰q¹/Σp⁰q⁰",
        source="Banerjee (1977); PriceIndices 0.3.1 (banajree)",
        laws=frozenset(
            {
                Law.IDENTITY,
                Law.PROPORTIONALITY,
                Law.TIME_REVERSAL,
                Law.COMMENSURABILITY,
                Law.MEAN_VALUE,
            }
        ),
        compute=banerjee,
    ),
    Described(
        key="unit_value",
        zh="单位价值指数",
        en="unit value",
        equation="(Σv¹/Σq¹) / (Σv⁰/Σq⁰)",
        source="CPI Manual 2020, chapter 8",
        laws=frozenset({Law.HOMOGENEITY, Law.TIME_REVERSAL, Law.CIRCULARITY}),
        compute=unit_value,
    ),
    Described(
        key="value_ratio",
        zh="价值比",
        en="value ratio",
        equation="V = Σv¹/Σv⁰",
        source="CPI Manual 2020, chapter 15",
        laws=frozenset(
            {
                Law.HOMOGENEITY,
                Law.TIME_REVERSAL,
                Law.CIRCULARITY,
                Law.COMMENSURABILITY,
                Law.CONSISTENCY,
            }
        ),
        compute=value_ratio,
    ),
)
"""The formulas of this family."""
