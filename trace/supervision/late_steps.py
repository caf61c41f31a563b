"""Steps recorded late, and goods packed or sold with stages missing: a list to act on, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from ledger.canonical import JsonValue, parse
from trace.integrity.fault_rules import LATE, MISSING
from trace.integrity.periods import Period
from trace.tables import FindingRow, PartyRow, StepRow
from trace.vocabulary import Stage

_RULES: Final = tuple(sorted(LATE | MISSING))


@dataclass(frozen=True, slots=True, kw_only=True)
class LateOrMissing:
    """A finding that a step came late, or that a way lacks stages."""

    finding_id: str
    rule: str
    party: str
    name: str
    lot: str | None
    stage: Stage
    statement_id: str
    event_ms: int
    recorded_ms: int
    found_ms: int
    """When it was found: the list is in this order."""
    days: int | None
    """How late, in days."""
    missing: tuple[Stage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LateShare:
    """How many of a party's steps came late, and how many of its finals lacked stages."""

    party: str
    steps: int
    late: int
    missing: int


def late_or_missing(
    session: Session,
    quarter: Period,
    *,
    area: str = "",
    party: str | None = None,
    after: tuple[int, str] | None = None,
    offset: int = 0,
    limit: int = 100,
) -> list[LateOrMissing]:
    """List the findings of a quarter, newest first; `after` is the time and id of the last one seen.

    `offset` passes over so many, for pages that can be turned back.
    """
    wanted = (
        select(FindingRow, StepRow, PartyRow.name)
        .join(StepRow, col(StepRow.step_id) == col(FindingRow.step_id))
        .join(PartyRow, col(PartyRow.uscc) == col(StepRow.party))
        .where(
            col(FindingRow.rule).in_(_RULES),
            col(FindingRow.found_ms) >= quarter.since_ms,
            col(FindingRow.found_ms) < quarter.until_ms,
            col(StepRow.voided_by).is_(None),
            col(PartyRow.division).startswith(area),
        )
    )
    if party is not None:
        wanted = wanted.where(col(StepRow.party) == party)
    if after is not None:
        at_ms, last = after
        wanted = wanted.where(
            (col(FindingRow.found_ms) < at_ms)
            | ((col(FindingRow.found_ms) == at_ms) & (col(FindingRow.finding_id) > last))
        )
    newest = wanted.order_by(col(FindingRow.found_ms).desc(), col(FindingRow.finding_id))
    rows = session.exec(newest.offset(offset).limit(limit))
    return [_of(found, step, name) for found, step, name in rows]


def late_shares(session: Session, quarter: Period, *, area: str = "", limit: int = 200) -> list[LateShare]:
    """Return for each party with a late step or a missing stage how many there were, the worst first."""
    counted = (
        select(StepRow.party, FindingRow.rule, func.count(func.distinct(FindingRow.step_id)).label("n"))
        .join(FindingRow, col(FindingRow.step_id) == col(StepRow.step_id))
        .join(PartyRow, col(PartyRow.uscc) == col(StepRow.party))
        .where(
            col(FindingRow.rule).in_(_RULES),
            *_in(quarter),
            col(PartyRow.division).startswith(area),
        )
        .group_by(col(StepRow.party), col(FindingRow.rule))
    )
    found: dict[str, dict[str, int]] = {}
    for party, rule, count in session.exec(counted):
        kind = "late" if rule in LATE else "missing"
        mine = found.setdefault(party, {})
        mine[kind] = mine.get(kind, 0) + int(count)
    steps: dict[str, int] = dict(
        session.exec(
            select(StepRow.party, func.count())
            .where(col(StepRow.party).in_(found), *_in(quarter))
            .group_by(col(StepRow.party))
        ).all()
    )
    shares = [
        LateShare(
            party=party, steps=int(steps[party]), late=mine.get("late", 0), missing=mine.get("missing", 0)
        )
        for party, mine in found.items()
    ]
    return sorted(shares, key=lambda each: (-(each.late + each.missing), each.party))[:limit]


def _in(quarter: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        col(StepRow.recorded_ms) >= quarter.since_ms,
        col(StepRow.recorded_ms) < quarter.until_ms,
        col(StepRow.voided_by).is_(None),
    )


def _of(found: FindingRow, step: StepRow, name: str) -> LateOrMissing:
    parts = parse(found.parts.encode())
    named = parts if isinstance(parts, dict) else {}
    return LateOrMissing(
        finding_id=found.finding_id,
        rule=found.rule,
        party=step.party,
        name=name,
        lot=found.lot_id,
        stage=Stage(step.stage),
        statement_id=step.statement_id,
        event_ms=step.event_ms,
        recorded_ms=step.recorded_ms,
        found_ms=found.found_ms,
        days=_days(named),
        missing=tuple(Stage(key) for key in str(named.get("stages", "")).split()),
    )


def _days(parts: Mapping[str, JsonValue]) -> int | None:
    days = parts.get("days")
    return days if isinstance(days, int) else None
