"""Statements of the index's governance in the log, signed by the operator."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from ledger.canonical import JsonValue
from ledger.entry import Statement, sign_statement
from ledger.keys import SigningKey
from ledger.writing.outbox import submit


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the index: the name of the log and the key that is registered in it."""

    origin: str
    key: SigningKey

    def state(
        self,
        session: Session,
        kind: str,
        subject: str,
        statement_id: str,
        public: Mapping[str, JsonValue],
        at_ms: int,
    ) -> None:
        """Put one statement into the outbox; raises what the outbox refuses."""
        said = Statement(id=statement_id, kind=kind, subject=subject, at_ms=at_ms, public=dict(public))
        submit(session, sign_statement(said, self.origin, self.key))
