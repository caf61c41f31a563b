"""Declaring: one statement about a party, a place, a hold, a recall … and what it changes, together.

Steps have their own way (`trace.service`); everything else a party, a
regulator or the operator states about the trade goes through here, so that it is numbered, signed,
submitted, its private values kept, and applied by the function that a rebuild applies it with.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from ledger.canonical import JsonValue
from ledger.clock import Randomness
from ledger.entry import Statement
from ledger.keys import SigningKey
from ledger.private.private_vault import Vault
from trace.ordering import next_nth
from trace.private_values import conceal_all, digests_with_decoys, keep
from trace.profiles import Visibility
from trace.said import Applier, Said, said_in
from trace.stating import Stating, state_alone
from trace.steps import FieldValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarer:
    """States things in the log named `origin`."""

    origin: str
    signer_of: Callable[[str], SigningKey]
    """Gives the signing key of a party by its USCC."""
    operator_key: Callable[[], SigningKey]
    """Gives the log's own key, which signs what the operator states."""
    randomness: Randomness
    vault: Vault
    stating: Stating = state_alone

    def declare(
        self,
        session: Session,
        apply: Applier,
        *,
        kind: str,
        statement_id: str,
        subject: str,
        public: Mapping[str, JsonValue],
        at_ms: int,
        by: str | None,
        private: Mapping[str, FieldValue] | None = None,
        visibility: Mapping[str, Visibility] | None = None,
        refs: Sequence[str] = (),
    ) -> Said:
        """State `public` as the party `by` (a USCC), or as the operator where it is None, and apply it.

        Private values enter the log as salted digests; `visibility` says who may see each of them.
        Raises what `apply` and the ledger's gate raise; nothing of it is then to stay written.
        """
        key = self.operator_key() if by is None else self.signer_of(by)
        hidden = conceal_all(private or {}, self.randomness)
        digests = digests_with_decoys(hidden, self.randomness) if private is not None else ()
        statement = Statement(
            id=statement_id,
            kind=kind,
            subject=subject,
            at_ms=at_ms,
            public={**public, "nth": next_nth(session)},
            digests=tuple(digests),
            refs=tuple(refs),
        )
        said = said_in(statement, key.public.key_id)
        apply(session, said)
        if hidden:
            keep(session, self.vault, statement_id, subject, hidden, visibility or {}, at_ms)
        self.stating(session, statement, self.origin, key)
        return said
