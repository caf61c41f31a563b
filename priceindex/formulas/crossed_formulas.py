"""Means of the Laspeyres and the Paasche index: Fisher's ideal index and its plainer relations."""

from typing import Final

import numpy as np

from priceindex.formulas.arithmetic_formulas import laspeyres, paasche
from priceindex.formulas.described import Described
from priceindex.formulas.laws import Law
from priceindex.formulas.pairs import Pair


def fisher(pair: Pair) -> float:
    """Geometric mean of Laspeyres and Paasche."""
    return float(np.sqrt(laspeyres(pair) * paasche(pair)))


def drobisch(pair: Pair) -> float:
    """Arithmetic mean of Laspeyres and Paasche."""
    return (laspeyres(pair) + paasche(pair)) / 2


def harmonic_laspeyres_paasche(pair: Pair) -> float:
    """Harmonic mean of Laspeyres and Paasche."""
    return 2 / (1 / laspeyres(pair) + 1 / paasche(pair))


_MEAN: Final = frozenset(
    {Law.IDENTITY, Law.PROPORTIONALITY, Law.HOMOGENEITY, Law.COMMENSURABILITY, Law.MEAN_VALUE}
)

CROSSED: Final = (
    Described(
        key="fisher",
        zh="费氏理想指数",
        en="Fisher",
        equation="√(L·P), L Laspeyres, P Paasche",
        source="Fisher (1922); CPI Manual 2020, chapters 15 and 16",
        laws=_MEAN | {Law.TIME_REVERSAL, Law.FACTOR_REVERSAL},
        compute=fisher,
    ),
    Described(
        key="drobisch",
        zh="德罗比施指数",
        en="Drobisch",
        equation="(L+P)/2",
        source="Drobisch (1871); Sidgwick (1883); CPI Manual 2020, chapter 15",
        laws=_MEAN,
        compute=drobisch,
    ),
    Described(
        key="harmonic_laspeyres_paasche",
        zh="拉氏帕氏调和平均指数",
        en="harmonic mean of Laspeyres and Paasche",
        equation="2/(1/L + 1/P)",
        source="Fisher (1922); gpindex 0.6.3 (hlp)",
        laws=_MEAN,
        compute=harmonic_laspeyres_paasche,
    ),
)
"""The formulas of this family."""
