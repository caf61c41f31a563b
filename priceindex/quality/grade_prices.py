"""Monthly prices of one herb's cells from the quote book, as known at a moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from sqlalchemy import select
from sqlmodel import Session, col

from priceindex.book import cells_by_id
from priceindex.engine.cell_prices import SourceWeights, priced
from priceindex.engine.inputs import QuoteColumns
from priceindex.formulas.relatives import Places
from priceindex.quotes import USABLE, Cell, Tier
from priceindex.seasonal.monthly_prices import MonthlyPrices, monthly_prices
from priceindex.tables import QuoteRow


class _Line(NamedTuple):
    """What is read of one quote row."""

    cell_id: int
    day: int
    source: str
    revision: int
    fen_per_kg: int
    tier: str
    status: str
    deals: int | None


@dataclass(frozen=True, slots=True)
class HerbPrices:
    """One herb's cells and what they cost by month."""

    cells: tuple[Cell, ...]
    prices: MonthlyPrices


def herb_prices(session: Session, herb: str, *, as_of_ms: int, market: str | None = None) -> HerbPrices:
    """Mean prices by month of every cell of a herb: of a day the best tier, its sources alike.

    Of every cell, day and source the latest revision recorded by `as_of_ms` counts, where it is usable.
    """
    cells = _cells(session, herb, market)
    told = _read(session, list(cells), as_of_ms)
    place_of = {number: place for place, number in enumerate(cells)}
    names = {name: place for place, name in enumerate(sorted({line.source for line in told}))}
    columns = QuoteColumns(
        cell=_numbers(place_of[line.cell_id] for line in told),
        day=_numbers(line.day for line in told),
        source=_numbers(names[line.source] for line in told),
        tier=_numbers(Tier(line.tier).rank for line in told),
        fen=_numbers(line.fen_per_kg for line in told),
        deals=_numbers(line.deals or 1 for line in told),
    )
    alike = SourceWeights(np.ones(len(names)), 1.0, np.arange(len(names)))
    daily = priced(columns, alike)
    found = monthly_prices(daily.day, daily.cell, daily.fen, len(cells))
    return HerbPrices(tuple(cells.values()), found)


def _numbers(values: Iterable[int]) -> Places:
    return np.array(list(values), dtype=np.int64)


def _cells(session: Session, herb: str, market: str | None) -> dict[int, Cell]:
    """The herb's cells by id, in their order."""
    found = {
        number: cell
        for number, cell in cells_by_id(session).items()
        if cell.herb == herb and market in (None, cell.market)
    }
    return dict(sorted(found.items(), key=lambda each: each[1]))


def _read(session: Session, cells: Sequence[int], as_of_ms: int) -> list[_Line]:
    """Of every cell, day and source the latest revision, in that order, where it is usable."""
    asked = (
        select(
            col(QuoteRow.cell_id), col(QuoteRow.day), col(QuoteRow.source), col(QuoteRow.revision),
            col(QuoteRow.fen_per_kg), col(QuoteRow.tier), col(QuoteRow.status), col(QuoteRow.deals),
        )
        .where(col(QuoteRow.cell_id).in_(cells), col(QuoteRow.recorded_ms) <= as_of_ms)
        .order_by(col(QuoteRow.revision))
    )  # fmt: skip
    lines = (_Line(*row) for row in session.connection().execute(asked))
    newest = {(line.cell_id, line.day, line.source): line for line in lines}
    return [line for _, line in sorted(newest.items()) if line.status in USABLE]
