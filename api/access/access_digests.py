"""The daily digest of the notes of access: stated in the log, and held against the table again.

The log's statements follow each other without a gap, each naming the digest before it, so that neither a note
nor a whole day of notes can be changed or taken out unnoticed once its digest is in the log.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlmodel import Session, col, select

from api.access.access_errors import AccessAltered
from api.access.access_tables import AccessDigestRow, AccessNoteRow
from ledger import log
from ledger.canonical import JsonValue, canonical

KIND: Final = "access.digest"
SUBJECT: Final = "access"
_EVERY_MS: Final = 86_400_000
_IN_STEPS: Final = 5_000
_COLUMNS: Final = ("number", "at_ms", "kind", "who", "party", "operation", "objects", "status", "request_id")


class Stating(Protocol):
    """Whoever signs for the operator."""

    def state(
        self,
        session: Session,
        kind: str,
        subject: str,
        statement_id: str,
        public: Mapping[str, JsonValue],
        at_ms: int,
    ) -> None:
        """Put one statement into the outbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a digest of the log came to."""

    first: int
    last: int
    notes: int
    statement_id: str


def digest_due(session: Session, now_ms: int) -> bool:
    """Whether a day has passed since the last digest, or since the first note, and there are new notes."""
    newest = _newest(session)
    after = 0 if newest is None else newest.last
    oldest = session.exec(
        select(AccessNoteRow.at_ms).where(_beyond(after)).order_by(col(AccessNoteRow.number)).limit(1)
    ).first()
    if oldest is None:
        return False
    return now_ms - (oldest if newest is None else newest.made_ms) >= _EVERY_MS


def state_digest(session: Session, operator: Stating, now_ms: int) -> AccessDigestRow | None:
    """State the digest of all notes since the last one; None where there are none."""
    newest = _newest(session)
    first = 1 if newest is None else newest.last + 1
    summed = _summed(session, first, None, b"" if newest is None else newest.sha256)
    if summed.notes == 0:
        return None
    row = AccessDigestRow(
        last=summed.last,
        first=first,
        notes=summed.notes,
        made_ms=now_ms,
        sha256=summed.sha256,
        statement_id=f"{KIND}:{first}-{summed.last}",
    )
    public: dict[str, JsonValue] = {
        "first": first,
        "last": row.last,
        "notes": row.notes,
        "sha256": row.sha256.hex(),
        "before": None if newest is None else newest.sha256.hex(),
    }
    operator.state(session, KIND, SUBJECT, row.statement_id, public, now_ms)
    session.add(row)
    session.flush()
    return row


def verify_digests(session: Session) -> Iterator[Verified]:
    """Hold the notes against every digest in the log; raises `AccessAltered` at the first that differs."""
    before, after = b"", 0
    for logged in log.history(session, SUBJECT):
        public = logged.entry.statement.public
        first, last = _whole(public.get("first")), _whole(public.get("last"))
        summed = _summed(session, first, last, before)
        found = (after + 1, summed.notes, summed.sha256.hex())
        if found != (first, public.get("notes"), public.get("sha256")):
            raise AccessAltered(first=first, last=last)
        before, after = summed.sha256, last
        yield Verified(first=first, last=last, notes=summed.notes, statement_id=logged.entry.statement.id)


@dataclass(frozen=True, slots=True)
class _Summed:
    sha256: bytes
    notes: int
    last: int


def _summed(session: Session, first: int, last: int | None, before: bytes) -> _Summed:
    """Sum notes up: SHA-256 over the digest before, then each note's canonical JSON and a line feed."""
    hashed, notes, reached = hashlib.sha256(before), 0, first - 1
    for line, number in _lines(session, first, last):
        hashed.update(line + b"\n")
        notes, reached = notes + 1, number
    return _Summed(hashed.digest(), notes, reached)


def _lines(session: Session, first: int, last: int | None) -> Iterable[tuple[bytes, int]]:
    asked = select(*(getattr(AccessNoteRow, name) for name in _COLUMNS)).where(_beyond(first - 1))
    if last is not None:
        asked = asked.where(col(AccessNoteRow.number) <= last)
    ordered = asked.order_by(col(AccessNoteRow.number)).execution_options(yield_per=_IN_STEPS)
    for row in session.exec(ordered):
        yield canonical(list(row)), row[0]


def _newest(session: Session) -> AccessDigestRow | None:
    return session.exec(select(AccessDigestRow).order_by(col(AccessDigestRow.last).desc()).limit(1)).first()


def _beyond(number: int) -> Any:  # noqa: ANN401  an SQL condition
    return col(AccessNoteRow.number) > number


def _whole(value: JsonValue) -> int:
    return value if isinstance(value, int) else 0
