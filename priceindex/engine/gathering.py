"""From the quote book to the inputs of a computation: what was known at a moment, one price a cell a day."""

import datetime
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlmodel import Session, col

from priceindex.book import cells_by_id, in_basket
from priceindex.calendar import day_number, day_of
from priceindex.engine.panel import cell_prices
from priceindex.engine.weights import TurnoverTable
from priceindex.errors import NothingQuoted
from priceindex.families import Family
from priceindex.quotes import Cell, Status
from priceindex.releases.bundle import Inputs, LeftOut
from priceindex.releases.exclusions import UNCLASSIFIED, WITHHELD
from priceindex.tables import CellRow, QuoteRow


class _Line(NamedTuple):
    """What a computation reads of one quote row."""

    cell_id: int
    day: int
    source: str
    revision: int
    fen_per_kg: int
    tier: str
    status: str
    rules: str


def gather(
    session: Session,
    family: Family,
    class_of: Mapping[str, str],
    until: datetime.date,
    as_of_ms: int,
    turnover: TurnoverTable | None,
) -> Inputs:
    """Read the basket's quotes up to `until` as known at `as_of_ms`; raises `NothingQuoted`.

    Quarantined quotes and quotes of herbs without a class stay out, each listed in `left_out`.
    """
    lines = _latest(_read(session, family, until, as_of_ms))
    cells = cells_by_id(session)
    usable: list[_Line] = []
    left_out: list[LeftOut] = []
    for line in lines:
        if line.status == Status.QUARANTINED:
            left_out.append(_left_out(line, cells, tuple(line.rules.split()) or (WITHHELD,)))
        elif cells[line.cell_id].herb not in class_of:
            left_out.append(_left_out(line, cells, (UNCLASSIFIED,)))
        else:
            usable.append(line)
    if not usable:
        raise NothingQuoted(family=family.id, left_out=len(left_out))
    basket, days, prices = _prices(usable, cells, family)
    return Inputs(
        family=family,
        until=until,
        as_of_ms=as_of_ms,
        class_of={herb: str(class_of[herb]) for herb in sorted({cell.herb for cell in basket})},
        turnover=turnover,
        cells=basket,
        days=days,
        prices=prices,
        left_out=tuple(sorted(left_out, key=lambda out: (out.cell, out.day, out.fen_per_kg))),
    )


def _read(session: Session, family: Family, until: datetime.date, as_of_ms: int) -> list[_Line]:
    asked = (
        select(
            col(QuoteRow.cell_id), col(QuoteRow.day), col(QuoteRow.source), col(QuoteRow.revision),
            col(QuoteRow.fen_per_kg), col(QuoteRow.tier), col(QuoteRow.status), col(QuoteRow.rules),
        )
        .join(CellRow, col(CellRow.cell_id) == col(QuoteRow.cell_id))
        .where(
            col(QuoteRow.day) <= day_number(until),
            col(QuoteRow.recorded_ms) <= as_of_ms,
            *in_basket(family),
        )
    )  # fmt: skip
    return [_Line(*row) for row in session.connection().execute(asked)]


def _latest(lines: Sequence[_Line]) -> list[_Line]:
    """Of every cell, day and source the latest revision, in that order."""
    newest: dict[tuple[int, int, str], _Line] = {}
    for line in lines:
        key = (line.cell_id, line.day, line.source)
        known = newest.get(key)
        if known is None or line.revision > known.revision:
            newest[key] = line
    return [newest[key] for key in sorted(newest)]


def _left_out(line: _Line, cells: Mapping[int, Cell], rules: tuple[str, ...]) -> LeftOut:
    return LeftOut(cell=cells[line.cell_id], day=day_of(line.day), fen_per_kg=line.fen_per_kg, rules=rules)


def _prices(
    lines: Sequence[_Line], cells: Mapping[int, Cell], family: Family
) -> tuple[tuple[Cell, ...], NDArray[np.int64], NDArray[np.float64]]:
    """The basket's cells in order, the index days, and the panel (days, cells)."""
    basket = tuple(sorted({cells[line.cell_id] for line in lines}))
    place_of = {cell: place for place, cell in enumerate(basket)}
    column_of = {number: place_of[cell] for number, cell in cells.items() if cell in place_of}
    ranks: dict[str, int] = {tier: rank for rank, tier in enumerate(family.basket.tiers)}
    columns = np.array([column_of[line.cell_id] for line in lines], dtype=np.int64)
    dates = np.array([line.day for line in lines], dtype=np.int64)
    days, rows = np.unique(dates, return_inverse=True)
    fen = np.array([line.fen_per_kg for line in lines], dtype=np.float64)
    rank = np.array([ranks[line.tier] for line in lines], dtype=np.int64)
    flat = cell_prices(rows * len(basket) + columns, fen, rank, len(days) * len(basket))
    return basket, days, flat.reshape(len(days), len(basket))
