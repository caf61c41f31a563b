"""Applying a correction: the affected lots replayed with the wrong step gone, and the tables told.

The log is not touched, and the wrong step and its touches stay to be seen; lots, edges, shipments, sales
and findings are made to say what follows from the steps that count. Holds and packs keep what became of
them since.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col

from ledger.canonical import JsonValue
from trace.corrections.correction_packs import correct_packs
from trace.corrections.correction_tables import CorrectionRow
from trace.corrections.past_reading import Past, corrective, read_past
from trace.corrections.row_replacing import replace_rows
from trace.lots import Quality
from trace.replaying.effect_rows import lot_values, stated_touches
from trace.replaying.effect_writing import CHANGE_LOT, write_findings
from trace.replaying.history import History, PastStep
from trace.replaying.replaying_errors import UnreadableStatement
from trace.replaying.stated_step import finding_id
from trace.said import Applier, Said
from trace.tables import (
    EdgeRow,
    FindingRow,
    LotRow,
    SaleRow,
    ShipmentRow,
    StepLotRow,
    StepRow,
    insert_rows,
    table_of,
)

KIND: Final = "correction"
"""The kind of statement that declares a step wrong (EPCIS 2.0 errorDeclaration)."""
_PACKS: Final = "correction.packs"


def apply_correction(session: Session, said: Said) -> None:
    """Apply a `correction`: from its statement and the rows before it alone."""
    wrong = _step_row(session, said, "step")
    row = _step_row(session, said, "corrective") if "corrective" in said.public else None
    outcomes = _outcomes(said)
    instead = None if row is None else corrective(row)
    step = None if instead is None else instead.step
    past = read_past(session, wrong, step)
    _void(session, past, instead, said)
    history = History(past.followed(instead), past.sites, past.ghosts(), successions=past.successions)
    for each in past.corrected(instead):
        history.take(replace(each, outcomes={**each.outcomes, **outcomes.get(each.step.step_id, {})}))
    history.come_to(None)
    _write_lots(session, past, history, instead)
    _write_outcomes(session, outcomes)
    _write_edges(session, past, history, instead)
    replace_rows(session, ShipmentRow, past.affected, history.shipments, ("received_step", "receiver"))
    replace_rows(session, SaleRow, past.affected, history.sales, ("herb", "grade", "origin", "settled"))
    correct_packs(session, past.wrong.step, step, said.at_ms)
    _write_findings(session, past, said)
    insert_rows(session, CorrectionRow, [_row(past, instead, said)])


CORRECTION_APPLIERS: Final[Mapping[str, Applier]] = {KIND: apply_correction}
"""How corrections are applied."""


def _row(past: Past, instead: PastStep | None, said: Said) -> dict[str, object]:
    return {
        "step_id": past.wrong.step.step_id,
        "statement_id": said.statement_id,
        "reason": said.public["reason"],
        "corrective": None if instead is None else instead.step.step_id,
        "declared_by": said.public["by"],
        "declared_ms": said.at_ms,
    }


def _step_row(session: Session, said: Said, member: str) -> StepRow:
    step_id = said.public.get(member)
    row = session.get(StepRow, step_id, populate_existing=True) if isinstance(step_id, str) else None
    if row is None:
        raise UnreadableStatement(statement=said.statement_id, member=member)
    return row


def _outcomes(said: Said) -> dict[str, dict[str, Quality]]:
    """Return what tests come to now, by step and lot, where the correction changed it."""
    stated = said.public.get("outcomes", {})
    if not isinstance(stated, dict):
        raise UnreadableStatement(statement=said.statement_id, member="outcomes")
    return {
        step: {lot: Quality(outcome) for lot, outcome in lots.items()}
        for step, lots in stated.items()
        if isinstance(lots, dict)
    }


def _void(session: Session, past: Past, instead: PastStep | None, said: Said) -> None:
    session.execute(
        update(StepRow)
        .where(col(StepRow.step_id) == past.wrong.step.step_id)
        .values(voided_by=said.statement_id)
    )
    if instead is not None:
        session.execute(
            update(StepRow)
            .where(col(StepRow.step_id) == instead.step.step_id)
            .values(position=past.wrong.position)
        )


def _write_lots(session: Session, past: Past, history: History, instead: PastStep | None) -> None:
    ghosts = past.ghosts()
    changed: list[dict[str, object]] = []
    new: list[dict[str, object]] = []
    for name in sorted(past.affected):
        lot = history.lots.get(name) or ghosts[name]
        values = lot_values(lot) | {"unmade": name in history.unmade or name not in history.lots}
        if name in past.rows:
            changed.append(values | {"changed": name})
        else:
            new.append(values | {"frozen": False})
    if changed:
        session.connection().execute(CHANGE_LOT, changed)
    insert_rows(session, LotRow, new)
    if instead is not None:
        insert_rows(session, StepLotRow, stated_touches(instead.step, instead.outcomes))


def _write_outcomes(session: Session, outcomes: Mapping[str, Mapping[str, Quality]]) -> None:
    for step_id, lots in outcomes.items():
        for lot, outcome in lots.items():
            session.execute(
                update(StepLotRow)
                .where(col(StepLotRow.step_id) == step_id, col(StepLotRow.lot_id) == lot)
                .values(outcome=None if outcome is Quality.UNTESTED else outcome.value)
            )


def _write_edges(session: Session, past: Past, history: History, instead: PastStep | None) -> None:
    session.execute(delete(EdgeRow).where(col(EdgeRow.step_id) == past.wrong.step.step_id))
    if instead is not None:
        insert_rows(session, EdgeRow, history.edges_of(instead.step.step_id))


def _write_findings(session: Session, past: Past, said: Said) -> None:
    """Write what the correction broke in the place of what earlier ones did; take back what it cured.

    Packs that had gone their own way stay gone, and no later replay says so again.
    """
    session.execute(
        delete(FindingRow).where(
            col(FindingRow.rule).like("correction.%"),
            col(FindingRow.rule) != _PACKS,
            col(FindingRow.lot_id).in_(past.affected),
        )
    )
    for each in _stated(said, "cured"):
        session.execute(
            delete(FindingRow).where(
                col(FindingRow.step_id) == each["step"],
                col(FindingRow.rule) == each["rule"],
                _is(table_of(FindingRow).c.lot_id, each["lot"]),
            )
        )
    wrong = past.wrong.step.step_id
    write_findings(
        session,
        (
            {
                "finding_id": finding_id(wrong, f"{each['step']}/{each['rule']}", each["lot"], place),
                "rule": each["rule"],
                "step_id": each["step"],
                "lot_id": each["lot"],
                "parts": each["parts"],
                "found_ms": said.at_ms,
            }
            for place, each in enumerate(_stated(said, "findings"))
        ),
    )


def _is(column: ColumnElement[str | None], value: JsonValue) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == value


def _stated(said: Said, member: str) -> list[dict[str, JsonValue]]:
    listed = said.public.get(member, [])
    if not isinstance(listed, list):
        raise UnreadableStatement(statement=said.statement_id, member=member)
    return [each for each in listed if isinstance(each, dict)]
