"""Whether the book agrees with what stated changes claim about earlier prices.

A price site that says "65, up 8.3 % in a month" says that the price was 60 a month ago. That is evidence
about the site, not a quote: it is compared with what the book holds of the same source.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from priceindex import book
from priceindex.calendar import day_number
from priceindex.intake.standing_quotes import standing
from priceindex.quotes import Claim

_LOOK_BACK_DAYS: Final = 7
"""How old the book's price may be to stand for the day of a claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsChecked:
    """How many earlier prices the book confirms, contradicts, or cannot judge."""

    agreed: int
    differed: tuple[Claim, ...]
    unknown: int


def check_claims(session: Session, claims: Sequence[Claim], source: str) -> ClaimsChecked:
    """Compare claims with the last usable quotes of `source` on or shortly before their days."""
    if not claims:
        return ClaimsChecked(agreed=0, differed=(), unknown=0)
    ids = {cell: number for number, cell in book.cells_by_id(session).items()}
    known = sorted({ids[each.cell] for each in claims if each.cell in ids})
    days = [day_number(each.day) for each in claims]
    held = standing(session, known, source, min(days), max(days)) if known else None
    prices: dict[tuple[int, int], int] = {}
    if held is not None:
        told = held.usable & held.of(source)
        cells, on = held.cell[told].tolist(), held.day[told].tolist()
        prices = dict(zip(zip(cells, on, strict=True), held.fen[told].tolist(), strict=True))
    agreed = unknown = 0
    differed: list[Claim] = []
    for each, day in zip(claims, days, strict=True):
        stood = _last(prices, ids.get(each.cell), day)
        if stood is None:
            unknown += 1
        elif each.low_fen_per_kg <= stood <= each.high_fen_per_kg:
            agreed += 1
        else:
            differed.append(each)
    return ClaimsChecked(agreed=agreed, differed=tuple(differed), unknown=unknown)


def _last(prices: dict[tuple[int, int], int], cell: int | None, day: int) -> int | None:
    """The price that stood on a day: the newest of the days before that still speaks for it."""
    if cell is None:
        return None
    back = range(day, day - _LOOK_BACK_DAYS - 1, -1)
    return next((prices[cell, on] for on in back if (cell, on) in prices), None)
