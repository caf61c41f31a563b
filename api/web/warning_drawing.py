"""The two drawings of a warning: what was watched, and the rule's score against its bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from api.web.crossing_chart import CrossingChart, Limit, Mark, draw_crossing
from api.web.fan_drawing import short_day
from api.web.formats import Formats
from api.web.pictures import Pictures, in_both_sizes
from api.web.warning_words import score_words
from api.web.words import Words
from priceindex.calendar import china_day
from priceindex.warning.alerts.happenings import Event, Happening

CELL: Final = "cell"
"""The level of a warning about one herb, grade, origin and market: its values are fen per kilogram."""
_MARKED: Final = (Happening.OPENED, Happening.RAISED, Happening.LOWERED, Happening.ENDED, Happening.CLOSED)
_MARKS: Final = 3
"""Marks of one drawing: the newest; more would not be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowLine:
    """One period of the evidence."""

    day: date
    value: Decimal | None
    score: Decimal | None


Window = tuple[WindowLine, ...]
"""The periods of the evidence, oldest first."""


def window_of(told: Mapping[str, Any]) -> Window:
    """Return the periods of an evidence; empty where it has none."""
    window = told.get("window") or {"days": [], "values": [], "scores": []}
    rows = zip(window["days"], window["values"], window["scores"], strict=True)
    return tuple(
        WindowLine(day=date.fromisoformat(day), value=_decimal(value), score=_decimal(score))
        for day, value, score in rows
    )


def divisor_of(level: str) -> int:
    """Return what the values of a level are divided by: fen for yuan, index points as they are."""
    return 100 if level == CELL else 1


def draw_values(
    window: Window, events: Sequence[Event], level: str, said: tuple[str, int], words: Words
) -> Pictures | None:
    """Draw what was watched, with the days marked on which the warning changed; None without a value.

    `said` are its subject and the level its index has in the base period.
    """
    subject, base = said
    divisor = divisor_of(level)
    points = [(line.day, None if line.value is None else float(line.value) / divisor) for line in window]
    known = [(day, value) for day, value in points if value is not None]
    if not known:
        return None
    formats = Formats(words.language)
    title = words("warning.values_title", subject=subject)
    description = words(
        "warning.values_description",
        first=formats.day(known[0][0]),
        first_value=formats.index(known[0][1]),
        last=formats.day(known[-1][0]),
        last_value=formats.index(known[-1][1]),
    )
    unit = words("warning.values_unit_cell")
    if level != CELL:
        unit = words("warning.values_unit", level=formats.number(base))
    chart = CrossingChart(
        name="values",
        title=title,
        description=description,
        points=points,
        marks=marks_of(events, known[-1][0], words),
        write_value=formats.number,
        write_day=formats.month,
    )
    return in_both_sizes(chart, draw_crossing, (title, unit, description))


def draw_scores(
    window: Window,
    events: Sequence[Event],
    bounds: Mapping[str, tuple[str, str | None]],
    unit: str,
    rule: str,
    words: Words,
) -> Pictures | None:
    """Draw the score against the bounds of every state; None without a score."""
    points = [(line.day, None if line.score is None else float(line.score)) for line in window]
    known = [(day, score) for day, score in points if score is not None]
    if not known:
        return None
    formats = Formats(words.language)
    title = words("warning.scores_title", rule=rule)
    description = words(
        "warning.scores_description",
        last=formats.day(known[-1][0]),
        score=score_words(str(known[-1][1]), unit, words),
    )
    chart = CrossingChart(
        name="scores",
        title=title,
        description=description,
        points=points,
        limits=_limits(bounds, unit, words),
        marks=marks_of(events, known[-1][0], words),
        write_value=lambda score: score_words(str(round(score, 6)), unit, words),
        write_day=formats.month,
    )
    return in_both_sizes(chart, draw_crossing, (title, words("warning.scores_unit"), description))


def _limits(bounds: Mapping[str, tuple[str, str | None]], unit: str, words: Words) -> list[Limit]:
    """Return a line for every bound to enter a state, and one for the lowest at which all is over."""
    entered = [
        Limit(
            float(enter),
            words(
                "warning.limit_enter",
                state=words(f"warning.state_{state}"),
                bound=score_words(enter, unit, words),
            ),
        )
        for state, (enter, _) in bounds.items()
    ]
    left = [leave for _, leave in bounds.values() if leave is not None]
    if not left:
        return entered
    lowest = min(left, key=Decimal)
    label = words("warning.limit_leave", bound=score_words(lowest, unit, words))
    return [*entered, Limit(float(lowest), label, leaves=True)]


def marks_of(events: Sequence[Event], last: date, words: Words) -> list[Mark]:
    """Return the newest changes of state as marks; one after the last value stands on its day."""
    marked = [event for event in events if event.kind in _MARKED][-_MARKS:]
    found = []
    for event in marked:
        day = min(china_day(event.at_ms), last)
        said = event.kind.words(words.language)
        found.append(Mark(day, f"{short_day(china_day(event.at_ms))} {said}"))
    return found


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
