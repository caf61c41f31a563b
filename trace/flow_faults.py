"""What is wrong with the shape of a step: its lots, codes, readings and other side, against its flow."""

from collections.abc import Iterable
from typing import Final, TypeAlias

from trace.flows import Counterparty, Flow
from trace.steps import StepNew
from trace.vocabulary import BY_CODE, NAMED_FREELY, Form, Stage

Fault: TypeAlias = tuple[str, str, str]
"""Member of the step, and what is wrong with it in Chinese and English."""

SENSED: Final = frozenset({Stage.SENSING, Stage.STORAGE, Stage.SHIP, Stage.RECEIVE})
"""Stages whose steps may carry what instruments measured."""

NAMES_ITS_GOODS: Final = frozenset(
    {Stage.SEED, Stage.REARING, Stage.GATHERING, Stage.MINING, Stage.OPENING, Stage.PURCHASE, Stage.MEDICINE}
)
"""Stages whose outputs are named by nothing they were made from."""
_NAMES_SENDER: Final = frozenset({Stage.PURCHASE, Stage.RETURN})
"""Stages that name the other side where they name lots."""
_BOXES: Final = frozenset({Stage.NEST, Stage.UNNEST})
_COUNTED: Final = (
    ("inputs", "投入批次", "inputs"),
    ("outputs", "产出批次", "outputs"),
    ("lots", "所涉批次", "lots"),
)


def flow_faults(new: StepNew, flow: Flow) -> list[Fault]:
    """Return every fault of the shape of `new`, which its stage's `flow` does not allow."""
    return [
        *_count_faults(new, flow),
        *_lot_faults(new, flow),
        *_code_faults(new),
        *_form_faults(new, flow),
        *_counterparty_faults(new, flow),
        *_purchase_faults(new),
        *_packing_faults(new),
        *_reading_faults(new),
    ]


def form_of(made: Form | None, flow: Flow) -> Form | None:
    """Return the form of an output said to be `made`; None where only its inputs can tell."""
    return made or flow.makes


def _count_faults(new: StepNew, flow: Flow) -> Iterable[Fault]:
    for name, zh, en in _COUNTED:
        least, most = getattr(flow, name)
        count = len(getattr(new, name))
        if name == "lots" and (new.codes or new.container):
            least = most = 0
        if count < least:
            yield name, f"{zh}至少 {least} 个，只有 {count} 个", f"{en}: at least {least}, got {count}"
        if count > most:
            yield name, f"{zh}至多 {most} 个，却有 {count} 个", f"{en}: at most {most}, got {count}"


def _lot_faults(new: StepNew, flow: Flow) -> list[Fault]:
    named = [amount.lot for amount in (*new.inputs, *new.outputs, *new.lots)]
    twice = dict.fromkeys(name for name in named if named.count(name) > 1)
    needs_name = new.stage in NAMES_ITS_GOODS or (new.stage is Stage.PLANTING and not new.inputs)
    return [
        *(("lots", f"批次 {lot} 出现了不止一次", f"lot {lot} is named more than once") for lot in twice),
        *(
            ("outputs/grams", f"产出批次 {amount.lot} 缺重量", f"output {amount.lot} has no grams")
            for amount in new.outputs
            if flow.weighs and amount.grams is None
        ),
        *(
            ("outputs/herb", f"产出批次 {amount.lot} {missing[0]}", f"output {amount.lot} {missing[1]}")
            for amount in new.outputs
            if needs_name and amount.herb is None
            for missing in [_nameless(form_of(amount.form, flow))]
        ),
        *(
            ("lots/grams", f"所涉批次 {amount.lot} 缺重量", f"lot {amount.lot} has no grams")
            for amount in new.lots
            if flow.measures and amount.grams is None
        ),
    ]


def _nameless(form: Form | None) -> tuple[str, str]:
    if form in NAMED_FREELY:
        return "缺品名", "names no product"
    return "缺药材名", "names no herb"


def _code_faults(new: StepNew) -> Iterable[Fault]:
    if (new.codes or new.container) and new.stage not in BY_CODE:
        yield "codes", "本环节不按追溯码登记", "this stage is not recorded by code"
    if new.container and new.stage not in _BOXES:
        yield "container", "箱码只用于装箱与拆箱", "a container belongs to packing or unpacking a box"
    if new.stage in _BOXES and not new.container:
        yield "container", "缺箱码", "the container is missing"
    if new.stage is Stage.NEST and not new.codes:
        yield "codes", "缺所装各包的追溯码", "the codes of the packs are missing"
    if len(set(new.codes)) < len(new.codes):
        yield "codes", "追溯码有重复", "a code is named more than once"


def _form_faults(new: StepNew, flow: Flow) -> list[Fault]:
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


def _counterparty_faults(new: StepNew, flow: Flow) -> Iterable[Fault]:
    if new.counterparty is None:
        if flow.counterparty is Counterparty.REQUIRED or (new.stage in _NAMES_SENDER and new.lots):
            yield "counterparty", "缺对方主体", "the counterparty is missing"
    elif flow.counterparty is Counterparty.NONE:
        yield "counterparty", "不应填对方主体", "no counterparty belongs here"
    elif new.counterparty == new.party:
        yield "counterparty", "对方主体不能是自己", "the counterparty cannot be the party itself"


def _purchase_faults(new: StepNew) -> Iterable[Fault]:
    """A purchase either takes over traced lots or begins lots of what a stranger sold, never both."""
    if new.stage is Stage.PURCHASE and bool(new.lots) == bool(new.outputs):
        yield (
            "lots",
            "所购批次与产出批次须填且只填一种",
            "name either the lots bought or the lots begun by buying, not both",
        )


def _packing_faults(new: StepNew) -> Iterable[Fault]:
    packing = new.stage is Stage.PACK
    if packing and (new.packs is None or new.grams_per_pack is None):
        yield "packs", "缺包数或每包克数", "packs or grams_per_pack is missing"
    if not packing and (new.packs or new.grams_per_pack or new.batch):
        yield "packs", "不应填包数、每包克数或码批", "packs, grams_per_pack and batch belong to packing"
    if packing and new.packs and new.grams_per_pack and new.inputs:
        yield from _pack_mass_faults(new.inputs[0].grams, new.packs * new.grams_per_pack)


def _pack_mass_faults(given: int | None, packed: int) -> Iterable[Fault]:
    if given not in (None, packed):
        yield (
            "inputs/grams",
            f"投入 {given} 克，与包数乘以每包克数 {packed} 克不符；不填投入重量即可",
            f"the input says {given} g and the packs weigh {packed} g; leave the input's grams out",
        )


def _reading_faults(new: StepNew) -> Iterable[Fault]:
    if new.stage is Stage.TEST and not new.results:
        yield "results", "缺检验结果", "the results are missing"
    if new.stage is not Stage.TEST and new.results:
        yield "results", "不应填检验结果", "results belong to a test"
    if new.stage is Stage.SENSING and not new.sensors:
        yield "sensors", "缺环境数据", "the readings are missing"
    if new.stage not in SENSED and new.sensors:
        yield "sensors", "本环节不填环境数据", "no readings belong here"
