"""Is the way whole? The stages that should stand behind what is packed, sold or used."""

from collections.abc import Iterator
from typing import Final

from trace.findings import Finding
from trace.judging.quality import FINAL
from trace.rulebook import broken
from trace.steps import Step
from trace.vocabulary import Stage
from trace.world import Before


def whole_ways(step: Step, before: Before) -> Iterator[Finding]:
    """Name the stages a lot's way lacks."""
    if step.stage not in FINAL:
        return
    for lot, way in before.ways.items():
        missing = [stage for stage in way.missing if stage is not Stage.TEST]  # quality.untested says so
        if missing:
            yield broken(
                "completeness.missing_stage",
                lot,
                stages_zh="、".join(stage.zh for stage in missing),
                stages_en=", ".join(stage.en for stage in missing),
                stages=" ".join(stage.value for stage in missing),
            )


WHOLENESS_RULES: Final = (whole_ways,)
