"""Is it good enough? Results over their limits, and what must not be packed, sold or used."""

from collections.abc import Iterator
from typing import Final

from trace.findings import Finding
from trace.lots import Quality
from trace.rulebook import broken
from trace.steps import Step
from trace.vocabulary import Stage
from trace.world import Before

FINAL: Final = frozenset({Stage.PACK, Stage.SALE, Stage.DISPENSE})
"""Stages that need what came before them to be whole and good."""


def results(step: Step, before: Before) -> Iterator[Finding]:
    """A test says what it found beyond a limit."""
    for lot, judged in before.judged.items():
        for result in judged:
            if result.other_unit is not None:
                yield broken(
                    "quality.unit",
                    lot,
                    measurand=result.measurand("zh"),
                    measurand_en=result.measurand("en"),
                    unit=result.measured.unit or "—",
                    wanted=result.other_unit or "—",
                )
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


def quality_gate(step: Step, before: Before) -> Iterator[Finding]:
    """What failed its test is not packed; where it is sold or used all the same, it is said."""
    if step.stage not in FINAL:
        return
    for amount in (*step.inputs, *step.lots):
        quality = before.lots[amount.lot].quality
        if quality is Quality.FAILED:
            code = "quality.failed_before_pack" if step.stage is Stage.PACK else "quality.failed_before_sale"
            yield broken(code, amount.lot)
        elif quality is Quality.UNTESTED and step.stage is Stage.PACK:
            yield broken("quality.untested", amount.lot)
        if (source := before.failed_sources.get(amount.lot)) is not None:
            yield _source_failed(step, amount.lot, source)


def _source_failed(step: Step, lot: str, source: str) -> Finding:
    """What it was made of failed, told only after it was made."""
    if step.stage is Stage.PACK:
        return broken("quality.source_failed", lot, source=source)
    return broken("quality.failed_before_sale", lot)


QUALITY_RULES: Final = (results, quality_gate)
