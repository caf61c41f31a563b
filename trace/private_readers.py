"""Who, beside the party that stated a step, may read its private fields, and which of them.

A field for partners is for the other side of the step; where it has none, for whoever holds its lots now.
Who held them once reads nothing any more, and a step declared wrong tells nobody anything. A field for
regulators is for regulators.
"""

from sqlmodel import Session, col, select

from trace.profiles import Visibility
from trace.tables import LotRow, StepLotRow, StepRow
from trace.vocabulary import Stage

EVERYTHING = frozenset(Visibility)
REGULATORS = frozenset({Visibility.PARTNER, Visibility.REGULATOR})
PARTNERS = frozenset({Visibility.PARTNER})
_DEALS = frozenset({Stage.SALE.value, Stage.PURCHASE.value, Stage.SETTLEMENT.value})
"""Stages whose prices are between two, even where the other one is nobody on record."""


def visible_to(session: Session, statement_id: str, party: str) -> frozenset[Visibility]:
    """Return the kinds of private field of a step that another `party` (a USCC) may read."""
    step = session.exec(
        select(StepRow).where(StepRow.statement_id == statement_id, col(StepRow.voided_by).is_(None))
    ).first()
    if step is None:
        return frozenset()
    between_two = step.counterparty is not None or step.stage in _DEALS
    partner = step.counterparty == party if between_two else _holds(session, step.step_id, party)
    return PARTNERS if partner else frozenset()


def _holds(session: Session, step_id: str, party: str) -> bool:
    """Whether `party` has a lot of the step now: what is on the road is still its sender's."""
    held = (
        select(StepLotRow.lot_id)
        .join(LotRow, col(LotRow.lot_id) == col(StepLotRow.lot_id))
        .where(StepLotRow.step_id == step_id, LotRow.holder == party, col(LotRow.unmade).is_(False))
    )
    return session.exec(held).first() is not None
