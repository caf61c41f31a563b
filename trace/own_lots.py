"""The lots of one party: those it holds, those it once had, and whether it may look at one at all.

Pure reading. Masses are grams, times epoch milliseconds UTC. A lot is a party's own to look at while it holds
it, where it recorded a step that touched it, and where the lot is on its way to it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import Session, col, select

from trace.errors import UnknownLot
from trace.lots import LotState
from trace.projections import lot_state
from trace.story_completeness import way_completeness
from trace.story_reading import way
from trace.tables import LotRow, ShipmentRow, StepLotRow, StepRow
from trace.vocabulary import Form, Stage

_OWN_WORD: Final = (Stage.PURCHASE.value, Stage.SETTLEMENT.value)
"""Stages that who never had the goods may record: they make no lot one's own to look at."""


class Which(StrEnum):
    """Which lots of a party are wanted."""

    HELD = "held"
    """With it now, and something left."""
    GONE = "gone"
    """It worked with them, and they are elsewhere or used up."""
    FROZEN = "frozen"
    """With it now and on hold."""
    UNTESTED = "untested"
    """With it now and judged by no test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LotQuery:
    """What of a party's lots is asked for."""

    which: Which = Which.HELD
    form: Form | None = None
    text: str = ""
    """Part of the lot's id, or beginning of its herb's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLot:
    """One line of the list."""

    state: LotState
    stage: Stage
    """The step that made it."""


def own_lots(
    session: Session, party: str, wanted: LotQuery, *, after: tuple[int, str] | None = None, limit: int = 50
) -> list[OwnLot]:
    """Return lots of `party` (a USCC), the newest first; `after` is time and id of the last one seen."""
    asked = (
        select(LotRow, StepRow.stage)
        .join(StepRow, col(StepRow.step_id) == col(LotRow.made_step))
        .where(_of_kind(party, wanted.which), col(LotRow.unmade).is_(False))
        .order_by(col(LotRow.made_ms).desc(), col(LotRow.lot_id))
        .limit(limit)
    )
    if wanted.form is not None:
        asked = asked.where(col(LotRow.form) == wanted.form.value)
    if wanted.text:
        named = col(LotRow.lot_id).contains(wanted.text, autoescape=True)
        asked = asked.where(or_(named, col(LotRow.herb).startswith(wanted.text, autoescape=True)))
    if after is not None:
        at_ms, last = after
        asked = asked.where(
            or_(
                col(LotRow.made_ms) < at_ms,
                (col(LotRow.made_ms) == at_ms) & (col(LotRow.lot_id) > last),
            )
        )
    return [OwnLot(state=lot_state(row), stage=Stage(stage)) for row, stage in session.execute(asked)]


def own_lot(session: Session, party: str, lot: str) -> LotState:
    """Return a lot that `party` may look at; raises `UnknownLot`, for one of others too."""
    row = session.get(LotRow, lot)
    if row is None or not (row.holder == party or _touched_by(session, party, lot)):
        raise UnknownLot(lot=lot[:40])
    return lot_state(row)


def score_of(session: Session, lot: str) -> tuple[int, int]:
    """Return how many of the information groups due the way of a lot shows, and how many are due."""
    judged = way_completeness(way(session, lot, None))
    return judged.groups_present, judged.groups_due


def _of_kind(party: str, which: Which) -> ColumnElement[bool]:
    left = or_(col(LotRow.grams) > 0, col(LotRow.packed_grams) > 0, col(LotRow.grams).is_(None))
    held = (col(LotRow.holder) == party) & left
    if which is Which.FROZEN:
        return held & col(LotRow.frozen).is_(True)
    if which is Which.UNTESTED:
        return held & (col(LotRow.quality) == "untested")
    if which is Which.HELD:
        return held
    own_step = (
        select(StepLotRow.lot_id)
        .join(StepRow, col(StepRow.step_id) == col(StepLotRow.step_id))
        .where(StepRow.party == party)
    )
    return col(LotRow.lot_id).in_(own_step) & ~held


def _touched_by(session: Session, party: str, lot: str) -> bool:
    own = (col(StepRow.party) == party) & col(StepRow.stage).not_in(_OWN_WORD)
    step = exists().where(
        col(StepLotRow.lot_id) == lot,
        col(StepLotRow.step_id) == col(StepRow.step_id),
        or_(own, col(StepRow.counterparty) == party),
    )
    road = exists().where(col(ShipmentRow.lot_id) == lot, col(ShipmentRow.receiver) == party)
    return bool(session.execute(select(or_(step, road))).scalar())
