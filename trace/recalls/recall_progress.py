"""A recall as it stands now: what each holder had and has, what was destroyed, how effective it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from trace.recalls.closure import in_parts, lots_under
from trace.recalls.effectiveness import Effectiveness, HolderProgress, effectiveness, progress
from trace.recalls.portions import Portion, Share, portions_of, shares
from trace.recalls.recall_errors import UnknownRecall
from trace.recalls.recall_tables import HoldRow, RecallRow, RecallShareRow
from trace.tables import StepLotRow, StepRow
from trace.vocabulary import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one recall has come."""

    recall: RecallRow
    hold: HoldRow
    portions: tuple[Portion, ...]
    """Where the goods are now."""
    holders: tuple[HolderProgress, ...]
    effectiveness: Effectiveness


def progress_of(session: Session, recall_id: str) -> Progress:
    """Return how far a recall has come; raises `UnknownRecall`."""
    recall = session.get(RecallRow, recall_id, populate_existing=True)
    hold = session.get(HoldRow, recall_id, populate_existing=True)
    if recall is None or hold is None:
        raise UnknownRecall(recall=recall_id)
    lots = lots_under(session, recall_id)
    portions = tuple(portions_of(session, lots))
    drawn = taken_since(session, lots, hold, Stage.SAMPLING)
    holders = progress(
        had_at_first(session, recall_id),
        _with_samples(shares(portions), drawn),
        taken_since(session, lots, hold, Stage.DESTROY),
    )
    return Progress(
        recall=recall,
        hold=hold,
        portions=portions,
        holders=holders,
        effectiveness=effectiveness(holders, recall.responsible),
    )


def had_at_first(session: Session, recall_id: str) -> Mapping[str, Share]:
    """Return what each holder had when the recall found it."""
    rows = session.exec(select(RecallShareRow).where(RecallShareRow.recall_id == recall_id))
    return {
        row.holder: Share(holder=row.holder, lots=row.lots, grams=row.grams, packs=row.packs) for row in rows
    }


def _with_samples(has: Mapping[str, Share], drawn: Mapping[str, int]) -> Mapping[str, Share]:
    """Count what was drawn as samples since as still there: it neither came back nor was destroyed."""
    return {
        holder: Share(
            holder=holder,
            lots=has[holder].lots if holder in has else 0,
            grams=(has[holder].grams if holder in has else 0) + drawn.get(holder, 0),
            packs=has[holder].packs if holder in has else 0,
        )
        for holder in {*has, *drawn}
    }


def taken_since(session: Session, lots: tuple[str, ...], hold: HoldRow, stage: Stage) -> Mapping[str, int]:
    """Return the grams of `lots` that each party took by steps of `stage` since the hold was placed."""
    found: dict[str, int] = {}
    for part in in_parts(lots):
        rows = session.execute(
            select(StepRow.party, func.sum(col(StepLotRow.grams)))
            .join(StepLotRow, col(StepLotRow.step_id) == col(StepRow.step_id))
            .where(
                StepRow.stage == stage,
                col(StepRow.voided_by).is_(None),
                col(StepRow.recorded_ms) >= hold.placed_ms,
                col(StepLotRow.lot_id).in_(part),
            )
            .group_by(col(StepRow.party))
        )
        for party, grams in rows:
            found[party] = found.get(party, 0) + int(grams or 0)
    return found
