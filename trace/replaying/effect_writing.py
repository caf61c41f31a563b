"""Writing what a step changed: lots, touches, edges, movements, sales, findings.

Everything goes through SQLAlchemy Core: a step touches a dozen rows, and ORM objects would cost more
than all its checks and its signature together.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from ledger.canonical import JsonValue
from trace.effects import Effects
from trace.projections import text_of
from trace.promises import SOLD_BY_CODE
from trace.replaying.effect_rows import (
    changeable,
    edge_rows,
    lot_values,
    sale_rows,
    shipment_rows,
    touch_rows,
)
from trace.steps import Step
from trace.tables import (
    EdgeRow,
    FindingRow,
    LotRow,
    SaleRow,
    ShipmentRow,
    StepLotRow,
    insert_rows,
    table_of,
)
from trace.world import Before

CHANGE_LOT: Final = update(table_of(LotRow)).where(col(LotRow.lot_id) == bindparam("changed"))
"""Changes the lot `changed`."""


def write_effects(session: Session, step: Step, found: Effects, before: Before) -> None:
    """Write the lots made and changed, the touches and edges, shipments, receipts and sales."""
    new = [lot for lot in found.made if lot.lot not in before.unmade]
    insert_rows(session, LotRow, (lot_values(lot) | {"frozen": lot.frozen} for lot in new))
    again = [lot_values(lot) | {"changed": lot.lot} for lot in found.made if lot.lot in before.unmade]
    changes = [changeable(lot) | {"changed": lot.lot} for lot in found.changed if lot != before.lots[lot.lot]]
    for values in (again, changes):
        if values:
            session.connection().execute(CHANGE_LOT, values)
    insert_rows(session, StepLotRow, touch_rows(step, found, before))
    insert_rows(session, EdgeRow, edge_rows(step, found))
    insert_rows(session, ShipmentRow, shipment_rows(step, found))
    if found.received:
        _close(session, step, found)
    insert_rows(session, SaleRow, sale_rows(step, before))


def write_findings(session: Session, rows: Iterable[Mapping[str, JsonValue]]) -> None:
    """Keep what was flagged (`stated_step.finding_rows`)."""
    insert_rows(session, FindingRow, (row | {"parts": text_of(row["parts"])} for row in map(dict, rows)))


def _close(session: Session, step: Step, found: Effects) -> None:
    session.execute(
        update(ShipmentRow)
        .where(col(ShipmentRow.lot_id).in_(found.received), col(ShipmentRow.received_step).is_(None))
        .values(received_step=step.step_id)
    )
    session.execute(
        update(SaleRow).where(col(SaleRow.lot_id).in_(found.received), ~SOLD_BY_CODE).values(settled=True)
    )
