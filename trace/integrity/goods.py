"""Goods that left a party's hands in a period, and what taints them: what most of a score is a share of.

Each lot counts once for each party, by the most it ever sent out of it in one step: to sell, pack or ship
the same goods again and again adds nothing. A fault follows the goods through every split, merge and
process in the same hands, so that no new lot id washes it off. Steps declared wrong count only as such.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Integer, Select, select
from sqlalchemy.sql.selectable import CTE
from sqlmodel import Session, col, func

from trace.corrections.correction_tables import CorrectionRow
from trace.integrity.fault_rules import rules_by_taint
from trace.integrity.periods import Period
from trace.tables import EdgeRow, FindingRow, LotRow, ShipmentRow, StepLotRow, StepRow
from trace.vocabulary import Stage

LEAVING: Final = (Stage.PACK, Stage.SALE, Stage.SHIP, Stage.DISPENSE)
"""Stages by which goods leave who has them, or are made ready to."""
JUDGED_WHOLE: Final = (Stage.PACK, Stage.SALE)
"""Stages at which the rules judge whether the way is whole (`completeness.missing_stage`)."""
_ROWS: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LotOut:
    """One lot that one party sent out."""

    party: str
    lot: str
    grams: int
    first_ms: int
    """When that was first recorded."""
    judged_whole: bool
    """Whether the rules judged its way."""
    passed: bool
    graded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What a party shipped, and how much of it the receivers confirmed."""

    party: str
    grams: int
    received: int


def lots_out(session: Session, parties: Sequence[str], period: Period) -> Iterator[LotOut]:
    """Give every lot these parties sent out in the period, one query, read in pages."""
    out = (
        select(
            col(StepRow.party).label("party"),
            col(StepLotRow.lot_id).label("lot_id"),
            func.max(col(StepLotRow.grams)).label("grams"),
            func.min(col(StepRow.recorded_ms)).label("first_ms"),
            func.max(col(StepRow.stage).in_([stage.value for stage in JUDGED_WHOLE]).cast(Integer)).label(
                "judged"
            ),
        )
        .join(StepLotRow, col(StepLotRow.step_id) == col(StepRow.step_id))
        .where(
            *_recorded(parties, period),
            col(StepRow.stage).in_([stage.value for stage in LEAVING]),
            col(StepLotRow.grams) > 0,
        )
        .group_by(col(StepRow.party), col(StepLotRow.lot_id))
        .subquery()
    )
    rows = session.execute(
        select(out, col(LotRow.quality), col(LotRow.grade))
        .join(LotRow, col(LotRow.lot_id) == out.c.lot_id)
        .order_by(out.c.party, out.c.lot_id),
        execution_options={"yield_per": _ROWS},
    )
    for party, lot, grams, first_ms, judged, quality, grade in rows:
        yield LotOut(
            party=party,
            lot=lot,
            grams=int(grams),
            first_ms=int(first_ms),
            judged_whole=bool(judged),
            passed=quality == "passed",
            graded=bool(grade),
        )


def tainted(session: Session, parties: Sequence[str], until_ms: int) -> dict[str, set[tuple[str, str]]]:
    """Return, by component, the party and lot of all goods with something amiss behind them.

    What is amiss was recorded before `until_ms`, whenever the goods leave: waiting for the next period
    washes nothing off.
    """
    found: dict[str, set[tuple[str, str]]] = {"corrections": set()}
    for component, rules in rules_by_taint().items():
        found[component] = set()
        base = _found_on_lots(parties, until_ms, rules)
        found[component].update(_closure(session, base))
    own = col(CorrectionRow.declared_by) == col(StepRow.party)
    found["corrections"].update(_closure(session, _voided(parties, until_ms, own)))
    by_others = col(CorrectionRow.declared_by).is_(None) | ~own
    found["soundness"].update(_closure(session, _voided(parties, until_ms, by_others)))
    return found


def confirmed(session: Session, parties: Sequence[str], period: Period) -> list[Confirmed]:
    """Return what each of these parties shipped in the period and how much of it was received."""
    each = (
        select(
            col(ShipmentRow.sender).label("party"),
            func.max(col(ShipmentRow.grams)).label("grams"),
            func.max(
                func.coalesce(col(ShipmentRow.grams), 0)
                * col(ShipmentRow.received_step).is_not(None).cast(Integer)
            ).label("received"),
        )
        .join(StepRow, col(StepRow.step_id) == col(ShipmentRow.shipped_step))
        .where(*_recorded(parties, period), col(ShipmentRow.grams) > 0)
        .group_by(col(ShipmentRow.sender), col(ShipmentRow.lot_id))
        .subquery()
    )
    rows = session.execute(
        select(each.c.party, func.sum(each.c.grams), func.sum(each.c.received)).group_by(each.c.party)
    )
    return [
        Confirmed(party=party, grams=int(grams), received=int(received)) for party, grams, received in rows
    ]


def _recorded(parties: Sequence[str], period: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        col(StepRow.party).in_(parties),
        col(StepRow.recorded_ms) >= period.since_ms,
        col(StepRow.recorded_ms) < period.until_ms,
        col(StepRow.voided_by).is_(None),
    )


def _found_on_lots(parties: Sequence[str], until_ms: int, rules: frozenset[str]) -> Select[str, str]:
    """A finding names its lot, or speaks of the whole step and so of each lot in it."""
    return (
        select(col(StepRow.party), col(StepLotRow.lot_id))
        .join(FindingRow, col(FindingRow.step_id) == col(StepRow.step_id))
        .join(StepLotRow, col(StepLotRow.step_id) == col(StepRow.step_id))
        .where(
            col(StepRow.party).in_(parties),
            col(StepRow.recorded_ms) < until_ms,
            col(StepRow.voided_by).is_(None),
            col(FindingRow.rule).in_(sorted(rules)),
            (col(FindingRow.lot_id) == col(StepLotRow.lot_id)) | col(FindingRow.lot_id).is_(None),
        )
    )


def _voided(parties: Sequence[str], until_ms: int, by_whom: ColumnElement[bool]) -> Select[str, str]:
    """Steps declared wrong: by the party itself a correction, by somebody else a fault found."""
    return (
        select(col(StepRow.party), col(StepLotRow.lot_id))
        .join(StepLotRow, col(StepLotRow.step_id) == col(StepRow.step_id))
        .join(CorrectionRow, col(CorrectionRow.step_id) == col(StepRow.step_id))
        .where(
            col(StepRow.party).in_(parties),
            col(StepRow.recorded_ms) < until_ms,
            by_whom,
        )
    )


def _closure(session: Session, base: Select[str, str]) -> set[tuple[str, str]]:
    """Return the goods of `base` and all that the same party made of them."""
    reached: CTE = base.cte("tainted", recursive=True)
    party, lot = reached.c
    onward = (
        select(party, col(EdgeRow.target))
        .join(EdgeRow, col(EdgeRow.source) == lot)
        .join(StepRow, (col(StepRow.step_id) == col(EdgeRow.step_id)) & (col(StepRow.party) == party))
    )
    whole = reached.union(onward)
    return {(row[0], row[1]) for row in session.execute(select(*whole.c))}
