"""The statements behind what is amiss: for each component of a score, what anybody can look up in the log."""

from typing import Final

from sqlmodel import Session, col, select

from trace.integrity.fault_rules import licence_rules, rules_by_taint
from trace.integrity.integrity_tables import ComplaintRow, InspectionRow, MeasureRow
from trace.integrity.periods import Period
from trace.recalls.recall_tables import HoldRow, RecallRow
from trace.tables import FindingRow, StepRow

MOST: Final = 20
"""Statements named for each component."""


def behind(session: Session, uscc: str, period: Period) -> dict[str, list[str]]:
    """Return the ids of the statements behind each component's faults, the newest first."""
    taints = rules_by_taint().items()
    # Goods that left in the period may have been at fault before it; a lapse costs when it is recorded.
    found = {name: _found(session, uscc, 0, period.until_ms, codes) for name, codes in taints}
    found["licences"] = _found(session, uscc, period.since_ms, period.until_ms, licence_rules())
    found["corrections"] = _corrected(session, uscc, period)
    found["complaints"] = _complaints(session, uscc, period)
    found["inspections"] = _inspections(session, uscc, period)
    found["punishments"] = _punishments(session, uscc, period)
    found["recalls"] = _recalls(session, uscc, period)
    return {name: ids for name, ids in found.items() if ids}


def _found(session: Session, uscc: str, since_ms: int, until_ms: int, rules: frozenset[str]) -> list[str]:
    rows = session.exec(
        select(StepRow.statement_id, StepRow.recorded_ms)
        .join(FindingRow, col(FindingRow.step_id) == col(StepRow.step_id))
        .where(
            StepRow.party == uscc,
            col(StepRow.recorded_ms) >= since_ms,
            col(StepRow.recorded_ms) < until_ms,
            col(StepRow.voided_by).is_(None),
            col(FindingRow.rule).in_(sorted(rules)),
        )
        .distinct()
        .order_by(col(StepRow.recorded_ms).desc(), col(StepRow.statement_id))
        .limit(MOST)
    )
    return [statement_id for statement_id, _ in rows]


def _corrected(session: Session, uscc: str, period: Period) -> list[str]:
    rows = session.exec(
        select(StepRow.voided_by)
        .where(
            StepRow.party == uscc,
            col(StepRow.recorded_ms) < period.until_ms,
            col(StepRow.voided_by).is_not(None),
        )
        .order_by(col(StepRow.recorded_ms).desc(), col(StepRow.step_id))
        .limit(MOST)
    )
    return [each for each in rows if each is not None]


def _complaints(session: Session, uscc: str, period: Period) -> list[str]:
    return list(
        session.exec(
            select(ComplaintRow.complaint_id)
            .where(
                ComplaintRow.party == uscc,
                ComplaintRow.status == "upheld",
                col(ComplaintRow.decided_ms) >= period.since_ms,
                col(ComplaintRow.decided_ms) < period.until_ms,
            )
            .order_by(col(ComplaintRow.decided_ms).desc(), col(ComplaintRow.nth).desc())
            .limit(MOST)
        )
    )


def _inspections(session: Session, uscc: str, period: Period) -> list[str]:
    return list(
        session.exec(
            select(InspectionRow.inspection_id)
            .where(
                InspectionRow.party == uscc,
                InspectionRow.points > 0,
                col(InspectionRow.found_ms) >= period.since_ms,
                col(InspectionRow.found_ms) < period.until_ms,
            )
            .order_by(col(InspectionRow.found_ms).desc(), col(InspectionRow.nth).desc())
            .limit(MOST)
        )
    )


def _punishments(session: Session, uscc: str, period: Period) -> list[str]:
    return list(
        session.exec(
            select(MeasureRow.measure_id)
            .where(
                MeasureRow.party == uscc,
                col(MeasureRow.from_ms) < period.until_ms,
                col(MeasureRow.until_ms) > period.since_ms,
            )
            .order_by(col(MeasureRow.from_ms).desc(), col(MeasureRow.nth).desc())
            .limit(MOST)
        )
    )


def _recalls(session: Session, uscc: str, period: Period) -> list[str]:
    return list(
        session.exec(
            select(HoldRow.statement_id)
            .join(RecallRow, col(RecallRow.recall_id) == col(HoldRow.hold_id))
            .where(
                RecallRow.responsible == uscc,
                col(RecallRow.opened_ms) >= period.since_ms,
                col(RecallRow.opened_ms) < period.until_ms,
            )
            .order_by(col(RecallRow.opened_ms).desc(), col(RecallRow.recall_id))
            .limit(MOST)
        )
    )
