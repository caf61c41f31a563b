"""What the quote book learned since a run: the later days alone, where nothing of the past changed."""

import datetime
from collections.abc import Mapping

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from priceindex.book import in_basket
from priceindex.calendar import day_number, month_of
from priceindex.engine.gathering import read_quotes, reviews_due
from priceindex.engine.index_run import IndexRun
from priceindex.engine.inputs import Inputs
from priceindex.engine.next_day import LaterDays
from priceindex.reputation.weights import weight_in
from priceindex.tables import CellRow, QuoteRow


def newest_quote(session: Session) -> int:
    """The number of the newest row of the quote book: a later row has a higher one, for one writer writes."""
    return session.connection().execute(select(func.max(col(QuoteRow.quote_id)))).scalar() or 0


def later_days(
    session: Session,
    run: IndexRun,
    newest: int,
    class_of: Mapping[str, str],
    until: datetime.date,
    as_of_ms: int,
    source_weights: Mapping[int, Mapping[str, int]],
) -> LaterDays | None:
    """The days after `run`, which was gathered when `newest` was the newest row of the book.

    None where only a full gathering can tell: a quote of a day already told is new, or a cell or a source
    that the run does not have.
    """
    head = run.head
    if until < head.until or _past_changed(session, run, newest) or _reviews_changed(head, until):
        return None
    after = day_number(head.until) + 1
    reading = read_quotes(session, head.family, class_of, head.themes, after, until, as_of_ms)
    sources = {(source.name, source.year): source.weight_bp for source in head.sources}
    told = {(name, year): weight_in(source_weights, year, name) for name, year in reading.sources}
    same_sources = all(sources.get(key) == weight for key, weight in told.items())
    if not (same_sources and reading.cells <= set(head.cells)):
        return None
    return LaterDays(
        until=until,
        as_of_ms=as_of_ms,
        quotes=reading.columns(head.cells, head.sources),
        left_out=reading.left_out,
    )


def _reviews_changed(head: Inputs, until: datetime.date) -> bool:
    """Whether a review is due by `until` that the run does not have, or had one before its moment."""
    known = [month_of(review.effective) for review in head.reviews]
    due = reviews_due(head.family, head.quotes.day, head.base_month, until)
    return due != known or any(review.as_of_ms >= head.as_of_ms for review in head.reviews)


def _past_changed(session: Session, run: IndexRun, newest: int) -> bool:
    """Whether a row of a day already told came in since, or was from the future then."""
    asked = (
        select(func.count())
        .select_from(QuoteRow)
        .join(CellRow, col(CellRow.cell_id) == col(QuoteRow.cell_id))
        .where(
            col(QuoteRow.day) <= day_number(run.head.until),
            or_(col(QuoteRow.quote_id) > newest, col(QuoteRow.recorded_ms) > run.head.as_of_ms),
            *in_basket(run.family),
        )
    )
    return bool(session.connection().execute(asked).scalar())
