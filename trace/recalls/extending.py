"""What holders had, once lots turn up that were made of recalled goods before the recall."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from trace.recalls.portions import Portion, Share, shares
from trace.recalls.recall_tables import HoldLotRow, RecallShareRow
from trace.tables import LotRow, StepLotRow, StepRow, insert_rows


def extend_shares(session: Session, recall_id: str, gained: Sequence[Portion]) -> None:
    """Count the lots that turned up, and no longer count what was drawn from recalled lots to make them."""
    drawn = _drawn(session, recall_id, sorted({portion.lot for portion in gained}))
    found = shares(gained)
    for holder in sorted({*found, *drawn}):
        _add(session, recall_id, holder, found.get(holder), drawn.get(holder, 0))


def _drawn(session: Session, recall_id: str, made: Sequence[str]) -> Mapping[str, int]:
    """Return by party the grams of recalled lots that the steps which made these lots drew."""
    steps = select(col(LotRow.made_step)).where(col(LotRow.lot_id).in_(made))
    under = select(col(HoldLotRow.lot_id)).where(col(HoldLotRow.hold_id) == recall_id)
    rows = session.execute(
        select(col(StepRow.party), func.sum(func.coalesce(col(StepLotRow.grams), 0)))
        .join(StepLotRow, col(StepLotRow.step_id) == col(StepRow.step_id))
        .where(
            col(StepRow.step_id).in_(steps),
            col(StepLotRow.role) == "used",
            col(StepLotRow.lot_id).in_(under),
        )
        .group_by(col(StepRow.party))
    )
    return {party: int(grams) for party, grams in rows}


def _add(session: Session, recall_id: str, holder: str, share: Share | None, drawn: int) -> None:
    known = session.get(RecallShareRow, (recall_id, holder), populate_existing=True)
    lots, grams, packs = (share.lots, share.grams, share.packs) if share else (0, 0, 0)
    if known is None:
        values = {"recall_id": recall_id, "holder": holder, "lots": lots, "packs": packs}
        insert_rows(session, RecallShareRow, [values | {"grams": max(0, grams - drawn)}])
        return
    session.execute(
        update(RecallShareRow)
        .where(col(RecallShareRow.recall_id) == recall_id, col(RecallShareRow.holder) == holder)
        .values(lots=known.lots + lots, grams=max(0, known.grams + grams - drawn), packs=known.packs + packs)
        .execution_options(synchronize_session=False)
    )
