"""The rules of the gates, in the form `trace.rules` calls, each as strict as the regulator set it."""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from trace.findings import Finding
from trace.gates.field_gate import harvest_gate, input_gate, planted_gate, season_gate
from trace.gates.gate_world import GateWorld
from trace.gates.licence_gate import licence_gate, protected_gate, toxic_gate
from trace.gates.origin_gate import area_gate, claim_gate, division_gate, geofence_gate
from trace.gates.paozhi_gate import paozhi_gate
from trace.gates.standing_gate import standing_gate
from trace.registers.gate_settings import as_set
from trace.steps import Step
from trace.world import Before

Gate: TypeAlias = Callable[[Step, Before, GateWorld], Iterator[Finding]]

_GATES: Final[tuple[Gate, ...]] = (
    standing_gate,
    licence_gate,
    protected_gate,
    toxic_gate,
    division_gate,
    area_gate,
    claim_gate,
    geofence_gate,
    planted_gate,
    harvest_gate,
    season_gate,
    input_gate,
    paozhi_gate,
)


def judge_gates(step: Step, before: Before) -> Iterator[Finding]:
    """Give what any gate finds, as strict as it is set; nothing where nothing was gathered."""
    if before.gates is None:
        return
    for gate in _GATES:
        for finding in gate(step, before, before.gates):
            if (kept := as_set(finding, before.gates.settings)) is not None:
                yield kept


GATE_RULES: Final[tuple[Callable[[Step, Before], Iterator[Finding]], ...]] = (judge_gates,)
