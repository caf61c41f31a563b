"""Takes statements in: what passes the gate waits in the outbox for its index.

A statement is submitted in the transaction that writes what it is about, so either both
are stored or neither. What passes the gate is signed by a key that counts, addressed to this
log, new, within size and placed in its subject's chain; the sequencer gives it an index later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from ledger.entry import Entry, SignedStatement
from ledger.errors import DaodiError
from ledger.writing import outbox_store
from ledger.writing.admission import admit
from ledger.writing.signature_checks import VERIFIED

MOST_WAITING: Final = 4096
"""Statements that may wait before whoever asks for more is told to come back later (Tessera's default)."""


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """A statement that is stored once the caller's transaction commits, and waits for its index."""

    statement_id: str
    entry: Entry

    @property
    def leaf_hash(self) -> bytes:
        """What the tree will hold."""
        return self.entry.leaf_hash


def submit(session: Session, signed: SignedStatement) -> PendingEntry:
    """Store `signed` in the caller's transaction, placed after the entries on its subject.

    Raises `LogNotFounded` and each of the faults that `ledger.writing.admission.admit` lists; nothing is then
    written.
    """
    (outcome,) = submit_many(session, (signed,))
    if isinstance(outcome, DaodiError):
        raise outcome
    return outcome


def submit_many(
    session: Session, signed: Sequence[SignedStatement], *, checked: bool = False
) -> list[PendingEntry | DaodiError]:
    """Store each of `signed` that passes the gate, in order; for each other say why it does not.

    A handful of SQL statements whatever the size of the group; up to 1,024 is what it is made for. With
    `checked` the caller has verified every signature (`ledger.writing.signature_checks`).

    Raises `LogNotFounded`.
    """
    outcomes = admit(session, signed, checked=checked, waiting=True)
    VERIFIED.add(outcome for outcome in outcomes if isinstance(outcome, Entry))
    return [
        outcome if isinstance(outcome, DaodiError) else PendingEntry(outcome.statement.id, outcome)
        for outcome in outcomes
    ]


def waiting(session: Session, limit: int = MOST_WAITING) -> int:
    """Return how many statements wait for an index, counting no further than `limit`: back-pressure."""
    return outbox_store.count_waiting(session, limit)
