"""The quote index beside the transaction index of the same family, and the spread between them.

Both are computed by the release engine over the same cells from the same month on: one from market and
web quotes alone, the other from recorded trades alone, so that nothing but the price asked and the
price paid tells them apart. A gap that widens says that the market trades away from its quotes (IOSCO:
concluded transactions come first in the hierarchy of inputs).
"""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from priceindex.calendar import day_number, month_numbers, month_start
from priceindex.classification import Level
from priceindex.comparison.price_spread import PriceSpread, price_spread
from priceindex.engine.inputs import Inputs
from priceindex.engine.run import run
from priceindex.errors import NothingQuoted
from priceindex.family_text import Base, Selection
from priceindex.formulas.relatives import Places
from priceindex.quotes import Tier
from priceindex.releases.series import UNPUBLISHED, Frequency, Series

ASKED: Final = (Tier.MARKET, Tier.WEB)
"""Judgement is left out: it is neither asked nor paid."""
PAID: Final = (Tier.TRADE,)
FULL_BP: Final = 10_000
_TOLD: Final = tuple(level for level in Level if level is not Level.GRADE)
SeriesKey: TypeAlias = tuple[Level, str, Frequency]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadPoint:
    """Both indices of one node in one period."""

    day: int
    """First day of the period, days since 1970-01-01."""
    asked: int
    paid: int
    """Index values in units of the last digit kept."""
    spread_bp: int
    """How far the quote index stands above the transaction index, in basis points of the latter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The two indices of one family, both at the family's level in their common first month."""

    base: datetime.date
    """First day of the month both are based on: the first in which both were quoted."""
    cells: int
    """Cells that have both quotes and trades: the basket of both."""
    kept: int
    """Digits after the point of the values."""
    prices: PriceSpread | None
    """None where no cell has both in any week."""
    lines: Mapping[SeriesKey, tuple[SpreadPoint, ...]]
    """Both values of every node wherever both are published, oldest first."""

    def spread(self, level: Level, node: str, frequency: Frequency) -> tuple[SpreadPoint, ...]:
        """The two series of one node; empty for a node one of them lacks, or an untold frequency."""
        return self.lines.get((level, node, frequency), ())

    def nodes(self, frequency: Frequency) -> tuple[tuple[Level, str], ...]:
        """The nodes both indices have, from the composite down, without grades."""
        found = [(key[0], key[1]) for key in self.lines if key[2] == frequency]
        return tuple(each for level in _TOLD for each in sorted(found) if each[0] is level)


def compare(inputs: Inputs) -> Comparison:
    """Compute both indices over what both have.

    Raises `NothingQuoted` when no cell has both quotes and trades, or all of them before the other begins.
    """
    asked, paid = (of_tiers(inputs, tiers) for tiers in (ASKED, PAID))
    cells = np.intersect1d(np.unique(asked.quotes.cell), np.unique(paid.quotes.cell))
    asked, paid = (within(side, cells) for side in (asked, paid))
    month = max(int(month_numbers(side.quotes.day).min()) for side in (asked, paid))
    asked, paid = (since(side, month) for side in (asked, paid))
    return Comparison(
        base=month_start(month),
        cells=len(cells),
        kept=inputs.family.digits.kept,
        prices=price_spread(inputs, ASKED, PAID),
        lines=_lines(run(without_unused(asked)).all_series(), run(without_unused(paid)).all_series()),
    )


def of_tiers(inputs: Inputs, tiers: Collection[Tier]) -> Inputs:
    """The same inputs with the quotes of some tiers alone; raises `NothingQuoted` when none is left."""
    ranks = [tier.rank for tier in tiers]
    return _taken(inputs, np.isin(inputs.quotes.tier, ranks))


def within(inputs: Inputs, cells: Places) -> Inputs:
    """The same inputs with the quotes of these cells alone; raises `NothingQuoted` when none is left."""
    return _taken(inputs, np.isin(inputs.quotes.cell, cells))


def since(inputs: Inputs, month: int) -> Inputs:
    """The same inputs from a month on, based on it, every herb in; raises `NothingQuoted`."""
    first = month_start(month)
    family = replace(inputs.family, base=Base(rule="first_month"), selection=Selection())
    whole = replace(inputs, family=family, left_out=(), base_month=first, reviews=())
    return _taken(whole, inputs.quotes.day >= day_number(first))


def without_unused(inputs: Inputs) -> Inputs:
    """The same inputs without the cells nobody quotes any more: every cell of a run has a quote."""
    used, cell = np.unique(inputs.quotes.cell, return_inverse=True)
    cells = tuple(inputs.cells[place] for place in used.tolist())
    return replace(inputs, cells=cells, quotes=replace(inputs.quotes, cell=cell.astype(np.int64)))


def _taken(inputs: Inputs, chosen: NDArray[np.bool_]) -> Inputs:
    places = np.flatnonzero(chosen)
    if not len(places):
        raise NothingQuoted(family=inputs.family.id)
    return replace(inputs, quotes=inputs.quotes.taken(places))


def _lines(asked: list[Series], paid: list[Series]) -> dict[SeriesKey, tuple[SpreadPoint, ...]]:
    told = {_key(series): _units(series) for series in asked}
    found: dict[SeriesKey, tuple[SpreadPoint, ...]] = {}
    for series in paid:
        other, own = told.get(_key(series), {}), _units(series)
        both = sorted(other.keys() & own.keys())
        if both:
            found[_key(series)] = tuple(_point(day, other[day], own[day]) for day in both)
    return found


def _key(series: Series) -> SeriesKey:
    return Level(series.level), series.node, series.frequency


def _units(series: Series) -> dict[int, int]:
    kept = series.units != UNPUBLISHED
    return dict(zip(series.days[kept].tolist(), series.units[kept].tolist(), strict=True))


def _point(day: int, asked: int, paid: int) -> SpreadPoint:
    return SpreadPoint(day=day, asked=asked, paid=paid, spread_bp=gap_bp(asked, paid))


def gap_bp(asked: int, paid: int) -> int:
    """How far `asked` stands above `paid` in basis points of it, half-even, in whole numbers.

    >>> gap_bp(10_250_000, 10_000_000), gap_bp(9_999_500, 10_000_000), gap_bp(2_000_100, 2_000_000)
    (250, 0, 0)
    """
    scaled, rest = divmod((asked - paid) * FULL_BP * 2 + paid, paid * 2)
    return scaled - 1 if rest == 0 and scaled % 2 else scaled
