"""Can this step be true? Judged from the step and the states of what it touches, and nothing else.

Rules that refuse leave no trace; rules that flag are kept as findings beside the step. Each subject has
its own file in `trace.judging`, or beside what it is about; the words, severity and source of each rule
stand in `facts/rules.csv`.
"""

from collections.abc import Callable, Iterator
from typing import Final

from trace.coding.pack_rules import PACK_RULES
from trace.documents.document_rules import DOCUMENT_RULES
from trace.findings import Finding
from trace.gates.gate_rules import GATE_RULES
from trace.judging.kinds_of_goods import GOODS_RULES
from trace.judging.masses import MASS_RULES
from trace.judging.order import ORDER_RULES, unknown_lots
from trace.judging.ownership import OWNER_RULES
from trace.judging.quality import QUALITY_RULES
from trace.judging.wholeness import WHOLENESS_RULES
from trace.recalls.hold_rules import HOLD_RULES
from trace.sensors.sensor_rules import SENSOR_RULES
from trace.steps import Step
from trace.world import Before


def judge(step: Step, before: Before) -> list[Finding]:
    """Return every rule the step breaks, refusals first.

    A step that names lots that do not exist is judged no further: nothing else could be said of it.
    """
    unknown = list(unknown_lots(step, before))
    if unknown:
        return unknown
    found = [finding for rule in RULES for finding in rule(step, before)]
    return sorted(found, key=lambda finding: not finding.refuses)


RULES: Final[tuple[Callable[[Step, Before], Iterator[Finding]], ...]] = (
    *ORDER_RULES,
    *GOODS_RULES,
    *OWNER_RULES,
    *PACK_RULES,
    *MASS_RULES,
    *QUALITY_RULES,
    *HOLD_RULES,
    *GATE_RULES,
    *DOCUMENT_RULES,
    *SENSOR_RULES,
    *WHOLENESS_RULES,
)
"""Every rule a step is judged by, in the order their findings are told."""
