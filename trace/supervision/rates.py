"""Rates of a quarter: inspected, passed, tested; each as a count of a count, and nothing where nothing is."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer
from sqlmodel import Session, col, func, select

from trace.integrity.integrity_tables import InspectionRow
from trace.integrity.periods import Period
from trace.supervision.trade_reading import in_trade
from trace.supervision.trade_tables import TradeUnitRow
from trace.tables import LotRow, PartyRow, StepLotRow, StepRow
from trace.vocabulary import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many of so many."""

    part: int
    whole: int

    @property
    def per_mille(self) -> int | None:
        """In thousandths; None of nothing."""
        return None if self.whole == 0 else 1000 * self.part // self.whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The rates of a quarter in an area."""

    inspected: Rate
    """Parties of the register that were inspected, of those in it (检查率)."""
    inspections_passed: Rate
    """Inspections that passed, of those with a result (检查合格率)."""
    tested: Rate
    """Lots packed or sold whose quality a test had settled, of all lots packed or sold (检验率)."""
    tests_passed: Rate
    """Lots that passed, of all that a test judged (检验合格率)."""


def rates(session: Session, quarter: Period, *, area: str = "") -> Rates:
    """Return the rates of a quarter for the area whose GB/T 2260 codes begin with `area`."""
    return Rates(
        inspected=_inspected(session, quarter, area),
        inspections_passed=_inspections_passed(session, quarter, area),
        tested=_tested(session, quarter, area),
        tests_passed=_tests_passed(session, quarter, area),
    )


def _inspected(session: Session, quarter: Period, area: str) -> Rate:
    here = (
        in_trade(quarter.last),
        col(TradeUnitRow.division).startswith(area),
        col(TradeUnitRow.uscc).is_not(None),
    )
    whole = session.execute(select(func.count(func.distinct(TradeUnitRow.uscc))).where(*here)).scalar_one()
    part = session.execute(
        select(func.count(func.distinct(TradeUnitRow.uscc)))
        .join(InspectionRow, col(InspectionRow.party) == col(TradeUnitRow.uscc))
        .where(
            *here,
            col(InspectionRow.found_ms) >= quarter.since_ms,
            col(InspectionRow.found_ms) < quarter.until_ms,
        )
    ).scalar_one()
    return Rate(part=int(part), whole=int(whole))


def _inspections_passed(session: Session, quarter: Period, area: str) -> Rate:
    passed, settled = session.execute(
        select(func.sum((col(InspectionRow.result) == "passed").cast(Integer)), func.count())
        .join(PartyRow, col(PartyRow.uscc) == col(InspectionRow.party))
        .where(
            col(InspectionRow.result) != "pending",
            col(InspectionRow.found_ms) >= quarter.since_ms,
            col(InspectionRow.found_ms) < quarter.until_ms,
            col(PartyRow.division).startswith(area),
        )
    ).one()
    return Rate(part=int(passed or 0), whole=int(settled))


def _tested(session: Session, quarter: Period, area: str) -> Rate:
    out = (
        select(col(StepLotRow.lot_id))
        .join(StepRow, col(StepRow.step_id) == col(StepLotRow.step_id))
        .join(PartyRow, col(PartyRow.uscc) == col(StepRow.party))
        .where(
            col(StepRow.stage).in_((Stage.PACK.value, Stage.SALE.value)),
            *_in_quarter(quarter),
            col(PartyRow.division).startswith(area),
        )
        .distinct()
        .subquery()
    )
    settled, whole = session.execute(
        select(func.sum((col(LotRow.quality) != "untested").cast(Integer)), func.count())
        .select_from(out)
        .join(LotRow, col(LotRow.lot_id) == out.c.lot_id)
    ).one()
    return Rate(part=int(settled or 0), whole=int(whole))


def _tests_passed(session: Session, quarter: Period, area: str) -> Rate:
    passed, judged = session.execute(
        select(func.sum((col(StepLotRow.outcome) == "passed").cast(Integer)), func.count())
        .join(StepRow, col(StepRow.step_id) == col(StepLotRow.step_id))
        .join(PartyRow, col(PartyRow.uscc) == col(StepRow.party))
        .where(
            col(StepLotRow.outcome).is_not(None),
            *_in_quarter(quarter),
            col(PartyRow.division).startswith(area),
        )
    ).one()
    return Rate(part=int(passed or 0), whole=int(judged))


def _in_quarter(quarter: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        col(StepRow.recorded_ms) >= quarter.since_ms,
        col(StepRow.recorded_ms) < quarter.until_ms,
        col(StepRow.voided_by).is_(None),
    )
