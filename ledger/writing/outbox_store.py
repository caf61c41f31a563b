"""Reads and writes the outbox: rows that wait for an index, and the heads of subjects.

Whoever submits holds the outbox until the transaction ends, so that what is asked here stays true
until it is written. Knows no rules and signs nothing; callers decide what is true.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlmodel import Session

from ledger.entry import Entry
from ledger.writing.bulk import POSTGRESQL, Asked, ask, ask_together, tell, tell_each

LOCK: Final = 0x6F7574626F78
"""Key of the PostgreSQL advisory lock that a submitting transaction holds: the bytes of ``outbox``."""


class Waiting(NamedTuple):
    """A row of the outbox as it is stored."""

    pending_id: int
    statement_id: str
    subject: str
    seq: int
    leaf_hash: bytes
    leaf: bytes


class Head(NamedTuple):
    """Where a subject's chain stands: how many entries were placed on it, and the last one's hash in hex."""

    placed: int
    leaf_hash: str


class Standing(NamedTuple):
    """What stands in the outbox and the log until this transaction ends."""

    taken: set[str]
    """Those of the ids asked for that a waiting or a logged statement bears."""
    heads: dict[str, Head]
    """The heads of those of the subjects asked for on which anything was placed."""
    rows: list[list[tuple[Any, ...]]]
    """What else was asked, in order."""


def hold(session: Session, statement_ids: Iterable[str], subjects: Iterable[str], *also: Asked) -> Standing:
    """Keep every other submitter out until this transaction ends; return what then stands.

    Their order in the outbox is then the order of their commits, and no id asked for can be taken in
    between. On SQLite that is what a writing transaction does; an update of nothing makes it one. `also`
    is asked in the same round trip.
    """
    ids = list(statement_ids)
    _, *rows, taken, heads = ask_together(
        session,
        _HOLD if session.connection().dialect.name == POSTGRESQL else _WRITE,
        *also,
        (_TAKEN, (ids, ids)),
        (_HEADS, (list(subjects),)),
    )
    return Standing(
        {statement_id for (statement_id,) in taken},
        {subject: Head(placed, head) for subject, placed, head in heads},
        rows,
    )


_HOLD: Final[Asked] = ("SELECT pg_advisory_xact_lock(?)", (LOCK,))
_WRITE: Final[Asked] = ("UPDATE ledger_state SET size = size WHERE state_id IS NULL", ())
_TAKEN: Final = (
    "SELECT statement_id FROM ledger_pending WHERE statement_id AMONG ?"
    " UNION ALL SELECT statement_id FROM ledger_entry WHERE statement_id AMONG ?"
)
_HEADS: Final = "SELECT subject, placed, head FROM ledger_subject WHERE subject AMONG ?"


def place(session: Session, entries: Sequence[Entry], moved: Mapping[str, Head]) -> None:
    """Store entries in the outbox, in order, and the heads of subjects."""
    heads = [(subject, head.placed, head.leaf_hash) for subject, head in moved.items()]
    rows = [
        (entry.statement.id, entry.statement.subject, entry.seq, entry.leaf_hash, entry.leaf_bytes)
        for entry in entries
    ]
    if session.connection().dialect.name == POSTGRESQL:
        told = ((_HEADS_OF, zip(*heads, strict=True)), (_ROWS_OF, zip(*rows, strict=True)))
        asked = [(statement, tuple(list(column) for column in columns)) for statement, columns in told]
        ask_together(session, *[each for each in asked if each[1]])
    else:
        tell_each(session, _HEAD_OF, heads)
        tell_each(session, _ROW_OF, rows)


_HEAD_INTO: Final = "INSERT INTO ledger_subject (subject, placed, head)"
_ROW_INTO: Final = "INSERT INTO ledger_pending (statement_id, subject, seq, leaf_hash, leaf)"
_MOVED: Final = " ON CONFLICT (subject) DO UPDATE SET placed = excluded.placed, head = excluded.head"
_HEAD_OF: Final = f"{_HEAD_INTO} VALUES (?, ?, ?){_MOVED}"
_ROW_OF: Final = f"{_ROW_INTO} VALUES (?, ?, ?, ?, ?)"
_HEADS_OF: Final = f"{_HEAD_INTO} SELECT * FROM unnest(%b::text[], %b::int8[], %b::text[]){_MOVED}"  # noqa: S608  our own words
# In order: the ids the rows get are those of their places. Binary arrays take no longer than COPY, and
# COPY can share a round trip with nothing.
_ROWS_OF: Final = (
    f"{_ROW_INTO} SELECT * FROM unnest(%b::text[], %b::text[], %b::int8[], %b::bytea[], %b::bytea[])"  # noqa: S608  our own words
)


def waiting(session: Session, limit: int) -> list[Waiting]:
    """Return the oldest statements that wait for an index, sound ones only."""
    rows = ask(
        session,
        "SELECT pending_id, statement_id, subject, seq, BYTES(leaf_hash), BYTES(leaf)"
        " FROM ledger_pending WHERE fault IS NULL ORDER BY pending_id LIMIT ?",
        limit,
    )
    return [Waiting(*row) for row in rows]


def count_waiting(session: Session, limit: int) -> int:
    """Return how many statements wait for an index, counting no further than `limit`."""
    rows = ask(
        session,
        "SELECT count(*) FROM (SELECT 1 FROM ledger_pending WHERE fault IS NULL LIMIT ?) AS counted",
        limit,
    )
    return int(rows[0][0])


def held_subjects(session: Session, subjects: Iterable[str]) -> set[str]:
    """Return which of these subjects some statement was set aside on."""
    rows = ask(
        session,
        "SELECT subject FROM ledger_pending WHERE subject AMONG ? AND fault IS NOT NULL",
        list(subjects),
    )
    return {subject for (subject,) in rows}


def forget(session: Session, pending_ids: Sequence[int]) -> None:
    """Delete rows that became entries."""
    tell(session, "DELETE FROM ledger_pending WHERE pending_id AMONG ?", list(pending_ids))


def set_aside(session: Session, faults: Mapping[int, str]) -> None:
    """Mark rows that cannot become entries, each with the reason."""
    rows = [(str(fault), pending_id) for pending_id, fault in faults.items()]
    tell_each(session, "UPDATE ledger_pending SET fault = ? WHERE pending_id = ?", rows)
