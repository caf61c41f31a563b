"""The index of a warning's subject as published last, and its course around a warning of a whole class.

Such a warning is made of its herbs' and has no series of its own to draw: what its evidence stores are the
herbs. So the class's published index is drawn, with the time the warning stood.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from sqlmodel import Session

from api.web.crossing_chart import CrossingChart, draw_crossing
from api.web.formats import Formats
from api.web.pictures import Pictures, in_both_sizes
from api.web.warning_drawing import Window, WindowLine, marks_of
from api.web.words import Words
from priceindex.calendar import china_day, day_of
from priceindex.classification import Level
from priceindex.errors import UnknownNode
from priceindex.releases import release_store
from priceindex.releases.series import FREQUENCIES, in_points
from priceindex.warning.alerts.happenings import CLASS_FORM, Event, Warned

_BEFORE: Final = timedelta(weeks=26)
"""What is shown of the time before a warning was opened."""
_AFTER: Final = timedelta(weeks=8)
"""What is shown of the time after it ended."""
_MOST: Final = 520
"""Periods shown, the newest: two years of working days."""


@dataclass(frozen=True, slots=True)
class Published:
    """The index of one subject as the newest public release has it."""

    release_id: str
    points: tuple[tuple[date, Decimal | None], ...]
    """First day of each period and index points, oldest first; None where nothing was published."""


@dataclass(frozen=True, slots=True)
class Course:
    """What of an index is drawn around a warning, and the time it stood."""

    release_id: str
    window: Window
    since: date
    until: date | None
    """The day on which it ended; None while it is open."""


def published_index(session: Session, warned: Warned, now_ms: int) -> Published | None:
    """Return the index of a warning's subject in its family's finest frequency; None for what has none."""
    release = release_store.latest(session, warned.family, public_at_ms=now_ms)
    if release is None or warned.key.level not in {str(level) for level in Level}:
        return None
    for frequency in FREQUENCIES:
        try:
            series = release_store.values(
                session, release.release_id, warned.key.level, warned.key.node, frequency
            )
        except UnknownNode:
            continue  # not published so often, or in no basket any more
        pairs = zip(series.days.tolist(), series.units.tolist(), strict=True)
        return Published(
            release.release_id, tuple((day_of(day), in_points(units, series.kept)) for day, units in pairs)
        )
    return None


def course_of(warned: Warned, published: Published | None) -> Course | None:
    """Return the course of a class's index around a warning of the class; None for any other warning.

    None also where the class has no published value in that time.
    """
    if published is None or warned.key.form != CLASS_FORM:
        return None
    since = china_day(warned.opened_ms)
    until = None if warned.ended_ms is None else china_day(warned.ended_ms)
    shown = [
        WindowLine(day=day, value=value, score=None)
        for day, value in published.points
        if day >= since - _BEFORE and (until is None or day <= until + _AFTER)
    ][-_MOST:]
    if all(line.value is None for line in shown):
        return None
    return Course(published.release_id, tuple(shown), since, until)


def draw_course(course: Course, events: Sequence[Event], said: tuple[str, int], words: Words) -> Pictures:
    """Draw the class's index with the time its warning stood shaded, and the days it changed marked.

    `said` are its subject and the level its index has in the base period.
    """
    subject, base = said
    formats = Formats(words.language)
    points = [(line.day, None if line.value is None else float(line.value)) for line in course.window]
    known = [(day, value) for day, value in points if value is not None]
    (first, first_value), (last, last_value) = known[0], known[-1]
    title = words("warning.course_title", subject=subject)
    description = words(
        "warning.course_description",
        release=course.release_id,
        first=formats.day(first),
        first_value=formats.index(first_value),
        last=formats.day(last),
        last_value=formats.index(last_value),
        stood=_stood(course, words),
    )
    chart = CrossingChart(
        name="values",
        title=title,
        description=description,
        points=points,
        span=(course.since, course.until or last),
        marks=marks_of(events, last, words),
        write_value=formats.number,
        write_day=formats.month,
    )
    unit = words("warning.course_unit", level=formats.number(base))
    return in_both_sizes(chart, draw_crossing, (title, unit, description))


def _stood(course: Course, words: Words) -> str:
    formats = Formats(words.language)
    since = formats.day(course.since)
    if course.until is None:
        return words("warning.course_open", since=since)
    return words("warning.course_ended", since=since, until=formats.day(course.until))
