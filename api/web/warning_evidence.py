"""The evidence of one warning: what happened in a sentence, the series and its score drawn, every number.

Pure: the numbers are those that were stored when it happened, and nothing is computed anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from api.web.formats import Formats
from api.web.node_names import node_name
from api.web.pictures import Pictures
from api.web.warning_course import Course, draw_course
from api.web.warning_drawing import Window, divisor_of, draw_scores, draw_values, window_of
from api.web.warning_page import record_words
from api.web.warning_today import Today, today_words
from api.web.warning_words import WarningLine, number_name, rule_named, score_words, warning_line
from api.web.words import Words
from ledger.canonical import parse
from priceindex.calendar import china_day
from priceindex.classification import Level
from priceindex.families import family
from priceindex.warning.alerts.happenings import CLASS_FORM, Event, Happening, Warned
from priceindex.warning.alerts.next_steps import step_words
from priceindex.warning.alerts.rule_tallies import RuleTally
from priceindex.warning.alerts.warning_store import Evidenced
from priceindex.warning.hysteresis import State
from priceindex.warning.rule_text import rule_book


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One thing that happened to a warning."""

    at_ms: int
    kind: str
    state: State
    reason: str | None
    words: str | None
    until_ms: int | None
    by_name: str | None
    """Who did it; None on public pages, and for what the rules did."""
    release_id: str | None
    statement_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """From which score on a state is entered, and from which it is left."""

    state: State
    enter: str
    leave: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningView:
    """One warning in one language."""

    line: WarningLine
    sentence: str
    today: str | None
    """How it stands today; None for one that is over."""
    values: Pictures | None
    scores: Pictures | None
    window: Window
    """Oldest first."""
    caption: str
    """Over the window as a table."""
    no_picture: str
    """Why nothing is drawn, said where nothing is."""
    divisor: int
    """What values are divided by to be in the unit of the drawing."""
    score: str
    unit: str
    bounds: tuple[Bound, ...]
    numbers: tuple[tuple[str, str], ...]
    forecast: tuple[str, str, str, str] | None
    """Id of the forecast it broke out of, lower bound, median, upper bound."""
    members: tuple[tuple[str, State, str], ...]
    """Of a class's warning: the herbs beneath it."""
    sources: tuple[tuple[tuple[str, str], ...], ...]
    """What only regulators see; empty on public pages."""
    steps: tuple[str, ...]
    earlier: bool
    """Whether it was opened by a text of the rules that is no longer in force."""
    tuned: str | None
    seen: bool
    record: str | None
    history: tuple[EventLine, ...]
    """Newest first."""
    release_id: str | None
    family: str
    node: tuple[str, str] | None
    """Level and node where the subject has an index page."""
    gathered_into: str | None


def warning_view(
    warned: Warned,
    happened: Sequence[Evidenced],
    tally: RuleTally | None,
    names: Mapping[str, str],
    now_ms: int,
    words: Words,
    *,
    regulator: bool,
    today: Today | None = None,
    course: Course | None = None,
) -> WarningView:
    """Arrange one warning; with `regulator` also who decided, and the sources' shares.

    `names` are those of the families by id. `course` is drawn for the warning of a class, which has no series
    of its own.
    """
    line, rule = warning_line(warned, now_ms, names, words), rule_named(warned.key.rule)
    told = _newest(happened)
    unit = str(told.get("unit", "share"))
    window = window_of(told) if course is None else course.window
    marks = [each.event for each in happened]
    said = (line.subject, family(warned.family).level)
    return WarningView(
        line=line,
        sentence=_sentence(line, told, unit, words),
        today=None if today is None else _today(line, told, today, words, drawn=course is None),
        values=draw_values(window, marks, warned.key.level, said, words)
        if course is None
        else draw_course(course, marks, said, words),
        scores=draw_scores(window, marks, _bounds_told(told), unit, line.rule, words),
        window=window,
        caption=words("warning.window_caption") if course is None else words("warning.course_caption"),
        no_picture=words("warning.no_course")
        if warned.key.form == CLASS_FORM
        else words("warning.no_window"),
        divisor=divisor_of(warned.key.level),
        score=score_words(told.get("score"), unit, words),
        unit=unit,
        bounds=tuple(_bounds(told, unit, words)),
        numbers=tuple(_numbers(told.get("numbers", {}), words)),
        forecast=_forecast(told),
        members=tuple(_members(told, words)),
        sources=tuple(_sources(happened, words)) if regulator else (),
        steps=tuple(step_words(key, words.language) for key in (rule.steps if rule else ())),
        earlier=warned.rules_sha256 != rule_book().sha256,
        tuned=None if rule is None else rule.tuned_words(words.language),
        seen=rule is not None and rule.certainty == "seen",
        record=None if tally is None else record_words(tally, words),
        history=tuple(_event(each.event, words, named=regulator) for each in reversed(happened)),
        release_id=warned.release_id,
        family=warned.family,
        node=_node(warned),
        gathered_into=warned.gathered_into,
    )


def _newest(happened: Sequence[Evidenced]) -> dict[str, Any]:
    """Return the newest evidence; empty where none was stored."""
    told = [each.evidence for each in happened if each.evidence is not None]
    return cast("dict[str, Any]", parse(told[-1].encode())) if told else {}


def _sentence(line: WarningLine, told: dict[str, Any], unit: str, words: Words) -> str:
    """Say in one sentence what was seen."""
    formats = Formats(words.language)
    state = words(f"warning.state_{line.state.word}")
    day = formats.day(china_day(line.changed_ms))
    bounds = _bounds_told(told)
    if told.get("score") is None or line.state.word not in bounds:
        return words("warning.sentence_bare", subject=line.subject, rule=line.rule, state=state, day=day)
    return words(
        "warning.sentence",
        subject=line.subject,
        rule=line.rule,
        state=state,
        day=formats.day(date.fromisoformat(told["day"])),
        score=score_words(told["score"], unit, words),
        bound=score_words(bounds[line.state.word][0], unit, words),
    )


def _today(line: WarningLine, told: dict[str, Any], today: Today, words: Words, *, drawn: bool) -> str:
    since = china_day(line.changed_ms) if told.get("day") is None else date.fromisoformat(told["day"])
    return today_words(today, words(f"warning.state_{line.state.word}"), since, words, drawn=drawn)


def _bounds_told(told: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    """Return the bounds by state, the mildest first."""
    pairs = told.get("bounds", {})
    return {
        state.word: (pairs[state.word][0], pairs[state.word][1]) for state in State if state.word in pairs
    }


def _bounds(told: dict[str, Any], unit: str, words: Words) -> list[Bound]:
    return [
        Bound(
            state=State[state.upper()],
            enter=score_words(enter, unit, words),
            leave=score_words(leave, unit, words),
        )
        for state, (enter, leave) in _bounds_told(told).items()
    ]


def _numbers(told: dict[str, Any], words: Words) -> list[tuple[str, str]]:
    """Name every number that has a value; one without words keeps its own name."""
    return [
        (number_name(name, words), str(value)) for name, value in sorted(told.items()) if value is not None
    ]


def _forecast(told: dict[str, Any]) -> tuple[str, str, str, str] | None:
    seen = told.get("forecast")
    if not seen:
        return None
    return (str(seen["forecast"]), str(seen["low"]), str(seen["median"]), str(seen["high"]))


def _members(told: dict[str, Any], words: Words) -> list[tuple[str, State, str]]:
    return [_member(each, words) for each in told.get("members", [])]


def _member(told: dict[str, str], words: Words) -> tuple[str, State, str]:
    name = node_name(Level.HERB, told["node"], words.language)
    return name, State[told["state"].upper()], told["score"]


def _sources(happened: Sequence[Evidenced], words: Words) -> list[tuple[tuple[str, str], ...]]:
    """Return the newest rows of what only regulators see, name and value of each member."""
    told = [each.evidence_private for each in happened if each.evidence_private is not None]
    newest = cast("dict[str, Any]", parse(told[-1].encode())) if told else {}
    return [tuple(_numbers(each, words)) for each in newest.get("sources", [])]


def _event(event: Event, words: Words, *, named: bool) -> EventLine:
    return EventLine(
        at_ms=event.at_ms,
        kind=event.kind.words(words.language),
        state=event.state,
        reason=None if event.reason is None else event.reason.words(words.language),
        words=event.words,
        until_ms=event.until_ms if event.kind is Happening.SNOOZED else None,
        by_name=event.by_name if named else None,
        release_id=event.release_id,
        statement_id=event.statement_id,
    )


def _node(warned: Warned) -> tuple[str, str] | None:
    if warned.key.level in {str(level) for level in Level}:
        return warned.key.level, warned.key.node
    return None
