"""Holds and recalls for tests: who places them, who lifts them, and a regulator."""

from sqlmodel import Session

from trace.identifiers import make_uscc
from trace.parties import PartyNew
from trace.recalls.hold_targets import HoldNew
from trace.recalls.hold_world import HoldKind, Role
from trace.recalls.holds import ask_to_lift, lift, place_hold
from trace.recalls.persons import Person
from trace.service import Recorder
from trace.vocabulary import NodeType

REGULATOR = make_uscc("1", "1", "341600", "00316000")

FIRST = Person(role=Role.OPERATOR, party=None, name="值班甲", token="aaaaaaaa")
SECOND = Person(role=Role.OPERATOR, party=None, name="值班乙", token="bbbbbbbb")


def register_regulator(session: Session, by: Recorder, at_ms: int) -> None:
    new = PartyNew(uscc=REGULATOR, name="亳州市药监局", node_types=(NodeType.REGULATOR,), division="341600")
    by.register_party(session, new, at_ms)


def regulator(name: str = "科员甲", prefix: str = "cccccccc") -> Person:
    return Person(role=Role.REGULATOR, party=REGULATOR, name=name, token=prefix)


def owner(party: str, name: str = "质量部甲", prefix: str = "dddddddd") -> Person:
    return Person(role=Role.OWNER, party=party, name=name, token=prefix)


def hold(
    session: Session,
    by: Recorder,
    kind: str,
    target: str,
    reason: str,
    at_ms: int,
    person: Person = FIRST,
) -> str:
    new = HoldNew(kind=HoldKind(kind), target=target, reason=reason)
    return place_hold(session, by.declarer, new, person, by.code_keys, at_ms).hold_id


def lifted(session: Session, by: Recorder, hold_id: str, at_ms: int) -> None:
    """Two persons of the operator lift a hold."""
    ask_to_lift(session, by.declarer, hold_id, "复检合格", FIRST, at_ms)
    lift(session, by.declarer, hold_id, SECOND, at_ms)
