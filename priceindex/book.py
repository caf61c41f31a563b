"""The quote book: append-only, bitemporal. A quote has the day it held and the moment we learned it.

"As of T" always means: of every cell, day and source the latest revision recorded at or before T.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias, cast

from sqlalchemy import ColumnElement, func, insert, or_
from sqlalchemy import select as columns_of
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from ledger.errors import Location
from ledger.keyset import Sorted, page_after
from priceindex.calendar import day_number, day_of
from priceindex.errors import PartTooLong
from priceindex.families import Family
from priceindex.quotes import DOMESTIC, NAME_LIMIT, USABLE, Cell, Status, StoredQuote, Tier, is_name
from priceindex.tables import CellRow, QuoteRow

_CHUNK: Final = 5_000
FOREVER_MS: Final = 2**53 - 1
"""Later than any recorded moment."""
Place: TypeAlias = tuple[int, int, str]
"""Where a quote stands in the order of the book: day since 1970-01-01, cell, source."""


def cell_ids(session: Session, cells: Iterable[Cell]) -> dict[Cell, int]:
    """Ids of the cells, making those that are new; raises `PartTooLong` for a name no cell may have."""
    wanted = set(cells)
    known = _known_cells(session)
    new = sorted(wanted - known.keys())
    if new:
        for cell in new:
            _check_names(cell)
        session.connection().execute(insert(CellRow), [cell._asdict() for cell in new])
        known = _known_cells(session)
    return {cell: known[cell] for cell in wanted}


def _known_cells(session: Session) -> dict[Cell, int]:
    return {cell: number for number, cell in cells_by_id(session).items()}


def _check_names(cell: Cell) -> None:
    for part, name in cell._asdict().items():
        if not is_name(name):
            raise PartTooLong(at=Location(field=part, value=name[:NAME_LIMIT]), column=part, limit=NAME_LIMIT)


def cells_by_id(session: Session) -> dict[int, Cell]:
    """Every cell ever quoted, by its id."""
    asked = columns_of(
        col(CellRow.cell_id), col(CellRow.herb), col(CellRow.grade), col(CellRow.origin), col(CellRow.market)
    )
    rows = session.connection().execute(asked)
    return {number: Cell(*parts) for number, *parts in rows if number is not None}


def append(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Write quote rows in chunks, without building objects: 175,000 take seconds, not minutes."""
    connection = session.connection()
    for start in range(0, len(rows), _CHUNK):
        connection.execute(insert(QuoteRow), rows[start : start + _CHUNK])


def quotes(
    session: Session,
    *,
    as_of_ms: int = FOREVER_MS,
    herb: str | None = None,
    market: str | None = None,
    first: datetime.date | None = None,
    last: datetime.date | None = None,
    status: Status | None = None,
    source: str | None = None,
    rule: str | None = None,
    limit: int = 1000,
    offset: int = 0,
    after: Place | None = None,
) -> list[StoredQuote]:
    """Quotes as they stood at a moment, newest day first, then by cell and source.

    `rule` asks for those that met the screening rule of this code. `after` is the `place` of the last one
    seen: what is decided meanwhile moves nothing. `offset` is for pages that can be turned back.
    """
    later = aliased(QuoteRow)
    newest = (
        select(func.max(later.revision))
        .where(
            later.cell_id == QuoteRow.cell_id,
            later.day == QuoteRow.day,
            later.source == QuoteRow.source,
            later.recorded_ms <= as_of_ms,
        )
        .scalar_subquery()
    )
    asked = select(QuoteRow, CellRow).join(CellRow).where(col(QuoteRow.revision) == newest)
    filters = {
        col(CellRow.herb): herb,
        col(CellRow.market): market,
        col(QuoteRow.status): status,
        col(QuoteRow.source): source,
    }
    for column, value in filters.items():
        if value is not None:
            asked = asked.where(column == str(value))
    if rule is not None:
        # Codes are joined by blanks: with one at either end, each stands between two.
        asked = asked.where((" " + col(QuoteRow.rules) + " ").contains(f" {rule} ", autoescape=True))
    if first is not None:
        asked = asked.where(col(QuoteRow.day) >= day_number(first))
    if last is not None:
        asked = asked.where(col(QuoteRow.day) <= day_number(last))
    order = (
        Sorted(col(QuoteRow.day), newest_first=True),
        Sorted(col(QuoteRow.cell_id)),
        Sorted(col(QuoteRow.source)),
    )
    ordered = page_after(asked, order, after, limit)
    return [_stored(row, cell) for row, cell in session.exec(ordered.offset(offset))]


def place(session: Session, quote: StoredQuote) -> Place:
    """Return where a stored quote stands among all of them."""
    asked = columns_of(col(CellRow.cell_id)).where(
        col(CellRow.herb) == quote.cell.herb,
        col(CellRow.grade) == quote.cell.grade,
        col(CellRow.origin) == quote.cell.origin,
        col(CellRow.market) == quote.cell.market,
    )
    cell_id = cast("int", session.connection().execute(asked).scalar_one())
    return day_number(quote.day), cell_id, quote.source


def last_day(session: Session, family: Family, *, as_of_ms: int = FOREVER_MS) -> datetime.date | None:
    """The newest day with a usable quote in a family's basket; None when there is none."""
    return _days_of_basket(session, family, as_of_ms)[1]


def first_day(session: Session, family: Family, *, as_of_ms: int = FOREVER_MS) -> datetime.date | None:
    """The oldest day with a usable quote in a family's basket: where its base period begins."""
    return _days_of_basket(session, family, as_of_ms)[0]


def _days_of_basket(
    session: Session, family: Family, as_of_ms: int
) -> tuple[datetime.date | None, datetime.date | None]:
    """The oldest and the newest day with a usable quote in the basket."""
    asked = (
        select(func.min(QuoteRow.day), func.max(QuoteRow.day))
        .join(CellRow)
        .where(
            col(QuoteRow.recorded_ms) <= as_of_ms,
            col(QuoteRow.status).in_(USABLE),
            enough_deals(family),
            *in_basket(family),
        )
    )
    first, last = cast("tuple[int | None, int | None]", session.exec(asked).one())
    return None if first is None else day_of(first), None if last is None else day_of(last)


def enough_deals(family: Family) -> ColumnElement[bool]:
    """The condition that a price of recorded trades rests on as many as the family's text asks for."""
    return or_(
        col(QuoteRow.tier) != str(Tier.TRADE), func.coalesce(QuoteRow.deals, 1) >= family.trades.trades
    )


def in_basket(family: Family) -> list[ColumnElement[bool]]:
    """The conditions on cells and tiers that a family's basket states."""
    conditions: list[ColumnElement[bool]] = [col(QuoteRow.tier).in_(family.basket.tiers)]
    if family.basket.herbs:
        conditions.append(col(CellRow.herb).in_(family.basket.herbs))
    if family.basket.markets:
        conditions.append(col(CellRow.market).in_(family.basket.markets))
    return conditions


def history(session: Session, cell: Cell, day: datetime.date, source: str) -> list[StoredQuote]:
    """Every revision of one quote, oldest first: what was said, and what it was changed to."""
    asked = (
        select(QuoteRow, CellRow)
        .join(CellRow)
        .where(
            col(CellRow.herb) == cell.herb,
            col(CellRow.grade) == cell.grade,
            col(CellRow.origin) == cell.origin,
            col(CellRow.market) == cell.market,
            col(QuoteRow.day) == day_number(day),
            col(QuoteRow.source) == source,
        )
        .order_by(col(QuoteRow.revision))
    )
    return [_stored(row, found) for row, found in session.exec(asked)]


def _stored(row: QuoteRow, cell: CellRow) -> StoredQuote:
    return StoredQuote(
        cell=Cell(cell.herb, cell.grade, cell.origin, cell.market),
        day=day_of(row.day),
        fen_per_kg=row.fen_per_kg,
        low_fen_per_kg=row.low_fen_per_kg,
        high_fen_per_kg=row.high_fen_per_kg,
        source=row.source,
        tier=Tier(row.tier),
        status=Status(row.status),
        rules=tuple(row.rules.split()),
        revision=row.revision,
        recorded_ms=row.recorded_ms,
        archive_sha256=row.archive_sha256,
        deals=row.deals or 1,
        currency=row.currency or DOMESTIC,
        amount=row.amount,
        rate=row.rate,
        rate_day=None if row.rate_day is None else day_of(row.rate_day),
        collection_point=row.collection_point,
        collector=row.collector,
        trend=row.trend,
        submitter=row.submitter,
        reason=row.reason,
        decided_by=row.decided_by,
    )
