"""The weights of sources in a computation."""

from collections.abc import Mapping
from typing import Final

from sqlmodel import Session

from ledger.writing.bulk import ask
from priceindex.reputation.scores import FULL_BP, score, standings, weight_bp

_SOURCES: Final = "SELECT DISTINCT source FROM price_quote WHERE recorded_ms <= ?"
NEWCOMER_BP: Final = weight_bp(score({}))
"""Weight of a source nothing is known of yet."""


def weights_of(session: Session, as_of_ms: int) -> Mapping[str, int]:
    """Return the weight of every source as known at a moment, in basis points; 10000 is full.

    Where one source alone has ever quoted there is nothing to weigh: it has full weight. A source that
    was silent for 90 days has what a newcomer has.
    """
    sources = sorted(source for (source,) in ask(session, _SOURCES, as_of_ms))
    if len(sources) < 2:
        return dict.fromkeys(sources, FULL_BP)
    weighed = {each.source: each.weight_bp for each in standings(session, as_of_ms)}
    return {source: weighed.get(source, NEWCOMER_BP) for source in sources}


def weight_in(by_year: Mapping[int, Mapping[str, int]], year: int, source: str) -> int:
    """Weight of a source in a year; who was unknown when the year began has a newcomer's, never a full one.

    So nobody gains by coming back under another name. Where no weights are told for a year all are full.

    >>> known = {2025: {"a": 9_800}}
    >>> weight_in(known, 2025, "a"), weight_in(known, 2025, "b"), weight_in(known, 2024, "b")
    (9800, 9250, 10000)
    """
    known = by_year.get(year)
    return FULL_BP if known is None else known.get(source, NEWCOMER_BP)
