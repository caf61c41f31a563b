"""What a test found good and what bad, once its results are held against the limits."""

from collections.abc import Iterable, Mapping
from typing import Final

from trace.lots import LotState
from trace.registers.days import day_of
from trace.results import Judged, judge_results, regime_of
from trace.steps import Step

LEVEL: Final = ""
"""Stands among measurands for the level a laboratory gives, or refuses, without a measured value."""
FAILED_LEVEL: Final = "failed"


def judged_test(step: Step, lots: Mapping[str, LotState]) -> dict[str, tuple[Judged, ...]]:
    """Hold the results of a test against the limits of each of `lots` on its day."""
    if not step.results:
        return {}
    regime, day = regime_of(step.public.get("regime")), day_of(step.event_ms)
    return {
        lot: judge_results(step.results, state.herb, state.form, regime, day) for lot, state in lots.items()
    }


def found_good(step: Step, judged: Iterable[Judged]) -> frozenset[str]:
    """Return what a test found within limits: names of measurands, and `LEVEL` where it gives one."""
    level = step.public.get("quality_level")
    named = {result.measurand("zh") for result in judged if result.within}
    return frozenset(named | ({LEVEL} if level not in (None, FAILED_LEVEL) else set()))


def found_bad(step: Step, judged: Iterable[Judged]) -> frozenset[str]:
    """Return what a test found over its limit, and `LEVEL` where the laboratory itself failed the goods."""
    named = {result.measurand("zh") for result in judged if result.within is False}
    return frozenset(named | ({LEVEL} if step.public.get("quality_level") == FAILED_LEVEL else set()))
