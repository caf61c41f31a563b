"""Lots made from held goods, told of late or brought by a correction: put under the hold at once.

New steps from held goods are refused (`hold_rules`); what happened before the hold and is recorded only
now is kept, and what it made is caught here, in the same transaction, by a statement of the operator's.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from ledger.canonical import JsonValue
from trace.declaring import Declarer
from trace.recalls.closure import closure_of, in_parts
from trace.recalls.hold_stating import new_id
from trace.recalls.hold_world import HoldKind
from trace.recalls.recall_appliers import apply_extended
from trace.recalls.recall_tables import HoldLotRow, HoldRow
from trace.tables import EdgeRow

_MOST_STATED = 1_000
"""Lots one statement names: 40 characters each stay below the size of a leaf."""


def catch_made(session: Session, declarer: Declarer, made: Sequence[str], at_ms: int) -> tuple[str, ...]:
    """Put those of the lots `made`, and what was made of them, under every open hold of their sources.

    Returns the lots that were put under one.
    """
    caught: set[str] = set()
    for hold_id, (kind, lots) in sorted(_escaped(session, made).items()):
        subject = "recall" if kind == HoldKind.RECALL else "hold"
        for begin in range(0, len(lots), _MOST_STATED):
            named: list[JsonValue] = [*lots[begin : begin + _MOST_STATED]]
            declarer.declare(
                session,
                apply_extended,
                kind="hold.extended",
                statement_id=f"urn:uuid:{new_id(declarer)}",
                subject=f"{subject}/{hold_id}",
                public={"hold": hold_id, "kind": kind, "lots": named, **_of_recall(kind, hold_id)},
                at_ms=at_ms,
                by=None,
            )
        caught.update(lots)
    return tuple(sorted(caught))


def _of_recall(kind: str, hold_id: str) -> dict[str, JsonValue]:
    return {"recall": hold_id} if kind == HoldKind.RECALL else {}


def _escaped(session: Session, made: Sequence[str]) -> Mapping[str, tuple[str, list[str]]]:
    """Return by open hold its kind and the lots made from its lots that are not under it."""
    found: dict[str, tuple[str, set[str]]] = {}
    for part in in_parts(made):
        rows = session.execute(
            select(col(HoldRow.hold_id), col(HoldRow.kind), col(EdgeRow.target))
            .join(HoldLotRow, col(HoldLotRow.hold_id) == col(HoldRow.hold_id))
            .join(EdgeRow, col(EdgeRow.source) == col(HoldLotRow.lot_id))
            .where(col(HoldRow.lifted_ms).is_(None), col(EdgeRow.target).in_(part))
        )
        for hold_id, kind, lot in rows:
            found.setdefault(hold_id, (kind, set()))[1].add(lot)
    return {
        hold_id: (kind, missing)
        for hold_id, (kind, lots) in found.items()
        if (missing := _not_under(session, hold_id, closure_of(session, sorted(lots)).lots))
    }


def _not_under(session: Session, hold_id: str, lots: Sequence[str]) -> list[str]:
    known: set[str] = set()
    for part in in_parts(lots):
        known.update(
            session.execute(
                select(col(HoldLotRow.lot_id)).where(
                    col(HoldLotRow.hold_id) == hold_id, col(HoldLotRow.lot_id).in_(part)
                )
            ).scalars()
        )
    return [lot for lot in lots if lot not in known]
