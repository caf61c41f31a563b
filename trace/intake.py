"""From a step as sent to a step as believed: its shape judged against the profile of its stage.

Every fault is found at once. Nothing here looks at lots, parties or the clock: that is `rules`.
"""

import uuid
from typing import Final, TypeAlias

from ledger.clock import Randomness
from ledger.errors import DaodiError, Location, ManyFaults
from trace.errors import BadFlow, TraceError
from trace.fields import sort_fields
from trace.herbs import herb
from trace.identifiers import check_uscc
from trace.profiles import Counterparty, Flow, profile
from trace.steps import Amount, LotAmount, Measured, Step, StepNew, event_ms, offset_minutes
from trace.vocabulary import Stage

STEP_NAMES: Final = uuid.UUID("6f0c7c9e-6a5d-5f0e-9d0b-1d3a0c2b7e41")
"""Namespace of the step ids derived from a party's own ids (RFC 9562, version 5)."""

_NAMES_HERBS: Final = frozenset({Stage.SEED, Stage.REARING, Stage.GATHERING, Stage.MINING})
_COUNTED: Final = (
    ("inputs", "投入批次", "inputs"),
    ("outputs", "产出批次", "outputs"),
    ("lots", "所涉批次", "lots"),
)


def read_step(new: StepNew, randomness: Randomness) -> Step:
    """Return the step that `new` describes; raises its one fault, or `ManyFaults` for several."""
    rules = profile(new.stage)
    public, private, faults = sort_fields(rules, new.fields)
    faults += _identity_faults(new)
    faults += _flow_faults(new, rules.flow)
    if faults:
        raise faults[0] if len(faults) == 1 else ManyFaults(faults)
    return Step(
        step_id=_step_id(new, randomness),
        client_id=new.id,
        stage=new.stage,
        party=new.party,
        place=new.place,
        counterparty=new.counterparty,
        event_ms=event_ms(new.time),
        offset_minutes=offset_minutes(new.time),
        inputs=_amounts(new.inputs),
        outputs=_amounts(new.outputs),
        lots=_amounts(new.lots),
        public=public,
        private=private,
        results=tuple(
            Measured(measurand=each.measurand, value=each.value, unit=each.unit, method=each.method)
            for each in new.results
        ),
        packs=new.packs,
        grams_per_pack=new.grams_per_pack,
        batch=new.batch,
    )


def _step_id(new: StepNew, randomness: Randomness) -> str:
    if new.id is None:
        return str(uuid.UUID(bytes=randomness(16), version=4))
    return str(uuid.uuid5(STEP_NAMES, f"{new.party}/{new.id}"))


def _amounts(amounts: tuple[LotAmount, ...]) -> tuple[Amount, ...]:
    return tuple(
        Amount(lot=each.lot, grams=each.grams, herb=each.herb, form=each.form, grade=each.grade)
        for each in amounts
    )


def _identity_faults(new: StepNew) -> list[DaodiError]:
    faults: list[DaodiError] = []
    for name, uscc in (("party", new.party), ("counterparty", new.counterparty)):
        try:
            if uscc is not None:
                check_uscc(uscc)
        except TraceError as fault:
            fault.at = Location(field=name, value=uscc)
            faults.append(fault)
    for amount in new.outputs:
        try:
            if amount.herb is not None:
                herb(amount.herb)
        except TraceError as fault:
            fault.at = Location(field="outputs/herb", value=amount.herb)
            faults.append(fault)
    return faults


def _flow_faults(new: StepNew, flow: Flow) -> list[DaodiError]:
    words = [
        *_count_faults(new, flow),
        *_lot_faults(new, flow),
        *_form_faults(new, flow),
        *_counterparty_faults(new, flow),
        *_stage_faults(new),
    ]
    return [
        BadFlow(
            stage_zh=new.stage.zh,
            stage_en=new.stage.en,
            fault_zh=zh,
            fault_en=en,
            wanted_zh=flow.wanted_zh,
            wanted_en=flow.wanted_en,
            at=Location(field=where),
        )
        for where, zh, en in words
    ]


_Fault: TypeAlias = tuple[str, str, str]


def _count_faults(new: StepNew, flow: Flow) -> list[_Fault]:
    faults: list[_Fault] = []
    for name, zh, en in _COUNTED:
        least, most = getattr(flow, name)
        count = len(getattr(new, name))
        if count < least:
            faults.append(
                (name, f"{zh}至少 {least} 个，只有 {count} 个", f"{en}: at least {least}, got {count}")
            )
        if count > most:
            faults.append(
                (name, f"{zh}至多 {most} 个，却有 {count} 个", f"{en}: at most {most}, got {count}")
            )
    return faults


def _lot_faults(new: StepNew, flow: Flow) -> list[_Fault]:
    named = [amount.lot for amount in (*new.inputs, *new.outputs, *new.lots)]
    twice = dict.fromkeys(name for name in named if named.count(name) > 1)
    needs_herb = new.stage in _NAMES_HERBS or (new.stage is Stage.PLANTING and not new.inputs)
    sold = new.lots if new.stage is Stage.SALE else ()
    return [
        *(("lots", f"批次 {lot} 出现了不止一次", f"lot {lot} is named more than once") for lot in twice),
        *(
            ("outputs/grams", f"产出批次 {amount.lot} 缺重量", f"output {amount.lot} has no grams")
            for amount in new.outputs
            if flow.weighs and amount.grams is None
        ),
        *(
            ("outputs/herb", f"产出批次 {amount.lot} 缺药材名", f"output {amount.lot} names no herb")
            for amount in new.outputs
            if needs_herb and amount.herb is None
        ),
        *(
            ("lots/grams", f"所售批次 {amount.lot} 缺重量", f"sold lot {amount.lot} has no grams")
            for amount in sold
            if amount.grams is None
        ),
    ]


def _form_faults(new: StepNew, flow: Flow) -> list[_Fault]:
    if flow.makes is None:
        return []  # split and merge keep the form of what they took, which only the rules can see
    return [
        (
            "outputs/form",
            f"产出批次 {amount.lot} 不能是{amount.form.zh}",
            f"output {amount.lot} cannot be a {amount.form.en}",
        )
        for amount in new.outputs
        if amount.form is not None and amount.form not in flow.or_makes | {flow.makes}
    ]


def _counterparty_faults(new: StepNew, flow: Flow) -> list[_Fault]:
    if new.counterparty is None:
        if flow.counterparty is Counterparty.REQUIRED:
            return [("counterparty", "缺对方主体", "the counterparty is missing")]
        return []
    if flow.counterparty is Counterparty.NONE:
        return [("counterparty", "不应填对方主体", "no counterparty belongs here")]
    if new.counterparty == new.party:
        return [("counterparty", "对方主体不能是自己", "the counterparty cannot be the party itself")]
    return []


def _stage_faults(new: StepNew) -> list[_Fault]:
    faults: list[_Fault] = []
    packing = new.stage is Stage.PACK
    if packing and (new.packs is None or new.grams_per_pack is None):
        faults.append(("packs", "缺包数或每包克数", "packs or grams_per_pack is missing"))
    if not packing and (new.packs or new.grams_per_pack or new.batch):
        faults.append(
            ("packs", "不应填包数、每包克数或码批", "packs, grams_per_pack and batch belong to packing")
        )
    if packing and new.packs and new.grams_per_pack and new.inputs:
        faults += _pack_mass_faults(new.inputs[0].grams, new.packs * new.grams_per_pack)
    if new.stage is Stage.TEST and not new.results:
        faults.append(("results", "缺检验结果", "the results are missing"))
    if new.stage is not Stage.TEST and new.results:
        faults.append(("results", "不应填检验结果", "results belong to a test"))
    return faults


def _pack_mass_faults(given: int | None, packed: int) -> list[_Fault]:
    if given in (None, packed):
        return []
    return [
        (
            "inputs/grams",
            f"投入 {given} 克，与包数乘以每包克数 {packed} 克不符；不填投入重量即可",
            f"the input says {given} g and the packs weigh {packed} g; leave the input's grams out",
        )
    ]
