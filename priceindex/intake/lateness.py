"""Late quotes: recorded when the release of their day was already out, so that it could not use them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np
from sqlalchemy import func, select
from sqlmodel import Session, col

from priceindex.calendar import day_number
from priceindex.quotes import StoredQuote
from priceindex.releases.release_tables import ReleaseRow


def with_lateness(session: Session, quotes: Sequence[StoredQuote]) -> list[StoredQuote]:
    """Mark the quotes that were recorded after the first release reaching their day was published.

    A release of any family counts: what matters is whether the day was still open when we learned of it.
    """
    if not quotes:
        return []
    first = min(day_number(quote.day) for quote in quotes)
    asked = (
        select(col(ReleaseRow.last_day), func.min(ReleaseRow.published_ms))
        .where(col(ReleaseRow.last_day) >= first, col(ReleaseRow.published_ms).is_not(None))
        .group_by(col(ReleaseRow.last_day))
        .order_by(col(ReleaseRow.last_day).desc())
    )
    published = [(day, at_ms) for day, at_ms in session.connection().execute(asked)]
    closed = list(accumulate((at_ms for _, at_ms in published), min))
    days = np.array([-day for day, _ in published], dtype=np.int64)
    marked = []
    for quote in quotes:
        reaching = int(np.searchsorted(days, -day_number(quote.day), side="right"))
        late = reaching > 0 and quote.recorded_ms > closed[reaching - 1]
        marked.append(replace(quote, late=True) if late else quote)
    return marked
