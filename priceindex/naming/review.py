"""The queue of names nobody knows: what was written, by whom, how many rows wait, what it may mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func
from sqlalchemy import select as columns_of
from sqlmodel import Session, col, select

from ledger.errors import DaodiError
from priceindex.errors import UnlistedHerb, UnlistedMarket
from priceindex.intake.intake_tables import RejectedRow
from priceindex.intake.known_names import KnownNames, written_form
from priceindex.naming.aliases import aliases, shipped
from priceindex.naming.naming_tables import NameReviewRow
from priceindex.quotes import NAME_LIMIT

OPEN_PER_SOURCE: Final = 500
"""Names one source may have waiting: past it rows are still kept, but the queue grows no further."""
UNKNOWN: Final[dict[str, type[DaodiError]]] = {"herb": UnlistedHerb, "market": UnlistedMarket}
"""Part of a cell -> the fault of a name nobody knows."""
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWaiting:
    """One name that waits for a decision."""

    kind: str
    written: str
    source: str
    nearest: tuple[str, ...]
    """Listed names that look most like it."""
    rows: int
    """Rows that wait for the decision."""
    first_ms: int


def queue_names(
    session: Session, faults: Iterable[DaodiError], source: str, known: KnownNames, at_ms: int
) -> int:
    """Queue the names among these faults that are not queued yet; returns how many are new.

    A source that has `OPEN_PER_SOURCE` names waiting adds none: its rows are kept as rejected all the same.
    """
    names = {found for fault in faults if (found := _name(fault)) is not None}
    if not names:
        return 0
    queued = _queued(session, source)
    room = max(0, OPEN_PER_SOURCE - len(queued))
    new = sorted(names - queued)[:room]
    for kind, written in new:
        near = known.near_herbs(written) if kind == "herb" else dict.fromkeys(known.markets.values())
        nearest = "、".join(near)[:_LONGEST]
        session.add(NameReviewRow(kind=kind, written=written, source=source, nearest=nearest, first_ms=at_ms))
    session.flush()
    return len(new)


def _name(fault: DaodiError) -> tuple[str, str] | None:
    """Part and name of a fault that a decision would mend; None for every other fault."""
    for kind, unknown in UNKNOWN.items():
        if isinstance(fault, unknown) and fault.at.value:
            return kind, fault.at.value[:NAME_LIMIT]
    return None


def _queued(session: Session, source: str) -> set[tuple[str, str]]:
    asked = columns_of(col(NameReviewRow.kind), col(NameReviewRow.written)).where(
        col(NameReviewRow.source) == source
    )
    return {(kind, written) for kind, written in session.connection().execute(asked)}


def waiting(session: Session, at_ms: int, *, source: str | None = None) -> list[NameWaiting]:
    """Return the names no alias in force decides about, those most rows wait for first."""
    decided = {(each.kind, each.written, each.source) for each in (*shipped(), *aliases(session, at_ms))}
    asked = select(NameReviewRow).where(col(NameReviewRow.first_ms) <= at_ms)
    if source is not None:
        asked = asked.where(NameReviewRow.source == source)
    counted = _rows_waiting(session)
    found = [
        NameWaiting(
            kind=row.kind,
            written=row.written,
            source=row.source,
            nearest=tuple(row.nearest.split("、")) if row.nearest else (),
            rows=counted.get((row.kind, row.written, row.source), 0),
            first_ms=row.first_ms,
        )
        for row in session.exec(asked)
        if not {(row.kind, written_form(row.written), ""), (row.kind, written_form(row.written), row.source)}
        & decided
    ]
    return sorted(found, key=lambda name: (-name.rows, name.source, name.kind, name.written))


def _rows_waiting(session: Session) -> dict[tuple[str, str, str], int]:
    """Rows kept aside for each name, by part, name and source."""
    kind_of = {unknown.key(): kind for kind, unknown in UNKNOWN.items()}
    asked = (
        columns_of(col(RejectedRow.rule), col(RejectedRow.value), col(RejectedRow.source), func.count())
        .where(col(RejectedRow.rule).in_(kind_of))
        .group_by(col(RejectedRow.rule), col(RejectedRow.value), col(RejectedRow.source))
    )
    rows = session.connection().execute(asked)
    return {(kind_of[rule], (value or "")[:NAME_LIMIT], source): count for rule, value, source, count in rows}


def bodies_waiting(session: Session, kind: str, written: str, source: str) -> list[tuple[str, str, int]]:
    """Return (source, archive digest, recorded ms) of the raw bodies that hold rows of an undecided name.

    `written` is the looked-up form; an empty `source` asks for every source. Oldest first.
    """
    asked = columns_of(
        col(RejectedRow.source),
        col(RejectedRow.archive_sha256),
        col(RejectedRow.value),
        func.max(RejectedRow.recorded_ms),
    ).where(col(RejectedRow.rule) == UNKNOWN[kind].key(), col(RejectedRow.archive_sha256).is_not(None))
    if source:
        asked = asked.where(col(RejectedRow.source) == source)
    grouped = asked.group_by(col(RejectedRow.source), col(RejectedRow.archive_sha256), col(RejectedRow.value))
    found: dict[tuple[str, str], int] = {}
    for told_by, sha256, value, recorded_ms in session.connection().execute(grouped):
        if sha256 is not None and written_form(value or "") == written:
            found[told_by, sha256] = max(recorded_ms, found.get((told_by, sha256), 0))
    return sorted(((*body, at_ms) for body, at_ms in found.items()), key=lambda body: body[2])
