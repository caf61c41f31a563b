"""Gives waiting statements their indices and signs the log's new head.

The order of things is what makes it safe, not any lock: entries and tiles are durable
before a checkpoint is signed; a checkpoint is signed only over what was read back, hashed
again and proved to continue the last one; it is durable beside the keys before anybody can see it;
the log's state moves by compare-and-swap, so of two sequencers one wins and the other starts anew.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from ledger import store
from ledger.errors import LostRace, WrongLog
from ledger.keyring.log_keys import Signers
from ledger.note import NoteKey
from ledger.store import Extent, Leaf
from ledger.tables import StateRow
from ledger.writing import outbox_store
from ledger.writing.append import append_leaves
from ledger.writing.certificate import certify
from ledger.writing.kept_heads import KeptHeads
from ledger.writing.opening import Group, open_group
from ledger.writing.placement import sort_out
from ledger.writing.signature_checks import VERIFIED, SignatureChecks
from ledger.writing.unchanged import leave_unchanged

GROUP: Final = 1024
"""Most statements integrated in one transaction."""


@dataclass(frozen=True, slots=True)
class Sequencer:
    """The one part that extends the log. Any number may run at once; they cannot fork it."""

    write: Callable[[], AbstractContextManager[Session]]
    """Opens a session whose transaction commits at the end of the block, or rolls back on error."""
    origin: str
    signers: Signers
    """Gives the current log keys, which all sign every checkpoint."""
    group: int = GROUP
    kept: KeptHeads | None = None
    """Where the last signed checkpoint is kept out of the database's reach; None trusts the database."""
    checks: SignatureChecks | None = None
    """Where signatures are checked that this process has not seen; None checks them on the spot."""

    def drain(self) -> int:
        """Integrate and sign everything that waits; return how many entries this call integrated.

        Finishes first what an earlier run integrated but did not live to sign. Raises
        `LogNotFounded`, `WrongLog`, `KeyFileMissing` for a current log key that is not at hand, or
        `LogForked` when what is stored does not continue what was signed: then nothing is signed until a
        person has looked.
        """
        integrated, more = 0, True
        while (group := self._certify()).rows and more:
            entries = self._integrate(group)
            integrated += entries
            # What came meanwhile waits for the next drain: one that never ended would leave the writers few
            # turns. A group of which nothing was taken was lost to another sequencer, or set aside.
            more = not entries or len(group.rows) == self.group
        return integrated

    def _certify(self) -> Group:
        """Sign everything integrated, unless it is signed already; return what waits to be integrated."""
        with self.write() as session:
            state = self._own_state(session)
            signed = store.last_checkpoint(session)
            certify(session, self.origin, state, self.signers, self.kept)
            if store.last_checkpoint(session) == signed:
                leave_unchanged(session)
            return open_group(
                session,
                self.origin,
                Extent(state.size, state.root),
                outbox_store.waiting(session, self.group),
            )

    def _integrate(self, group: Group) -> int:
        """Integrate one group in one transaction; return how many entries that made."""
        opened = group.verified(self.checks)
        try:
            with self.write() as session:
                sound, faults = sort_out(session, group.after.size, opened)
                # First of all writes: whoever loses here has written nothing.
                append_leaves(session, group.after, [Leaf(*row[1:]) for row in sound])
                outbox_store.set_aside(session, faults)
                outbox_store.forget(session, [row.pending_id for row in sound])
        except LostRace:
            return 0
        VERIFIED.forget(row.leaf_hash for row in group.rows)
        return len(sound)

    def _own_state(self, session: Session) -> StateRow:
        state = store.state_of(session)
        name = NoteKey.from_vkey(state.vkey).name
        if name != self.origin:
            raise WrongLog(found=self.origin, expected=name)
        return state
