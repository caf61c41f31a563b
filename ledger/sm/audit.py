"""Recomputes the SM3 tree from the leaves and names what differs from what is stored or signed.

The leaves themselves, their signatures and their order are what `ledger.audits.audit` checks; this says
whether the SM3 tree is the tree over them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from sqlmodel import Session

from ledger.audits.faults import AuditFault, CheckpointFalse, EntryMissing, HashAltered, StateFalse
from ledger.audits.log_source import Page
from ledger.audits.stored_log import StoredLog
from ledger.errors import DaodiError, Said
from ledger.merkle import HASH_SIZE, Frontier, leaf_hash, leaf_hashes_of
from ledger.sm import store
from ledger.sm.checkpoint import Sm2NoteKey, open_signed
from ledger.sm.errors import LeavesDiffer
from ledger.sm.sm3 import SM3, sm3
from ledger.tree.tiles import FULL_TILE_SIZE, TILE_WIDTH, TileId, extend, split_hashes

_UNKNOWN: Final = bytes(HASH_SIZE)
LogTile: TypeAlias = Callable[[int], bytes]
"""`tile(index)`: the log's own hashes of 256 leaves, joined."""


class SmTreeSource(Protocol):
    """A stored SM3 tree and the leaves under it; `ledger.audits.log_source.StaticTree` is one, too."""

    def notes(self) -> list[tuple[int, str]]:
        """Return every stored checkpoint with the size it is stored under."""

    def reach(self, size: int) -> int:
        """Return how many of `size` entries could be there at all."""

    def pages(self, size: int) -> Iterator[Page]:
        """Give the entries 0 to `size - 1` in pages that begin at multiples of 256."""

    def tile(self, level: int, index: int, width: int) -> bytes:
        """Return the stored hashes of a tile, joined."""


class StoredSmTree:
    """The SM3 tree in `session`; raises `SmTreeNotFounded` or `LogNotFounded` when there is none."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._log = StoredLog(session)
        self.extent = store.extent_of(session)

    def notes(self) -> list[tuple[int, str]]:
        """Return every checkpoint row."""
        return store.all_notes(self._session)

    def reach(self, size: int) -> int:
        """Return no more than the log's rows could account for."""
        return self._log.reach(size)

    def pages(self, size: int) -> Iterator[Page]:
        """Give the log's entries."""
        return self._log.pages(size)

    def tile(self, level: int, index: int, width: int) -> bytes:  # noqa: ARG002  a row holds whatever it holds
        """Return a stored row."""
        return store.stored_tile(self._session, level, index)

    def log_tile(self, index: int) -> bytes:
        """Return the log's own tile of level 0."""
        return self._log.tile(0, index, TILE_WIDTH)


@dataclass(frozen=True, slots=True)
class SmReport:
    """What an audit of the SM3 tree found."""

    entries: int
    root: bytes
    """SM3 root recomputed from the entries."""
    checkpoints: int
    faults: tuple[AuditFault, ...]
    """In order of index; empty when the tree is sound."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def audit_stored(session: Session, trusted: Sm2NoteKey, kept: Iterable[tuple[int, str]] = ()) -> SmReport:
    """Audit the SM3 tree in a database, as `audit_tree` does, against the log's own tiles too.

    `kept` are checkpoints kept elsewhere, each with its size. Raises `SmTreeNotFounded`.
    """
    source = StoredSmTree(session)
    report = audit_tree(source, trusted, kept, source.log_tile)
    state = source.extent
    false = state.size == report.entries and state.root != report.root
    if not false and state.size >= report.entries:
        return report
    fault = StateFalse(
        index=state.size,
        reason=Said("国密树的状态与其检查点不符", "the SM3 tree's state is not what was signed"),
    )
    return SmReport(report.entries, report.root, report.checkpoints, (*report.faults, fault))


def audit_tree(
    source: SmTreeSource,
    trusted: Sm2NoteKey,
    kept: Iterable[tuple[int, str]] = (),
    log_tile: LogTile | None = None,
) -> SmReport:
    """Recompute the tree up to its largest checkpoint and compare every tile and checkpoint.

    Raises `LogUnreadable` for files no log would write.
    """
    notes = sorted({*source.notes(), *kept})
    expected = max((size for size, _ in notes), default=0)
    # Sizes are claims: a false one must not make the audit count to it.
    walked = source.reach(expected)
    walk = _Walk(source, {size for size, _ in notes} | {walked}, log_tile)
    walk.run(walked)
    faults = [*walk.faults, *_checkpoint_faults(notes, trusted, walk.roots)]
    if walked < expected:
        faults.append(EntryMissing(index=walked, expected=walked, found="—"))
    faults.sort(key=lambda fault: fault.index)
    return SmReport(walked, walk.roots[walked], len(notes), tuple(faults))


class _Walk:
    """One pass over the leaves that grows the SM3 tree beside them."""

    def __init__(self, source: SmTreeSource, wanted: set[int], log_tile: LogTile | None) -> None:
        self.roots: dict[int, bytes] = {0: sm3(b"")}
        self.faults: list[AuditFault] = []
        self._source = source
        self._wanted = wanted
        self._log_tile = log_tile
        self._frontier = Frontier(hasher=SM3)
        self._tails: dict[TileId, bytes] = {}

    def run(self, size: int) -> None:
        """Walk over the entries 0 to `size - 1`."""
        for page in self._source.pages(size):
            if self._log_tile is not None:
                self._compare_leaves(page, self._log_tile)
            self._grow(page.begin, self._hashes(page))
        for tile_id, hashes in self._tails.items():
            self._compare(tile_id, hashes)

    def _hashes(self, page: Page) -> list[bytes]:
        """Return the SM3 hashes; a missing leaf is bridged with its stored hash and told."""
        hashes = leaf_hashes_of([leaf or b"" for leaf in page.leaves], SM3)
        for place, leaf in enumerate(page.leaves):
            if leaf is None:
                index = page.begin + place
                self.faults.append(EntryMissing(index=index, expected=index, found="—"))
                hashes[place] = self._stored_hash(index)
        return hashes

    def _stored_hash(self, index: int) -> bytes:
        tile, place = divmod(index, TILE_WIDTH)
        return dict(enumerate(split_hashes(self._source.tile(0, tile, place + 1)))).get(place, _UNKNOWN)

    def _compare_leaves(self, page: Page, log_tile: LogTile) -> None:
        """Tell where a leaf is not the one in the log's own tree."""
        for first in range(0, len(page.leaves), TILE_WIDTH):
            hashes = split_hashes(log_tile((page.begin + first) // TILE_WIDTH))
            for place, leaf in enumerate(page.leaves[first : first + TILE_WIDTH]):
                if leaf is not None and (place >= len(hashes) or leaf_hash(leaf) != hashes[place]):
                    self.faults.append(LeavesDiffer(index=page.begin + first + place))

    def _grow(self, begin: int, hashes: list[bytes]) -> None:
        """Extend the tree, stopping at every size whose root is wanted."""
        end = begin + len(hashes)
        at = begin
        for stop in sorted({size for size in self._wanted if begin < size <= end} | {end}):
            for tile_id, joined in extend(
                self._frontier, hashes[at - begin : stop - begin], self._tail
            ).items():
                self._tails[tile_id] = joined
                if len(joined) == FULL_TILE_SIZE:
                    self._compare(tile_id, self._tails.pop(tile_id))
            at = stop
            if stop in self._wanted:
                self.roots[stop] = self._frontier.root()

    def _tail(self, level: int, index: int) -> bytes:
        return self._tails.get((level, index), b"")

    def _compare(self, tile_id: TileId, expected: bytes) -> None:
        """Tell where a stored tile does not begin with what the leaves give."""
        level, index = tile_id
        stored = split_hashes(self._source.tile(level, index, len(expected) // HASH_SIZE))
        for place, hashed in enumerate(split_hashes(expected)):
            if place >= len(stored) or stored[place] != hashed:
                first = (index * TILE_WIDTH + place) * TILE_WIDTH**level
                self.faults.append(HashAltered(index=first, level=level))
                return


def _checkpoint_faults(
    notes: Iterable[tuple[int, str]], trusted: Sm2NoteKey, roots: dict[int, bytes]
) -> Iterator[AuditFault]:
    for size, note in notes:
        try:
            signed = open_signed(note, trusted)
        except DaodiError as error:
            yield CheckpointFalse(index=size, reason=error)
        else:
            if signed.size != size or signed.root != roots.get(size):
                yield CheckpointFalse(
                    index=size, reason=Said("根与记录重算的不同", "its root is not what the entries give")
                )
