"""Bad results told late: what later tests answered of them, and what was made of goods that failed since.

A party may tell of a test when it likes. A bad result counts all the same, unless what was over its limit
was measured again and found within; and it stands in the way of what was made of the goods meanwhile.
"""

from collections.abc import Mapping, Sequence

import orjson
from sqlmodel import Session, col, select

from trace.judged_results import LEVEL, found_good
from trace.lineage import LineageEdge, lots_of
from trace.lots import LotState, Quality
from trace.registers.days import day_of
from trace.replaying.reading_back import step_of
from trace.replaying.stated_step import event_in
from trace.results import judge_results, regime_of
from trace.steps import Step
from trace.tables import FindingRow, LotRow, StepLotRow, StepRow
from trace.vocabulary import Form, Stage


def retested(session: Session, step: Step, lots: Mapping[str, LotState]) -> dict[str, frozenset[str]]:
    """Return what tests later than `step`, a test told late, found good of each lot."""
    late = {lot: state for lot, state in lots.items() if (state.quality_ms or 0) > step.event_ms}
    return _good(session, late, step.event_ms) if step.stage is Stage.TEST and late else {}


def failed_sources(
    session: Session, lots: Mapping[str, LotState], edges: Sequence[LineageEdge]
) -> dict[str, str]:
    """Return for each lot what it was made of that has failed since, where nothing later answered that.

    `edges` are the ways back of `lots`. One query where nothing has failed.
    """
    sources = [lot for lot in lots_of(edges, list(lots)) if lot not in lots]
    failed = session.execute(
        select(col(LotRow.lot_id)).where(
            col(LotRow.lot_id).in_(sources), col(LotRow.quality) == Quality.FAILED.value
        )
    ).scalars()
    found: dict[str, str] = {}
    for source in failed if sources else ():
        for lot, state in lots.items():
            between = _between(source, lot, edges)
            if state.quality is not Quality.FAILED and between and not _answered(session, source, between):
                found[lot] = source
    return found


def _between(source: str, lot: str, edges: Sequence[LineageEdge]) -> set[str]:
    """Return `lot` and every lot on a way from `source` to it; nothing where there is none."""
    forward = _reached(source, [(edge.source, edge.target) for edge in edges])
    back = _reached(lot, [(edge.target, edge.source) for edge in edges])
    return ((forward & back) | {lot}) - {source} if lot in forward else set()


def _reached(begin: str, steps: Sequence[tuple[str, str]]) -> set[str]:
    onward: dict[str, set[str]] = {}
    for near, far in steps:
        onward.setdefault(near, set()).add(far)
    found, waiting = {begin}, [begin]
    while waiting:
        new = onward.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return found


def _answered(session: Session, source: str, between: set[str]) -> bool:
    bad = _over_limit(session, source)
    rows = session.execute(
        select(LotRow.lot_id, LotRow.herb, LotRow.form).where(col(LotRow.lot_id).in_(between))
    ).all()
    good = frozenset[str]().union(
        *_good_of(session, {row[0]: (row[1], Form(row[2])) for row in rows}, 0).values()
    )
    return bool(bad) and bad <= good


def _over_limit(session: Session, lot: str) -> frozenset[str]:
    """What tests that count found bad of a lot."""
    rows = session.execute(
        select(col(FindingRow.rule), col(FindingRow.parts))
        .join(StepRow, col(StepRow.step_id) == col(FindingRow.step_id))
        .where(
            col(FindingRow.lot_id) == lot,
            col(FindingRow.rule).in_(("quality.over_limit", "quality.failed_test")),
            col(StepRow.voided_by).is_(None),
        )
    )
    return frozenset(
        str(orjson.loads(parts)["measurand"]) if rule == "quality.over_limit" else LEVEL
        for rule, parts in rows
    )


def _good(session: Session, lots: Mapping[str, LotState], since_ms: int) -> dict[str, frozenset[str]]:
    return _good_of(session, {lot: (state.herb, state.form) for lot, state in lots.items()}, since_ms)


def _good_of(
    session: Session, lots: Mapping[str, tuple[str, Form]], since_ms: int
) -> dict[str, frozenset[str]]:
    """Return what tests after `since_ms` found good of each lot (its herb and form)."""
    rows = session.execute(
        select(col(StepLotRow.lot_id), col(StepRow.public), col(StepRow.statement_id))
        .join(StepRow, col(StepRow.step_id) == col(StepLotRow.step_id))
        .where(
            col(StepLotRow.lot_id).in_(lots),
            col(StepRow.stage) == Stage.TEST.value,
            col(StepRow.voided_by).is_(None),
            col(StepRow.event_ms) > since_ms,
        )
    )
    found: dict[str, frozenset[str]] = {}
    for lot, public, statement_id in rows:
        test = step_of(event_in(orjson.loads(public), statement_id), statement_id)
        herb, form = lots[lot]
        judged = judge_results(
            test.results, herb, form, regime_of(test.public.get("regime")), day_of(test.event_ms)
        )
        found[lot] = found.get(lot, frozenset()) | found_good(test, judged)
    return found
