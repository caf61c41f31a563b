"""One round with one witness: offer it the newest checkpoint, learn what it knows, keep what it signs."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlmodel import Session

from ledger import store
from ledger.checkpoint import Checkpoint, SignedCheckpoint, parse_checkpoint
from ledger.errors import DaodiError
from ledger.keyring.key_states import key_book
from ledger.log import consistency
from ledger.merkle import EMPTY_ROOT, tree_root
from ledger.note import NoteKey, split_note
from ledger.tree.tiles import node_reader
from ledger.witnessing.policy import Log, Policy
from ledger.witnessing.publication import (
    cosignature_lines,
    heard,
    keep_cosignature,
    known_size,
    policy_in_force,
)
from ledger.witnessing.witness_client import WitnessClient
from ledger.witnessing.witness_errors import OfferOutdated, WitnessRefused

Opener = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class WitnessRound:
    """What it takes to go to one witness; `run` may be called again and again."""

    client: WitnessClient
    origin: str
    read: Opener
    write: Opener
    """Opens a session whose transaction commits at the end of the block."""
    clock_ms: Callable[[], int]

    def run(self, *, again: bool = False) -> bool:
        """Have the newest signed checkpoint cosigned; True when it is now, False when there is nothing to do.

        With `again` the witness is asked even when it cosigned that one already: a database restored from
        an old copy holds the cosignatures of its time, and only the witness knows that more came after.

        A witness that knows more than we signed, or another root than ours under our own
        signature, is remembered: `publication.refuse_below_witnesses` then stops the signing.
        Raises `WitnessUnreachable`, `WitnessRefused`, `WitnessAnswerBad`, and `OfferOutdated`
        when the witness changes what it knows faster than we can answer.
        """
        with self.read() as session:
            newest = store.last_checkpoint(session)
            known = known_size(session, self.client.witness.key)
            done = newest is not None and self._vkey in cosignature_lines(session, newest.size)
        if newest is None:
            self._compare(None)
            return False
        if done and not again:
            return False
        self._offer(newest.note, newest.size, min(known or 0, newest.size))
        return True

    def _offer(self, note: str, size: int, old: int) -> None:
        try:
            line = self._offered_from(note, size, old)
        except OfferOutdated as outdated:
            if outdated.known > size:
                self._compare(outdated.known)
                raise
            line = self._offered_from(note, size, outdated.known)
        with self.write() as session:
            heard(session, self.client.witness.key, size, None, self.clock_ms(), signed=True)
            keep_cosignature(session, size, self.client.witness.key, line)

    def _offered_from(self, note: str, size: int, old: int) -> str:
        with self.read() as session:
            proof = consistency(session, old, size) if 0 < old < size else []
        try:
            return self.client.offer(note, old, proof)
        except WitnessRefused:
            self._compare(None)  # it may hold another history under our own signature
            raise

    def _compare(self, claimed: int | None) -> None:
        """Look at the checkpoint the witness holds, and remember what of it contradicts ours."""
        shown = self._shown(required=claimed is None)
        size = max(claimed or 0, 0 if shown is None else shown.size)
        proof = shown.text if shown is not None and shown.size == size else None
        # Only now is our own size read: what another process signed meanwhile is in the database.
        with self.write() as session:
            contradicts = shown is not None and self._contradicts(session, shown)
            if claimed is not None or shown is not None:
                heard(session, self.client.witness.key, size, proof, self.clock_ms(), contradicts=contradicts)

    def _shown(self, *, required: bool) -> SignedCheckpoint | None:
        """Return what the witness shows under our own signature; a fault of it is raised if `required`."""
        with self.read() as session:
            trusted = _our_keys(session, self.origin)
        try:
            return self.client.shown(self.origin, trusted)
        except DaodiError:
            if required:
                raise
            return None

    def _contradicts(self, session: Session, shown: SignedCheckpoint) -> bool:
        """Tell whether our tree of the shown size has another root: we have forked."""
        newest = store.last_checkpoint(session)
        ours = Checkpoint(self.origin, 0, EMPTY_ROOT) if newest is None else _head(newest.note)
        if shown.size > ours.size:
            return False
        return shown.root != tree_root(shown.size, node_reader(store.tile_reader(session)))

    @property
    def _vkey(self) -> str:
        return self.client.witness.key.to_vkey()


def _our_keys(session: Session, origin: str) -> Policy:
    """The keys that have ever signed for this log, retired ones too, and those the policy lists."""
    keys = [NoteKey.from_vkey(store.state_of(session).vkey)]
    states = key_book(session).states.values()
    keys += [NoteKey(origin, state.key) for state in states if state.log_from is not None]
    policy = policy_in_force(session)
    keys += [] if policy is None else policy.log_keys(origin)
    return Policy(tuple(map(Log, dict.fromkeys(keys))))


def _head(note: str) -> Checkpoint:
    return parse_checkpoint(split_note(note)[0])
