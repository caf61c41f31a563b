"""Line charts drawn on the server as SVG, readable without a script and by a screen reader.

Herb prices stand still for weeks and then jump, so a series is drawn as steps: a sloping line would
show prices nobody quoted. Looks come from the style sheet by class names alone, as the content
security policy allows no inline style. Every function is pure; all text is escaped here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import Final

from api.web.chart_frame import Frame, Size, date_axis, figure, short, value_axis

Point = tuple[date, float | None]
"""A day and its value; None is a gap: nothing was published that day."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An event of a day: the number it has in the list, and what a pointer over it says."""

    day: date
    number: int
    words: str


_MARK_ROW: Final = 20
"""Height of a row of marks above the drawing."""
_MARK_ROOM: Final = 19
"""Least distance of two marks in one row."""
_LABEL_SHARE: Final = 0.25
"""Share of the drawing that the label of the base line stands over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One series and the words around it, already in the reader's language."""

    name: str
    """Unique on the page; prefix of the ids that tie title and description to the drawing."""
    title: str
    description: str
    points: Sequence[Point]
    beside: Sequence[Point] = ()
    """A second series on the same scale; empty for none."""
    base: float | None = None
    """Level of the base period, drawn as a broken line when it lies in view."""
    base_label: str = ""
    provisional_from: date | None = None
    """From this day on values are provisional: their line is broken. None: nothing is."""
    revised: Sequence[date] = ()
    """Days whose value stands in place of another: each gets a mark."""
    marks: Sequence[Mark] = ()
    """Events, each with its number above the drawing; the page lists them."""
    write_value: Callable[[float], str]
    write_day: Callable[[date], str]


def draw_steps(chart: Chart, size: Size) -> str:
    """Return the chart as one `<svg>` element; ValueError when there is no point to draw."""
    runs = unbroken(chart.points)
    if not runs:
        msg = "a chart needs at least one value"
        raise ValueError(msg)
    second = unbroken(chart.beside)
    rows, size = _rows_for_marks(chart, runs, size)
    frame = Frame.around([*runs, *second], size)
    parts = [
        *value_axis(frame, chart.write_value),
        *date_axis(frame, chart.write_day),
        *_event_marks(rows, frame),
        *_base_line(chart, frame, runs),
        *_lines(chart, runs, frame),
        *_second_line(second, frame),
        *_revision_marks(chart, runs, frame),
        _last_point(runs[-1][-1], frame),
    ]
    return figure(chart.name, chart.title, chart.description, size, "".join(parts))


def parted(
    run: Sequence[tuple[date, float]], provisional_from: date | None
) -> tuple[list[tuple[date, float]], list[tuple[date, float]]]:
    """Split a run into what is final and what is provisional; the second begins where the first ends.

    >>> first, second = date(2024, 1, 1), date(2024, 1, 2)
    >>> [len(part) for part in parted([(first, 1.0), (second, 2.0)], second)]
    [1, 2]
    """
    final = [point for point in run if provisional_from is None or point[0] < provisional_from]
    later = list(run[len(final) :])
    return final, [*final[-1:], *later] if later else []


def unbroken(points: Sequence[Point]) -> list[list[tuple[date, float]]]:
    """Split a series at its gaps into runs of days that have a value.

    >>> first, second, third = (date(2024, 1, day) for day in (1, 2, 3))
    >>> [len(run) for run in unbroken([(first, 1.0), (second, None), (third, 2.0)])]
    [1, 1]
    """
    runs: list[list[tuple[date, float]]] = []
    gap = True
    for day, value in points:
        if value is None:
            gap = True
            continue
        if gap:
            runs.append([])
        runs[-1].append((day, value))
        gap = False
    return runs


def step_path(
    points: Sequence[tuple[date, float]], x: Callable[[date], float], y: Callable[[float], float]
) -> str:
    """Return the path of a series that keeps each value until the next day it changes.

    Days without a change add nothing to the path, which keeps two years of daily values small.

    >>> flat_then_up = [(date(2024, 1, 1), 5.0), (date(2024, 1, 2), 5.0), (date(2024, 1, 3), 7.0)]
    >>> step_path(flat_then_up, lambda day: day.day, float)
    'M1 5H3V7'
    """
    first_day, value = points[0]
    parts = [f"M{short(x(first_day))} {short(y(value))}"]
    for day, later in points[1:]:
        if later != value:
            parts.append(f"H{short(x(day))}V{short(y(later))}")
            value = later
    if points[-1][0] != first_day and points[-2][1] == points[-1][1]:
        parts.append(f"H{short(x(points[-1][0]))}")
    return "".join(parts)


def _base_line(chart: Chart, frame: Frame, runs: Sequence[Sequence[tuple[date, float]]]) -> list[str]:
    if chart.base is None or not frame.ticks[0] < chart.base < frame.ticks[-1]:
        return []
    size, y = frame.size, frame.y(chart.base)
    line = f'<path class="base" d="M{size.left} {short(y)}H{size.width - size.right}"/>'
    # The label stands at the end where the series stays farther from the base: it would be drawn over there.
    told = [value for run in runs for _, value in run]
    span = max(round(len(told) * _LABEL_SHARE), 1)
    begins, ends = (min(abs(value - chart.base) for value in part) for part in (told[:span], told[-span:]))
    if begins >= ends:
        kind, x = "tick", size.left + 6
    else:
        kind, x = "tick end", size.width - size.right
    label = f'<text class="{kind}" x="{x}" y="{short(y - 5)}">{escape(chart.base_label)}</text>'
    return [line, label]


def _lines(chart: Chart, runs: Sequence[Sequence[tuple[date, float]]], frame: Frame) -> list[str]:
    parts = [parted(run, chart.provisional_from) for run in runs]
    drawn = []
    for name, lines in (
        ("series", [final for final, _ in parts if final]),
        ("series provisional", [later for _, later in parts if later]),
    ):
        if lines:
            path = "".join(step_path(line, frame.x, frame.y) for line in lines)
            drawn.append(f'<path class="{name}" d="{path}"/>')
    return drawn


def _second_line(runs: Sequence[Sequence[tuple[date, float]]], frame: Frame) -> list[str]:
    path = "".join(step_path(run, frame.x, frame.y) for run in runs)
    return [f'<path class="series beside" d="{path}"/>'] if path else []


def _revision_marks(chart: Chart, runs: Sequence[Sequence[tuple[date, float]]], frame: Frame) -> list[str]:
    revised = set(chart.revised)
    return [
        f'<path class="revised" d="M{short(frame.x(day))} {short(frame.y(value) - 5)}l5 5l-5 5l-5-5z"/>'
        for run in runs
        for day, value in run
        if day in revised
    ]


def _last_point(last: tuple[date, float], frame: Frame) -> str:
    day, value = last
    return f'<circle class="last" cx="{short(frame.x(day))}" cy="{short(frame.y(value))}" r="4"/>'


def _rows_for_marks(
    chart: Chart, runs: Sequence[Sequence[tuple[date, float]]], size: Size
) -> tuple[list[list[Mark]], Size]:
    """Put marks that would touch into rows below one another; return them and the size with room for them."""
    first, last = runs[0][0][0], runs[-1][-1][0]
    wide = (size.width - size.left - size.right) / max((last - first).days, 1)
    rows: list[list[Mark]] = []
    for mark in sorted(chart.marks, key=lambda each: (each.day, each.number)):
        if not first <= mark.day <= last:
            continue
        free = (row for row in rows if (mark.day - row[-1].day).days * wide >= _MARK_ROOM)
        row = next(free, None)
        if row is None:
            rows.append([mark])
        else:
            row.append(mark)
    more = _MARK_ROW * len(rows)
    return rows, replace(size, top=size.top + more, height=size.height + more)


def _event_marks(rows: Sequence[Sequence[Mark]], frame: Frame) -> list[str]:
    """Draw every mark with a thin line down to the floor."""
    floor = frame.size.height - frame.size.bottom
    drawn = []
    for place, row in enumerate(rows):
        y = 10 + _MARK_ROW * place
        for mark in row:
            x = short(frame.x(mark.day))
            drawn.append(
                f'<g class="event"><title>{escape(mark.words)}</title>'
                f'<path class="event-line" d="M{x} {y + 8}V{floor}"/><circle cx="{x}" cy="{y}" r="8"/>'
                f'<text class="middle" x="{x}" y="{y}" dy="4">{mark.number}</text></g>'
            )
    return drawn
