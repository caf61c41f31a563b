"""What a correction breaks, cures and turns: two replays of one past, compared.

The past is replayed once as it was told and once as it is told now. What breaks a rule only now is flagged
on the step that breaks it, even where a new step would be refused: it happened, and hiding it helps nobody.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from ledger.canonical import JsonValue
from trace.corrections.past_reading import Past
from trace.findings import Finding
from trace.lots import Quality
from trace.replaying.history import Broken, History, PastStep
from trace.rulebook import broken

MOST: Final = 60
"""Findings one correction states; the statement must stay small enough for the log."""
_FAMILIES: Final = frozenset({"order", "owner", "receipt", "balance", "quality"})
"""Families of rules that have a rule of their own for what a correction broke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What follows from a correction, as its statement says it."""

    findings: tuple[tuple[str, Finding], ...]
    """With the step each is about."""
    cured: tuple[tuple[str, str, str | None], ...]
    """Step, rule and lot of findings that do not hold any longer."""
    outcomes: Mapping[str, Mapping[str, Quality]]
    """By step and lot: what a test comes to now; untested where it leaves it open."""

    def stated(self) -> dict[str, JsonValue]:
        """Return the members of the statement; what is empty is left out."""
        members: dict[str, JsonValue] = {
            "findings": [
                {"step": step, "rule": each.rule.code, "lot": each.lot, "parts": dict(each.parts)}
                for step, each in self.findings
            ],
            "cured": [{"step": step, "rule": rule, "lot": lot} for step, rule, lot in self.cured],
            "outcomes": {
                step: {lot: outcome.value for lot, outcome in lots.items()}
                for step, lots in self.outcomes.items()
            },
        }
        return {name: member for name, member in members.items() if member}


def consequences(
    past: Past,
    instead: PastStep | None,
    standing: Collection[tuple[str, str, str | None]],
    flagged: Collection[tuple[str, str, str | None]],
    also: Sequence[tuple[str, Finding]],
) -> Consequences:
    """Replay `past` as told and with `instead`, and compare.

    `standing` is what earlier corrections broke (step, rule, lot), `flagged` the findings kept; `also`
    are findings that no replay can see, such as packs that were sold.
    """
    judging = past.concerned
    told = partial(History, judging=judging, successions=past.successions)
    was = _replayed(told(past.names, past.sites, past.ghosts()), past.steps)
    now = _replayed(
        told(past.followed(instead), past.sites, past.ghosts(), said_before=was.outcomes),
        past.corrected(instead),
    )
    return Consequences(
        findings=bounded([*also, *_new(was.broken, now.broken, standing, past)]),
        cured=tuple(
            sorted((key for key in was.broken if key not in now.broken and key in flagged), key=repr)
        ),
        outcomes=_turned(was, now),
    )


def flagged_as(rule: str) -> str:
    """Return the rule under which a correction flags what breaks `rule`.

    >>> flagged_as("balance.overdrawn"), flagged_as("late.recorded")
    ('correction.balance', 'correction.other')
    """
    family = rule.partition(".")[0]
    return f"correction.{family if family in _FAMILIES else 'other'}"


def _replayed(history: History, steps: Iterable[PastStep]) -> History:
    for each in steps:
        history.take(each)
    return history


def _new(
    was: Broken, now: Broken, standing: Collection[tuple[str, str, str | None]], past: Past
) -> Iterable[tuple[str, Finding]]:
    subjects = {each.step.step_id: each.step for each in past.steps}
    for (step_id, rule, lot), finding in now.items():
        if (step_id, rule, lot) in was and (step_id, rule, lot) not in standing:
            continue
        about = lot or subjects[step_id].subject_lot
        words = {"rule": rule, "zh": finding.message("zh"), "en": finding.message("en")}
        yield step_id, broken(flagged_as(rule), about, **words)


def bounded(found: Sequence[tuple[str, Finding]]) -> tuple[tuple[str, Finding], ...]:
    """Name as many findings as fit, and say how many more there are."""
    if len(found) <= MOST:
        return tuple(found)
    step_id, last = found[MOST - 1]
    more = broken("correction.more", last.lot, count=len(found) - MOST + 1)
    return (*found[: MOST - 1], (step_id, more))


def _turned(was: History, now: History) -> dict[str, dict[str, Quality]]:
    found: dict[str, dict[str, Quality]] = {}
    for step_id, outcomes in now.outcomes.items():
        before = was.outcomes.get(step_id)
        if before is not None and before != outcomes:
            lots = sorted({*before, *outcomes})
            found[step_id] = {lot: outcomes.get(lot, Quality.UNTESTED) for lot in lots}
    return found
