"""The licence gates: what the party may do on the day of the step."""

from collections.abc import Iterator, Sequence
from typing import Final

from trace.findings import Finding
from trace.gates.gate_world import GateWorld
from trace.herbs import herb_or_none
from trace.registers.days import day_of
from trace.registers.licences import Licence
from trace.registers.register_words import LicenceKind
from trace.rulebook import broken
from trace.standards.licence_needs import SAID_ON_STEP, LicenceNeed
from trace.standards.wild import protection
from trace.steps import Step
from trace.vocabulary import Stage
from trace.world import Before

_TOXIC_STAGES: Final = frozenset({Stage.SALE, Stage.DISPENSE, Stage.PURCHASE})


def licence_gate(step: Step, before: Before, gates: GateWorld) -> Iterator[Finding]:  # noqa: ARG001  as every gate
    """Flag a need that no licence meets: missing, expired or not begun, withdrawn."""
    for need in gates.needs:
        if _said(step) or any(
            each.kind in need.kinds and each.holds(step.event_ms) for each in gates.licences
        ):
            continue
        yield _unmet(step, need, [each for each in gates.licences if each.kind in need.kinds])


def protected_gate(step: Step, before: Before, gates: GateWorld) -> Iterator[Finding]:  # noqa: ARG001  as every gate
    """Flag the gathering of a protected wild herb without a permit."""
    if step.stage is not Stage.GATHERING:
        return
    for amount in step.outputs:
        found = protection(amount.herb or "")
        if found is None or (found.level > 1 and (_said(step) or _holds(gates, LicenceKind.GATHERING, step))):
            continue
        yield broken(
            "licence.protected",
            amount.lot,
            herb=found.herb,
            level=found.level,
            note_zh=found.confidence.note("zh"),
            note_en=found.confidence.note("en"),
        )


def toxic_gate(step: Step, before: Before, gates: GateWorld) -> Iterator[Finding]:
    """Flag trade in a raw toxic herb (毒性中药 28 种) by who is not designated for it."""
    if step.stage not in _TOXIC_STAGES or _holds(gates, LicenceKind.TOXIC, step):
        return
    for amount in step.lots:
        lot = before.lots[amount.lot]
        known = herb_or_none(lot.herb)
        if known is not None and known.toxic_raw:
            yield broken("toxic.handling", amount.lot, herb=known.name_zh)


def _said(step: Step) -> bool:
    name = SAID_ON_STEP.get(step.stage)
    return name is not None and bool(step.public.get(name) or step.private.get(name))


def _holds(gates: GateWorld, kind: LicenceKind, step: Step) -> bool:
    return any(each.kind is kind and each.holds(step.event_ms) for each in gates.licences)


def _unmet(step: Step, need: LicenceNeed, held: Sequence[Licence]) -> Finding:
    parts: dict[str, str | int] = {
        "party": step.party,
        "stage_zh": step.stage.zh,
        "stage_en": step.stage.en,
        "licence_zh": need.words("zh"),
        "licence_en": need.words("en"),
        "basis": need.basis,
        "note_zh": need.confidence.note("zh"),
        "note_en": need.confidence.note("en"),
    }
    if not held:
        return broken("licence.missing", None, **parts)
    last = max(held, key=lambda each: each.valid_from_ms)
    parts["number"] = last.number
    if last.withdrawn_ms is not None and last.withdrawn_ms <= step.event_ms:
        return broken("licence.withdrawn", None, day=day_of(last.withdrawn_ms).isoformat(), **parts)
    first = day_of(last.valid_from_ms).isoformat()
    until = "" if last.valid_until_ms is None else day_of(last.valid_until_ms - 1).isoformat()
    return broken("licence.expired", None, first=first, until=until, **parts)
