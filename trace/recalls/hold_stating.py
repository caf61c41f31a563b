"""How what is said of holds and recalls becomes a statement: its id, who speaks, what is hidden."""

import uuid
from collections.abc import Mapping

from sqlmodel import Session

from ledger.canonical import JsonValue
from trace.declaring import Declarer
from trace.recalls.persons import PERSON_VISIBLE, Person
from trace.said import Applier, Said


def new_id(declarer: Declarer) -> str:
    """Return a fresh id of a hold, recall or drill."""
    return str(uuid.UUID(bytes=declarer.randomness(16), version=4))


def acting(person: Person) -> dict[str, JsonValue]:
    """Return what a statement says of who acts: the role and the party, never the person."""
    said: dict[str, JsonValue] = {"role": person.role.value}
    return said | {"party": person.party} if person.party else said


def state(
    session: Session,
    declarer: Declarer,
    apply: Applier,
    *,
    kind: str,
    subject: str,
    public: Mapping[str, JsonValue],
    person: Person,
    at_ms: int,
) -> Said:
    """State something of a hold or recall for `person`, who enters the log as a salted digest only."""
    return declarer.declare(
        session,
        apply,
        kind=kind,
        statement_id=f"urn:uuid:{new_id(declarer)}",
        subject=subject,
        public=public,
        at_ms=at_ms,
        by=person.party,
        private=person.private,
        visibility=PERSON_VISIBLE,
    )
