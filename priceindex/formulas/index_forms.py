"""The three forms 形式 of an index series, as types, so that a chained index cannot be chained again.

    PeriodOnPeriod   movement of each period against the one before; the first is 1
    FixedBase        level of each period against one base period, compared directly
    Chained          level of each period as the product of the movements up to it

Only movements can be chained. Chaining levels, or levels that were chained already, is the classical
mistake: it multiplies price changes several times over. Here the type checker refuses it, and so does
the running program. Series are (periods,) or (periods, nodes); all values are positive.
Source: CPI Manual 2020, chapter 9 and 15 (direct and chained indices).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from priceindex.formulas.formulas_errors import LevelNotPositive, LinkOutside, NotALink
from priceindex.formulas.pairs import Pair, Shares
from priceindex.formulas.relatives import Floats


@dataclass(frozen=True, slots=True, eq=False)
class PeriodOnPeriod:
    """Movements 环比, the only form that can be chained."""

    movements: Floats

    def __post_init__(self) -> None:
        """Refuse what is no movement."""
        _must_be_positive(self.movements)


@dataclass(frozen=True, slots=True, eq=False)
class FixedBase:
    """Levels 定基 against the period at place `base`, each compared with it directly."""

    levels: Floats
    base: int = 0

    def __post_init__(self) -> None:
        """Refuse what is no level."""
        _must_be_positive(self.levels)


@dataclass(frozen=True, slots=True, eq=False)
class Chained:
    """Levels 链式 made of movements."""

    levels: Floats

    def __post_init__(self) -> None:
        """Refuse what is no level."""
        _must_be_positive(self.levels)


def chain(series: PeriodOnPeriod) -> Chained:
    """Multiply movements up, starting from the first.

    Raises NotALink when handed anything but movements.

    >>> chain(PeriodOnPeriod(np.array([1.0, 1.5, 2.0]))).levels.tolist()
    [1.0, 1.5, 3.0]
    """
    if not isinstance(series, PeriodOnPeriod):
        raise NotALink(form=type(series).__name__)
    return Chained(np.cumprod(series.movements, axis=0, dtype=np.float64))


def unchain(series: Chained) -> PeriodOnPeriod:
    """The movements of a chained series; chaining them again gives the series rebased to its start.

    Raises NotALink for levels against a fixed base: a direct comparison has no movements of its own.

    >>> unchain(Chained(np.array([1.0, 1.5, 3.0]))).movements.tolist()
    [1.0, 1.5, 2.0]
    """
    if not isinstance(series, Chained):
        raise NotALink(form=type(series).__name__)
    movements = np.ones_like(series.levels)
    movements[1:] = series.levels[1:] / series.levels[:-1]
    return PeriodOnPeriod(movements)


def period_on_period(
    formula: Callable[[Pair], float], prices: Floats, quantities: Floats, shares: Shares = "matched"
) -> PeriodOnPeriod:
    """Compare each period with the one before; prices and quantities are (periods, products)."""
    steps = [
        formula(Pair(prices[t - 1], quantities[t - 1], prices[t], quantities[t], shares))
        for t in range(1, len(prices))
    ]
    return PeriodOnPeriod(np.array([1.0, *steps]))


def fixed_base(
    formula: Callable[[Pair], float],
    prices: Floats,
    quantities: Floats,
    base: int = 0,
    shares: Shares = "matched",
) -> FixedBase:
    """Compare each period with the base period; prices and quantities are (periods, products).

    Raises LinkOutside where the base is no period of the series.
    """
    must_lie_within(base, len(prices))
    levels = [
        formula(Pair(prices[base], quantities[base], now, bought, shares))
        for now, bought in zip(prices, quantities, strict=True)
    ]
    return FixedBase(np.array(levels), base)


def must_lie_within(place: int, length: int) -> None:
    """Raise LinkOutside where a series of this length has no such period; counted from 0, never back."""
    if not 0 <= place < length:
        raise LinkOutside(place=place, length=length)


def _must_be_positive(values: Floats) -> None:
    if not (np.isfinite(values) & (values > 0)).all():
        raise LevelNotPositive
