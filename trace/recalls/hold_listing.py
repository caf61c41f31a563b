"""Holds and recalls as those see them who may: all of them, or what concerns one party."""

from collections.abc import Sequence

from sqlalchemy import and_, exists, or_
from sqlmodel import Session, col, select

from ledger.canonical import JsonValue
from ledger.keyset import Sorted, page_after
from trace.recalls.hold_world import Role
from trace.recalls.persons import Person
from trace.recalls.recall_tables import DrillRow, HoldLotRow, HoldRow, RecallRow
from trace.tables import LotRow


def holds_seen_by(
    session: Session, person: Person, *, lifted: bool, after: Sequence[JsonValue] | None, limit: int
) -> list[HoldRow]:
    """Return holds, newest first; an owner sees those on itself, on goods it has, and its own.

    `after` is time and id of the last one seen.
    """
    wanted = select(HoldRow).order_by(col(HoldRow.placed_ms).desc(), col(HoldRow.hold_id).desc())
    if not lifted:
        wanted = wanted.where(col(HoldRow.lifted_ms).is_(None))
    if person.role is Role.OWNER:
        has = exists(
            select(col(HoldLotRow.lot_id))
            .join(LotRow, col(LotRow.lot_id) == col(HoldLotRow.lot_id))
            .where(col(HoldLotRow.hold_id) == col(HoldRow.hold_id), col(LotRow.holder) == person.party)
        )
        wanted = wanted.where(
            or_(col(HoldRow.party) == person.party, col(HoldRow.target) == person.party, has)
        )
    if after is not None:
        at_ms, hold_id = int(str(after[0])), str(after[1])
        older = and_(col(HoldRow.placed_ms) == at_ms, col(HoldRow.hold_id) < hold_id)
        wanted = wanted.where(or_(col(HoldRow.placed_ms) < at_ms, older))
    return list(session.exec(wanted.limit(limit)))


def recalls(
    session: Session, *, only_open: bool, after: Sequence[JsonValue] | None, limit: int, offset: int = 0
) -> list[tuple[RecallRow, HoldRow]]:
    """Return recalls with their holds, newest first; `after` is time and id of the last one seen.

    `offset` passes over so many, for pages that can be turned back.
    """
    wanted = (
        select(RecallRow, HoldRow)
        .join(HoldRow, col(HoldRow.hold_id) == col(RecallRow.recall_id))
        .order_by(col(RecallRow.opened_ms).desc(), col(RecallRow.recall_id).desc())
    )
    if only_open:
        wanted = wanted.where(RecallRow.state == "open")
    if after is not None:
        at_ms, recall_id = int(str(after[0])), str(after[1])
        older = and_(col(RecallRow.opened_ms) == at_ms, col(RecallRow.recall_id) < recall_id)
        wanted = wanted.where(or_(col(RecallRow.opened_ms) < at_ms, older))
    return [(recall, hold) for recall, hold in session.exec(wanted.offset(offset).limit(limit))]


def drills(session: Session, limit: int, after: tuple[int, str] | None = None) -> list[DrillRow]:
    """Return the newest mock recalls; `after` is time and id of the last one seen."""
    order = (Sorted(col(DrillRow.drilled_ms), newest_first=True), Sorted(col(DrillRow.drill_id)))
    return list(session.exec(page_after(select(DrillRow), order, after, limit)))
