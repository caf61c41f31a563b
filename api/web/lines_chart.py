"""Up to five series in one drawing, each with its own dash and its number at its end.

Colour is never the only sign: the lines differ by their dashes and bear the numbers of the legend. Drawn in
steps as `charts.py` does. Pure; all text is escaped here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

from api.web.chart_frame import Frame, Size, date_axis, figure, short, value_axis
from api.web.charts import Point, step_path, unbroken

MOST: Final = 5
_APART: Final = 15
"""Least distance between two numbers at the ends of lines."""
_END: Final = 22
"""Room right of the lines for the numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesChart:
    """Some series on one scale and the words around them, already in the reader's language."""

    name: str
    title: str
    description: str
    lines: Sequence[Sequence[Point]]
    base: float | None = None
    """Level that all lines share on the base day; drawn as a broken line."""
    base_label: str = ""
    write_value: Callable[[float], str]
    write_day: Callable[[date], str]


def draw_lines(chart: LinesChart, size: Size) -> str:
    """Return the lines as one `<svg>` element; ValueError for none, for too many, or one without a value."""
    runs = [unbroken(line) for line in chart.lines]
    if not runs or len(runs) > MOST or not all(runs):
        msg = "one to five lines are drawn, each with a value"
        raise ValueError(msg)
    room = Size(size.name, size.width, size.height, size.date_ticks, right=size.right + _END)
    frame = Frame.around([run for line in runs for run in line], room)
    drawn = []
    for number, line in enumerate(runs, 1):
        path = "".join(step_path(run, frame.x, frame.y) for run in line)
        drawn.append(f'<path class="series line-{number}" d="{path}"/>')
    parts = [
        *value_axis(frame, chart.write_value),
        *date_axis(frame, chart.write_day),
        *_base(chart, frame),
        *drawn,
        *_numbers([line[-1][-1] for line in runs], frame),
    ]
    return figure(chart.name, chart.title, chart.description, size, "".join(parts))


def _base(chart: LinesChart, frame: Frame) -> list[str]:
    if chart.base is None or not frame.ticks[0] < chart.base < frame.ticks[-1]:
        return []
    size, y = frame.size, frame.y(chart.base)
    return [
        f'<path class="base" d="M{size.left} {short(y)}H{size.width - size.right}"/>',
        f'<text class="tick over" x="{size.left + 6}" y="{short(y - 5)}">{escape(chart.base_label)}</text>',
    ]


def _numbers(ends: Sequence[tuple[date, float]], frame: Frame) -> list[str]:
    """Write each line's number beside its last point, apart from one another."""
    places = apart(
        [frame.y(value) for _, value in ends], frame.size.top, frame.size.height - frame.size.bottom
    )
    marks = []
    for number, ((day, value), y) in enumerate(zip(ends, places, strict=True), 1):
        x = frame.x(day)
        marks.append(f'<circle class="end-{number}" cx="{short(x)}" cy="{short(frame.y(value))}" r="3"/>')
        marks.append(f'<text class="line-number" x="{short(x + 8)}" y="{short(y)}" dy="4">{number}</text>')
    return marks


def apart(wanted: Sequence[float], top: float, floor: float) -> list[float]:
    """Return places near the wanted ones that stand apart, in the same order from the top down.

    >>> apart([10.0, 12.0, 100.0], 0, 200)
    [10.0, 25.0, 100.0]
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    found = [0.0] * len(wanted)
    above = top - _APART
    for place in order:
        above = max(wanted[place], above + _APART)
        found[place] = above
    over = above - floor
    if over > 0:
        below = floor + _APART
        for place in reversed(order):
            below = min(found[place], below - _APART)
            found[place] = below
    return found
