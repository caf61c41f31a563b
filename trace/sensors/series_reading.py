"""The sums of raw series that were stated, by the hash of their file."""

from collections.abc import Sequence

import orjson
from sqlmodel import Session, col, select

from trace.documents.document_tables import SeriesRow
from trace.sensors.series import Summary, summary_of


def series_stated(session: Session, statements: Sequence[str]) -> Summary | None:
    """Return the sums one of these statements gives; None where none of them is of a series."""
    text = session.exec(
        select(SeriesRow.summary)
        .where(col(SeriesRow.statement_id).in_(statements))
        .order_by(SeriesRow.statement_id)
    ).first()
    return None if text is None else summary_of(orjson.loads(text))
