"""What a step that may happen does: which lots change or come to be, and what hangs on it.

Pure: the same step on the same lots always has the same effects, so that every projection can be
built again from the log.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from trace.balance import PACKS_LEAVE, adjust, draw, hand_over, leave_in_packs, pack, take_out
from trace.judged_results import found_bad
from trace.lots import LotState, Quality
from trace.making import Making, made_lot
from trace.steps import Amount, Step
from trace.vocabulary import PRODUCT_STAGES, Form, Stage
from trace.world import Before, OpenShipment

_DAY_MS: Final = 86_400_000
_SHIPPING: Final = frozenset({Stage.SHIP, Stage.RETURN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One lot went into another."""

    source: str
    target: str
    grams_in: int | None
    grams_out: int | None
    excipient: bool = False
    """The source is an excipient (辅料) of the target: no herb came this way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """A step touched a lot: `made`, `used` or `seen`."""

    lot: str
    role: str
    grams: int | None
    outcome: Quality | None = None
    """Passed or failed, where the step is a test that said so of the lot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Everything a step changes."""

    made: tuple[LotState, ...] = ()
    changed: tuple[LotState, ...] = ()
    edges: tuple[Edge, ...] = ()
    touches: tuple[Touch, ...] = ()
    shipped: tuple[OpenShipment, ...] = ()
    received: tuple[str, ...] = ()
    """Lots whose open shipment and open sales are closed by this step."""


def effects(step: Step, before: Before, statement_id: str) -> Effects:
    """Return what `step`, stated as `statement_id`, does to the lots in `before`."""
    return Effects(
        made=_made(step, before, statement_id),
        changed=(*_drawn(step, before), *_seen(step, before)),
        edges=_edges(step, before),
        touches=_touches(step, before),
        shipped=_shipped(step),
        received=_received_lots(step),
    )


def with_outcomes(step: Step, before: Before) -> Before:
    """Return the world with what a test says of each lot it leaves no doubt about."""
    if step.stage is not Stage.TEST:
        return before
    found = {amount.lot: _outcome(step, before.lots[amount.lot], before) for amount in step.lots}
    outcomes = {lot: outcome for lot, outcome in found.items() if outcome is not None}
    failed = (lot for lot, outcome in outcomes.items() if outcome is Quality.FAILED)
    return replace(before, outcomes=outcomes, answered=frozenset(_answered(step, before, failed)))


def _answered(step: Step, before: Before, failed: Iterable[str]) -> Iterator[str]:
    for lot in failed:
        bad = found_bad(step, before.judged.get(lot, ()))
        if _late(step, before.lots[lot]) and bad <= before.retested.get(lot, frozenset()):
            yield lot


def _made(step: Step, before: Before, statement_id: str) -> tuple[LotState, ...]:
    making = Making(
        step=step,
        parents=tuple(before.lots[amount.lot] for amount in step.inputs),
        division=before.site.division,
        statement_id=statement_id,
    )
    return tuple(made_lot(amount, making) for amount in step.outputs)


def _drawn(step: Step, before: Before) -> tuple[LotState, ...]:
    if step.stage is Stage.PACK:
        return tuple(_packed(step, before.lots[amount.lot], amount.grams or 0) for amount in step.inputs)
    drawn = tuple(draw(before.lots[amount.lot], amount.grams or 0) for amount in step.inputs)
    return tuple(_harvested(step, lot) for lot in drawn) if step.stage is Stage.HARVEST else drawn


def _packed(step: Step, lot: LotState, grams: int) -> LotState:
    """A lot packed twice may be sold until the earlier of the two days."""
    days = [str(day) for day in (step.public.get("expiry_date"), lot.expires) if day]
    return replace(pack(lot, grams), expires=min(days, default=None))


def _harvested(step: Step, lot: LotState) -> LotState:
    return replace(lot, harvested_ms=max(step.event_ms, lot.harvested_ms or step.event_ms))


def _seen(step: Step, before: Before) -> tuple[LotState, ...]:
    return tuple(_changed(step, amount, before) for amount in step.lots)


def _changed(step: Step, amount: Amount, before: Before) -> LotState:
    """Return one of the lots that neither went in nor came out, as the step leaves it."""
    lot, grams = before.lots[amount.lot], amount.grams or 0
    if step.by_code:
        leaving = before.packs.leaving_by_lot.get(lot.lot, 0) if before.packs is not None else 0
        return leave_in_packs(lot, leaving) if step.stage in PACKS_LEAVE else lot
    match step.stage:
        case Stage.TEST:
            return _tested(step, lot, before)
        case Stage.FIELD_WORK:
            return _treated(step, lot)
        case Stage.SALE:
            return _sold(lot, grams)
        case Stage.SHIP | Stage.RETURN:
            return replace(lot, in_transit=True)
        case Stage.RECEIVE:
            return _received(step, amount, before)
        case Stage.SAMPLING | Stage.DISPENSE | Stage.DESTROY:
            return take_out(lot, grams)
        case Stage.STOCK_ADJUST:
            return adjust(lot, grams)
    return lot


def _treated(step: Step, lot: LotState) -> LotState:
    """After a pesticide nothing is to be harvested until its interval (安全间隔期) has passed."""
    days = step.public.get("interval_days")
    if not isinstance(days, int):
        return lot
    return replace(lot, harvest_from_ms=max(step.event_ms + days * _DAY_MS, lot.harvest_from_ms or 0))


def _sold(lot: LotState, grams: int) -> LotState:
    return replace(lot, sold_grams=lot.sold_grams + grams)


def _tested(step: Step, lot: LotState, before: Before) -> LotState:
    """A good result told late does not undo the word of a later test; a bad one only if that answers it."""
    found = before.outcomes.get(lot.lot)
    if found is None or (_late(step, lot) and (found is Quality.PASSED or lot.lot in before.answered)):
        return lot
    # What is told late never sets the clock back: a retest must be later than every test that counts.
    return replace(lot, quality=found, quality_ms=max(step.event_ms, lot.quality_ms or step.event_ms))


def _late(step: Step, lot: LotState) -> bool:
    return lot.quality_ms is not None and step.event_ms < lot.quality_ms


def _outcome(step: Step, lot: LotState, before: Before) -> Quality | None:
    """What a test says of a lot; None when it leaves open what it was before.

    A lot that failed passes only when everything that was over its limit is measured again and within,
    or, where the laboratory itself had failed it, when a laboratory gives it a level again.
    """
    results = before.judged.get(lot.lot, ())
    level = step.public.get("quality_level")
    if found_bad(step, results):
        return Quality.FAILED
    if any(result.other_unit for result in results):
        return None
    within = {result.measurand("zh") for result in results if result.within}
    failed = before.failed_measurands.get(lot.lot, frozenset())
    unanswered = lot.quality is Quality.FAILED and not failed and level is None
    if unanswered or not failed <= within or not (within or level):
        return None
    return Quality.PASSED


def _received(step: Step, amount: Amount, before: Before) -> LotState:
    lot = before.lots[amount.lot]
    return hand_over(lot, step.party, max(0, lot.at_hand - (amount.grams or 0)))


def _received_lots(step: Step) -> tuple[str, ...]:
    if step.stage is not Stage.RECEIVE or step.by_code:
        return ()
    return tuple(amount.lot for amount in step.lots)


def _edges(step: Step, before: Before) -> tuple[Edge, ...]:
    return tuple(
        Edge(
            source=source.lot,
            target=target.lot,
            grams_in=source.grams,
            grams_out=target.grams,
            excipient=step.stage in PRODUCT_STAGES and before.lots[source.lot].form is Form.EXCIPIENT,
        )
        for source in step.inputs
        for target in step.outputs
    )


def _touches(step: Step, before: Before) -> tuple[Touch, ...]:
    named = (("used", step.inputs), ("made", step.outputs), ("seen", step.lots))
    return tuple(
        Touch(lot=amount.lot, role=role, grams=amount.grams, outcome=before.outcomes.get(amount.lot))
        for role, amounts in named
        for amount in amounts
    )


def _shipped(step: Step) -> tuple[OpenShipment, ...]:
    if step.stage not in _SHIPPING or step.by_code:
        return ()
    return tuple(
        OpenShipment(
            lot=amount.lot,
            sender=step.party,
            receiver=step.counterparty or "",
            grams=amount.grams,
            shipped_ms=step.event_ms,
            returned=step.stage is Stage.RETURN,
        )
        for amount in step.lots
    )
