"""Sorts a group of waiting statements into those fit for the log and those to set aside.

The gate admitted every one of them, so a fault here means the stored row was changed since.
A bad row is set aside alone, together with what was placed after it on the same subject,
and never stops the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from ledger import store
from ledger.entry import GENESIS, Entry, parse_leaf
from ledger.errors import DaodiError, Said
from ledger.merkle import leaf_hash
from ledger.registration import KIND, registration_id
from ledger.tables import EntryRow, PendingRow


class Held(StrEnum):
    """Why a statement was set aside: the slug its outbox row keeps."""

    REPEATED = "repeated-id"
    BEHIND = "behind-a-held-statement"
    HASH = "leaf-hash"
    LEAF = "not-an-entry"
    COLUMNS = "columns"
    CHAIN = "chain"
    KEY = "unregistered-key"


_WORDS: Final[Mapping[str, Said]] = {
    Held.REPEATED: Said("编号与已入账的陈述重复", "its id is that of a logged statement"),
    Held.BEHIND: Said("同一主题的前一条陈述未能入账", "an earlier statement on its subject was held back"),
    Held.HASH: Said("内容与其哈希不符", "its content does not give its hash"),
    Held.LEAF: Said("内容不是一条记录", "its content is not an entry"),
    Held.COLUMNS: Said("内容与所在行的列不符", "its content contradicts its columns"),
    Held.CHAIN: Said("与同一主题的上一条记录不衔接", "it does not follow the entry before it on its subject"),
    Held.KEY: Said("签名密钥未在其之前登记", "no earlier entry registers its key"),
}


def held_words(fault: str) -> Said:
    """Say in both languages why a statement was set aside, given what its row keeps."""
    return _WORDS.get(fault, Said(fault, fault))


def sort_out(
    session: Session, origin: str, waiting: list[PendingRow]
) -> tuple[list[PendingRow], dict[int, Held]]:
    """Return the rows fit for the log, in order, and for each other row's id the reason."""
    opened = [(row, _opened(row, origin)) for row in waiting]
    logged = store.logged_indices(session, [row.statement_id for row in waiting])
    held = store.held_subjects(session, {row.subject for row in waiting})
    entries = [entry for _, entry in opened if isinstance(entry, Entry)]
    before = _Before(_logged_heads(session, entries), _logged_keys(session, entries))
    sound: list[PendingRow] = []
    faults: dict[int, Held] = {}
    for row, entry in opened:
        if row.subject in held:
            fault: Held | None = Held.BEHIND
        elif row.statement_id in logged:
            fault = Held.REPEATED
        elif isinstance(entry, Held):
            fault = entry
        else:
            fault = before.place(entry)
        if fault is None:
            sound.append(row)
        else:
            held.add(row.subject)
            faults[row.pending_id or 0] = fault
    return sound, faults


@dataclass(frozen=True, slots=True)
class _Before:
    """What the log and the group so far give an entry to build on."""

    heads: dict[tuple[str, int], str]
    """Leaf hash, in hex, by subject and seq."""
    keys: set[str]
    """Ids of registered keys."""

    def place(self, entry: Entry) -> Held | None:
        """Add `entry` unless it does not follow; say why it does not."""
        said = entry.statement
        if entry.prev != (self.heads.get((said.subject, entry.seq - 1)) if entry.seq else GENESIS):
            return Held.CHAIN
        if said.kind == KIND:
            self.keys.add(entry.signed.actor)
        elif entry.signed.actor not in self.keys:
            return Held.KEY
        self.heads[said.subject, entry.seq] = entry.leaf_hash.hex()
        return None


def _opened(row: PendingRow, origin: str) -> Entry | Held:
    """Return the row's entry, or why it is not what the row's columns promise."""
    if leaf_hash(row.leaf) != row.leaf_hash:
        return Held.HASH
    try:
        entry = parse_leaf(row.leaf)
    except DaodiError:
        return Held.LEAF
    promised = (row.statement_id, row.subject, row.seq, origin)
    if (entry.statement.id, entry.statement.subject, entry.seq, entry.signed.origin) != promised:
        return Held.COLUMNS
    return entry


def _logged_keys(session: Session, entries: list[Entry]) -> set[str]:
    """Return which of the entries' keys the log registers already."""
    actors = {entry.signed.actor for entry in entries}
    logged = store.logged_indices(session, map(registration_id, actors))
    return {actor for actor in actors if registration_id(actor) in logged}


def _logged_heads(session: Session, entries: list[Entry]) -> dict[tuple[str, int], str]:
    """Return the leaf hashes of logged entries that some of these must follow."""
    places = [(entry.statement.subject, entry.seq - 1) for entry in entries if entry.seq]
    heads: dict[tuple[str, int], str] = {}
    for begin in range(0, len(places), store.CHUNK):
        wanted = tuple_(col(EntryRow.subject), col(EntryRow.seq)).in_(places[begin : begin + store.CHUNK])
        statement = select(EntryRow.subject, EntryRow.seq, EntryRow.leaf_hash).where(wanted)
        heads.update({(subject, seq): hashed.hex() for subject, seq, hashed in session.exec(statement)})
    return heads
