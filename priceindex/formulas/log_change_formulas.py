"""Log-change formulas: the log of the index is a sum of weighted log relatives.

Sato-Vartia rescales its weights and so keeps proportionality. The others do not: Montgomery-Vartia
gives that up for consistency in aggregation, as Walsh-Vartia does; the last for nothing but its plainness.
"""

from typing import Final

import numpy as np

from priceindex.formulas.described import Described
from priceindex.formulas.laws import Law
from priceindex.formulas.means import geometric_mean, logarithmic_mean
from priceindex.formulas.pairs import Pair
from priceindex.formulas.relatives import Floats


def sato_vartia(pair: Pair) -> float:
    """Geometric mean by the logarithmic mean of old and new shares."""
    return geometric_mean(logarithmic_mean(pair.shares0, pair.shares1), pair.relatives)


def montgomery_vartia(pair: Pair) -> float:
    """Log relatives weighted with the logarithmic mean of values over that of the whole values."""
    whole = logarithmic_mean(pair.values0.sum(), pair.values1.sum())
    return _log_change(logarithmic_mean(pair.values0, pair.values1) / whole, pair)


def walsh_vartia(pair: Pair) -> float:
    """Log relatives weighted with the geometric mean of old and new shares, not rescaled."""
    return _log_change(np.sqrt(pair.shares0 * pair.shares1), pair)


def harmonic_log_change(pair: Pair) -> float:
    """Log relatives weighted with the harmonic mean of old and new shares, not rescaled."""
    return _log_change(2 * pair.shares0 * pair.shares1 / (pair.shares0 + pair.shares1), pair)


def _log_change(weights: Floats, pair: Pair) -> float:
    return float(np.exp((weights * np.log(pair.relatives)).sum()))


_UNSCALED: Final = frozenset({Law.IDENTITY, Law.TIME_REVERSAL, Law.COMMENSURABILITY})

LOG_CHANGE: Final = (
    Described(
        key="sato_vartia",
        zh="佐藤–瓦尔蒂亚指数",
        en="Sato–Vartia",
        equation="G_w(r), w = Lm(s⁰, s¹), Lm(a, b) = (a−b)/ln(a/b)",
        source="Sato (1976); Vartia (1976); Balk (2008), section 4.2",
        laws=frozenset(
            {
                Law.IDENTITY,
                Law.PROPORTIONALITY,
                Law.HOMOGENEITY,
                Law.TIME_REVERSAL,
                Law.COMMENSURABILITY,
                Law.MEAN_VALUE,
                Law.FACTOR_REVERSAL,
            }
        ),
        compute=sato_vartia,
    ),
    Described(
        key="montgomery_vartia",
        zh="蒙哥马利–瓦尔蒂亚指数",
        en="Montgomery–Vartia",
        equation="Π r^{Lm(v⁰, v¹) / Lm(Σv⁰, Σv¹)}",
        source="Montgomery (1929, 1937); Vartia (1976); Balk (2008), section 4.2",
        laws=_UNSCALED | {Law.FACTOR_REVERSAL, Law.CONSISTENCY},
        compute=montgomery_vartia,
    ),
    Described(
        key="walsh_vartia",
        zh="沃尔什–瓦尔蒂亚指数",
        en="Walsh–Vartia",
        equation="Π r^{√(s⁰s¹)}",
        source="Walsh (1901); Vartia (1976); PriceIndices 0.3.1 (walsh_vartia, theil1)",
        laws=_UNSCALED | {Law.CONSISTENCY},
        compute=walsh_vartia,
    ),
    Described(
        key="harmonic_log_change",
        zh="调和对数变动指数",
        en="harmonic log-change",
        equation="Π r^{2s⁰s¹/(s⁰+s¹)}",
        source="PriceIndices 0.3.1 (hlc)",
        laws=_UNSCALED,
        compute=harmonic_log_change,
    ),
)
"""The formulas of this family."""
