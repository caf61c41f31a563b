"""Proofs from the kept rows of the newest published subject index."""

from bisect import bisect_left
from dataclasses import dataclass

from sqlmodel import Session, col, select

from ledger.errors import BadProof, ProofOutOfRange
from ledger.merkle import NodeReader, prove_inclusion
from ledger.subjects.subject_index import (
    IndexedSubject,
    SubjectHead,
    SubjectIndex,
    verify_absent,
    verify_newest,
)
from ledger.subjects.subject_index_errors import NoSubjectIndexYet, SubjectIndexAltered
from ledger.subjects.subject_index_source import LoggedIndex, is_kept, logged
from ledger.subjects.subject_index_tables import SubjectBundleRow, SubjectTileRow
from ledger.tree.tiles import TILE_WIDTH, node_reader
from ledger.witnessing.publication import published


@dataclass(frozen=True, slots=True)
class SubjectProof:
    """The newest entry of a subject, or that it has none, below the size of a logged index."""

    subject: str
    index: SubjectIndex
    entry_index: int
    """Place of the entry that states the index."""
    newest: IndexedSubject | None
    """The subject's own leaf; None when it has none."""
    before: IndexedSubject | None = None
    """For a subject without a leaf: the one before its place; None when that is the first place."""
    after: IndexedSubject | None = None
    """For a subject without a leaf: the one behind its place; None when that is the last place."""


def proof_of(session: Session, subject: str) -> SubjectProof:
    """Return the proof for `subject` under the newest index the published checkpoint covers.

    It is verified before it is returned. Raises `NoSubjectIndexYet`, `NoCheckpointYet`, or
    `SubjectIndexAltered` when the kept rows do not give the logged root.
    """
    return proof_under(session, newest_index(session, published(session).size), subject)


def newest_index(session: Session, below: int) -> LoggedIndex:
    """Return the newest kept index that an entry below `below` states; raises `NoSubjectIndexYet`."""
    for found in logged(session, below):
        if is_kept(session, found.index):
            return found
    raise NoSubjectIndexYet


def proof_under(session: Session, found: LoggedIndex, subject: str) -> SubjectProof:
    """Return the same under an index taken before, so that several proofs stand under one."""
    index = found.index
    leaves = _Leaves(session, index)
    try:
        position, own = leaves.find(subject.encode())
        if own:
            newest = leaves.at(position)
            verify_newest(index, subject, newest)
            return SubjectProof(subject, index, found.entry_index, newest)
        before = leaves.at(position - 1) if position else None
        after = leaves.at(position) if position < index.count else None
        verify_absent(index, subject, before, after)
    except (BadProof, ProofOutOfRange, IndexError) as error:
        raise SubjectIndexAltered(size=index.size) from error
    return SubjectProof(subject, index, found.entry_index, None, before, after)


class _Leaves:
    """The kept leaves of one index; reads each bundle once."""

    def __init__(self, session: Session, index: SubjectIndex) -> None:
        self._session = session
        self._index = index
        self._node = _nodes(session, index.size)
        self._bundles: dict[int, list[SubjectHead]] = {}

    def find(self, place: bytes) -> tuple[int, bool]:
        """Return how many leaves stand before `place`, and whether one stands there."""
        first = col(SubjectBundleRow.first)
        wanted = select(SubjectBundleRow.bundle_index).where(
            SubjectBundleRow.size == self._index.size, first <= place
        )
        bundle = self._session.exec(wanted.order_by(first.desc()).limit(1)).first()
        if bundle is None:
            return 0, False
        heads = self._bundle(bundle)
        within = bisect_left(heads, place, key=lambda head: head.place)
        return bundle * TILE_WIDTH + within, within < len(heads) and heads[within].place == place

    def at(self, position: int) -> IndexedSubject:
        """Return the leaf at `position` with its path; raises `IndexError` or `ProofOutOfRange`."""
        bundle, within = divmod(position, TILE_WIDTH)
        path = prove_inclusion(position, self._index.count, self._node)
        return IndexedSubject(self._bundle(bundle)[within], position, tuple(path))

    def _bundle(self, number: int) -> list[SubjectHead]:
        if number not in self._bundles:
            wanted = select(SubjectBundleRow.leaves).where(
                SubjectBundleRow.size == self._index.size, SubjectBundleRow.bundle_index == number
            )
            joined = self._session.exec(wanted).first() or b""
            self._bundles[number] = [SubjectHead.of_leaf(leaf) for leaf in joined.splitlines()]
        return self._bundles[number]


def _nodes(session: Session, size: int) -> NodeReader:
    def tile(level: int, index: int) -> bytes:
        if (level, index) not in seen:
            wanted = select(SubjectTileRow.hashes).where(
                SubjectTileRow.size == size,
                SubjectTileRow.level == level,
                SubjectTileRow.tile_index == index,
            )
            seen[level, index] = session.exec(wanted).first() or b""
        return seen[level, index]

    seen: dict[tuple[int, int], bytes] = {}
    return node_reader(tile)
