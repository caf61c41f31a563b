"""Turnover 成交: what was sold and for how much, summed for the price index.

Prices stay private: only sums over herb, grade, origin and market leave here, and who publishes them
decides how many sales a sum must rest on. A sale of more than was at hand (超售) is on record and counts
for nothing here: the goods it speaks of are not.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import exists, func, select
from sqlmodel import Session, col

from trace.tables import FindingRow, SaleRow

_PART: Final = 10**6
"""Sums of fen are taken in two parts: one large sum would overflow a 64-bit integer and answer nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnover:
    """All priced sales of one grade from one origin in one market."""

    herb: str
    grade: str | None
    origin: str | None
    """GB/T 2260 code, as fine as the lot knows it."""
    market: str | None
    """Slug of the market; None for sales outside the seventeen."""
    grams: int
    fen: int
    sales: int
    """How many sales the sums rest on."""

    @property
    def fen_per_kg(self) -> int:
        """The mean price, weighted by mass, to the nearest fen."""
        return (2000 * self.fen + self.grams) // (2 * self.grams)


def turnover(session: Session, since_ms: int, until_ms: int) -> list[Turnover]:
    """Sum the priced sales that happened from `since_ms` up to, not including, `until_ms`."""
    keys = [col(key) for key in (SaleRow.herb, SaleRow.grade, SaleRow.origin, SaleRow.market)]
    oversold = exists().where(
        col(FindingRow.step_id) == col(SaleRow.step_id),
        col(FindingRow.lot_id) == col(SaleRow.lot_id),
        col(FindingRow.rule) == "balance.oversold",
    )
    fen = col(SaleRow.fen)
    rows = session.execute(
        select(
            *keys,
            func.sum(col(SaleRow.grams)),
            func.sum(fen // _PART),
            func.sum(fen % _PART),
            func.count(),
        )
        .where(
            col(SaleRow.event_ms) >= since_ms, col(SaleRow.event_ms) < until_ms, fen.is_not(None), ~oversold
        )
        .group_by(*keys)
        .order_by(*keys)
    )
    return [
        Turnover(
            herb=herb,
            grade=grade,
            origin=origin,
            market=market,
            grams=int(grams),
            fen=int(parts) * _PART + int(rest),
            sales=count,
        )
        for herb, grade, origin, market, grams, parts, rest, count in rows
    ]
