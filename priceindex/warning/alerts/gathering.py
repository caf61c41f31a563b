"""Many herbs of one class in alert at once: one warning of the class, with the herbs beneath it.

So a wave that moves a class is told once and not forty times. The class's warning has hysteresis of its
own: it opens at one share of the class's judged herbs and ends below a lower one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from ledger.canonical import JsonValue
from priceindex.calendar import day_of
from priceindex.classification import Level
from priceindex.warning.alerts.happenings import CLASS_FORM, SINGLE, Key
from priceindex.warning.hysteresis import Counts, State, ladder, states
from priceindex.warning.rule_text import LifeRule
from priceindex.warning.sightings import Evidence, Sighting

_LEAST_TO_LAST: Final = 2
"""Herbs in alert without which a class's warning is that of a herb."""


def class_sightings(seen: Iterable[Sighting], life: LifeRule) -> list[Sighting]:
    """What every rule sees at every class as a whole, from what it sees at the class's herbs."""
    members: dict[tuple[str, str], list[Sighting]] = {}
    for one in seen:
        if one.key.form == SINGLE and one.key.level == Level.HERB and one.parent is not None:
            members.setdefault((one.rule, one.parent), []).append(one)
    return [_of_class(rule, part_class, herbs, life) for (rule, part_class), herbs in members.items()]


def class_key(one: Sighting) -> Key | None:
    """The key of the class's warning a herb's would stand beneath; None for what is no herb of a class."""
    if one.key.level != Level.HERB or one.parent is None:
        return None
    return Key(Level.CLASS.value, one.parent, one.rule, CLASS_FORM)


def _of_class(rule: str, part_class: str, herbs: Sequence[Sighting], life: LifeRule) -> Sighting:
    table = _together(herbs)
    alert = (table >= State.ALERT).sum(axis=0)
    share = alert / len(herbs)
    crises = (table >= State.CRISIS).sum(axis=0) / len(herbs)
    bounds = float(life.gather_share), float(life.gather_leave)
    # Between the bounds a class keeps its warning; few herbs begin none, and one herb holds none.
    few = np.where(alert < life.gather_least, np.minimum(share, (bounds[0] + bounds[1]) / 2), share)
    walked = states(np.where(alert < _LEAST_TO_LAST, 0.0, few)[None, :], ladder(alert=bounds))[0]
    state = np.where((walked >= State.ALERT) & (crises >= bounds[0]), State.CRISIS, walked)
    now = State(int(state[-1])) if len(state) else State.NORMAL
    return Sighting(
        key=Key(Level.CLASS.value, part_class, rule, CLASS_FORM),
        parent=None,
        state=now,
        score=float(share[-1]) if len(share) else 0.0,
        beyond=float(share[-1]) / bounds[0] if now else 0.0,
        day=max(one.day for one in herbs),
        days=max((one.days for one in herbs), key=len),
        states=np.asarray(state, dtype=np.int64),
        listed=any(one.listed and one.state for one in herbs),
        evidence=lambda: _evidence(herbs, life),
    )


def _together(herbs: Sequence[Sighting]) -> Counts:
    """States (herbs, T), right-aligned: what was not judged yet was normal."""
    width = max(len(one.states) for one in herbs)
    rows = [np.pad(one.states, (width - len(one.states), 0)) for one in herbs]
    return np.asarray(rows, dtype=np.int64)


def _evidence(herbs: Sequence[Sighting], life: LifeRule) -> Evidence:
    """The herbs beneath the class's warning, the worst first."""
    above = sorted(
        (one for one in herbs if one.state), key=lambda one: (-one.state, -one.beyond, one.key.node)
    )
    listed: list[Mapping[str, JsonValue]] = [
        {"node": one.key.node, "state": one.state.word, "score": format(one.score, ".4g")} for one in above
    ]
    return {
        "numbers": {
            "in_alert": sum(one.state >= State.ALERT for one in herbs),
            "judged": len(herbs),
            "share_needed": str(life.gather_share),
        },
        "day": day_of(max(one.day for one in herbs)).isoformat(),
        "members": listed,
    }
