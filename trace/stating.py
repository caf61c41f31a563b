"""How a statement made here goes to the ledger: signed by itself, or under one manifest of its party.

A file of many steps costs one signature for each party in it instead of one for each step; receipts and
stories are the same. The caller owns the transaction.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from sqlmodel import Session

from ledger.clock import Randomness
from ledger.entry import (
    GENESIS,
    MAX_MANIFEST,
    Entry,
    ManifestPlace,
    SignedStatement,
    Statement,
    sign_statement,
)
from ledger.keys import SigningKey
from ledger.manifests.manifest import PREFIX, sign_manifest
from ledger.manifests.manifest_outbox import submit_manifest
from ledger.writing.outbox import submit

Stating: TypeAlias = Callable[[Session, Statement, str, SigningKey], None]
"""Brings a statement into the log of that name under that key."""

FEWEST: Final = 2
"""Statements that are worth a manifest, which is an entry of its own."""
_LATER_SEQ: Final = 10**12
"""A number within its subject as long as any: a leaf that fits with it fits with the real one."""


def state_alone(session: Session, statement: Statement, origin: str, key: SigningKey) -> None:
    """Sign a statement and submit it; raises what `submit` raises."""
    submit(session, sign_statement(statement, origin, key))


@dataclass(slots=True)
class Gathered:
    """Statements that wait to be signed together, by party, in the order they were made."""

    randomness: Randomness
    at_ms: int
    _waiting: list[tuple[Statement, str, SigningKey]] = field(default_factory=list)

    def state(self, session: Session, statement: Statement, origin: str, key: SigningKey) -> None:  # noqa: ARG002  the form of `Stating`
        """Take a statement; raises `NotCanonical` or `LeafTooLarge` now, while its row is known."""
        place = SignedStatement(
            statement=statement,
            origin=origin,
            actor=key.public.key_id,
            signature=ManifestPlace(f"{PREFIX}{uuid.UUID(int=0)}", MAX_MANIFEST - 1),
        )
        _ = Entry(signed=place, seq=_LATER_SEQ, prev=GENESIS).leaf_bytes
        self._waiting.append((statement, origin, key))

    def mark(self) -> int:
        """Return where the next statement will stand, for `back_to`."""
        return len(self._waiting)

    def back_to(self, mark: int) -> None:
        """Forget what was gathered since: the step it was made for was not written."""
        del self._waiting[mark:]

    def submit(self, session: Session) -> None:
        """Submit everything gathered: one manifest for each party, at most 10,000 statements in each.

        Raises `PoisonInManifest` or what the gate says; nothing must then stay written.
        """
        by_key: dict[tuple[str, str], list[tuple[Statement, str, SigningKey]]] = {}
        for each in self._waiting:
            by_key.setdefault((each[1], each[2].public.key_id), []).append(each)
        for waiting in by_key.values():
            _, origin, key = waiting[0]
            for begin in range(0, len(waiting), MAX_MANIFEST):
                self._sign(session, [each[0] for each in waiting[begin : begin + MAX_MANIFEST]], origin, key)
        self._waiting.clear()

    def _sign(self, session: Session, said: Sequence[Statement], origin: str, key: SigningKey) -> None:
        if len(said) < FEWEST:
            for each in said:
                state_alone(session, each, origin, key)
            return
        manifest_id = f"{PREFIX}{uuid.UUID(bytes=self.randomness(16), version=4)}"
        submit_manifest(session, sign_manifest(said, origin, key, manifest_id, self.at_ms))
