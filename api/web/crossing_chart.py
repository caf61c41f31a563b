"""A series and the levels it may cross, with the days marked on which something was decided about it.

A warning is shown with two of these: the published values, and the rule's score against its thresholds.
Pure; all text is escaped here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

from api.web.chart_frame import Frame, Size, date_axis, figure, short, value_axis
from api.web.charts import Point, step_path, unbroken
from api.web.label_places import LINE, Place, free_place, width_of

_LABEL_AT: Final = 0.5
"""Share of the width from which on the label of a mark stands left of it."""

_LEAST_SPAN: Final = 4.0
"""Width of a stretch of days that is shorter than it can be seen."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A level, its label, and whether one enters a state above it or leaves it below."""

    value: float
    label: str
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on which something happened, and what in few words."""

    day: date
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingChart:
    """A series, its levels and marks, and the words around them, already in the reader's language."""

    name: str
    title: str
    description: str
    points: Sequence[Point]
    limits: Sequence[Limit] = ()
    marks: Sequence[Mark] = ()
    span: tuple[date, date] | None = None
    """Days from and to which the drawing is shaded; what lies outside the series is cut off."""
    write_value: Callable[[float], str]
    write_day: Callable[[date], str]


def draw_crossing(chart: CrossingChart, size: Size) -> str:
    """Return the chart as one `<svg>` element; ValueError when there is no point to draw."""
    runs = unbroken(chart.points)
    if not runs:
        msg = "a chart needs at least one value"
        raise ValueError(msg)
    first, last = runs[0][0][0], runs[-1][-1][0]
    levels = [(first, limit.value) for limit in chart.limits]
    frame = Frame.around([*runs, *([levels] if levels else [])], size)
    known = [point for run in runs for point in run]
    marks = [mark for mark in chart.marks if first <= mark.day <= last]
    placed = [_mark_place(mark, line, frame) for line, mark in enumerate(marks)]
    parts = [
        *([] if chart.span is None else [_shaded(chart.span, frame)]),
        *value_axis(frame, chart.write_value),
        *date_axis(frame, chart.write_day),
        *(_limit_line(limit, frame) for limit in chart.limits),
        f'<path class="series" d="{"".join(step_path(run, frame.x, frame.y) for run in runs)}"/>',
        *(
            part
            for mark, place in zip(marks, placed, strict=True)
            for part in _mark(mark, place, known, frame)
        ),
        *_limit_labels(chart.limits, placed, frame),
    ]
    return figure(chart.name, chart.title, chart.description, size, "".join(parts))


def _shaded(span: tuple[date, date], frame: Frame) -> str:
    """Shade a stretch of days, wide enough to be seen."""
    size = frame.size
    begin, end = (frame.x(min(max(day, frame.first), frame.last)) for day in span)
    width = max(end - begin, _LEAST_SPAN)
    left = min(begin, size.width - size.right - width)
    height = size.height - size.bottom - size.top
    return f'<rect class="span" x="{short(left)}" y="{size.top}" width="{short(width)}" height="{height}"/>'


def _limit_line(limit: Limit, frame: Frame) -> str:
    kind = "limit leaves" if limit.leaves else "limit"
    across = f"M{frame.size.left} {short(frame.y(limit.value))}H{frame.size.width - frame.size.right}"
    return f'<path class="{kind}" d="{across}"/>'


def _limit_labels(limits: Sequence[Limit], marks: Sequence[Place], frame: Frame) -> list[str]:
    """Name every level above its line, or below it or nearby where other words stand there."""
    left, taken, drawn = frame.size.left + 6, list(marks), []
    for limit in sorted(limits, key=lambda limit: -limit.value):
        y = frame.y(limit.value)
        place = free_place(left, left + width_of(limit.label), (y - 4, y + LINE - 2), taken, frame.size)
        taken.append(place)
        label = escape(limit.label)
        drawn.append(f'<text class="tick over" x="{left}" y="{short(place.foot)}">{label}</text>')
    return drawn


def _mark_place(mark: Mark, line: int, frame: Frame) -> Place:
    """Return where the words of a mark stand: beside its day, each in a line of their own."""
    size, x, width = frame.size, frame.x(mark.day), width_of(mark.label)
    foot = size.top + 4 + LINE * line
    if x > size.width * _LABEL_AT:
        return Place(x - 6 - width, x - 6, foot)
    return Place(x + 6, x + 6 + width, foot)


def _mark(mark: Mark, place: Place, known: Sequence[tuple[date, float]], frame: Frame) -> list[str]:
    """Draw a line through the day, a ring on the value it met, and the words beside it."""
    size, x = frame.size, frame.x(mark.day)
    value = next((value for day, value in reversed(known) if day <= mark.day), known[0][1])
    kind, beside = ("tick end", place.right) if place.right < x else ("tick", place.left)
    return [
        f'<path class="base" d="M{short(x)} {size.top}V{size.height - size.bottom}"/>',
        f'<circle class="met" cx="{short(x)}" cy="{short(frame.y(value))}" r="6"/>',
        f'<text class="{kind} over" x="{short(beside)}" y="{short(place.foot)}">{escape(mark.label)}</text>',
    ]
