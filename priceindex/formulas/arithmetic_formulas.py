"""Weighted arithmetic and harmonic means of relatives, by the shares of one period or of both.

What a basket of one period costs is the same as a mean of relatives by shares: Laspeyres is the
arithmetic mean by old shares, Paasche the harmonic mean by new ones.
"""

from typing import Final

from priceindex.formulas.described import Described
from priceindex.formulas.laws import Law
from priceindex.formulas.means import arithmetic_mean, harmonic_mean
from priceindex.formulas.pairs import Pair

_ONE_SIDED: Final = frozenset(
    {
        Law.IDENTITY,
        Law.PROPORTIONALITY,
        Law.HOMOGENEITY,
        Law.COMMENSURABILITY,
        Law.MEAN_VALUE,
        Law.CONSISTENCY,
    }
)


def laspeyres(pair: Pair) -> float:
    """Σ p¹q⁰ / Σ p⁰q⁰."""
    return arithmetic_mean(pair.shares0, pair.relatives)


def paasche(pair: Pair) -> float:
    """Σ p¹q¹ / Σ p⁰q¹."""
    return harmonic_mean(pair.shares1, pair.relatives)


def palgrave(pair: Pair) -> float:
    """Arithmetic mean by new shares."""
    return arithmetic_mean(pair.shares1, pair.relatives)


def harmonic_laspeyres(pair: Pair) -> float:
    """Harmonic mean by old shares."""
    return harmonic_mean(pair.shares0, pair.relatives)


def mean_share_arithmetic(pair: Pair) -> float:
    """Arithmetic mean by the mean of old and new shares."""
    return arithmetic_mean(pair.shares0 + pair.shares1, pair.relatives)


ARITHMETIC: Final = (
    Described(
        key="laspeyres",
        zh="拉氏指数",
        en="Laspeyres",
        equation="Σ p¹q⁰ / Σ p⁰q⁰ = A_{s⁰}(r)",
        source="Laspeyres (1871); CPI Manual 2020, chapter 15",
        laws=_ONE_SIDED,
        compute=laspeyres,
    ),
    Described(
        key="paasche",
        zh="帕氏指数",
        en="Paasche",
        equation="Σ p¹q¹ / Σ p⁰q¹ = H_{s¹}(r)",
        source="Paasche (1874); CPI Manual 2020, chapter 15",
        laws=_ONE_SIDED,
        compute=paasche,
    ),
    Described(
        key="palgrave",
        zh="帕尔格雷夫指数",
        en="Palgrave",
        equation="A_{s¹}(r)",
        source="Palgrave (1886); Balk (2008), table 3.4",
        laws=_ONE_SIDED,
        compute=palgrave,
    ),
    Described(
        key="harmonic_laspeyres",
        zh="调和拉氏指数",
        en="harmonic Laspeyres",
        equation="H_{s⁰}(r)",
        source="Balk (2008), table 3.4",
        laws=_ONE_SIDED,
        compute=harmonic_laspeyres,
    ),
    Described(
        key="mean_share_arithmetic",
        zh="平均份额算术指数",
        en="arithmetic mean by mean shares",
        equation="A_{(s⁰+s¹)/2}(r)",
        source="Fisher (1922); Balk (2008), table 3.4 (without a name there)",
        laws=_ONE_SIDED - {Law.CONSISTENCY},
        compute=mean_share_arithmetic,
    ),
)
"""The formulas of this family."""
