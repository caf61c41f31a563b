"""What is taken off a score: points that others gave, and never what a party did to itself in good faith.

Each is counted where and when a regulator stated it, so that no party can keep it from being counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlmodel import Session, col, func, select

from trace.integrity.fault_rules import licence_rules
from trace.integrity.integrity_tables import ComplaintRow, InspectionRow, MeasureRow
from trace.integrity.periods import Period
from trace.recalls.recall_tables import HoldRow, RecallRow
from trace.tables import FindingRow, StepRow

RECALL_POINTS: Final = {1: 5, 2: 3, 3: 2}
"""Points by class; half, rounded down, for who recalls its own goods."""


def deductions(session: Session, parties: Sequence[str], period: Period) -> Mapping[str, Mapping[str, int]]:
    """Return points and times by component, for each of these parties that has any."""
    found: dict[str, dict[str, int]] = {}
    for name, counted in (
        ("complaints", _complaints(session, parties, period)),
        ("inspections", _inspections(session, parties, period)),
        ("recalls", _recalls(session, parties, period)),
        ("licences", _lapses(session, parties, period)),
        ("punishments", _punishments(session, parties, period)),
    ):
        for party, count in counted:
            mine = found.setdefault(party, {})
            mine[name] = mine.get(name, 0) + count
    return found


def _complaints(session: Session, parties: Sequence[str], period: Period) -> Iterator[tuple[str, int]]:
    rows = session.exec(
        select(ComplaintRow.party, func.sum(col(ComplaintRow.points)))
        .where(
            col(ComplaintRow.party).in_(parties),
            col(ComplaintRow.status) == "upheld",
            col(ComplaintRow.decided_ms) >= period.since_ms,
            col(ComplaintRow.decided_ms) < period.until_ms,
        )
        .group_by(col(ComplaintRow.party))
    )
    for party, points in rows:
        if party is not None:
            yield party, int(points)


def _inspections(session: Session, parties: Sequence[str], period: Period) -> Iterator[tuple[str, int]]:
    rows = session.exec(
        select(InspectionRow.party, func.sum(col(InspectionRow.points)))
        .where(
            col(InspectionRow.party).in_(parties),
            col(InspectionRow.found_ms) >= period.since_ms,
            col(InspectionRow.found_ms) < period.until_ms,
        )
        .group_by(col(InspectionRow.party))
    )
    for party, points in rows:
        yield party, int(points)


def _recalls(session: Session, parties: Sequence[str], period: Period) -> Iterator[tuple[str, int]]:
    rows = session.exec(
        select(RecallRow.responsible, RecallRow.recall_class, HoldRow.party)
        .join(HoldRow, col(HoldRow.hold_id) == col(RecallRow.recall_id))
        .where(
            col(RecallRow.responsible).in_(parties),
            col(RecallRow.opened_ms) >= period.since_ms,
            col(RecallRow.opened_ms) < period.until_ms,
            col(RecallRow.state) != "lifted",
        )
    )
    for responsible, recall_class, opened_by in rows:
        points = RECALL_POINTS[recall_class]
        yield responsible, points // 2 if opened_by == responsible else points


def _lapses(session: Session, parties: Sequence[str], period: Period) -> Iterator[tuple[str, int]]:
    """Count a lapse once for each rule, however many steps were recorded meanwhile."""
    rows = session.exec(
        select(StepRow.party, func.count(func.distinct(FindingRow.rule)))
        .join(FindingRow, col(FindingRow.step_id) == col(StepRow.step_id))
        .where(
            col(StepRow.party).in_(parties),
            col(StepRow.recorded_ms) >= period.since_ms,
            col(StepRow.recorded_ms) < period.until_ms,
            col(StepRow.voided_by).is_(None),
            col(FindingRow.rule).in_(sorted(licence_rules())),
        )
        .group_by(col(StepRow.party))
    )
    for party, times in rows:
        yield party, int(times)


def _punishments(session: Session, parties: Sequence[str], period: Period) -> Iterator[tuple[str, int]]:
    """A measure counts while it was in force in the period and had not been repaired before it began."""
    rows = session.exec(
        select(MeasureRow.party, func.count())
        .where(
            col(MeasureRow.party).in_(parties),
            col(MeasureRow.from_ms) < period.until_ms,
            col(MeasureRow.until_ms) > period.since_ms,
            col(MeasureRow.repaired_ms).is_(None) | (col(MeasureRow.repaired_ms) > period.until_ms),
        )
        .group_by(col(MeasureRow.party))
    )
    for party, times in rows:
        yield party, int(times)
