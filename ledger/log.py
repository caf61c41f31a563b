"""The read side of the log: entries, proofs from stored tiles, receipts.

No proof ever rebuilds the tree: it reads about one tile per level and hashes within it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlmodel import Session, col, select

from ledger import store
from ledger.checkpoint import SignedCheckpoint
from ledger.entry import Entry, ManifestPlace, SignedStatement, parse_leaf
from ledger.errors import NoCheckpointYet, NotIntegratedYet, ProofOutOfRange, StatementHeld, UnknownStatement
from ledger.keyring.log_keys import published_vkey
from ledger.keyring.registration import KIND, registration_id
from ledger.manifests.manifest_store import path_to
from ledger.merkle import SHA256, Hasher, NodeReader, prove_consistency, prove_inclusion
from ledger.note import NoteKey
from ledger.proofs.bundle import Proven, Receipt, Vouched
from ledger.tables import EntryRow, PendingRow
from ledger.tree.hot_tiles import HotTiles
from ledger.tree.tiles import node_reader
from ledger.witnessing.publication import published
from ledger.writing.placement import held_words


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry and its place in the log."""

    index: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class ReceiptTree:
    """A tree over the log's entries that receipts are made from."""

    head: SignedCheckpoint
    node: NodeReader
    """Of the tree as it stands under `head`."""
    own_key: str | None = None
    """Id of the key a verifier has to begin with: what it signed needs no registration."""
    hasher: Hasher = SHA256

    def path(self, index: int) -> tuple[bytes, ...]:
        """Return the inclusion proof of an entry; raises `ProofOutOfRange`."""
        return tuple(prove_inclusion(index, self.head.size, self.node, self.hasher))


def vkey(session: Session) -> str:
    """Return the log's own verifier key: what strangers must be given to trust; raises `LogNotFounded`."""
    return published_vkey(session)


def size(session: Session) -> int:
    """Return how many entries are integrated, signed or not; raises `LogNotFounded`."""
    return store.state_of(session).size


def checkpoint(session: Session) -> SignedCheckpoint:
    """Return the checkpoint that is published; raises `NoCheckpointYet` or `LogNotFounded`."""
    store.state_of(session)  # says so when there is no log at all
    return published(session)


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


def inclusion(session: Session, index: int, size: int, hot: HotTiles | None = None) -> list[bytes]:
    """Return the inclusion proof of entry `index` in the tree of the first `size` entries.

    `hot` are this process's tiles in memory; without them each proof reads its tiles from the database.
    Raises `ProofOutOfRange` unless 0 <= index < size and the log is that long.
    """
    node = _nodes(session, _reaching(session, size), hot)
    return prove_inclusion(index, size, node, edge=None if hot is None else hot.edge(node, size))


def consistency(session: Session, old: int, new: int, hot: HotTiles | None = None) -> list[bytes]:
    """Return the proof that the first `old` entries begin the first `new`.

    `hot` as for `inclusion`. Raises `ProofOutOfRange` unless 0 < old <= new and the log is that long.
    """
    return prove_consistency(old, new, _nodes(session, _reaching(session, new), hot))


def receipt(session: Session, statement_id: str, hot: HotTiles | None = None) -> Receipt:
    """Return the receipt of a statement under the latest checkpoint; `hot` as for `inclusion`.

    Raises `UnknownStatement`; `NotIntegratedYet` while no checkpoint covers it;
    `StatementHeld` when the sequencer set it aside.
    """
    made = receipts(session, [statement_id], hot).get(statement_id)
    if made is None:
        raise _why_not(session, statement_id, logged=_row(session, statement_id) is not None)
    return made


def receipts(
    session: Session, statement_ids: Iterable[str], hot: HotTiles | None = None
) -> dict[str, Receipt]:
    """Return the receipts of those of these statements that the latest checkpoint covers.

    A few queries for all of them; `hot` as for `inclusion`.
    """
    head = _head(session)
    if head is None:
        return {}
    tree = ReceiptTree(head, _nodes(session, head.size, hot), _log_key_id(vkey(session)))
    return receipts_under(session, statement_ids, tree)


def receipts_under(session: Session, statement_ids: Iterable[str], tree: ReceiptTree) -> dict[str, Receipt]:
    """Return the receipts of those of these statements that `tree` covers."""
    rows = [row for row in store.leaves_of(session, statement_ids) if row[0] < tree.head.size]
    entries = [parse_leaf(leaf) for _, leaf in rows]
    registered = _registrations(session, entries, tree)
    made: dict[str, Receipt] = {}
    for (index, leaf), entry in zip(rows, entries, strict=True):
        registration = None if entry.statement.kind == KIND else registered.get(entry.signed.actor)
        vouched = _vouched(session, entry.signed, tree)
        own = tree.path(index)
        made[entry.statement.id] = Receipt(index, leaf, own, tree.head.text, registration, vouched)
    return made


def _registrations(session: Session, entries: Iterable[Entry], tree: ReceiptTree) -> dict[str, Proven]:
    """Return by key id the entries that registered these entries' keys, but for the tree's own."""
    actors = {entry.signed.actor for entry in entries} - {tree.own_key}
    found = store.leaves_of(session, [registration_id(actor) for actor in actors])
    return {
        parse_leaf(leaf).signed.actor: Proven(index, leaf, tree.path(index))
        for index, leaf in found
        if index < tree.head.size
    }


def _vouched(session: Session, signed: SignedStatement, tree: ReceiptTree) -> Vouched | None:
    """Return what vouches for a statement without a signature of its own."""
    if not isinstance(signed.signature, ManifestPlace):
        return None
    row = _row(session, signed.signature.manifest)
    path = path_to(session, signed.signature.manifest, signed.signature.place)
    if row is None or path is None:
        raise UnknownStatement(id=signed.signature.manifest)
    return Vouched(Proven(row[0], row[1], tree.path(row[0])), path)


def _head(session: Session) -> SignedCheckpoint | None:
    try:
        return published(session)
    except NoCheckpointYet:
        return None


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


def _reaching(session: Session, asked: int) -> int:
    """Return the log's size once it is at least `asked`; raises `ProofOutOfRange`."""
    there = size(session)
    if asked > there:
        raise ProofOutOfRange(asked=asked, size=there)
    return there


def _nodes(session: Session, size: int, hot: HotTiles | None) -> NodeReader:
    """Return a reader of the tree of `size` entries.

    Proofs of all smaller trees are made from it too, so that memory holds the tiles of one tree only.
    """
    return node_reader(store.tile_reader(session)) if hot is None else hot.reader(session, size)


@lru_cache(maxsize=8)
def _log_key_id(trusted: str) -> str:
    return NoteKey.from_vkey(trusted).key.key_id
