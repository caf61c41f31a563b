"""Warnings opened by hand-made sightings, for the pages: a rise, a fall, an odd quote only regulators see."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from api.releasing import operator_of
from api.station import Station
from ledger.canonical import JsonValue
from priceindex import service
from priceindex.calendar import day_number
from priceindex.warning.alerts.carrying_out import Look, carry_out
from priceindex.warning.alerts.happenings import CLASS_FORM, SINGLE, Key
from priceindex.warning.alerts.warning_store import Asking, open_warnings
from priceindex.warning.hysteresis import State
from priceindex.warning.rule_text import rule_book
from priceindex.warning.sightings import Evidence, Sighting

WEEKS = 40


def sighting(
    rule: str,
    state: State,
    day: date,
    *,
    level: str = "herb",
    node: str = "白芍",
    private: Evidence | None = None,
    score: float = 0.25,
) -> Sighting:
    """One sighting with forty weeks of evidence, the score rising to the one given."""
    days = [day - timedelta(days=7 * back) for back in reversed(range(WEEKS))]
    scores = [score * place / (WEEKS - 1) for place in range(WEEKS)]
    chosen = rule_book().rule(rule)
    bounds: dict[str, JsonValue] = {
        name: [str(pair[0]), str(pair[1])]
        for name, pair in (("watch", chosen.watch), ("alert", chosen.alert), ("crisis", chosen.crisis))
        if pair is not None
    }
    evidence: dict[str, JsonValue] = {
        "rule": rule,
        "unit": chosen.unit,
        "direction": chosen.direction,
        "day": day.isoformat(),
        "score": f"{score:.4g}",
        "bounds": bounds,
        "numbers": {"now": "1250", "then": "1000", "unheard_of": "7"},
        "window": {
            "days": [each.isoformat() for each in days],
            "values": [f"{1000 * (1 + each):.6g}" for each in scores],
            "scores": [f"{each:.6g}" for each in scores],
        },
    }
    states = np.zeros(WEEKS, dtype=np.int64)
    states[-2:] = state
    return Sighting(
        key=Key(level, node, rule, SINGLE),
        parent="root" if level == "herb" else None,
        state=state,
        score=score,
        beyond=1.2,
        day=day_number(day),
        days=np.array([day_number(each) for each in days], dtype=np.int64),
        states=states,
        evidence=lambda: evidence,
        private=None if private is None else lambda: private,
    )


def class_sighting(rule: str, state: State, day: date, herbs: Sequence[str], node: str = "root") -> Sighting:
    """What is seen at a whole class: its evidence names herbs and has no series."""
    told: dict[str, JsonValue] = {
        "numbers": {"in_alert": len(herbs), "judged": len(herbs), "share_needed": "0.3"},
        "day": day.isoformat(),
        "members": [{"node": herb, "state": state.word, "score": "0.25"} for herb in herbs],
    }
    alone = sighting(rule, state, day, level="class", node=node)
    return replace(alone, key=Key("class", node, rule, CLASS_FORM), evidence=lambda: told)


def warn(station: Station, seen: Sequence[Sighting]) -> list[str]:
    """Bring the warnings of the family up to these sightings; return the ids of all that are open."""
    now_ms = station.clock()
    with station.database.read() as session:
        release = service.latest(session, "bozhou", public_at_ms=now_ms)
    assert release is not None
    look = Look(
        family="bozhou",
        release_id=release.release_id,
        seen=seen,
        there=frozenset({("composite", "all"), ("class", "root"), ("herb", "白芍"), ("herb", "当归")}),
        at_ms=now_ms,
        book=rule_book(),
        chance=station.randomness,
    )
    operator = operator_of(station)
    station.writer.submit(lambda session: carry_out(session, operator, look))
    station.settle()
    with station.database.read() as session:
        return [one.warning_id for one in open_warnings(session, Asking(regulator=True))]
