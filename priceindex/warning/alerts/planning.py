"""What is to happen to the warnings of a family, given what was just seen: pure, so that it can be tried.

One warning may be open for a subject and rule. After an end the same rule rests for that subject; what a
person closed stays closed until its score has been normal again, or is worse than it was then. A crisis
waits for no rest, but what a person closed must have been normal before it. A price that is too old opens
nothing but its own warning.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from priceindex.calendar import china_day, day_number
from priceindex.warning.alerts.happenings import Happening, Key, Warned
from priceindex.warning.hysteresis import State
from priceindex.warning.rule_text import STALE_RULE, LifeRule
from priceindex.warning.sightings import Sighting

WEEK_MS: Final = int(timedelta(days=7).total_seconds() * 1000)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is to happen to one warning."""

    kind: Happening
    key: Key
    state: State
    sighting: Sighting | None
    """None where there is nothing to be seen any more."""


def changes(
    seen: Iterable[Sighting],
    standing: Mapping[Key, Warned],
    life: LifeRule,
    now_ms: int,
    there: frozenset[tuple[str, str]],
    scored: Mapping[Key, bool] | None = None,
) -> list[Change]:
    """What follows from what was seen, in the order it was seen.

    `standing` is the newest episode of every key; `there` the (level, node) the index has now: a warning
    of a subject that left it ends. So does one whose rule has had no score for its subject for
    `life.unjudged_periods`: a source that quotes no more, a forecast nobody makes. `scored` tells of each
    subject a rule has a row for whether there was such a score (`watching.Watched`); None where that was
    not looked at. Without a row, as where no forecast can be read today, the weeks count from the first
    look that had none.
    """
    seen = tuple(seen)
    judged = {one.key for one in seen}
    levels = {level for level, _ in there}
    found = [_follows(one, standing.get(one.key), life, now_ms) for one in seen]
    for key, old in standing.items():
        if old.open and key not in judged:
            left = key.level in levels and (key.level, key.node) not in there
            found.append(_ended(key) if left else _unseen(key, old, life, now_ms, scored))
    return [change for change in found if change is not None]


def _unseen(
    key: Key, old: Warned, life: LifeRule, now_ms: int, scored: Mapping[Key, bool] | None
) -> Change | None:
    """What becomes of an open warning that this look could not judge."""
    if scored is None:
        return None
    lately = scored.get(key)
    if lately is not None:
        return _judged_again(key, old) if lately else _ended(key)
    if old.unjudged_ms is None:
        return Change(Happening.UNJUDGED, key, old.state, None)
    return _ended(key) if now_ms - old.unjudged_ms >= life.unjudged_periods * WEEK_MS else None


def _ended(key: Key) -> Change:
    return Change(Happening.ENDED, key, State.NORMAL, None)


def _judged_again(key: Key, old: Warned) -> Change | None:
    return None if old.unjudged_ms is None else Change(Happening.JUDGED, key, old.state, None)


def _follows(one: Sighting, old: Warned | None, life: LifeRule, now_ms: int) -> Change | None:
    held = one.stale and one.rule != STALE_RULE
    if old is not None and old.open:
        if held or one.state == old.state:
            return _judged_again(one.key, old)
        return Change(_moved(one, old), one.key, one.state, one)
    if one.state == State.NORMAL or held or (old is not None and not _may_open(one, old, life, now_ms)):
        return None
    return Change(Happening.OPENED, one.key, one.state, one)


def _moved(one: Sighting, old: Warned) -> Happening:
    if one.state == State.NORMAL:
        return Happening.ENDED
    return Happening.RAISED if one.state > old.state else Happening.LOWERED


def _may_open(one: Sighting, old: Warned, life: LifeRule, now_ms: int) -> bool:
    """Whether a further episode may begin after the last one, which is over."""
    ended_ms = old.ended_ms or 0
    rested = now_ms - ended_ms >= life.cool_down_weeks * WEEK_MS
    if old.reason is None:
        return rested or one.state == State.CRISIS
    calm = one.calm_day is not None and one.calm_day > day_number(china_day(ended_ms))
    return one.state > old.state or (calm and (rested or one.state == State.CRISIS))


def order_of_attention(one: Sighting, rules: Mapping[str, int]) -> tuple[bool, int, int, int, float, str]:
    """What is told first: listed herbs, the worse, the earlier rule, the higher node, the farther beyond."""
    height = {"composite": 0, "class": 1, "market": 2, "herb": 3}.get(one.key.level, 4)
    return (not one.listed, -one.state, rules.get(one.rule, len(rules)), height, -one.beyond, one.key.node)
