"""Extends the SM3 tree over what the log has published, and signs its checkpoints.

It only follows: the log never waits for it, and a fault here stops this tree alone. Each group of entries
is first shown to be what the log's own checkpoint commits to; each signature comes after everything since
the last one was read back, hashed again and proved to continue it, and is durable beside the keys before
anybody can see it. Any number may run at once: the tree moves by compare-and-swap.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from ledger import store as log_store
from ledger.checkpoint import Checkpoint, SignedCheckpoint
from ledger.errors import DaodiError, LostRace, NoCheckpointYet, Said
from ledger.merkle import leaf_hashes_of
from ledger.sm import store
from ledger.sm.checkpoint import Sm2NoteKey, open_signed, sign, tree_origin
from ledger.sm.derivation import bound_leaves, edge, rederive
from ledger.sm.errors import SmTreeForked
from ledger.sm.keys import Sm2SigningKey
from ledger.sm.sm3 import SM3, sm3
from ledger.store import Extent
from ledger.tree.tiles import extend
from ledger.witnessing.publication import published
from ledger.writing.kept_heads import KeptHeads

GROUP: Final = 1024
"""Entries taken in one transaction."""
_EMPTY: Final = Extent(0, sm3(b""))


@dataclass(frozen=True, slots=True)
class Follower:
    """The one part that extends and signs the SM3 tree of the log `origin`."""

    read: Callable[[], AbstractContextManager[Session]]
    """Opens a session that sees one state of the database."""
    write: Callable[[], AbstractContextManager[Session]]
    """Opens a session whose transaction commits at the end of the block, or rolls back on error."""
    origin: str
    key: Sm2SigningKey
    kept: KeptHeads | None = None
    """Where the last signed checkpoint is kept out of the database's reach; None trusts the database."""
    group: int = GROUP

    def run(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Take up what the log has published since and sign it; return how many entries that were.

        `stopping` is asked between groups: what is left then is taken up at the next run. Raises
        `SmTreeNotFounded`, or `SmTreeForked` when something does not fit, and nothing is signed.
        """
        taken = 0
        while not stopping() and (group := self._take_group()):
            taken += group
        if not stopping():
            self._sign()
        return taken

    @property
    def _trusted(self) -> Sm2NoteKey:
        return Sm2NoteKey(tree_origin(self.origin), self.key.public)

    def _take_group(self) -> int:
        """Extend the tree by one group; return how many entries it had, 0 when there is nothing to do."""
        with self.read() as session:
            old = store.extent_of(session)
            head = _log_head(session)
            end = min(head.size, old.size + self.group)
            if end <= old.size:
                return 0
            leaves = bound_leaves(session, old.size, end, head)
            tile = store.tile_reader(session, edge_of=old.size)
            frontier = edge(old, tile)
            tiles = extend(frontier, leaf_hashes_of(leaves, SM3), tile)
        try:
            with self.write() as session:
                # First of all writes: whoever loses here has written nothing.
                if not store.swap_extent(session, old, Extent(frontier.size, frontier.root())):
                    raise LostRace(size=old.size)
                log_store.write_tiles(session, tiles, store.TILES)
        except LostRace:
            return 0
        return len(leaves)

    def _sign(self) -> None:
        """Sign the tree as it stands, unless it is signed already."""
        with self.read() as session:
            state = store.extent_of(session)
            stored, beside = self._signed(session)
            last = max((stored, beside), key=_size)
            if _size(last) > state.size:
                self._refuse_older(_size(last))
                return  # somebody else has just extended and signed it
            signed = last if _size(last) == state.size else self._new(session, state, last)
            _check_heads(session, state, (stored, beside))
        if signed is None:
            return
        if self.kept is not None and _size(beside) < signed.size:
            self.kept.write(signed.size, signed.text)
        if _size(stored) < signed.size:
            with self.write() as session:
                store.write_note(session, signed.size, signed.text)

    def _new(self, session: Session, state: Extent, last: SignedCheckpoint | None) -> SignedCheckpoint:
        """Sign the tree at a size above that of `last`."""
        rederive(session, _EMPTY if last is None else Extent(last.size, last.root), state)
        return sign(Checkpoint(self._trusted.name, *state), self.key)

    def _signed(self, session: Session) -> tuple[SignedCheckpoint | None, SignedCheckpoint | None]:
        """Return the newest checkpoints of the database and of the folder, each with our own signature."""
        stored = store.newest_note(session)
        beside = None if self.kept is None else self.kept.read()
        return (
            None if stored is None else self._opened(*stored),
            None if beside is None else self._opened(*beside),
        )

    def _refuse_older(self, signed_size: int) -> None:
        """Raise `SmTreeForked` when the tree, seen anew, still is smaller than what was signed of it."""
        with self.read() as session:
            size = store.extent_of(session).size
        if size < signed_size:
            raise SmTreeForked(
                size=size,
                reason=Said(
                    f"已签发到 {signed_size}，数据库是旧副本",
                    f"it was signed up to {signed_size}; this database is an older copy",
                ),
            )

    def _opened(self, size: int, note: str) -> SignedCheckpoint:
        """Return a checkpoint kept under `size` that our key signed; raises `SmTreeForked`."""
        try:
            signed = open_signed(note, self._trusted)
        except DaodiError as error:
            raise SmTreeForked(size=size, reason=error) from error
        if signed.size != size:
            raise SmTreeForked(size=size, reason=Said("其签名的大小不同", "its signed size is another"))
        return signed


def _size(head: SignedCheckpoint | None) -> int:
    return 0 if head is None else head.size


def _check_heads(session: Session, state: Extent, heads: Iterable[SignedCheckpoint | None]) -> None:
    """Raise `SmTreeForked` unless the stored tree gives its own root and contains what was signed."""
    tile = store.tile_reader(session, edge_of=state.size)
    for at in {state, *(Extent(head.size, head.root) for head in heads if head is not None)}:
        edge(at, tile)


def _log_head(session: Session) -> Extent:
    try:
        head = published(session)
    except NoCheckpointYet:
        return Extent(0, b"")
    return Extent(head.size, head.root)
