"""What the notes of access say, newest first: for the operator all, for a party its own."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from api.access.access_tables import AccessNoteRow
from api.access.noting import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which notes; None leaves a member open."""

    who: str | None = None
    party: str | None = None
    kind: Kind | None = None
    since_ms: int | None = None
    until_ms: int | None = None


def notes_wanted(
    session: Session, wanted: Wanted, limit: int, below: int | None = None
) -> list[AccessNoteRow]:
    """Return at most `limit` notes numbered under `below`, newest first."""
    asked = select(AccessNoteRow).order_by(col(AccessNoteRow.number).desc()).limit(limit)
    for column, value in (
        (AccessNoteRow.who, wanted.who),
        (AccessNoteRow.party, wanted.party),
        (AccessNoteRow.kind, None if wanted.kind is None else wanted.kind.value),
    ):
        if value is not None:
            asked = asked.where(col(column) == value)
    if wanted.since_ms is not None:
        asked = asked.where(col(AccessNoteRow.at_ms) >= wanted.since_ms)
    if wanted.until_ms is not None:
        asked = asked.where(col(AccessNoteRow.at_ms) < wanted.until_ms)
    if below is not None:
        asked = asked.where(col(AccessNoteRow.number) < below)
    return list(session.exec(asked))
