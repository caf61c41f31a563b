"""Fixed-basket formulas: weights come from a third period b, earlier than both that are compared.

This is what an office can publish in time: the survey of weights is always older than the price
reference. Weights may be taken as they are (Young) or moved to the prices of the reference (Lowe).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.formulas.described import Description
from priceindex.formulas.formulas_errors import NothingMatched, PairMisshapen
from priceindex.formulas.laws import Law
from priceindex.formulas.means import power_mean
from priceindex.formulas.relatives import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Basket:
    """Prices and quantities of the weight reference period b, each (n,), NaN where nothing was bought."""

    prices: Floats
    quantities: Floats

    @property
    def values(self) -> Floats:
        """v^b = p^b q^b."""
        return self.prices * self.quantities


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedBasket(Description):
    """A fixed-basket formula that says what it is; factor reversal and grouping are not asked of it."""

    compute: Callable[[Basket, Floats, Floats], float]

    def __call__(self, basket: Basket, p0: Floats, p1: Floats) -> float:
        """The index of prices p¹ against p⁰, each (n,), 1.0 for no change."""
        return self.compute(basket, p0, p1)


def lowe(basket: Basket, p0: Floats, p1: Floats) -> float:
    """Σ p¹q^b / Σ p⁰q^b: Young with price-updated weights. CPI Manual 2020, chapter 15.

    Prices (n,), NaN where missing; products priced in b, 0 and 1 count. Raises NothingMatched,
    PairMisshapen; so do the others of this file.

    >>> basket = Basket(np.array([1.0, 1.0]), np.array([1.0, 3.0]))
    >>> lowe(basket, np.array([1.0, 1.0]), np.array([2.0, 1.0]))
    1.25
    """
    return _mean(p0 * basket.quantities, basket, p0, p1, 1)


def young(basket: Basket, p0: Floats, p1: Floats) -> float:
    """A_{s^b}(p¹/p⁰): the old shares as they are. Young (1812); CPI Manual 2020, chapter 15."""
    return _mean(basket.values, basket, p0, p1, 1)


def geometric_young(basket: Basket, p0: Floats, p1: Floats) -> float:
    """G_{s^b}(p¹/p⁰). CPI Manual 2020, chapter 8."""
    return _mean(basket.values, basket, p0, p1, 0)


def geometric_lowe(basket: Basket, p0: Floats, p1: Floats) -> float:
    """G_w(p¹/p⁰), w ∝ p⁰q^b. CPI Manual 2020, chapter 8."""
    return _mean(p0 * basket.quantities, basket, p0, p1, 0)


def harmonic_young(basket: Basket, p0: Floats, p1: Floats) -> float:
    """H_{s^b}(p¹/p⁰)."""
    return _mean(basket.values, basket, p0, p1, -1)


_MEAN: Final = frozenset(
    {Law.IDENTITY, Law.PROPORTIONALITY, Law.HOMOGENEITY, Law.COMMENSURABILITY, Law.MEAN_VALUE}
)
_TRANSITIVE: Final = _MEAN | {Law.TIME_REVERSAL, Law.CIRCULARITY}

FIXED_BASKETS: Final = (
    DescribedBasket(
        key="lowe",
        zh="洛氏指数",
        en="Lowe",
        equation="Σ p¹q^b / Σ p⁰q^b",
        source="Lowe (1823); CPI Manual 2020, chapter 15",
        laws=_TRANSITIVE,
        compute=lowe,
    ),
    DescribedBasket(
        key="young",
        zh="杨氏指数",
        en="Young",
        equation="A_{s^b}(p¹/p⁰)",
        source="Young (1812); CPI Manual 2020, chapter 15",
        laws=_MEAN,
        compute=young,
    ),
    DescribedBasket(
        key="geometric_lowe",
        zh="几何洛氏指数",
        en="geometric Lowe",
        equation="G_w(p¹/p⁰), w = p⁰q^b",
        source="CPI Manual 2020, chapter 8; PriceIndices 0.3.1 (geolowe)",
        laws=_MEAN,
        compute=geometric_lowe,
    ),
    DescribedBasket(
        key="geometric_young",
        zh="几何杨氏指数",
        en="geometric Young",
        equation="G_{s^b}(p¹/p⁰)",
        source="CPI Manual 2020, chapter 8",
        laws=_TRANSITIVE,
        compute=geometric_young,
    ),
    DescribedBasket(
        key="harmonic_young",
        zh="调和杨氏指数",
        en="harmonic Young",
        equation="H_{s^b}(p¹/p⁰)",
        source="gpindex 0.6.3 (harmonic_index)",
        laws=_MEAN,
        compute=harmonic_young,
    ),
)
"""The formulas of this family as tables tell them."""

FIXED_BASKET: Final[Mapping[str, DescribedBasket]] = {formula.key: formula for formula in FIXED_BASKETS}
"""Formula by name: call it with a basket, old prices and new ones."""


def _mean(weights: Floats, basket: Basket, p0: Floats, p1: Floats, order: int) -> float:
    if len({part.shape for part in (basket.prices, basket.quantities, p0, p1)}) != 1:
        raise PairMisshapen(sizes=f"{basket.prices.shape} {p0.shape} {p1.shape}")
    matched = np.isfinite(basket.values) & np.isfinite(p0) & np.isfinite(p1)
    if not matched.any():
        raise NothingMatched
    return power_mean(weights[matched], p1[matched] / p0[matched], order)
