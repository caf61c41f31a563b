"""Prices of trades that the trades on record make no more: withdrawn by a further revision, never erased.

A price of a week goes when a trade of it was corrected away, when its private price was erased, or when a
seller is trusted as a source no longer. An index computed afterwards does not use it; what was published
stays.
"""

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlmodel import Session

from priceindex import book
from priceindex.calendar import day_number
from priceindex.feeds.traced_trades import SOURCE
from priceindex.quotes import USABLE, Cell, Status, StoredQuote
from priceindex.releases.exclusions import TRADES_WITHDRAWN

_MOST: Final = 1_000_000
"""More cells than a week can have."""


def withdraw(session: Session, day: date, still: Collection[Cell], recorded_ms: int, submitter: str) -> int:
    """Withdraw the standing prices of trades of a day whose cells are not among `still`; how many were."""
    standing = book.quotes(session, first=day, last=day, source=SOURCE, limit=_MOST)
    gone = [quote for quote in standing if quote.status in USABLE and quote.cell not in still]
    ids = book.cell_ids(session, [quote.cell for quote in gone])
    book.append(session, [_row(quote, ids[quote.cell], recorded_ms, submitter) for quote in gone])
    return len(gone)


def _row(quote: StoredQuote, cell_id: int, recorded_ms: int, submitter: str) -> dict[str, object]:
    """The revision that withdraws: the same price resting on no number of trades, so that it may return."""
    return {
        "cell_id": cell_id,
        "day": day_number(quote.day),
        "source": quote.source,
        "revision": quote.revision + 1,
        "fen_per_kg": quote.fen_per_kg,
        "tier": quote.tier.value,
        "status": Status.REJECTED.value,
        "rules": TRADES_WITHDRAWN,
        "recorded_ms": recorded_ms,
        "deals": None,
        "submitter": submitter,
    }
