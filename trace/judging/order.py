"""Can it have happened then? Times, beginnings and ends: nothing before it exists, nothing after its day."""

from collections.abc import Iterator
from typing import Final

from trace.findings import Finding
from trace.judging.naming import BEIJING_MINUTES, local_day, local_time, step_time, used
from trace.rulebook import broken
from trace.steps import Step
from trace.vocabulary import PRODUCT_STAGES, Stage
from trace.world import Before

LATE_DAYS: Final = 7
"""Our own bound: steps recorded later are flagged, and told as entered later (补录)."""
SKEW_MS: Final = 10 * 60_000
"""How far a party's clock may run ahead of ours."""

_DAY_MS: Final = 86_400_000
_OF_ANY_TIME: Final = frozenset({Stage.RECEIVE, Stage.TEST, Stage.SETTLEMENT, Stage.PURCHASE})
"""Stages that may lie before the receipt of their goods, or are no matter of holding them."""
_LAST_USES: Final = frozenset({Stage.SALE, Stage.DISPENSE, Stage.PACK}) | PRODUCT_STAGES
"""Stages that give goods to who uses them, or make goods of them that have a last day of their own."""


def unknown_lots(step: Step, before: Before) -> Iterator[Finding]:
    """A lot exists from the step that makes it."""
    code = "receipt.0" if step.stage is Stage.RECEIVE else "order.unknown_lot"
    for amount in (*step.inputs, *step.lots):
        if amount.lot not in before.lots:
            yield broken(code, amount.lot)


def made_twice(step: Step, before: Before) -> Iterator[Finding]:
    """A lot has one beginning."""
    for amount in step.outputs:
        if amount.lot in before.lots:
            yield broken("order.lot_exists", amount.lot)


def times(step: Step, before: Before) -> Iterator[Finding]:
    """Nothing happens in the future, and nothing to a lot before it was made: no harvest before planting."""
    if step.event_ms > before.recorded_ms + SKEW_MS:
        recorded = local_time(before.recorded_ms, step.offset_minutes)
        yield broken("order.time", None, time=step_time(step), recorded=recorded)
    for amount in (*step.inputs, *step.lots):
        made_ms = before.lots[amount.lot].made_ms
        if step.event_ms < made_ms:
            made = local_time(made_ms, step.offset_minutes)
            yield broken("order.before_origin", amount.lot, time=step_time(step), made=made)


def after_receipt(step: Step, before: Before) -> Iterator[Finding]:
    """Nobody works with goods before receiving them; a report that came with them may be older."""
    if step.stage in _OF_ANY_TIME:
        return
    for amount in used(step):
        held_ms = before.lots[amount.lot].held_ms
        if held_ms is not None and step.event_ms < held_ms:
            received = local_time(held_ms, step.offset_minutes)
            yield broken("order.before_receipt", amount.lot, time=step_time(step), received=received)


def in_time(step: Step, before: Before) -> Iterator[Finding]:
    """A step is recorded within seven days."""
    if recorded_late(step.event_ms, before.recorded_ms):
        days = (before.recorded_ms - step.event_ms) // _DAY_MS
        yield broken("late.recorded", None, days=days)


def recorded_late(event_ms: int, recorded_ms: int) -> bool:
    """Say whether what happened at `event_ms` was recorded later than is allowed.

    >>> recorded_late(0, 7 * 86_400_000), recorded_late(0, 7 * 86_400_000 + 1)
    (False, True)
    """
    return recorded_ms - event_ms > LATE_DAYS * _DAY_MS


def within_its_days(step: Step, before: Before) -> Iterator[Finding]:
    """Nothing is sold, dispensed, packed or processed after its last day (保质期至).

    The day ends at midnight in Beijing, whatever offset the party's clock is said to have.
    """
    if step.stage not in _LAST_USES:
        return
    day = local_day(step.event_ms, BEIJING_MINUTES)
    for amount in (*step.inputs, *step.lots):
        expires = before.lots[amount.lot].expires
        if expires is not None and day > expires:
            yield broken(
                "order.expired",
                amount.lot,
                expires=expires,
                day=day,
                stage_zh=step.stage.zh,
                stage_en=step.stage.en,
            )


def after_pesticide(step: Step, before: Before) -> Iterator[Finding]:
    """Nothing is harvested before the interval of a pesticide has passed; whichever is recorded first."""
    if step.stage is Stage.HARVEST:
        for amount in step.inputs:
            from_ms = before.lots[amount.lot].harvest_from_ms
            if from_ms is not None and step.event_ms < from_ms:
                yield _too_early(step, amount.lot, step.event_ms, from_ms)
    days = step.public.get("interval_days")
    if step.stage is Stage.FIELD_WORK and isinstance(days, int):
        until_ms = step.event_ms + days * _DAY_MS
        for amount in step.lots:
            harvested_ms = before.lots[amount.lot].harvested_ms
            if harvested_ms is not None and step.event_ms <= harvested_ms < until_ms:
                yield _too_early(step, amount.lot, harvested_ms, until_ms)


def _too_early(step: Step, lot: str, harvested_ms: int, from_ms: int) -> Finding:
    return broken(
        "order.pesticide_interval",
        lot,
        time=local_time(harvested_ms, step.offset_minutes),
        earliest=local_time(from_ms, step.offset_minutes),
    )


ORDER_RULES: Final = (made_twice, times, after_receipt, in_time, within_its_days, after_pesticide)
