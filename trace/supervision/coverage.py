"""Coverage 企业覆盖率: who in the register of the trade records, by area, node type and quarter.

The denominator is the register as it stood on the quarter's last day; where it has no entry the answer is
"unknown" and never a made-up figure. A unit counts as covered when who records for it has recorded at
least one step, at its place where it names one.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Integer, and_, exists, or_, select
from sqlmodel import Session, col, func

from trace.integrity.periods import Period
from trace.supervision.trade_reading import in_trade
from trace.supervision.trade_tables import TradeUnitRow
from trace.tables import PartyRow, StepRow
from trace.vocabulary import NodeType

DIGITS: Final = {"province": 2, "prefecture": 4, "county": 6}
"""Leading digits of a GB/T 2260 code that name each level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One cell of the coverage table."""

    area: str
    """Leading digits of the GB/T 2260 code: 2 province, 4 prefecture, 6 county."""
    node_type: NodeType
    registered: int
    """Units in the trade on the quarter's last day."""
    ever: int
    """Those that recorded a step by then."""
    active: int
    """Those that recorded a step in the quarter."""
    strangers: int
    """Parties of this area and type that record and stand in no register: a gap of the register."""

    @property
    def per_mille(self) -> int | None:
        """Covered in the quarter, in thousandths; None where the register has no entry."""
        return None if self.registered == 0 else 1000 * self.active // self.registered


def coverage(session: Session, quarter: Period, *, digits: int = 4, area: str = "") -> list[Coverage]:
    """Return coverage by area and node type, two queries whatever the size."""
    place = func.substr(col(TradeUnitRow.division), 1, digits)
    counted = session.execute(
        select(
            place,
            col(TradeUnitRow.node_type),
            func.count(),
            func.sum(_recorded(0, quarter.until_ms).cast(Integer)),
            func.sum(_recorded(quarter.since_ms, quarter.until_ms).cast(Integer)),
        )
        .where(in_trade(quarter.last), col(TradeUnitRow.division).startswith(area))
        .group_by(place, col(TradeUnitRow.node_type))
    ).all()
    strangers = _strangers(session, quarter, digits, area)
    cells = {(where, kind): (int(n), int(ever), int(active)) for where, kind, n, ever, active in counted}
    return [
        Coverage(
            area=where,
            node_type=NodeType(kind),
            registered=registered,
            ever=ever,
            active=active,
            strangers=strangers.get((where, kind), 0),
        )
        for where, kind in sorted({*cells, *strangers})
        for registered, ever, active in [cells.get((where, kind), (0, 0, 0))]
    ]


def _recorded(since_ms: int, until_ms: int) -> ColumnElement[bool]:
    """Whether who records for a unit recorded a step in that time, at the unit's place if it names one.

    Steps declared wrong count for nothing.
    """
    return exists().where(
        col(StepRow.party) == col(TradeUnitRow.uscc),
        col(StepRow.recorded_ms) >= since_ms,
        col(StepRow.recorded_ms) < until_ms,
        col(StepRow.voided_by).is_(None),
        or_(col(TradeUnitRow.place).is_(None), col(StepRow.place) == col(TradeUnitRow.place)),
    )


def _strangers(session: Session, quarter: Period, digits: int, area: str) -> dict[tuple[str, str], int]:
    """Count parties that recorded in the quarter and are in no register, by area and first node type."""
    listed = exists().where(and_(col(TradeUnitRow.uscc) == col(PartyRow.uscc), in_trade(quarter.last)))
    recorded = exists().where(
        col(StepRow.party) == col(PartyRow.uscc),
        col(StepRow.recorded_ms) >= quarter.since_ms,
        col(StepRow.recorded_ms) < quarter.until_ms,
        col(StepRow.voided_by).is_(None),
    )
    place = func.substr(col(PartyRow.division), 1, digits)
    rows = session.execute(
        select(place, col(PartyRow.node_types), func.count())
        .where(~listed, recorded, col(PartyRow.division).startswith(area))
        .group_by(place, col(PartyRow.node_types))
    )
    found: dict[tuple[str, str], int] = {}
    for where, kinds, count in rows:
        key = (where, kinds.split()[0])
        found[key] = found.get(key, 0) + int(count)
    return found
