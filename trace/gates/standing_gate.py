"""The standing gate: whether this party may work, at this place, with that other side, then."""

from collections.abc import Iterator
from typing import Final

from trace.findings import Finding
from trace.gates.gate_world import GateWorld
from trace.registers.days import day_of
from trace.registers.register_words import Registered, StandingKind
from trace.registers.standing import Standing
from trace.rulebook import broken
from trace.steps import Step
from trace.vocabulary import Stage
from trace.world import Before

STILL_ALLOWED: Final = frozenset(
    {Stage.TEST, Stage.SAMPLING, Stage.SENSING, Stage.STORAGE, Stage.RETURN, Stage.DESTROY}
)
"""What who is suspended may still do: keep the goods, have them tested, send them back, destroy them."""


def standing_gate(step: Step, before: Before, gates: GateWorld) -> Iterator[Finding]:
    """Refuse a step of a suspended or closed party, or at such a place; flag one towards such a party.

    At a place that such a party runs, others are flagged: a suspended works may go on under another name.
    """
    for standing in gates.standings:
        if standing.target == before.site.party and standing.target not in (step.party, step.counterparty):
            if standing.holds(step.event_ms):
                yield _broken("standing.host", standing)
            continue
        if standing.target == step.counterparty and standing.target != step.party:
            if standing.holds(step.event_ms):
                yield _broken("standing.counterparty", standing)
        elif standing.holds(step.event_ms):
            yield from _held(step, standing)
        elif standing.valid_until_ms is None and standing.valid_from_ms <= before.recorded_ms:
            yield _broken("standing.backdated", standing)


def _held(step: Step, standing: Standing) -> Iterator[Finding]:
    if standing.kind is StandingKind.CLOSED:
        yield _broken("standing.closed", standing)
    elif step.stage not in STILL_ALLOWED:
        yield _broken("standing.suspended", standing)


def _broken(code: str, standing: Standing) -> Finding:
    word = Registered(standing.sort)
    return broken(
        code,
        None,
        kind_zh=word.zh,
        kind_en=word.en,
        target=standing.target,
        state_zh=standing.kind.zh,
        state_en=standing.kind.en,
        since=day_of(standing.valid_from_ms).isoformat(),
        reason=standing.reason,
    )
