"""Placing a hold takes one authorised person; lifting it takes two."""

from dataclasses import dataclass

from sqlmodel import Session

from ledger.canonical import JsonValue
from trace.coding.code_keys import CodeKeys
from trace.declaring import Declarer
from trace.recalls.closure import held_closure, lots_under
from trace.recalls.hold_appliers import apply_hold_lifted, apply_lift_asked, write_placed
from trace.recalls.hold_stating import acting, new_id, state
from trace.recalls.hold_targets import HoldNew, checked_target, lots_of_target, require_goods
from trace.recalls.hold_world import HoldKind, Role
from trace.recalls.persons import Person, require_another
from trace.recalls.recall_errors import HoldLifted, HoldOfRecall, NotYoursToLift, UnknownHold
from trace.recalls.recall_tables import HoldRow


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced:
    """What placing or lifting a hold answers."""

    hold_id: str
    statement_id: str
    lots: tuple[str, ...]
    """Every lot it covers."""


def place_hold(
    session: Session, declarer: Declarer, new: HoldNew, person: Person, code_keys: CodeKeys, at_ms: int
) -> HoldPlaced:
    """Put a party, product, lot or code on hold, with all that was made from the lots it covers.

    Raises `UnknownFreezeTarget`, `UnknownCode` and its like, and `NotYourGoods` for an owner of other goods.
    """
    target = checked_target(session, new.kind, new.target, code_keys)
    require_goods(session, new.kind, target, person)
    closure = held_closure(session, lots_of_target(session, new.kind, target))
    hold_id = new_id(declarer)
    public: dict[str, JsonValue] = {
        "hold": hold_id,
        "kind": new.kind.value,
        "target": target,
        "reason": new.reason,
        **acting(person),
        "root": closure.root,
        "lots": len(closure.lots),
    }
    if new.document:
        public["document"] = new.document
    said = state(
        session,
        declarer,
        lambda writing, said: write_placed(writing, said, closure),
        kind="hold.placed",
        subject=f"hold/{hold_id}",
        public=public,
        person=person,
        at_ms=at_ms,
    )
    return HoldPlaced(hold_id=hold_id, statement_id=said.statement_id, lots=closure.lots)


def ask_to_lift(
    session: Session, declarer: Declarer, hold_id: str, reason: str, person: Person, at_ms: int
) -> HoldPlaced:
    """Ask for a hold to be lifted: the first of two persons.

    Raises `UnknownHold`, `HoldLifted`, `HoldOfRecall`, `NotYoursToLift`.
    """
    row = _open(session, hold_id, person)
    public: dict[str, JsonValue] = {"hold": hold_id, "reason": reason, **acting(person)}
    said = state(
        session,
        declarer,
        apply_lift_asked,
        kind="hold.lift_asked",
        subject=f"hold/{hold_id}",
        public=public,
        person=person,
        at_ms=at_ms,
    )
    return HoldPlaced(hold_id=row.hold_id, statement_id=said.statement_id, lots=())


def lift(session: Session, declarer: Declarer, hold_id: str, person: Person, at_ms: int) -> HoldPlaced:
    """Lift a hold that another person asked to be lifted: the second of two.

    What another open hold covers stays frozen. Raises what `ask_to_lift` raises, `LiftNotAsked`,
    `SamePerson`, `PersonForgotten`.
    """
    row = _open(session, hold_id, person)
    require_another(session, declarer.vault, row.asked_statement, person)
    require_regulator(row, row.asked_role, person)
    asked: dict[str, JsonValue] = {"asked_role": row.asked_role, "asked_in": row.asked_statement}
    public: dict[str, JsonValue] = {"hold": hold_id, **acting(person), **asked}
    said = state(
        session,
        declarer,
        apply_hold_lifted,
        kind="hold.lifted",
        subject=f"hold/{hold_id}",
        public=public,
        person=person,
        at_ms=at_ms,
    )
    return HoldPlaced(hold_id=hold_id, statement_id=said.statement_id, lots=lots_under(session, hold_id))


def hold_row(session: Session, hold_id: str) -> HoldRow:
    """Return a hold as it stands now; raises `UnknownHold`."""
    row = session.get(HoldRow, hold_id, populate_existing=True)
    if row is None:
        raise UnknownHold(hold=hold_id)
    return row


def require_may_end(row: HoldRow, person: Person) -> None:
    """Raise `NotYoursToLift` unless `person` may help to end this hold.

    What an owner placed, the owner, a regulator or the operator ends; what a regulator or the operator
    placed, only these.
    """
    if person.role is not Role.OWNER or (row.role == Role.OWNER and row.party == person.party):
        return
    placed = Role(row.role)
    raise NotYoursToLift(role_zh=placed.zh, role_en=placed.en, own_zh=person.role.zh, own_en=person.role.en)


def require_regulator(row: HoldRow, asked_role: str | None, second: Person) -> None:
    """Raise `NotYoursToLift` where a regulator placed the hold and neither of the two is one."""
    if row.role == Role.REGULATOR and Role.REGULATOR not in (asked_role, second.role):
        placed, own = Role.REGULATOR, second.role
        raise NotYoursToLift(role_zh=placed.zh, role_en=placed.en, own_zh=own.zh, own_en=own.en)


def _open(session: Session, hold_id: str, person: Person) -> HoldRow:
    row = hold_row(session, hold_id)
    if row.kind == HoldKind.RECALL:
        raise HoldOfRecall(recall=hold_id)
    if row.lifted_ms is not None:
        raise HoldLifted(hold=hold_id)
    require_may_end(row, person)
    return row
