"""Can this step be true? Judged from the step and the states of what it touches, and nothing else.

Rules that refuse leave no trace; rules that flag are kept as findings beside the step. The words,
severity and source of each rule stand in `facts/rules.csv`.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from trace.balance import gained, mostly_excipient, overdrawn, oversold
from trace.findings import Finding
from trace.lots import Quality
from trace.profiles import profile
from trace.rulebook import broken
from trace.steps import Amount, Step
from trace.vocabulary import ORIGIN_STAGES, Stage
from trace.world import Before

LATE_DAYS: Final = 7
SKEW_MS: Final = 10 * 60_000
"""How far a party's clock may run ahead of ours."""

_DAY_MS: Final = 86_400_000
_KEEPS_HERB: Final = frozenset({Stage.SPLIT, Stage.MERGE})
_ONE_HERB: Final = _KEEPS_HERB | {Stage.HARVEST, Stage.PRIMARY_PROCESSING, Stage.PAOZHI}
_FINAL: Final = frozenset({Stage.PACK, Stage.SALE})


def judge(step: Step, before: Before) -> list[Finding]:
    """Return every rule the step breaks, refusals first.

    A step that names lots that do not exist is judged no further: nothing else could be said of it.
    """
    unknown = list(_unknown_lots(step, before))
    if unknown:
        return unknown
    found = [finding for rule in _RULES for finding in rule(step, before)]
    return sorted(found, key=lambda finding: not finding.refuses)


def local_time(at_ms: int, offset: int) -> str:
    """Write a moment as the party's clock showed it.

    >>> local_time(1772668800000, 480)
    '2026-03-05 08:00'
    """
    zone = timezone(timedelta(minutes=offset))
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _used(step: Step) -> tuple[Amount, ...]:
    return (*step.inputs, *step.lots)


def _unknown_lots(step: Step, before: Before) -> Iterator[Finding]:
    code = "receipt.0" if step.stage is Stage.RECEIVE else "order.unknown_lot"
    for amount in _used(step):
        if amount.lot not in before.lots:
            yield broken(code, amount.lot)


def _made_twice(step: Step, before: Before) -> Iterator[Finding]:
    for amount in step.outputs:
        if amount.lot in before.lots:
            yield broken("order.lot_exists", amount.lot)


def _times(step: Step, before: Before) -> Iterator[Finding]:
    time = local_time(step.event_ms, step.offset_minutes)
    if step.event_ms > before.recorded_ms + SKEW_MS:
        yield broken(
            "order.time", None, time=time, recorded=local_time(before.recorded_ms, step.offset_minutes)
        )
    for amount in _used(step):
        made_ms = before.lots[amount.lot].made_ms
        if step.event_ms < made_ms:
            yield broken(
                "order.before_origin", amount.lot, time=time, made=local_time(made_ms, step.offset_minutes)
            )
    yield from _before_receipts(step, before)
    days = (before.recorded_ms - step.event_ms) // _DAY_MS
    if before.recorded_ms - step.event_ms > LATE_DAYS * _DAY_MS:
        yield broken("late.recorded", None, days=days)


def _before_receipts(step: Step, before: Before) -> Iterator[Finding]:
    if step.stage in (Stage.RECEIVE, Stage.TEST):
        return  # a report that came with the goods is older than their receipt
    for amount in _used(step):
        held_ms = before.lots[amount.lot].held_ms
        if held_ms is not None and step.event_ms < held_ms:
            yield broken(
                "order.before_receipt",
                amount.lot,
                time=local_time(step.event_ms, step.offset_minutes),
                received=local_time(held_ms, step.offset_minutes),
            )


def _forms(step: Step, before: Before) -> Iterator[Finding]:
    takes = profile(step.stage).flow.takes
    for amount in _used(step):
        form = before.lots[amount.lot].form
        if form not in takes:
            yield broken(
                "order.form",
                amount.lot,
                form_zh=form.zh,
                form_en=form.en,
                stage_zh=step.stage.zh,
                stage_en=step.stage.en,
                wanted_zh="、".join(sorted(each.zh for each in takes)),
                wanted_en=", ".join(sorted(each.en for each in takes)),
            )


def _one_form(step: Step, before: Before) -> Iterator[Finding]:
    if step.stage not in _KEEPS_HERB:
        return
    wanted = before.lots[step.inputs[0].lot].form
    forms = [(amount.lot, before.lots[amount.lot].form) for amount in step.inputs]
    forms += [(amount.lot, amount.form) for amount in step.outputs if amount.form is not None]
    for lot, form in forms:
        if form is not wanted:
            yield broken(
                "order.mixed_forms",
                lot,
                form_zh=form.zh,
                form_en=form.en,
                wanted_zh=wanted.zh,
                wanted_en=wanted.en,
            )


def _herbs(step: Step, before: Before) -> Iterator[Finding]:
    if step.stage not in _ONE_HERB:
        return
    wanted = before.lots[step.inputs[0].lot].herb
    for amount in step.inputs:
        if before.lots[amount.lot].herb != wanted:
            yield broken("order.herb", amount.lot, herb=before.lots[amount.lot].herb, wanted=wanted)
    code = "order.herb" if step.stage in _KEEPS_HERB else "order.herb_changed"
    for amount in step.outputs:
        if amount.herb not in (None, wanted):
            yield broken(code, amount.lot, herb=amount.herb or "", wanted=wanted)


def _places(step: Step, before: Before) -> Iterator[Finding]:
    if step.stage in ORIGIN_STAGES and before.site.party != step.party:
        yield broken("owner.place", None, place=step.place, owner=before.site.party, party=step.party)


def _holders(step: Step, before: Before) -> Iterator[Finding]:
    if step.stage is Stage.RECEIVE:
        return
    for amount in _used(step):
        lot = before.lots[amount.lot]
        if lot.holder != step.party:
            yield broken("owner.not_holder", amount.lot, holder=lot.holder, party=step.party)
        elif lot.in_transit and step.stage is not Stage.TEST:
            yield broken("owner.in_transit", amount.lot)


def _whole_shipments(step: Step, before: Before) -> Iterator[Finding]:
    if step.stage is not Stage.SHIP:
        return
    for amount in step.lots:
        at_hand = before.leaving(amount.lot)
        if amount.grams != at_hand:
            yield broken("owner.ship_part", amount.lot, at_hand=at_hand or 0, grams=amount.grams or 0)


def _receipts(step: Step, before: Before) -> Iterator[Finding]:
    if step.stage is not Stage.RECEIVE:
        return
    for amount in step.lots:
        shipment = before.shipments.get(amount.lot)
        if before.lots[amount.lot].frozen:
            yield broken("receipt.1", amount.lot)
        elif shipment is None:
            yield broken("receipt.2", amount.lot)
        elif shipment.receiver != step.party or step.counterparty not in (None, shipment.sender):
            yield broken(
                "receipt.3", amount.lot, sender=shipment.sender, receiver=shipment.receiver, party=step.party
            )
        elif amount.grams is not None and amount.grams > (shipment.grams or 0):
            yield broken("receipt.4", amount.lot, shipped=shipment.grams or 0, grams=amount.grams)
        elif step.event_ms < shipment.shipped_ms:
            yield broken(
                "order.before_shipment",
                amount.lot,
                time=local_time(step.event_ms, step.offset_minutes),
                shipped=local_time(shipment.shipped_ms, step.offset_minutes),
            )


def _balances(step: Step, before: Before) -> Iterator[Finding]:
    for amount in (*step.inputs, *(step.lots if step.stage is Stage.SHIP else ())):
        if amount.grams == 0:
            yield broken("balance.used_up", amount.lot)
    for lot, (wanted, free) in overdrawn(step, before.lots).items():
        yield broken("balance.overdrawn", lot, free=free, wanted=wanted)
    if (more := gained(step, before.lots)) is not None:
        yield broken("balance.created", step.outputs[0].lot, came=more[0], out=more[1])
    if (swollen := mostly_excipient(step)) is not None:
        yield broken("balance.excipient", step.outputs[0].lot, came=swollen[0], out=swollen[1])
    for lot, (sold, at_hand) in oversold(step, before.lots).items():
        yield broken("balance.oversold", lot, sold=sold, at_hand=at_hand)


def _results(step: Step, before: Before) -> Iterator[Finding]:
    for lot, results in before.judged.items():
        for result in results:
            if result.within is False and result.limit is not None:
                recalled = result.limit.confidence == "recalled"
                yield broken(
                    "quality.over_limit",
                    lot,
                    measurand=result.measurand("zh"),
                    measurand_en=result.measurand("en"),
                    value=result.measured.value,
                    unit=result.measured.unit,
                    limit=result.limit_words() or "",
                    note_zh="（限量待核）" if recalled else "",
                    note_en=" (limit unchecked)" if recalled else "",
                    source=result.limit.basis,
                )
        if step.public.get("quality_level") == "failed":
            yield broken("quality.failed_test", lot)


def _quality_gate(step: Step, before: Before) -> Iterator[Finding]:
    if step.stage not in _FINAL:
        return
    for amount in _used(step):
        quality = before.lots[amount.lot].quality
        if quality is Quality.FAILED:
            code = "quality.failed_before_pack" if step.stage is Stage.PACK else "quality.failed_before_sale"
            yield broken(code, amount.lot)
        elif quality is Quality.UNTESTED and step.stage is Stage.PACK:
            yield broken("quality.untested", amount.lot)


def _frozen(step: Step, before: Before) -> Iterator[Finding]:
    kinds = {"lot": ("批次", "lot"), "party": ("主体", "party")}
    for freeze in before.freezes:
        if step.stage is Stage.RECEIVE and freeze.kind == "lot":
            continue  # receipt.1 says so
        kind_zh, kind_en = kinds[freeze.kind]
        lot = freeze.target if freeze.kind == "lot" else None
        yield broken(
            "freeze.frozen", lot, kind_zh=kind_zh, kind_en=kind_en, target=freeze.target, reason=freeze.reason
        )


def _whole_ways(step: Step, before: Before) -> Iterator[Finding]:
    for lot, way in before.ways.items():
        missing = [stage for stage in way.missing if stage is not Stage.TEST]  # quality.untested says so
        if step.stage in _FINAL and missing:
            yield broken(
                "completeness.missing_stage",
                lot,
                stages_zh="、".join(stage.zh for stage in missing),
                stages_en=", ".join(stage.en for stage in missing),
                stages=" ".join(stage.value for stage in missing),
            )


_RULES: Final[tuple[Callable[[Step, Before], Iterator[Finding]], ...]] = (
    _made_twice,
    _times,
    _forms,
    _one_form,
    _herbs,
    _places,
    _holders,
    _whole_shipments,
    _receipts,
    _balances,
    _results,
    _quality_gate,
    _frozen,
    _whole_ways,
)
