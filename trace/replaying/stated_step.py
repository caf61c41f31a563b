"""The public part of a step's statement: its event, its number, what was flagged, how its tests came out.

What a rule found and how a test came out is stated, not only kept: rules and limits change with the
years, and a rebuild must come to what was said then.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Final

from ledger.canonical import JsonValue
from trace.findings import Finding
from trace.lots import Quality
from trace.replaying.replaying_errors import UnreadableStatement
from trace.world import Before

KIND: Final = "step"
"""The kind of statement that a step is."""


def public_part(
    event: Mapping[str, JsonValue],
    nth: int,
    flagged: Sequence[Finding],
    world: Before,
    corrects: str | None = None,
) -> dict[str, JsonValue]:
    """Return the public part of the statement of a step.

    `flagged` are the rules it broke; `world` says what a test says of each lot, and of which a later one had
    answered that; `corrects` names the step it stands in the place of. What is empty is left out.
    """
    public: dict[str, JsonValue] = {"event": dict(event), "nth": nth}
    if flagged:
        public["findings"] = [
            {"rule": each.rule.code, "lot": each.lot, "parts": dict(each.parts)} for each in flagged
        ]
    if world.outcomes:
        public["outcomes"] = {lot: outcome.value for lot, outcome in world.outcomes.items()}
    if world.answered:
        public["answered"] = sorted(world.answered)
    if corrects is not None:
        public["corrects"] = corrects
    return public


def event_in(public: Mapping[str, JsonValue], statement_id: str) -> Mapping[str, JsonValue]:
    """Return the event of a step's statement; raises `UnreadableStatement` when it has none."""
    event = public.get("event")
    if not isinstance(event, dict):
        raise UnreadableStatement(statement=statement_id, member="event")
    return event


def outcomes_in(public: Mapping[str, JsonValue]) -> dict[str, Quality]:
    """Return what a test says of each lot, as stated."""
    outcomes = public.get("outcomes", {})
    return {lot: Quality(outcome) for lot, outcome in outcomes.items()} if isinstance(outcomes, dict) else {}


def answered_in(public: Mapping[str, JsonValue]) -> frozenset[str]:
    """Return of which lots a bad result told late was answered by a later test, as stated."""
    answered = public.get("answered", [])
    return frozenset(map(str, answered)) if isinstance(answered, list) else frozenset()


def finding_rows(public: Mapping[str, JsonValue], step_id: str, found_ms: int) -> list[dict[str, JsonValue]]:
    """Return the rows of the findings a step states; each is named after its step, rule, lot and place."""
    stated = public.get("findings", [])
    if not isinstance(stated, list):
        return []
    return [
        {
            "finding_id": finding_id(step_id, str(each["rule"]), each["lot"], place),
            "rule": each["rule"],
            "step_id": step_id,
            "lot_id": each["lot"],
            "parts": each["parts"],
            "found_ms": found_ms,
        }
        for place, each in enumerate(stated)
        if isinstance(each, dict)
    ]


def finding_id(stated_by: str, rule: str, lot: object, place: int) -> str:
    """Name a finding after the step or correction that states it (both UUIDs), and its place there."""
    return str(uuid.uuid5(uuid.UUID(stated_by), f"{rule}/{lot or ''}/{place}"))
