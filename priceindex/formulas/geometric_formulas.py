"""Weighted geometric means of relatives: they differ only in how the two periods' shares are mixed."""

from typing import Final

import numpy as np

from priceindex.formulas.described import Described
from priceindex.formulas.laws import Law
from priceindex.formulas.means import geometric_mean
from priceindex.formulas.pairs import Pair

_MEAN: Final = frozenset(
    {Law.IDENTITY, Law.PROPORTIONALITY, Law.HOMOGENEITY, Law.COMMENSURABILITY, Law.MEAN_VALUE}
)


def geometric_laspeyres(pair: Pair) -> float:
    """Geometric mean by old shares."""
    return geometric_mean(pair.shares0, pair.relatives)


def geometric_paasche(pair: Pair) -> float:
    """Geometric mean by new shares."""
    return geometric_mean(pair.shares1, pair.relatives)


def tornqvist(pair: Pair) -> float:
    """Geometric mean by the arithmetic mean of old and new shares."""
    return geometric_mean(pair.shares0 + pair.shares1, pair.relatives)


def geometric_walsh(pair: Pair) -> float:
    """Geometric mean by the geometric mean of old and new shares."""
    return geometric_mean(np.sqrt(pair.shares0 * pair.shares1), pair.relatives)


def theil(pair: Pair) -> float:
    """Geometric mean by the cube root of (arithmetic mean · old share · new share)."""
    weights = np.cbrt((pair.shares0 + pair.shares1) / 2 * pair.shares0 * pair.shares1)
    return geometric_mean(weights, pair.relatives)


def theil_by_value(pair: Pair) -> float:
    """Theil's weights made of values in place of shares."""
    weights = np.cbrt((pair.values0 + pair.values1) / 2 * pair.values0 * pair.values1)
    return geometric_mean(weights, pair.relatives)


def rao(pair: Pair) -> float:
    """Geometric mean by the harmonic mean of old and new shares."""
    weights = pair.shares0 * pair.shares1 / (pair.shares0 + pair.shares1)
    return geometric_mean(weights, pair.relatives)


GEOMETRIC: Final = (
    Described(
        key="geometric_laspeyres",
        zh="几何拉氏指数",
        en="geometric Laspeyres",
        equation="G_{s⁰}(r)",
        source="CPI Manual 2020, chapter 8; Balk (2008), table 3.6",
        laws=_MEAN | {Law.CONSISTENCY},
        compute=geometric_laspeyres,
    ),
    Described(
        key="geometric_paasche",
        zh="几何帕氏指数",
        en="geometric Paasche",
        equation="G_{s¹}(r)",
        source="Balk (2008), table 3.6",
        laws=_MEAN | {Law.CONSISTENCY},
        compute=geometric_paasche,
    ),
    Described(
        key="tornqvist",
        zh="通氏指数",
        en="Törnqvist",
        equation="G_{(s⁰+s¹)/2}(r)",
        source="Törnqvist (1936); CPI Manual 2020, chapter 16",
        laws=_MEAN | {Law.TIME_REVERSAL},
        compute=tornqvist,
    ),
    Described(
        key="geometric_walsh",
        zh="几何沃尔什指数",
        en="geometric Walsh",
        equation="G_w(r), w = √(s⁰s¹)",
        source="Walsh (1901); Balk (2008), table 3.6",
        laws=_MEAN | {Law.TIME_REVERSAL},
        compute=geometric_walsh,
    ),
    Described(
        key="theil",
        zh="泰尔指数",
        en="Theil",
        equation="G_w(r), w = ∛((s⁰+s¹)/2 · s⁰ · s¹)",
        source="Theil (1973); CPI Manual 2020, chapter 16",
        laws=_MEAN | {Law.TIME_REVERSAL},
        compute=theil,
    ),
    Described(
        key="theil_by_value",
        zh="泰尔指数（按金额）",
        en="Theil by value",
        equation="G_w(r), w = ∛((v⁰+v¹)/2 · v⁰ · v¹)",
        source="PriceIndices 0.3.1 (theil2)",
        laws=_MEAN - {Law.HOMOGENEITY} | {Law.TIME_REVERSAL},
        compute=theil_by_value,
    ),
    Described(
        key="rao",
        zh="拉奥指数",
        en="Rao",
        equation="G_w(r), w = s⁰s¹ / (s⁰+s¹)",
        source="Rao (1990); Balk (2008), table 3.6",
        laws=_MEAN | {Law.TIME_REVERSAL},
        compute=rao,
    ),
)
"""The formulas of this family."""
