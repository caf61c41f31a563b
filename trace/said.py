"""What was said: a logged statement as the trace reads it, when it is made and when it is replayed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sqlmodel import Session

from ledger.canonical import JsonValue
from ledger.entry import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One statement of the trace."""

    statement_id: str
    kind: str
    subject: str
    at_ms: int
    """When it was recorded: epoch milliseconds, UTC."""
    actor: str
    """Id of the key that signed it, or its manifest."""
    public: Mapping[str, JsonValue]
    digests: tuple[str, ...] = ()

    @property
    def nth(self) -> int:
        """Its number in the order of the trace (`trace.ordering`)."""
        number = self.public["nth"]
        if not isinstance(number, int):
            raise TypeError(self.statement_id)
        return number


def said_in(statement: Statement, actor: str) -> Said:
    """Return what `statement` says, signed by the key `actor`."""
    return Said(
        statement_id=statement.id,
        kind=statement.kind,
        subject=statement.subject,
        at_ms=statement.at_ms,
        actor=actor,
        public=statement.public,
        digests=statement.digests,
    )


Applier: TypeAlias = Callable[[Session, Said], None]
"""Writes what a statement changes in the projections.

Recording calls it once and `daodi rebuild` again: it must write the same rows from the statement and the
rows before it, and from nothing else (no clock, no chance, no private value).
"""
