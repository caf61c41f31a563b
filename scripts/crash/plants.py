"""Faults planted in a process under trial, to prove that the trials can see them.

Each replaces a public part of the product from outside, in that process only.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar
from unittest.mock import patch

from sqlalchemy import Engine, delete, event, update
from sqlmodel import Session, col, select

from api import sqlite_engines
from api.sequencing import Sequencing
from api.writer import Writer
from ledger import store
from ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.merkle import Frontier
from ledger.note import NoteKey
from ledger.tables import CheckpointRow, EntryRow, StateRow
from ledger.tree.tiles import node_reader
from ledger.writing import outbox_store
from ledger.writing.sequencer import Sequencer

T = TypeVar("T")
SYNCHRONOUS_NORMAL: Final = "synchronous-normal"
HASTY_ACKNOWLEDGEMENT: Final = "acknowledge-before-commit"
SECOND_SEQUENCER: Final = "second-sequencer"
SWALLOWED_SYNC: Final = "swallowed-fsync"
"""Planted by `recording_vfs`, where the errors of syncs arise."""
BLIND_VERIFIER: Final = "verifier-without-rehash"
"""Planted by handing `judge` the auditor `trusting_audit`."""


@contextmanager
def planted(names: Sequence[str]) -> Iterator[None]:
    """Have these faults in the block."""
    with ExitStack() as stack:
        if SYNCHRONOUS_NORMAL in names:
            stack.enter_context(
                patch.object(sqlite_engines, "write_engine", _normal(sqlite_engines.write_engine))
            )
        if HASTY_ACKNOWLEDGEMENT in names:
            stack.enter_context(patch("api.station.Writer", HastyWriter))
        if SECOND_SEQUENCER in names:
            stack.enter_context(patch("api.station.Sequencing", RivalledSequencing))
        yield


def _normal(original: Callable[[Path, int], Engine]) -> Callable[[Path, int], Engine]:
    """SQLite as many run it: commits are handed to the system, not to the disk."""

    def engine(path: Path, busy_timeout_ms: int) -> Engine:
        made = original(path, busy_timeout_ms)
        event.listen(made, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=NORMAL").close())
        return made

    return engine


class HastyWriter(Writer):
    """Acknowledges what it has only queued."""

    def submit(self, work: Callable[[Session], T], *, own: bool = False) -> Any:  # noqa: ANN401  it has no result yet
        """Return before the commit."""
        self.promise(work, own=own)


class RivalledSequencing(Sequencing):
    """Beside the real sequencer works one that was paused, has lost the lead and does not look again."""

    def drain(self) -> int:
        """Read what the stale one will write, drain truly, then let it write."""
        stale = StaleSequencer(self._sequencer)
        integrated = super().drain()
        stale.resume()
        return integrated


class StaleSequencer:
    """Writes and signs what it read before it was paused: no compare-and-swap, no look at the last head.

    Its snapshot lacked the oldest waiting statement, as a snapshot does while that one's transaction commits.
    """

    def __init__(self, sequencer: Sequencer) -> None:
        self._sequencer = sequencer
        with sequencer.write() as session:
            state = store.state_of(session)
            frontier = Frontier.at(state.size, node_reader(store.tile_reader(session)))
            self._group = [row.leaf_hash for row in outbox_store.waiting(session, 8)][1:]
        for hashed in self._group:
            frontier.append(hashed)
        self._head = Checkpoint(sequencer.origin, frontier.size, frontier.root())

    def resume(self) -> None:
        """Sign its own head and put it in the place of the log's."""
        if not self._group:
            return
        with self._sequencer.write() as session:
            note = sign_checkpoint(self._head, self._sequencer.signers(session, self._head.size)).text
            connection = session.connection()
            connection.execute(update(StateRow).values(size=self._head.size, root=self._head.root))
            connection.execute(delete(CheckpointRow).where(col(CheckpointRow.size) >= self._head.size))
            store.write_checkpoint(session, self._head.size, note)


def trusting_audit(session: Session, vkey: str, kept: Sequence[str]) -> Sequence[object]:
    """Audit by stored hashes alone: the leaves' bytes are never hashed again."""
    key, frontier, roots = NoteKey.from_vkey(vkey), Frontier(), {}
    for hashed in session.exec(select(EntryRow.leaf_hash).order_by(col(EntryRow.entry_index))):
        frontier.append(hashed)
        roots[frontier.size] = frontier.root()
    heads = [open_checkpoint(note, key) for note in (*session.exec(select(CheckpointRow.note)), *kept)]
    return [head.size for head in heads if roots.get(head.size) != head.root]
