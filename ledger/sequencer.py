"""Gives waiting statements their indices and signs the log's new head.

The order of things is what makes it safe, not any lock: entries and tiles are durable
before a checkpoint is signed; a checkpoint is signed only over what was read back, hashed
again and proved to continue the last one; the log's state moves by compare-and-swap, so of
two sequencers one wins and the other starts anew.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from ledger import store
from ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.errors import BadProof, DaodiError, LogForked, LostRace, ProofOutOfRange, Said, WrongLog
from ledger.keys import SigningKey
from ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    NodeReader,
    leaf_hash,
    prove_consistency,
    tree_root,
    verify_consistency,
)
from ledger.note import NoteKey
from ledger.placement import sort_out
from ledger.tables import PendingRow, StateRow
from ledger.tiles import extend, node_reader

GROUP: Final = 1024
"""Most statements integrated in one transaction."""


@dataclass(frozen=True, slots=True)
class Sequencer:
    """The one part that extends the log. Any number may run at once; they cannot fork it."""

    write: Callable[[], AbstractContextManager[Session]]
    """Opens a session whose transaction commits at the end of the block, or rolls back on error."""
    origin: str
    key: SigningKey
    group: int = GROUP

    def drain(self) -> int:
        """Integrate and sign everything that waits; return how many entries this call integrated.

        Finishes first what an earlier run integrated but did not live to sign. Raises
        `LogNotFounded`, `WrongLog`, or `LogForked` when what is stored does not continue what
        was signed: then nothing is signed until a person has looked.
        """
        self._certify()
        integrated = 0
        while taken := self._integrate():
            integrated += taken.entries
            self._certify()
        return integrated

    def _integrate(self) -> "_Taken | None":
        """Integrate one group in one transaction; None when nothing waits."""
        try:
            with self.write() as session:
                state = self._own_state(session)
                waiting = store.pending_rows(session, self.group)
                return _integrate(session, state, self.origin, waiting) if waiting else None
        except LostRace:
            return _Taken(0)

    def _certify(self) -> None:
        """Sign a checkpoint over everything integrated, unless one is signed already."""
        with self.write() as session:
            state = self._own_state(session)
            old = self._last_signed(session)
            if state.size > old.size:
                _rederive(session, state, old)
                signed = sign_checkpoint(Checkpoint(self.origin, state.size, state.root), self.key)
                store.write_checkpoint(session, state.size, signed.text)
            elif state.size < old.size and store.state_of(session).size < old.size:
                raise LogForked(
                    size=old.size,
                    reason=Said(
                        f"账本状态的大小只有 {state.size}", f"the log's state has size {state.size} only"
                    ),
                )

    def _own_state(self, session: Session) -> StateRow:
        state = store.state_of(session)
        own = NoteKey(self.origin, self.key.public).to_vkey()
        if state.vkey != own:
            raise WrongLog(found=own, expected=state.vkey)
        return state

    def _last_signed(self, session: Session) -> Checkpoint:
        row = store.last_checkpoint(session)
        if row is None:
            return Checkpoint(self.origin, 0, EMPTY_ROOT)
        try:
            signed = open_checkpoint(row.note, NoteKey(self.origin, self.key.public))
        except DaodiError as error:
            raise LogForked(size=row.size, reason=error) from error
        if signed.size != row.size:
            raise LogForked(
                size=row.size,
                reason=Said(f"其签名的大小是 {signed.size}", f"its signed size is {signed.size}"),
            )
        return signed.checkpoint


@dataclass(frozen=True, slots=True)
class _Taken:
    """A group that was dealt with; `entries` of its statements are now in the log."""

    entries: int


def _integrate(session: Session, state: StateRow, origin: str, waiting: list[PendingRow]) -> _Taken:
    size, root = state.size, state.root
    sound, faults = sort_out(session, origin, waiting)
    tile = store.tile_reader(session)
    frontier = _taken_up(size, root, node_reader(tile))
    hashes = [row.leaf_hash for row in sound]
    for hashed in hashes:
        frontier.append(hashed)
    # First of all writes: whoever loses here has written nothing, and whoever wins holds the row.
    if not store.swap_state(session, state, frontier.size, frontier.root()):
        raise LostRace(size=size)
    store.hold_pending(session, faults)
    if sound:
        store.write_entries(session, [_entry_columns(size + place, row) for place, row in enumerate(sound)])
        store.write_tiles(session, extend(size, hashes, tile))
        store.forget_pending(session, [row.pending_id for row in sound if row.pending_id is not None])
    return _Taken(len(sound))


def _taken_up(size: int, root: bytes, node: NodeReader) -> Frontier:
    """Return the stored tree's right edge once it gives `root`; raises `LogForked`."""
    try:
        frontier = Frontier.at(size, node)
    except DaodiError as error:
        raise LogForked(size=size, reason=error) from error
    if frontier.root() != root:
        raise LogForked(
            size=size,
            reason=Said(f"哈希块推不出大小 {size} 的根", f"the tiles do not give the root at size {size}"),
        )
    return frontier


def _entry_columns(index: int, row: PendingRow) -> dict[str, object]:
    return {
        "entry_index": index,
        "statement_id": row.statement_id,
        "subject": row.subject,
        "seq": row.seq,
        "leaf_hash": row.leaf_hash,
        "leaf": row.leaf,
    }


def _rederive(session: Session, state: StateRow, old: Checkpoint) -> None:
    """Hash again what was stored since `old`, and prove that it continues `old`; raises `LogForked`."""
    node = node_reader(store.tile_reader(session))
    frontier = _taken_up(old.size, old.root, node)
    try:
        for row in store.entries_between(session, old.size, state.size):
            hashed = leaf_hash(row.leaf)
            same = hashed == row.leaf_hash == node(0, row.entry_index)
            if row.entry_index != frontier.size or not same:
                raise LogForked(
                    size=old.size, reason=Said(f"第 {row.entry_index} 条记录", f"entry {row.entry_index}")
                )
            frontier.append(hashed)
        if frontier.size != state.size or not frontier.root() == state.root == tree_root(state.size, node):
            raise LogForked(
                size=old.size, reason=Said(f"大小 {state.size} 的根", f"the root at size {state.size}")
            )
        if old.size:
            proof = prove_consistency(old.size, state.size, node)
            verify_consistency(old.size, state.size, old.root, state.root, proof)
    except (BadProof, ProofOutOfRange) as error:
        raise LogForked(size=old.size, reason=error) from error
