"""What a party works with: its places, whom it deals with, its lots to choose from in a form.

Pure reading. Masses are grams.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_
from sqlmodel import Session, col, select

from trace.lots import LotState
from trace.places import Place, place_of
from trace.projections import lot_state
from trace.tables import LotRow, PartyRow, PlaceRow, ShipmentRow, StepRow
from trace.vocabulary import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSide:
    """A party that one has dealt with."""

    uscc: str
    name: str


def places_of(session: Session, party: str) -> list[Place]:
    """Return the places a party runs, in the order of their names."""
    rows = session.exec(select(PlaceRow).where(PlaceRow.party == party).order_by(col(PlaceRow.place_id)))
    return [place_of(row) for row in rows]


def other_sides(session: Session, party: str, limit: int = 50) -> list[OtherSide]:
    """Return whom a party sent goods to, had goods from or named in a step, in the order of their codes."""
    named = select(col(StepRow.counterparty)).where(
        col(StepRow.party) == party, col(StepRow.counterparty).is_not(None)
    )
    senders = select(col(ShipmentRow.sender)).where(col(ShipmentRow.receiver) == party)
    receivers = select(col(ShipmentRow.receiver)).where(col(ShipmentRow.sender) == party)
    wanted = select(PartyRow).where(
        or_(*(col(PartyRow.uscc).in_(each) for each in (named, senders, receivers))),
        col(PartyRow.uscc) != party,
    )
    rows = session.exec(wanted.order_by(col(PartyRow.uscc)).limit(limit))
    return [OtherSide(uscc=row.uscc, name=row.name) for row in rows]


def lots_to_choose(
    session: Session, party: str, forms: Collection[Form], *, limit: int = 200
) -> list[LotState]:
    """Return lots the party holds, of these forms and with something left, the newest first."""
    left = or_(col(LotRow.grams) > 0, col(LotRow.packed_grams) > 0, col(LotRow.grams).is_(None))
    wanted = select(LotRow).where(
        col(LotRow.holder) == party,
        col(LotRow.in_transit).is_(False),
        col(LotRow.unmade).is_(False),
        left,
    )
    if forms:
        wanted = wanted.where(col(LotRow.form).in_([form.value for form in forms]))
    rows = session.exec(wanted.order_by(col(LotRow.made_ms).desc(), col(LotRow.lot_id)).limit(limit))
    return [lot_state(row) for row in rows]
