"""From the quote book to the inputs of a computation: what was known at a moment, as columns."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlmodel import Session, col

from priceindex.book import cells_by_id, in_basket
from priceindex.calendar import day_number, day_of, month_numbers
from priceindex.engine.base_period import base_days
from priceindex.engine.engine_errors import UnknownTheme
from priceindex.engine.inputs import Inputs, LeftOut, QuoteColumns, Source, Themes
from priceindex.engine.moments import Eligible, SetsKnown, months_over
from priceindex.engine.selection import review_months
from priceindex.engine.weights import WeightSet
from priceindex.errors import NothingQuoted
from priceindex.families import Family
from priceindex.formulas.relatives import Places
from priceindex.quotes import USABLE, Cell, Tier
from priceindex.releases.exclusions import FEW_TRADES, UNCLASSIFIED, WITHHELD
from priceindex.reputation.weights import weight_in
from priceindex.tables import CellRow, QuoteRow

_COLUMNS: Final = (
    col(QuoteRow.cell_id), col(QuoteRow.day), col(QuoteRow.source), col(QuoteRow.revision),
    col(QuoteRow.fen_per_kg), col(QuoteRow.tier), col(QuoteRow.status), col(QuoteRow.rules),
    col(QuoteRow.deals),
)  # fmt: skip
_CELL, _DAY, _SOURCE, _REVISION, _FEN, _TIER, _STATUS, _RULES, _DEALS = range(9)
_USABLE: Final = frozenset(map(str, USABLE))
_LAST_MONTH: Final = 12
_RANKS: Final = {str(tier): tier.rank for tier in Tier}

Row = Sequence[Any]
"""A quote row as the database gives it, in the order of `_COLUMNS`."""


def gather(
    session: Session,
    family: Family,
    class_of: Mapping[str, str],
    until: datetime.date,
    as_of_ms: int,
    weight_sets: Sequence[WeightSet] = (),
    themes: Themes | None = None,
    source_weights: Mapping[int, Mapping[str, int]] | None = None,
    sets_known: SetsKnown | None = None,
) -> Inputs:
    """Read the basket's quotes from the base up to `until` as known at `as_of_ms`.

    Quotes that are quarantined or rejected, those of herbs without a class and prices of too few trades stay
    out, each listed in `left_out`. `source_weights` are basis points by year of the quotes and source;
    what is not named weighs in full. `sets_known` gives the weight sets of any moment: a family whose herbs
    are in by their share of turnover is reviewed by them; by default `weight_sets` at every moment. Raises
    `NothingQuoted`, `NothingInBase`, `UnknownTheme`.
    """
    told_themes = {key: dict(sorted(herbs.items())) for key, herbs in sorted((themes or {}).items())}
    eligible = eligible_quotes(session, family, class_of, told_themes)
    base_month = eligible.base_month(as_of_ms)
    begins = None if base_month is None else day_number(base_month)
    reading = read_quotes(session, family, class_of, told_themes, begins, until, as_of_ms)
    if not reading.usable:
        raise NothingQuoted(family=family.id, left_out=len(reading.left_out))
    basket = tuple(sorted(reading.cells))
    sources = tuple(
        Source(name, weight_in(source_weights or {}, year, name), year) for name, year in reading.sources
    )
    quotes = reading.columns(basket, sources)
    known = sets_known or (lambda _: weight_sets)
    return Inputs(
        family=family,
        until=until,
        as_of_ms=as_of_ms,
        class_of={herb: str(class_of[herb]) for herb in sorted({cell.herb for cell in basket})},
        themes=told_themes if family.basket.theme or "theme" in family.cuts else {},
        weight_sets=tuple(sorted(weight_sets, key=lambda one: one.effective)),
        sources=sources,
        cells=basket,
        quotes=quotes,
        left_out=reading.left_out,
        base_month=base_month,
        reviews=tuple(
            eligible.review(month, as_of_ms, known)
            for month in reviews_due(family, quotes.day, base_month, until)
        ),
    )


def eligible_quotes(
    session: Session, family: Family, class_of: Mapping[str, str], themes: Themes
) -> Eligible:
    """The quotes of a family's basket whose herbs have a class; raises `UnknownTheme`."""
    cells = cells_of_basket(session, family, themes)
    return Eligible(session, family, {at: cell for at, cell in cells.items() if cell.herb in class_of})


def reviews_due(
    family: Family, days: Places, base_month: datetime.date | None, until: datetime.date
) -> list[int]:
    """The months whose reviews a computation through `until` needs; raises `NothingInBase`."""
    if family.selection.rule == "all":
        return []
    index_days = np.unique(days)
    first = int(month_numbers(index_days[base_days(family, index_days, base_month)]).max())
    return review_months(family, first, max(first, months_over(until)))


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of the quote book for a basket."""

    usable: list[Row]
    left_out: tuple[LeftOut, ...]
    """By cell, day and price."""
    cell_of: Mapping[int, Cell]

    @property
    def cells(self) -> set[Cell]:
        """The cells that were quoted."""
        return {self.cell_of[number] for number in {row[_CELL] for row in self.usable}}

    @property
    def sources(self) -> list[tuple[str, int]]:
        """Every source in every year it quoted, sorted."""
        return sorted({(row[_SOURCE], _year(row)) for row in self.usable})

    def columns(self, cells: Sequence[Cell], sources: Sequence[Source]) -> QuoteColumns:
        """The usable rows as columns sorted by cell, day and source, coded by places among these."""
        place_of = {cell: place for place, cell in enumerate(cells)}
        place_of_id = {number: place_of[cell] for number, cell in self.cell_of.items() if cell in place_of}
        source_of = {(source.name, source.year): place for place, source in enumerate(sources)}
        cell = _numbers([place_of_id[row[_CELL]] for row in self.usable])
        day = _numbers([row[_DAY] for row in self.usable])
        source = _numbers([source_of[row[_SOURCE], _year(row)] for row in self.usable])
        return QuoteColumns(
            cell=cell,
            day=day,
            source=source,
            tier=_numbers([_RANKS[row[_TIER]] for row in self.usable]),
            fen=_numbers([row[_FEN] for row in self.usable]),
            deals=_numbers([row[_DEALS] or 1 for row in self.usable]),
        ).taken(np.lexsort((source, day, cell)))


def read_quotes(
    session: Session,
    family: Family,
    class_of: Mapping[str, str],
    themes: Themes,
    after: int | None,
    until: datetime.date,
    as_of_ms: int,
) -> Reading:
    """Read the basket's quotes from day number `after` (the first by default) through `until`.

    Raises `UnknownTheme`.
    """
    cells = cells_of_basket(session, family, themes)
    rows = _latest([row for row in _read(session, family, after, until, as_of_ms) if row[_CELL] in cells])
    starts = herb_starts(family, themes)
    usable: list[Row] = []
    left_out: list[LeftOut] = []
    for row in rows:
        if row[_DAY] < starts.get(cells[row[_CELL]].herb, row[_DAY]):
            continue
        if row[_STATUS] not in _USABLE:
            left_out.append(_left_out(row, cells, tuple(row[_RULES].split()) or (WITHHELD,)))
        elif cells[row[_CELL]].herb not in class_of:
            left_out.append(_left_out(row, cells, (UNCLASSIFIED,)))
        elif row[_TIER] == Tier.TRADE and (row[_DEALS] or 1) < family.trades.trades:
            left_out.append(_left_out(row, cells, (FEW_TRADES,)))
        else:
            usable.append(row)
    left_out.sort(key=lambda out: (out.cell, out.day, out.fen_per_kg))
    return Reading(usable, tuple(left_out), cells)


def cells_of_basket(session: Session, family: Family, themes: Themes) -> dict[int, Cell]:
    """The cells whose origin and theme the family's basket takes, by id."""
    origins, herbs = family.basket.origins, themed_herbs(family, themes)
    return {
        number: cell
        for number, cell in cells_by_id(session).items()
        if (herbs is None or cell.herb in herbs) and (not origins or cell.origin in origins)
    }


def herb_starts(family: Family, themes: Themes) -> dict[str, int]:
    """The day number from which the family hears of each herb of its theme: it enters a month later.

    That is the first of December of the year in which it was put on the list.
    """
    listed = themed_herbs(family, themes) or {}
    return {herb: day_number(datetime.date(year, _LAST_MONTH, 1)) for herb, year in listed.items()}


def themed_herbs(family: Family, themes: Themes) -> Mapping[str, int] | None:
    """The herbs of the theme a family is about, with their years; None where it is about none.

    Raises `UnknownTheme`.
    """
    theme = family.basket.theme
    if not theme:
        return None
    if theme not in themes:
        raise UnknownTheme(family=family.id, theme=theme)
    return themes[theme]


def _read(
    session: Session, family: Family, after: int | None, until: datetime.date, as_of_ms: int
) -> Sequence[Row]:
    asked = (
        select(*_COLUMNS)
        .join(CellRow, col(CellRow.cell_id) == col(QuoteRow.cell_id))
        .where(
            col(QuoteRow.day) <= day_number(until),
            col(QuoteRow.recorded_ms) <= as_of_ms,
            *in_basket(family),
        )
    )
    if after is not None:
        asked = asked.where(col(QuoteRow.day) >= after)
    return session.connection().execute(asked).all()


def _latest(rows: Sequence[Row]) -> list[Row]:
    """Of every cell, day and source the latest revision, in that order."""
    newest: dict[tuple[int, int, str], Row] = {}
    for row in rows:
        key = (row[_CELL], row[_DAY], row[_SOURCE])
        known = newest.get(key)
        if known is None or row[_REVISION] > known[_REVISION]:
            newest[key] = row
    return [newest[key] for key in sorted(newest)]


def _left_out(row: Row, cells: Mapping[int, Cell], rules: tuple[str, ...]) -> LeftOut:
    return LeftOut(cell=cells[row[_CELL]], day=day_of(row[_DAY]), fen_per_kg=row[_FEN], rules=rules)


def _year(row: Row) -> int:
    return int(day_of(row[_DAY]).year)


def _numbers(values: list[int]) -> Places:
    found: NDArray[np.int64] = np.array(values, dtype=np.int64)
    return found
