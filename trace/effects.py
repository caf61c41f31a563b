"""What a step that may happen does: which lots change or come to be, and what hangs on it.

Pure: the same step on the same lots always has the same effects, so that every projection can be
built again from the log.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trace.balance import draw, hand_over, pack
from trace.lots import LotState, Quality
from trace.profiles import profile
from trace.steps import Amount, Step
from trace.vocabulary import ORIGIN_STAGES, Form, Stage
from trace.world import Before, OpenShipment


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One lot went into another."""

    source: str
    target: str
    grams_in: int | None
    grams_out: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """A step touched a lot: `made`, `used` or `seen`."""

    lot: str
    role: str
    grams: int | None


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
    parents = [before.lots[amount.lot] for amount in step.inputs]
    made = tuple(_made(step, amount, parents, before.site.division, statement_id) for amount in step.outputs)
    return Effects(
        made=made,
        changed=(*_drawn(step, before), *_seen(step, before)),
        edges=_edges(step),
        touches=_touches(step),
        shipped=_shipped(step),
        received=tuple(amount.lot for amount in step.lots) if step.stage is Stage.RECEIVE else (),
    )


def common_division(codes: Sequence[str | None]) -> str | None:
    """Return the finest GB/T 2260 division that holds all of `codes`; None when none does.

    >>> common_division(["341602", "341621"]), common_division(["341602", "621126"])
    ('341600', None)
    """
    known = {code for code in codes if code is not None}
    if len(known) != len(set(codes)) or not known:
        return None
    for digits in (6, 4, 2):
        heads = {code[:digits] for code in known}
        if len(heads) == 1:
            return heads.pop().ljust(6, "0")
    return None


def worst(lots: Sequence[LotState]) -> Quality:
    """Return what is known of goods made from `lots`: failed if any failed, passed only if all passed."""
    found = {lot.quality for lot in lots}
    if Quality.FAILED in found:
        return Quality.FAILED
    return Quality.PASSED if found == {Quality.PASSED} else Quality.UNTESTED


def _made(
    step: Step, amount: Amount, parents: Sequence[LotState], division: str, statement_id: str
) -> LotState:
    origin = step.stage in ORIGIN_STAGES
    inherits = bool(parents) and not origin and step.stage is not Stage.HARVEST
    form = amount.form or profile(step.stage).flow.makes or (parents[0].form if parents else Form.HERB)
    kinds = {parent.origin_kind for parent in parents}
    grades = {parent.grade for parent in parents}
    tested = [parent.quality_ms for parent in parents if parent.quality_ms is not None]
    return LotState(
        lot=amount.lot,
        herb=amount.herb or parents[0].herb,
        form=form,
        grade=amount.grade or (grades.pop() if len(grades) == 1 and form is parents[0].form else None),
        holder=step.party,
        origin_kind=step.stage if origin else (kinds.pop() if len(kinds) == 1 else None),
        origin=division if origin else common_division([parent.origin for parent in parents]),
        grams_in=amount.grams,
        grams=amount.grams,
        quality=worst(parents) if inherits else Quality.UNTESTED,
        quality_ms=max(tested, default=None) if inherits else None,
        made_ms=step.event_ms,
        made_step=step.step_id,
        made_statement=statement_id,
    )


def _drawn(step: Step, before: Before) -> tuple[LotState, ...]:
    take = pack if step.stage is Stage.PACK else draw
    return tuple(take(before.lots[amount.lot], amount.grams or 0) for amount in step.inputs)


def _seen(step: Step, before: Before) -> tuple[LotState, ...]:
    if step.stage is Stage.TEST:
        return tuple(_tested(step, before.lots[amount.lot], before) for amount in step.lots)
    if step.stage is Stage.SALE:
        return tuple(_sold(before.lots[amount.lot], amount.grams or 0) for amount in step.lots)
    if step.stage is Stage.SHIP:
        return tuple(replace(before.lots[amount.lot], in_transit=True) for amount in step.lots)
    if step.stage is Stage.RECEIVE:
        return tuple(_received(step, amount, before) for amount in step.lots)
    return ()


def _sold(lot: LotState, grams: int) -> LotState:
    return replace(lot, sold_grams=lot.sold_grams + grams)


def _tested(step: Step, lot: LotState, before: Before) -> LotState:
    """A test recorded late does not undo the word of a later test."""
    found = _outcome(step, lot, before)
    if found is None or (lot.quality_ms is not None and step.event_ms < lot.quality_ms):
        return lot
    return replace(lot, quality=found, quality_ms=step.event_ms)


def _outcome(step: Step, lot: LotState, before: Before) -> Quality | None:
    """What a test says of a lot; None when it leaves open what it was before.

    A lot that failed passes only when everything that was over its limit is measured again and within,
    or, where the laboratory itself had failed it, when a laboratory gives it a level again.
    """
    results = before.judged.get(lot.lot, ())
    level = step.public.get("quality_level")
    if level == "failed" or any(result.within is False for result in results):
        return Quality.FAILED
    within = {result.measurand("zh") for result in results if result.within}
    failed = before.failed_measurands.get(lot.lot, frozenset())
    unanswered = lot.quality is Quality.FAILED and not failed and level is None
    if unanswered or not failed <= within or not (within or level):
        return None
    return Quality.PASSED


def _received(step: Step, amount: Amount, before: Before) -> LotState:
    lot = before.lots[amount.lot]
    return hand_over(lot, step.party, max(0, lot.at_hand - (amount.grams or 0)))


def _edges(step: Step) -> tuple[Edge, ...]:
    return tuple(
        Edge(source=source.lot, target=target.lot, grams_in=source.grams, grams_out=target.grams)
        for source in step.inputs
        for target in step.outputs
    )


def _touches(step: Step) -> tuple[Touch, ...]:
    named = (("used", step.inputs), ("made", step.outputs), ("seen", step.lots))
    return tuple(
        Touch(lot=amount.lot, role=role, grams=amount.grams) for role, amounts in named for amount in amounts
    )


def _shipped(step: Step) -> tuple[OpenShipment, ...]:
    if step.stage is not Stage.SHIP:
        return ()
    return tuple(
        OpenShipment(
            lot=amount.lot,
            sender=step.party,
            receiver=step.counterparty or "",
            grams=amount.grams,
            shipped_ms=step.event_ms,
        )
        for amount in step.lots
    )
