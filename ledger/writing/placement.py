"""Sorts a group of waiting statements into those fit for the log and those to set aside.

The gate admitted every one of them, so a fault here means the stored row was changed since, and
nothing the database says is believed: form, signature, chain, key and manifest are judged anew.
A bad row is set aside alone, together with what was placed after it on the same subject,
and never stops the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from sqlmodel import Session

from ledger import store
from ledger.entry import GENESIS, Entry, ManifestPlace, parse_leaf
from ledger.errors import DaodiError, Said
from ledger.keyring.key_book import KeyBook, keys_named
from ledger.keyring.key_states import key_book
from ledger.manifests import manifest_store
from ledger.manifests.manifest import KIND as MANIFEST_KIND
from ledger.manifests.manifest_book import ManifestBook
from ledger.merkle import leaf_hash
from ledger.writing import outbox_store
from ledger.writing.outbox_store import Waiting


class Held(StrEnum):
    """Why a statement was set aside: the slug its outbox row keeps."""

    REPEATED = "repeated-id"
    BEHIND = "behind-a-held-statement"
    HASH = "leaf-hash"
    LEAF = "not-an-entry"
    COLUMNS = "columns"
    SIGNATURE = "signature"
    CHAIN = "chain"
    KEY = "unregistered-key"
    MANIFEST = "manifest"


_WORDS: Final[Mapping[str, Said]] = {
    Held.REPEATED: Said("编号与已入账的陈述重复", "its id is that of a logged statement"),
    Held.BEHIND: Said("同一主题的前一条陈述未能入账", "an earlier statement on its subject was held back"),
    Held.HASH: Said("内容与其哈希不符", "its content does not give its hash"),
    Held.LEAF: Said("内容不是一条记录", "its content is not an entry"),
    Held.COLUMNS: Said("内容与所在行的列不符", "its content contradicts its columns"),
    Held.SIGNATURE: Said("签名与内容或密钥不符", "its key did not sign it"),
    Held.CHAIN: Said("与同一主题的上一条记录不衔接", "it does not follow the entry before it on its subject"),
    Held.KEY: Said("签名密钥在此处不算数", "its key does not count there"),
    Held.MANIFEST: Said("不在所称的清单之中", "it is not under the manifest it names"),
}

Opened: TypeAlias = Entry | Held
"""What a row holds: an entry whose signature stands, or the reason why it cannot enter."""


def held_words(fault: str) -> Said:
    """Say in both languages why a statement was set aside, given what its row keeps."""
    return _WORDS.get(fault, Said(fault, fault))


def open_row(row: Waiting, origin: str) -> Opened:
    """Return the row's entry, its signature not verified, or why it is not what its columns promise."""
    if leaf_hash(row.leaf) != row.leaf_hash:
        return Held.HASH
    try:
        entry = parse_leaf(row.leaf)
    except DaodiError:
        return Held.LEAF
    return entry if fits(entry, row, origin) else Held.COLUMNS


def fits(entry: Entry, row: Waiting, origin: str) -> bool:
    """Say whether the columns of a row are those of its entry, and the entry is for the log `origin`."""
    said = entry.statement
    promised = (row.statement_id, row.subject, row.seq, origin)
    return (said.id, said.subject, entry.seq, entry.signed.origin) == promised


def sort_out(
    session: Session, begin: int, opened: Sequence[tuple[Waiting, Opened]]
) -> tuple[list[Waiting], dict[int, Held]]:
    """Return the rows fit to stand from index `begin` on, in order; for each other row its id and why."""
    held = outbox_store.held_subjects(session, {row.subject for row, _ in opened})
    entries = [entry for _, entry in opened if isinstance(entry, Entry)]
    placement = Placement(session, begin, [row.statement_id for row, _ in opened], entries)
    sound: list[Waiting] = []
    faults: dict[int, Held] = {}
    for row, entry in opened:
        fault = Held.BEHIND if row.subject in held else placement.fault(row.statement_id, entry)
        if fault is None:
            sound.append(row)
        else:
            held.add(row.subject)
            faults[row.pending_id] = fault
    return sound, faults


@dataclass(frozen=True, slots=True)
class _Chains:
    """The leaf hashes, in hex, of the places in chains that entries claim or follow, by subject and seq."""

    taken: dict[tuple[str, int], str]

    @classmethod
    def before(cls, session: Session, entries: Sequence[Entry]) -> "_Chains":
        """Read those that stand in the log already; the others come with the group."""
        own = {(entry.statement.subject, entry.seq) for entry in entries}
        wanted = own | {(subject, seq - 1) for subject, seq in own if seq}
        logged = store.leaf_hashes_at(session, sorted(wanted)) if wanted else {}
        return cls({place: hashed.hex() for place, hashed in logged.items()})

    def follows(self, entry: Entry) -> bool:
        """Say whether an entry's place is free and right behind the entry it names.

        A signature does not cover the place, so whoever owns the database can move a genuine statement.
        """
        subject = entry.statement.subject
        before = self.taken.get((subject, entry.seq - 1)) if entry.seq else GENESIS
        return entry.prev == before and (subject, entry.seq) not in self.taken

    def add(self, entry: Entry) -> None:
        """Let others follow `entry`."""
        self.taken[entry.statement.subject, entry.seq] = entry.leaf_hash.hex()


class Placement:
    """What the log and the group so far give an entry to build on; reads the log once, when made."""

    def __init__(
        self, session: Session, begin: int, statement_ids: Sequence[str], entries: Sequence[Entry]
    ) -> None:
        self._next = begin
        self._logged = set(store.logged_indices(session, statement_ids))
        self._chains = _Chains.before(session, entries)
        self._keys = _key_book(session, entries)
        self._manifests = _manifest_book(session, entries)

    def fault(self, statement_id: str, entry: Opened) -> Held | None:
        """Give `entry` the next index, unless it may not have it; say why not."""
        if statement_id in self._logged:
            return Held.REPEATED
        if isinstance(entry, Held):
            return entry
        if not self._chains.follows(entry):
            return Held.CHAIN
        if self._keys.fault(self._next, entry) is not None:
            return Held.KEY
        if self._manifests.fault(entry) is not None:
            return Held.MANIFEST
        return self._take(entry)

    def _take(self, entry: Entry) -> Held | None:
        if entry.statement.kind == MANIFEST_KIND:
            try:
                self._manifests.take(self._next, entry.signed)
            except DaodiError:
                return Held.MANIFEST
        self._chains.add(entry)
        self._keys.take(self._next, entry)
        self._logged.add(entry.statement.id)
        self._next += 1
        return None


def _key_book(session: Session, entries: Iterable[Entry]) -> KeyBook:
    named: set[str] = set()
    for entry in entries:
        try:
            named |= keys_named(entry.signed)
        except DaodiError:  # the book will say what is wrong with it
            named.add(entry.signed.actor)
    return key_book(session, named)


def _manifest_book(session: Session, entries: Iterable[Entry]) -> ManifestBook:
    """Return a book that has passed every logged manifest these entries name."""
    vouching = [entry.signed.signature for entry in entries]
    named = {place.manifest for place in vouching if isinstance(place, ManifestPlace)}
    named |= {entry.statement.id for entry in entries if entry.statement.kind == MANIFEST_KIND}
    digests = manifest_store.digests_by_id(session, named) if named else {}
    book = ManifestBook(digests.get, gathering=False)
    for index, leaf in store.leaves_of(session, named) if named else ():
        signed = parse_leaf(leaf).signed
        if signed.statement.kind == MANIFEST_KIND:
            book.take(index, signed)
    return book
