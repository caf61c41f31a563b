"""Rows that were not taken in, kept with their fault, so that nothing a source said is lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from ledger.errors import DaodiError
from ledger.keyset import Sorted, page_after
from ledger.writing.bulk import write_rows
from priceindex.intake.intake_tables import RejectedRow

_COLUMNS: Final = (
    ("source", "text"),
    ("row", "int8"),
    ("field", "text"),
    ("value", "text"),
    ("rule", "text"),
    ("archive_sha256", "text"),
    ("submitter", "text"),
    ("recorded_ms", "int8"),
)
_LONGEST: Final = 100
_NEWEST_FIRST: Final = (Sorted(col(RejectedRow.rejected_id), newest_first=True),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """One row no quote could be made of."""

    number: int
    """In the order they were kept."""
    source: str
    row: int | None
    field: str | None
    value: str | None
    rule: str
    """Slug of the fault."""
    archive_sha256: str | None
    submitter: str | None
    recorded_ms: int


def keep_rejected(
    session: Session,
    faults: Iterable[DaodiError],
    source: str,
    archive_sha256: str | None,
    submitter: str | None,
    recorded_ms: int,
) -> int:
    """Keep every fault's row; one of the same body that is kept already is not kept twice.

    Returns how many are new.
    """
    rows = [(fault.at.row, _short(fault.at.field), _short(fault.at.value), fault.key()) for fault in faults]
    if archive_sha256 is not None and rows:
        known = _of_body(session, source, archive_sha256)
        rows = [row for row in dict.fromkeys(rows) if row not in known]
    tail = (archive_sha256, submitter, recorded_ms)
    write_rows(session, "price_rejected", _COLUMNS, [(source, *row, *tail) for row in rows])
    return len(rows)


def _of_body(
    session: Session, source: str, archive_sha256: str
) -> set[tuple[int | None, str | None, str | None, str]]:
    asked = select(RejectedRow.row, RejectedRow.field, RejectedRow.value, RejectedRow.rule).where(
        RejectedRow.source == source, RejectedRow.archive_sha256 == archive_sha256
    )
    return {(row, field, value, rule) for row, field, value, rule in session.exec(asked)}


def _short(text: str | None) -> str | None:
    return None if text is None else text[:_LONGEST]


def rejected(
    session: Session,
    *,
    source: str | None = None,
    rule: str | None = None,
    limit: int = 100,
    after: tuple[int] | None = None,
) -> Sequence[Rejected]:
    """Return rejected rows, the newest first; `after` is the number of the last one seen."""
    asked = page_after(select(RejectedRow), _NEWEST_FIRST, after, limit)
    if source is not None:
        asked = asked.where(RejectedRow.source == source)
    if rule is not None:
        asked = asked.where(RejectedRow.rule == rule)
    return [
        Rejected(
            number=row.rejected_id or 0,
            source=row.source,
            row=row.row,
            field=row.field,
            value=row.value,
            rule=row.rule,
            archive_sha256=row.archive_sha256,
            submitter=row.submitter,
            recorded_ms=row.recorded_ms,
        )
        for row in session.exec(asked)
    ]
