"""What a party still has: lots it holds, goods on the way to and from it; asked when it closes."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlmodel import Session, col

from trace.tables import LotRow, PlaceRow, ShipmentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A lot with something left of it."""

    lot: str
    herb: str
    grams: int
    """At hand, packed and loose."""
    in_transit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What is left when a party closes."""

    lots: tuple[Holding, ...]
    places: tuple[str, ...]
    awaited: tuple[str, ...]
    """Lots shipped to it and not received."""


def holdings(session: Session, uscc: str) -> Holdings:
    """Return what a party holds, runs and awaits, each in the order of its name."""
    left = or_(col(LotRow.grams) > 0, col(LotRow.packed_grams) > 0, col(LotRow.grams).is_(None))
    lots = session.execute(
        select(
            col(LotRow.lot_id),
            col(LotRow.herb),
            col(LotRow.grams),
            col(LotRow.packed_grams),
            col(LotRow.in_transit),
        )
        .where(col(LotRow.holder) == uscc, left)
        .order_by(col(LotRow.lot_id))
    )
    places = session.execute(
        select(col(PlaceRow.place_id)).where(col(PlaceRow.party) == uscc).order_by(col(PlaceRow.place_id))
    )
    awaited = session.execute(
        select(col(ShipmentRow.lot_id))
        .where(col(ShipmentRow.receiver) == uscc, col(ShipmentRow.received_step).is_(None))
        .order_by(col(ShipmentRow.lot_id))
    )
    return Holdings(
        lots=tuple(
            Holding(
                lot=row.lot_id,
                herb=row.herb,
                grams=(row.grams or 0) + row.packed_grams,
                in_transit=row.in_transit,
            )
            for row in lots
        ),
        places=tuple(places.scalars()),
        awaited=tuple(awaited.scalars()),
    )
