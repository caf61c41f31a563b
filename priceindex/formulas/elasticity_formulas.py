"""Formulas with an elasticity of substitution: σ says how readily buyers turn to what got cheaper.

They need old shares only, so they can be published as timely as a Laspeyres index; σ is a parameter
to be estimated and stated.
"""

from typing import Final

from priceindex.formulas.arithmetic_formulas import laspeyres
from priceindex.formulas.described import Described
from priceindex.formulas.geometric_formulas import geometric_laspeyres
from priceindex.formulas.laws import Law
from priceindex.formulas.means import power_mean

_MEAN: Final = frozenset(
    {Law.IDENTITY, Law.PROPORTIONALITY, Law.HOMOGENEITY, Law.COMMENSURABILITY, Law.MEAN_VALUE}
)


def lloyd_moulton(sigma: float) -> Described:
    """The Lloyd–Moulton index: the old-share mean of relatives of order 1-σ (σ = 1: geometric).

    >>> import numpy as np
    >>> from priceindex.formulas.pairs import Pair
    >>> pair = Pair(np.ones(2), np.ones(2), np.array([1.0, 4.0]), np.ones(2))
    >>> [round(lloyd_moulton(sigma)(pair), 9) for sigma in (0.0, 1.0, 2.0)]
    [2.5, 2.0, 1.6]
    """
    return Described(
        key="lloyd_moulton",
        zh="劳埃德–莫尔顿指数",
        en="Lloyd–Moulton",
        equation="(Σ s⁰ r^{1−σ})^{1/(1−σ)}",
        source="Lloyd (1975); Moulton (1996); CPI Manual 2020, chapter 17",
        laws=_MEAN | {Law.CONSISTENCY},
        compute=lambda pair: power_mean(pair.shares0, pair.relatives, 1 - sigma),
    )


def arithmetic_ag_mean(sigma: float) -> Described:
    """The AG mean: σ parts geometric Laspeyres and 1-σ parts Laspeyres."""
    return Described(
        key="arithmetic_ag_mean",
        zh="算术 AG 平均指数",
        en="arithmetic AG mean",
        equation="σ·G_{s⁰}(r) + (1−σ)·A_{s⁰}(r)",
        source="Lent and Dorfman (2009)",
        laws=_MEAN,
        compute=lambda pair: sigma * geometric_laspeyres(pair) + (1 - sigma) * laspeyres(pair),
    )


def geometric_ag_mean(sigma: float) -> Described:
    """The AG mean in its geometric form."""
    return Described(
        key="geometric_ag_mean",
        zh="几何 AG 平均指数",
        en="geometric AG mean",
        equation="G_{s⁰}(r)^σ · A_{s⁰}(r)^{1−σ}",
        source="Lent and Dorfman (2009)",
        laws=_MEAN,
        compute=lambda pair: geometric_laspeyres(pair) ** sigma * laspeyres(pair) ** (1 - sigma),
    )
