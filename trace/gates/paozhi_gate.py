"""The 炮制 gate: which excipient, how much of it, how thick the cuts, against what the method says."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from trace.findings import Finding
from trace.gates.gate_world import GateWorld
from trace.rulebook import broken
from trace.standards.paozhi_methods import (
    Method,
    cut_in,
    methods_in,
    ratio_for,
    same_excipient,
    slice_forms_of,
)
from trace.steps import Step
from trace.vocabulary import Form, Stage
from trace.world import Before

_PLAIN = frozenset({"cleaning", "cutting"})
"""Families that every herb goes through."""


def paozhi_gate(step: Step, before: Before, gates: GateWorld) -> Iterator[Finding]:  # noqa: ARG001  as every gate
    """Compare what was done with the methods the step names; a method it names unknown to us says nothing."""
    said = step.public.get("method")
    if step.stage is not Stage.PAOZHI or not isinstance(said, str) or not step.outputs:
        return
    methods = methods_in(said)
    sources = [before.lots[amount.lot] for amount in step.inputs]
    herbs = [lot.herb for lot in sources if lot.form is not Form.EXCIPIENT]
    if not herbs:
        return
    yield from _forms(step, herbs[0], methods)
    yield from _excipients(step, herbs[0], methods, _used(step, before))
    yield from _thickness(step, said)


def _forms(step: Step, herb: str, methods: Sequence[Method]) -> Iterator[Finding]:
    """Note a method that none of the forms known for the herb is made by."""
    known = {form.method for form in slice_forms_of(herb)}
    if not known:
        return
    for method in methods:
        if method.family not in _PLAIN and method.key not in known:
            yield broken(
                "paozhi.unlisted",
                step.outputs[0].lot,
                herb=herb,
                method=method.zh,
                method_en=method.en,
                forms="、".join(dict.fromkeys(form.name for form in slice_forms_of(herb))),
            )


def _excipients(
    step: Step, herb: str, methods: Sequence[Method], used: Sequence[tuple[str, Decimal | None]]
) -> Iterator[Finding]:
    for method in methods:
        if method.ratio is None:
            continue
        lot = step.outputs[0].lot
        named = {"method": method.zh, "method_en": method.en, "excipient": method.ratio.excipient}
        note = {"note_zh": method.confidence.note("zh"), "note_en": method.confidence.note("en")}
        if not used:
            yield broken("paozhi.excipient_missing", lot, **named, **note)
            continue
        ratios = [(name, ratio_for(herb, method, name), share) for name, share in used]
        if all(ratio is None for _, ratio, _ in ratios):
            given = "、".join(name for name, _ in used)
            if not any(same_excipient(method.ratio, name) for name, _ in used):
                yield broken("paozhi.excipient_other", lot, used=given, **named, **note)
            continue
        for name, ratio, share in ratios:
            if ratio is None or share is None or ratio.low is None or ratio.high is None:
                continue
            if not ratio.low <= share <= ratio.high:
                parts = {**named, "excipient": name, "herb": herb, "share": f"{share.normalize():f}"}
                yield broken("paozhi.excipient_ratio", lot, wanted=ratio.words(), **parts, **note)


def _thickness(step: Step, said: str) -> Iterator[Finding]:
    cut, given = cut_in(said), step.public.get("thickness_mm")
    if cut is None or given is None:
        return
    thickness = Decimal(str(given))
    low, high = cut.low_mm or Decimal(0), cut.high_mm or thickness
    if not low <= thickness <= high:
        yield broken(
            "paozhi.thickness",
            step.outputs[0].lot,
            cut=cut.zh,
            cut_en=cut.en,
            wanted=f"{low.normalize():f}–{high.normalize():f}",
            thickness=str(given),
            note_zh=cut.confidence.note("zh"),
            note_en=cut.confidence.note("en"),
        )


def _used(step: Step, before: Before) -> list[tuple[str, Decimal | None]]:
    """Return each excipient with its kilograms for 100 kg of herb; None where its mass is not said."""
    lots = {amount.lot: before.lots[amount.lot] for amount in step.inputs}
    herb = sum(amount.grams or 0 for amount in step.inputs if lots[amount.lot].form is not Form.EXCIPIENT)
    used = [
        (lots[amount.lot].herb, _share(amount.grams, herb))
        for amount in step.inputs
        if lots[amount.lot].form is Form.EXCIPIENT
    ]
    named = step.public.get("excipient")
    if isinstance(named, str):
        grams, ratio = step.public.get("excipient_grams"), step.public.get("excipient_ratio_pct")
        share = _share(grams if isinstance(grams, int) else None, herb)
        used.append((named, share if share is not None or ratio is None else Decimal(str(ratio))))
    return used


def _share(grams: int | None, herb: int) -> Decimal | None:
    return None if not grams or not herb else (Decimal(grams) * 100 / herb).quantize(Decimal("0.01"))
