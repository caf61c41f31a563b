"""What the log is told of warnings: that one was opened, decided about, closed.

Of a rule that only regulators see the log holds a salted digest: it proves later what was known when, and
tells nobody now, not even the rule. The subject of such a statement is the same for all.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from sqlmodel import Session

from ledger.canonical import JsonValue, canonical
from priceindex.governance.stating import Operator
from priceindex.warning.alerts.happenings import Event, Happening, Warned
from priceindex.warning.alerts.warning_tables import WarningRow

OPENED: Final = "warning.opened"
DECIDED: Final = "warning.decided"
CLOSED: Final = "warning.closed"
HIDDEN_SUBJECT: Final = "warning/regulator"


def state_opened(
    session: Session, operator: Operator, row: WarningRow, event: Event, evidence: str | None
) -> str:
    """State that people were told of a warning; returns the statement's id."""
    told = opened_members(row, event, evidence)
    return _state(session, operator, row, OPENED, f"{OPENED}:{row.warning_id}", told, event.at_ms)


def state_decided(session: Session, operator: Operator, row: WarningRow, event: Event) -> str:
    """State what a person decided, without the person; returns the statement's id."""
    told = decided_members(row, event)
    named = f"{DECIDED}:{row.warning_id}:{event.number}"
    return _state(session, operator, row, DECIDED, named, told, event.at_ms)


def state_closed(session: Session, operator: Operator, row: WarningRow, event: Event) -> str:
    """State that a warning is over; returns the statement's id."""
    told = closed_members(row, event)
    named = f"{CLOSED}:{row.warning_id}:{event.number}"
    return _state(session, operator, row, CLOSED, named, told, event.at_ms)


def opened_members(row: WarningRow, event: Event, evidence: str | None) -> dict[str, JsonValue]:
    """What is stated, or digested, of an opening: `evidence` is its canonical JSON."""
    return {
        "warning": row.warning_id,
        "family": row.family,
        "level": row.level,
        "node": row.node,
        "rule": row.rule,
        "form": row.form,
        "episode": row.episode,
        "rules_sha256": row.rules_sha256,
        "state": event.state.word,
        "release": event.release_id,
        "evidence_sha256": None if evidence is None else hashlib.sha256(evidence.encode()).hexdigest(),
    }


def decided_members(row: WarningRow, event: Event) -> dict[str, JsonValue]:
    """What is stated, or digested, of a decision."""
    return {
        "warning": row.warning_id,
        "number": event.number,
        "act": str(event.kind),
        "state": event.state.word,
        "words": event.words,
        "until_ms": event.until_ms,
    }


def closed_members(row: WarningRow, event: Event) -> dict[str, JsonValue]:
    """What is stated, or digested, of an end."""
    return {
        "warning": row.warning_id,
        "number": event.number,
        "how": "closed" if event.kind is Happening.CLOSED else "ended",
        "reason": None if event.reason is None else str(event.reason),
        "words": event.words,
        "state": event.state.word,
        "release": event.release_id,
    }


def commitment(members: Mapping[str, JsonValue], salt: bytes) -> str:
    """The salted digest that stands in the log for what only regulators see, hex.

    >>> commitment({"warning": "w"}, bytes(16))[:12]
    'a790583dbe6a'
    """
    return hashlib.sha256(canonical({**members, "salt": salt.hex()})).hexdigest()


def public_members(row: WarningRow, members: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """What of a statement stands in the log."""
    if row.visible == "public":
        return dict(members)
    return {"warning": row.warning_id, "sha256": commitment(members, row.salt)}


def is_stated(warned: Warned) -> bool:
    """Whether the log knows of a warning: only what people were told of is stated."""
    return warned.told_ms is not None


def _state(
    session: Session,
    operator: Operator,
    row: WarningRow,
    kind: str,
    named: str,
    members: Mapping[str, JsonValue],
    at_ms: int,
) -> str:
    subject = f"warning/{row.family}" if row.visible == "public" else HIDDEN_SUBJECT
    operator.state(session, kind, subject, named, public_members(row, members), at_ms)
    return named
