"""The read side of the log: entries, proofs from stored tiles, receipts.

No proof ever rebuilds the tree: it reads about one tile per level and hashes within it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlmodel import Session, col, select

from ledger import store
from ledger.bundle import Proven, Receipt
from ledger.checkpoint import SignedCheckpoint, open_checkpoint
from ledger.entry import Entry, parse_leaf
from ledger.errors import NoCheckpointYet, NotIntegratedYet, ProofOutOfRange, StatementHeld, UnknownStatement
from ledger.merkle import prove_consistency, prove_inclusion
from ledger.note import NoteKey
from ledger.placement import held_words
from ledger.registration import KIND, registration_id
from ledger.tables import EntryRow, PendingRow
from ledger.tiles import node_reader


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry and its place in the log."""

    index: int
    entry: Entry


def vkey(session: Session) -> str:
    """Return the log's own verifier key: what strangers must be given to trust; raises `LogNotFounded`."""
    return store.state_of(session).vkey


def size(session: Session) -> int:
    """Return how many entries are integrated, signed or not; raises `LogNotFounded`."""
    return store.state_of(session).size


def checkpoint(session: Session) -> SignedCheckpoint:
    """Return the latest signed checkpoint; raises `NoCheckpointYet` or `LogNotFounded`."""
    row = store.last_checkpoint(session)
    if row is None:
        raise NoCheckpointYet
    return _opened(row.note, vkey(session))


def entry_at(session: Session, index: int) -> LoggedEntry:
    """Return the entry at `index`; raises `ProofOutOfRange` when the log is not that long."""
    leaf = session.exec(select(EntryRow.leaf).where(EntryRow.entry_index == index)).first()
    if leaf is None:
        raise ProofOutOfRange(asked=index, size=size(session))
    return LoggedEntry(index, parse_leaf(leaf))


def find(session: Session, statement_id: str) -> LoggedEntry | None:
    """Return the entry of a statement, or None while it is not integrated."""
    row = _row(session, statement_id)
    return LoggedEntry(row[0], parse_leaf(row[1])) if row else None


def history(session: Session, subject: str) -> list[LoggedEntry]:
    """Return every entry on a subject, oldest first."""
    wanted = select(EntryRow.entry_index, EntryRow.leaf).where(EntryRow.subject == subject)
    rows = session.exec(wanted.order_by(col(EntryRow.seq))).all()
    return [LoggedEntry(index, parse_leaf(leaf)) for index, leaf in rows]


def indices(session: Session, statement_ids: Iterable[str]) -> dict[str, int]:
    """Return the index of each of these statements that is integrated; the others are left out."""
    return store.logged_indices(session, statement_ids)


def inclusion(session: Session, index: int, size: int) -> list[bytes]:
    """Return the inclusion proof of entry `index` in the tree of the first `size` entries.

    Raises `ProofOutOfRange` unless 0 <= index < size and the log is that long.
    """
    _check_size(session, size)
    return prove_inclusion(index, size, node_reader(store.tile_reader(session)))


def consistency(session: Session, old: int, new: int) -> list[bytes]:
    """Return the proof that the first `old` entries begin the first `new`.

    Raises `ProofOutOfRange` unless 0 < old <= new and the log is that long.
    """
    _check_size(session, new)
    return prove_consistency(old, new, node_reader(store.tile_reader(session)))


def receipt(session: Session, statement_id: str) -> Receipt:
    """Return the receipt of a statement under the latest checkpoint.

    Raises `UnknownStatement`; `NotIntegratedYet` while no checkpoint covers it;
    `StatementHeld` when the sequencer set it aside.
    """
    row = _row(session, statement_id)
    head = store.last_checkpoint(session)
    if row is None or head is None or row[0] >= head.size:
        raise _why_not(session, statement_id, logged=row is not None)
    node = node_reader(store.tile_reader(session))
    index, leaf = row
    entry = parse_leaf(leaf)
    registration = None
    if entry.statement.kind != KIND and entry.signed.actor != _log_key_id(vkey(session)):
        registered = _row(session, registration_id(entry.signed.actor))
        if registered is not None:
            path = prove_inclusion(registered[0], head.size, node)
            registration = Proven(registered[0], registered[1], tuple(path))
    return Receipt(index, leaf, tuple(prove_inclusion(index, head.size, node)), head.note, registration)


def _row(session: Session, statement_id: str) -> tuple[int, bytes] | None:
    wanted = select(EntryRow.entry_index, EntryRow.leaf).where(EntryRow.statement_id == statement_id)
    return session.exec(wanted).first()


def _why_not(
    session: Session, statement_id: str, *, logged: bool
) -> UnknownStatement | NotIntegratedYet | StatementHeld:
    pending = session.exec(select(PendingRow.fault).where(PendingRow.statement_id == statement_id)).all()
    if not logged and not pending:
        return UnknownStatement(id=statement_id)
    if pending and pending[0]:
        return StatementHeld(id=statement_id, reason=held_words(pending[0]))
    return NotIntegratedYet(id=statement_id)


def _check_size(session: Session, asked: int) -> None:
    there = size(session)
    if asked > there:
        raise ProofOutOfRange(asked=asked, size=there)


@lru_cache(maxsize=64)
def _opened(note: str, trusted: str) -> SignedCheckpoint:
    return open_checkpoint(note, NoteKey.from_vkey(trusted))


@lru_cache(maxsize=8)
def _log_key_id(trusted: str) -> str:
    return NoteKey.from_vkey(trusted).key.key_id
