"""The field gates: area planted, season, harvest per 亩, and what was put on the field."""

from collections.abc import Iterator
from decimal import Decimal

from trace.findings import Finding
from trace.gates.gate_world import GateWorld
from trace.herbs import herb_or_none
from trace.registers.outlines import MOST_DIFFERENCE
from trace.rulebook import broken
from trace.standards.wild import banned_in, season
from trace.standards.yields import MOST_PER_MU
from trace.steps import Step
from trace.vocabulary import Stage
from trace.world import Before


def planted_gate(step: Step, before: Before, gates: GateWorld) -> Iterator[Finding]:  # noqa: ARG001  as every gate
    """Flag a planting that, with what stands there already, covers more than the place by its outline has."""
    there = gates.place_mu_100
    said = step.public.get("area_mu")
    if step.stage is not Stage.PLANTING or there is None or said is None:
        return
    planted = Decimal(str(said)) + gates.sown_mu
    if planted * 100 * 100 > there * (100 + MOST_DIFFERENCE):
        has = f"{there // 100}.{there % 100:02d}"
        yield broken("area.exceeds", None, place=step.place, planted=f"{planted:f}", has=has)


def harvest_gate(step: Step, before: Before, gates: GateWorld) -> Iterator[Finding]:  # noqa: ARG001  as every gate
    """Flag a harvest that, with those before it, is more than any fields of that size give."""
    bound, fields = MOST_PER_MU, gates.fields
    if fields is None:
        return
    total = fields.harvested + sum(amount.grams or 0 for amount in step.outputs)
    if total > fields.area_mu * bound.high_grams_per_mu:
        yield broken(
            "area.yield",
            step.inputs[0].lot,
            grams=total,
            area=str(fields.area_mu),
            most=bound.high_grams_per_mu // 1000,
            reason_zh=bound.reason_zh,
            reason_en=bound.reason_en,
        )


def season_gate(step: Step, before: Before, gates: GateWorld) -> Iterator[Finding]:
    """Flag a harvest outside of the months its monograph words, which is said to be unchecked."""
    day = gates.day
    if step.stage is not Stage.HARVEST:
        return
    for herb_name in dict.fromkeys(before.lots[amount.lot].herb for amount in step.inputs):
        known = season(herb_name)
        if known is not None and day.month not in known.months:
            yield broken(
                "season.out",
                step.inputs[0].lot,
                herb=herb_name,
                month=day.month,
                words_zh=known.words_zh,
                words_en=known.words_en,
                note_zh=known.confidence.note("zh"),
                note_en=known.confidence.note("en"),
            )


def input_gate(step: Step, before: Before, gates: GateWorld) -> Iterator[Finding]:  # noqa: ARG001  as every gate
    """Flag a banned pesticide or growth regulator on the field, and sulphur in processing."""
    material = step.public.get("material")
    if step.stage is Stage.FIELD_WORK and isinstance(material, str) and (found := banned_in(material)):
        yield broken(
            f"input.banned_{found.kind}",
            step.lots[0].lot if step.lots else None,
            name=found.name,
            source=found.source,
            note_zh=found.confidence.note("zh"),
            note_en=found.confidence.note("en"),
        )
    if step.stage is Stage.PRIMARY_PROCESSING and step.public.get("sulfur") is True:
        herbs = {before.lots[amount.lot].herb for amount in step.inputs}
        if any(herb_or_none(each) for each in herbs):
            yield broken("input.sulphur", step.outputs[0].lot)
