"""The register of the trade read back: who was in it on a day, and who belongs together."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from trace.supervision.trade_tables import TradeUnitRow


def in_trade(day: date) -> ColumnElement[bool]:
    """Return the condition that a unit belongs to the trade on a day."""
    written = day.isoformat()
    return (col(TradeUnitRow.from_day) <= written) & or_(
        col(TradeUnitRow.until_day).is_(None), col(TradeUnitRow.until_day) > written
    )


def units_of(session: Session, day: date) -> Mapping[str, str]:
    """Return the USCC of the controlling firm of each party that has one, the topmost of a chain.

    Parties that control each other in a ring are one unit under the smallest code of the ring.
    """
    rows = session.exec(
        select(TradeUnitRow.uscc, TradeUnitRow.controlled_by)
        .where(
            col(TradeUnitRow.uscc).is_not(None),
            col(TradeUnitRow.controlled_by).is_not(None),
            in_trade(day),
        )
        .order_by(col(TradeUnitRow.unit_id))
    )
    above = {uscc: owner for uscc, owner in rows if uscc is not None and owner is not None}
    return {uscc: topmost(uscc, above) for uscc in above}


def topmost(uscc: str, above: Mapping[str, str]) -> str:
    """Return who stands at the top of a chain of control.

    >>> topmost("A", {"A": "B", "B": "C"}), topmost("B", {"A": "B", "B": "A"})
    ('C', 'A')
    """
    seen = [uscc]
    while (owner := above.get(seen[-1])) is not None:
        if owner in seen:
            return min(seen[seen.index(owner) :])
        seen.append(owner)
    return seen[-1]
