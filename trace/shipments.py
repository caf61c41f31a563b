"""Goods a party sent and got: what is still on the way, what arrived, and by how much the masses differ.

Pure reading. Masses are grams, times epoch milliseconds UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from trace.tables import LotRow, PartyRow, ShipmentRow, StepLotRow, StepRow
from trace.vocabulary import Form
from trace.waiting import Awaited


@dataclass(frozen=True, slots=True, kw_only=True)
class Consignment:
    """The lots of one shipment that wait to be received."""

    shipped_step: str
    sender: str
    sender_name: str
    shipped_ms: int
    lots: tuple[Awaited, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A lot that was sent, and what came of it."""

    lot: str
    herb: str
    form: Form
    other: str
    """Name of the other side."""
    shipped_ms: int
    grams: int | None
    received_ms: int | None
    received_grams: int | None
    returned: bool
    """On its way back to who had shipped it."""

    @property
    def short(self) -> int:
        """Return by how many grams less arrived than was shipped; 0 while it is on the way."""
        if self.received_grams is None or self.grams is None:
            return 0
        return self.grams - self.received_grams


def consignments(awaited: Sequence[Awaited]) -> list[Consignment]:
    """Group lots that wait to be received by the step that shipped them, in their order."""
    found: dict[str, list[Awaited]] = {}
    for each in awaited:
        found.setdefault(each.shipped_step, []).append(each)
    return [
        Consignment(
            shipped_step=step,
            sender=lots[0].sender,
            sender_name=lots[0].sender_name,
            shipped_ms=lots[0].shipped_ms,
            lots=tuple(lots),
        )
        for step, lots in found.items()
    ]


def sent(session: Session, party: str, limit: int = 30) -> list[Moved]:
    """Return the lots `party` (a USCC) sent last, newest first."""
    return _moved(session, party, outward=True, limit=limit)


def received(session: Session, party: str, limit: int = 30) -> list[Moved]:
    """Return the lots `party` received last, newest shipment first."""
    return _moved(session, party, outward=False, limit=limit)


def was_received_by(session: Session, shipped_step: str, party: str) -> bool:
    """Whether the goods of a shipment were meant for `party` and are received."""
    asked = select(ShipmentRow.lot_id).where(
        ShipmentRow.shipped_step == shipped_step,
        ShipmentRow.receiver == party,
        col(ShipmentRow.received_step).is_not(None),
    )
    return session.exec(asked.limit(1)).first() is not None


def _moved(session: Session, party: str, *, outward: bool, limit: int) -> list[Moved]:
    own, other = (
        (ShipmentRow.sender, ShipmentRow.receiver) if outward else (ShipmentRow.receiver, ShipmentRow.sender)
    )
    asked = (
        select(ShipmentRow, LotRow, PartyRow.name)
        .join(LotRow, col(LotRow.lot_id) == col(ShipmentRow.lot_id))
        .join(PartyRow, col(PartyRow.uscc) == col(other))
        .where(col(own) == party)
        .order_by(col(ShipmentRow.shipped_ms).desc(), col(ShipmentRow.lot_id))
        .limit(limit)
    )
    if not outward:
        asked = asked.where(col(ShipmentRow.received_step).is_not(None))
    rows = session.exec(asked).all()
    arrived = _arrivals(session, [row.received_step for row, _, _ in rows if row.received_step])
    return [
        _one(row, lot, name, arrived.get((row.received_step or "", row.lot_id))) for row, lot, name in rows
    ]


def _arrivals(session: Session, steps: Sequence[str]) -> dict[tuple[str, str], tuple[int, int | None]]:
    """Return when each lot arrived and what it weighed then, by the step that received it."""
    rows = session.exec(
        select(StepLotRow.step_id, StepLotRow.lot_id, StepRow.event_ms, StepLotRow.grams)
        .join(StepRow, col(StepRow.step_id) == col(StepLotRow.step_id))
        .where(col(StepLotRow.step_id).in_(steps))
    )
    return {(step, lot): (at_ms, grams) for step, lot, at_ms, grams in rows}


def _one(row: ShipmentRow, lot: LotRow, name: str, arrival: tuple[int, int | None] | None) -> Moved:
    return Moved(
        lot=row.lot_id,
        herb=lot.herb,
        form=Form(lot.form),
        other=name,
        shipped_ms=row.shipped_ms,
        grams=row.grams,
        received_ms=None if arrival is None else arrival[0],
        received_grams=None if arrival is None else arrival[1],
        returned=row.returned,
    )
