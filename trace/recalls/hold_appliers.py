"""What the statements about holds change: placed, extended to lots made since, asked to be lifted, lifted."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from ledger.canonical import JsonValue
from trace.coding.runs import set_frozen
from trace.recalls.closure import Closure, closure_of, put_under, release
from trace.recalls.hold_targets import lots_of_target
from trace.recalls.hold_world import HoldKind
from trace.recalls.recall_errors import ClosureDiffers
from trace.recalls.recall_tables import HoldRow
from trace.said import Said
from trace.tables import PartyRow, insert_rows


def apply_hold_placed(session: Session, said: Said) -> None:
    """Write a hold, the lots it covers and what it freezes; raises `ClosureDiffers`."""
    kind, target = HoldKind(str(said.public["kind"])), str(said.public["target"])
    write_placed(session, said, checked_closure(session, said, lots_of_target(session, kind, target)))


def write_placed(session: Session, said: Said, closure: Closure) -> None:
    """Write a hold on the lots in `closure`, and freeze the party or code it names."""
    write_hold(session, said, closure)
    _freeze_target(session, HoldKind(str(said.public["kind"])), str(said.public["target"]), frozen=True)


def checked_closure(session: Session, said: Said, named: Sequence[str]) -> Closure:
    """Return the closure of the lots a statement names; raises `ClosureDiffers` where it is another one."""
    found = closure_of(session, named)
    if found.root != said.public["root"]:
        raise ClosureDiffers(hold=said.statement_id, stated=said.public["root"], found=found.root)
    return found


def write_hold(session: Session, said: Said, closure: Closure) -> None:
    """Write the row of a hold or of a recall's hold, with the lots under it."""
    public = said.public
    hold_id = str(public["hold"])
    values = {
        "hold_id": hold_id,
        "kind": public["kind"],
        "target": public["target"],
        "reason": public["reason"],
        "role": public["role"],
        "party": public.get("party"),
        "document": public.get("document"),
        "root": public["root"],
        "lots": len(closure.lots),
        "placed_ms": said.at_ms,
        "statement_id": said.statement_id,
    }
    insert_rows(session, HoldRow, [values])
    put_under(session, hold_id, closure.lots)


def apply_hold_extended(session: Session, said: Said) -> None:
    """Put lots made since under an open hold."""
    lots = texts(said.public["lots"])
    put_under(session, str(said.public["hold"]), lots)
    _change(session, said, {"lots": HoldRow.lots + len(lots)})


def apply_lift_asked(session: Session, said: Said) -> None:
    """Note that one person asks for a hold to be lifted."""
    role = said.public["role"]
    _change(
        session,
        said,
        {"asked_ms": said.at_ms, "asked_role": role, "asked_statement": said.statement_id},
    )


def apply_hold_lifted(session: Session, said: Said) -> None:
    """Lift a hold; what another open hold covers stays frozen."""
    _change(
        session,
        said,
        {
            "lifted_ms": said.at_ms,
            "lifted_role": said.public["role"],
            "lifted_statement": said.statement_id,
        },
    )
    hold_id = str(said.public["hold"])
    release(session, hold_id)
    row = session.execute(
        select(col(HoldRow.kind), col(HoldRow.target)).where(col(HoldRow.hold_id) == hold_id)
    ).one()
    others = select(func.count()).where(
        col(HoldRow.kind) == row.kind, col(HoldRow.target) == row.target, col(HoldRow.lifted_ms).is_(None)
    )
    if not session.execute(others).scalar_one():
        _freeze_target(session, HoldKind(row.kind), row.target, frozen=False)


def texts(value: JsonValue) -> tuple[str, ...]:
    """Return the members of a list of texts in a statement."""
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def _change(session: Session, said: Said, values: Mapping[str, object]) -> None:
    session.execute(
        update(HoldRow)
        .where(col(HoldRow.hold_id) == said.public["hold"])
        .values(values)
        .execution_options(synchronize_session=False)
    )


def _freeze_target(session: Session, kind: HoldKind, target: str, *, frozen: bool) -> None:
    """Mark the party or code of a hold; lots are marked with those under the hold."""
    if kind is HoldKind.PARTY:
        session.execute(
            update(PartyRow)
            .where(col(PartyRow.uscc) == target)
            .values(frozen=frozen)
            .execution_options(synchronize_session=False)
        )
    elif kind is HoldKind.CODE:
        set_frozen(session, int(target), int(target), frozen=frozen)
