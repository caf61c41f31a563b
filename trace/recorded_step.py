"""One recorded step as who recorded it may look back at it: what it touched, what was flagged.

Pure reading. Masses are grams, times epoch milliseconds UTC with the local offset.
"""

from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from ledger.errors import UnknownStatement
from trace.coding.code_tables import CodeRunRow
from trace.findings import Finding
from trace.stored_findings import of_step
from trace.tables import DeliveryRow, LotRow, PlaceRow, StepLotRow, StepRow
from trace.vocabulary import Form, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A lot as the step left it its mark."""

    lot: str
    role: str
    """made, used or seen."""
    herb: str
    form: Form
    grams: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedView:
    """A step on record."""

    step_id: str
    client_id: str | None
    """The id its party gave it."""
    stage: Stage
    place: str
    """Name of the place."""
    counterparty: str | None
    event_ms: int
    offset_minutes: int
    recorded_ms: int
    statement_id: str
    voided: bool
    """Declared wrong since."""
    touched: tuple[Touched, ...]
    findings: tuple[Finding, ...]
    codes: int
    """How many codes it put to use."""


def recorded_step(session: Session, step_id: str, party: str) -> RecordedView:
    """Return a step that `party` recorded; raises `UnknownStatement`, for another party's step too."""
    row = session.get(StepRow, step_id)
    if row is None or row.party != party:
        raise UnknownStatement(id=step_id[:64])
    delivery = session.get(DeliveryRow, step_id)
    used = col(CodeRunRow.last_serial) - col(CodeRunRow.first_serial) + 1
    codes = session.exec(select(func.sum(used)).where(CodeRunRow.pack_step == step_id)).one()
    return RecordedView(
        step_id=step_id,
        client_id=None if delivery is None else delivery.client_id,
        stage=Stage(row.stage),
        place=session.get_one(PlaceRow, row.place).name,
        counterparty=row.counterparty,
        event_ms=row.event_ms,
        offset_minutes=row.offset_minutes,
        recorded_ms=row.recorded_ms,
        statement_id=row.statement_id,
        voided=row.voided_by is not None,
        touched=_touched(session, step_id),
        findings=of_step(session, step_id),
        codes=int(codes or 0),
    )


def _touched(session: Session, step_id: str) -> tuple[Touched, ...]:
    rows = session.exec(
        select(StepLotRow, LotRow)
        .join(LotRow, col(LotRow.lot_id) == col(StepLotRow.lot_id))
        .where(StepLotRow.step_id == step_id)
        .order_by(col(StepLotRow.role).desc(), col(StepLotRow.lot_id))
    )
    return tuple(
        Touched(lot=lot.lot_id, role=touch.role, herb=lot.herb, form=Form(lot.form), grams=touch.grams)
        for touch, lot in rows
    )
