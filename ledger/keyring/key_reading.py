"""What is told about keys: whose each is, whether it counts, and since and until which index.

Joins what the log's entries say with what was submitted and still waits for its index.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlmodel import Session, col, select

from ledger.keyring.key_book import END_WORDS, KeyState
from ledger.keyring.key_errors import KeyEnded, NoSuchKey
from ledger.keyring.key_statements import LOG_KEY_RETIRED, REVOKED, ROTATED
from ledger.keyring.key_states import key_book
from ledger.keys import PublicKey
from ledger.note import NoteKey
from ledger.store import state_of
from ledger.tables import KeyRow


class Standing(StrEnum):
    """Where a key is in its life."""

    WAITING = "waiting"
    """Registered; its entry has no index yet."""
    ACTIVE = "active"
    ROTATED = "rotated"
    REVOKED = "revoked"
    RETIRED = "retired"


_ENDS = {ROTATED: Standing.ROTATED, REVOKED: Standing.REVOKED, LOG_KEY_RETIRED: Standing.RETIRED}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKey:
    """A registered key as people ask about it."""

    key: PublicKey
    holder: str
    standing: Standing
    log_key: bool
    """Whether it is, or was, a key of the log itself."""
    from_index: int | None = None
    """Index of its registration: it counts at higher ones; None while that waits."""
    until_index: int | None = None
    """Index of the statement that ended it; None while it counts, or while that waits."""
    successor: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LogKeyTerm:
    """One key of the log itself, and the checkpoints that bear its signature."""

    vkey: str
    key_id: str
    from_index: int
    """Index of the entry that made it a log key: checkpoints of larger sizes bear its signature."""
    until_index: int | None
    """Index of the entry that retired it, the largest size it signs; None while it signs."""


def known_key(session: Session, key_id: str) -> KnownKey:
    """Return what is known of a key; raises `NoSuchKey`."""
    row = session.get(KeyRow, key_id)
    if row is None:
        raise NoSuchKey(key=key_id)
    return _known(row, key_book(session, [key_id]).states.get(key_id))


def require_counting(session: Session, key_id: str) -> None:
    """Raise `NoSuchKey`, or `KeyEnded` for a key that some submitted statement ended."""
    row = session.get(KeyRow, key_id)
    if row is None:
        raise NoSuchKey(key=key_id)
    if row.ended is not None:
        raise KeyEnded(key=key_id, why=END_WORDS[row.ended])


def keys_of(session: Session, holder: str) -> list[KnownKey]:
    """Return every key ever registered for `holder`, those that count first."""
    return _known_all(session, session.exec(select(KeyRow).where(KeyRow.holder == holder)).all())


def party_keys(session: Session) -> list[KnownKey]:
    """Return every key that is none of the log's, by holder, those that count first."""
    return _known_all(session, session.exec(select(KeyRow).where(~col(KeyRow.log_key))).all())


def log_key_terms(session: Session) -> list[LogKeyTerm]:
    """Return every key the log ever had, oldest first, as its entries tell; raises `LogNotFounded`."""
    origin = state_of(session).origin
    states = key_book(session).states.values()
    terms = [
        LogKeyTerm(NoteKey(origin, state.key).to_vkey(), state.key.key_id, state.log_from, state.until_index)
        for state in states
        if state.log_from is not None
    ]
    return sorted(terms, key=lambda term: term.from_index)


def _known_all(session: Session, rows: Sequence[KeyRow]) -> list[KnownKey]:
    states = key_book(session, [row.key_id for row in rows]).states
    return sorted((_known(row, states.get(row.key_id)) for row in rows), key=_by_holder)


def _by_holder(known: KnownKey) -> tuple[str, bool, int]:
    return known.holder, known.standing is not Standing.ACTIVE, -(known.from_index or 0)


def _known(row: KeyRow, state: KeyState | None) -> KnownKey:
    begun = Standing.WAITING if state is None else Standing.ACTIVE
    waiting = KnownKey(
        key=PublicKey(row.raw),
        holder=row.holder,
        standing=begun if row.ended is None else _ENDS[row.ended],
        log_key=row.log_key,
    )
    if state is None:
        return waiting
    return replace(
        waiting,
        from_index=state.from_index,
        until_index=state.until_index,
        successor=state.successor,
        reason=state.reason,
    )
