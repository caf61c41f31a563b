"""From what is handed in to what each rule sees: scores, states with hysteresis, and the numbers behind them.

Everything is computed anew from the whole history at each look, with nothing kept in between: the same facts
give the same sightings, whenever and however often they are looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from ledger.canonical import JsonValue
from priceindex.calendar import day_of
from priceindex.classification import Level
from priceindex.formulas.relatives import Floats
from priceindex.warning.alerts import joined_scores, node_scores, quote_scores, source_scores
from priceindex.warning.alerts.facts import Facts, IntervalSeen
from priceindex.warning.alerts.grids import Grids
from priceindex.warning.alerts.happenings import CLASS_FORM, SINGLE, Key
from priceindex.warning.alerts.scored import Indicator, Scored
from priceindex.warning.hysteresis import Counts, HysteresisRule, State, states
from priceindex.warning.indicators.public_health import lowered
from priceindex.warning.rule_text import Rule, RuleBook
from priceindex.warning.sightings import Evidence, RuleOutcome, Sighting

INDICATORS: Final[Mapping[str, Indicator]] = {
    "growth": node_scores.growth_scores,
    "ifpa": node_scores.ifpa_scores,
    "alps": node_scores.alps_scores,
    "cusum": node_scores.cusum_scores,
    "volatility": node_scores.volatility_scores,
    "breadth": node_scores.breadth_scores,
    "stale_age": node_scores.stale_age_scores,
    "stale_share": node_scores.stale_share_scores,
    "market_spread": quote_scores.market_spread_scores,
    "source_divergence": quote_scores.source_divergence_scores,
    "stale_then_jump": quote_scores.stale_then_jump_scores,
    "source_dominance": source_scores.source_dominance_scores,
    "identical_quotes": source_scores.identical_quotes_scores,
    "round_numbers": source_scores.round_numbers_scores,
    "stock_cover": joined_scores.stock_cover_scores,
    "quote_volume": joined_scores.quote_volume_scores,
    "interval_breach": joined_scores.interval_breach_scores,
    "grain_ratio": joined_scores.grain_ratio_scores,
}
"""Every indicator a rule may name."""
SHOWN_PERIODS: Final = 60
"""Periods of the past that stand in the evidence: more than a year of weeks, five of months."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What one look at one family found."""

    sightings: tuple[Sighting, ...]
    outcomes: tuple[RuleOutcome, ...]
    """How far each rule could judge, in the order of the rules."""
    scored: Mapping[Key, bool]
    """Of every key with a row: whether it had a score within the periods the life of warnings allows for."""


def watch(facts: Facts, book: RuleBook) -> Watched:
    """Look at a family by every rule."""
    grids = Grids(facts)
    seen: list[Sighting] = []
    outcomes: list[RuleOutcome] = []
    lately: dict[Key, bool] = {}
    for rule in book.rules:
        scored = INDICATORS[rule.indicator](grids, rule)
        rows = _judged(scored)
        seen += _sightings(facts, book, rule, scored, rows)
        outcomes.append(_outcome(rule, scored, len(rows)))
        lately |= _scored_lately(rule, scored, book.life.unjudged_periods)
    return Watched(tuple(seen), tuple(outcomes), lately)


def _scored_lately(rule: Rule, scored: Scored, periods: int) -> dict[Key, bool]:
    """Of each subject, and of the class of each herb, whether there was a score in the last periods."""
    found: dict[Key, bool] = {}
    known_at = np.isfinite(scored.indication.score[:, -periods:])
    for row, subject in enumerate(scored.subjects):
        known = bool(known_at[row].any())
        found[Key(subject.level, subject.node, rule.id, SINGLE)] = known
        if subject.level == Level.HERB and subject.parent is not None:
            whole = Key(Level.CLASS, subject.parent, rule.id, CLASS_FORM)
            found[whole] = known or found.get(whole, False)
    return found


def _judged(scored: Scored) -> list[int]:
    """The rows with a score in the newest period."""
    score = scored.indication.score
    if not score.size:
        return []
    return [int(row) for row in np.flatnonzero(np.isfinite(score[:, -1]))]


def _sightings(facts: Facts, book: RuleBook, rule: Rule, scored: Scored, rows: list[int]) -> list[Sighting]:
    if not rows:
        return []
    on_list = np.array([one.herb in facts.listed for one in scored.subjects], dtype=np.bool_)
    bounds = lowered(rule.hysteresis(), on_list & rule.health, float(book.life.health_share))
    walked = states(scored.indication.score, bounds)
    return [_sighting(facts, rule, scored, walked, bounds, bool(on_list[row]), row) for row in rows]


def _sighting(
    facts: Facts,
    rule: Rule,
    scored: Scored,
    walked: Counts,
    bounds: HysteresisRule,
    listed: bool,  # noqa: FBT001  one of a row's columns
    row: int,
) -> Sighting:
    subject, state = scored.subjects[row], State(int(walked[row, -1]))
    score = float(scored.indication.score[row, -1])
    bound = float(bounds.enter[row, state - 1]) if state else np.inf
    own = scored.private
    return Sighting(
        key=Key(subject.level, subject.node, rule.id, SINGLE),
        parent=subject.parent,
        state=state,
        score=score,
        beyond=score / bound,
        day=int(scored.days[-1]),
        days=scored.days,
        states=walked[row],
        stale=subject.stale,
        listed=listed,
        evidence=lambda: _evidence(facts, rule, scored, bounds, row),
        private=None if own is None else lambda: own(row),
    )


def _evidence(facts: Facts, rule: Rule, scored: Scored, bounds: HysteresisRule, row: int) -> Evidence:
    """Everything a person needs to check the warning, and a page to draw it."""
    said = scored.indication
    told: dict[str, JsonValue] = {
        **facts.origin,
        "rule": rule.id,
        "unit": rule.unit,
        "direction": rule.direction,
        "day": day_of(int(scored.days[-1])).isoformat(),
        "score": _number(said.score[row, -1]),
        "bounds": _bounds_told(bounds, row),
        "numbers": {name: _number(rows[row, -1]) for name, rows in sorted(said.evidence.items())},
        "window": _window(scored, row),
    }
    forecast = next((one for one in facts.intervals if _is_of(one, scored, row)), None)
    if forecast is not None:
        told["forecast"] = {
            "forecast": forecast.forecast_id,
            "day": day_of(forecast.day).isoformat(),
            "low": _number(forecast.low),
            "median": _number(forecast.median),
            "high": _number(forecast.high),
        }
    return told


def _window(scored: Scored, row: int) -> Mapping[str, JsonValue]:
    last = slice(-SHOWN_PERIODS, None)
    values = np.full(len(scored.days), np.nan) if scored.values is None else scored.values[row]
    return {
        "days": [day_of(int(day)).isoformat() for day in scored.days[last]],
        "values": _numbers(values[last]),
        "scores": _numbers(scored.indication.score[row, last]),
    }


def _bounds_told(bounds: HysteresisRule, row: int) -> Mapping[str, JsonValue]:
    pairs = zip(bounds.enter[row].tolist(), bounds.leave[row].tolist(), strict=True)
    words = (State.WATCH.word, State.ALERT.word, State.CRISIS.word)
    return {
        word: [_number(enter), _number(leave)]
        for word, (enter, leave) in zip(words, pairs, strict=True)
        if np.isfinite(enter)
    }


def _is_of(one: IntervalSeen, scored: Scored, row: int) -> bool:
    subject = scored.subjects[row]
    return (one.level, one.node, one.day) == (subject.level, subject.node, int(scored.days[-1]))


def _number(value: float) -> str | None:
    """A number as text with six digits; None for none.

    >>> _number(0.2), _number(float("nan"))
    ('0.2', None)
    """
    return format(float(value), ".6g") if np.isfinite(value) else None


def _numbers(values: Floats) -> list[JsonValue]:
    return [_number(value) for value in values.tolist()]


def _outcome(rule: Rule, scored: Scored, judged: int) -> RuleOutcome:
    withheld = dict(scored.absent)
    score = scored.indication.score
    for row in range(len(scored.subjects)):
        if score.shape[-1] and np.isfinite(score[row, -1]):
            continue
        reason = scored.indication.why(row, -1)[:1] if score.shape[-1] else ()
        named = str(reason[0]) if reason else "too_short"
        withheld[named] = withheld.get(named, 0) + 1
    return RuleOutcome(
        rule=rule.id, subjects=judged + sum(withheld.values()), judged=judged, withheld=withheld
    )
