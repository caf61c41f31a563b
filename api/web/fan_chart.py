"""A forecast drawn as a fan: what was, then the median and two bands that widen with the distance.

What was is drawn in steps, as `charts.py` does. The fan is made of straight lines between the days it is
told for, each marked on the floor, and begins at the last known value. A value that is only carried forward
is no forecast: its line is drawn lighter and is not joined to that of a model. Pure; all text is escaped
here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby
from typing import Final

from api.web.chart_frame import Frame, Size, date_axis, figure, short, value_axis
from api.web.charts import Point, step_path, unbroken

_LABEL_AT: Final = 0.45
"""Share of the width from which on the label of the origin stands left of its line."""
_DASH: Final = 4
"""Half the length of the dash that a single day has for a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FanStep:
    """What was forecast for one day; all values in index points, an edge None where none was told."""

    day: date
    low_95: float | None = None
    low_80: float | None = None
    median: float
    high_80: float | None = None
    high_95: float | None = None
    carried: bool = False
    """Whether the median is the last value carried forward, as no model did better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FanChart:
    """One forecast and the words around it, already in the reader's language."""

    name: str
    """Unique on the page; prefix of the ids that tie title and description to the drawing."""
    title: str
    description: str
    history: Sequence[Point]
    """Days and values up to the origin, the last one known."""
    fan: Sequence[FanStep]
    outcome: Sequence[Point] = ()
    """What came since, for a forecast whose days have passed; empty for none."""
    origin_label: str
    write_value: Callable[[float], str]
    write_day: Callable[[date], str]


def draw_fan(chart: FanChart, size: Size) -> str:
    """Return the fan as one `<svg>` element; ValueError without history or without a forecast."""
    runs = unbroken(chart.history)
    if not runs or not chart.fan:
        msg = "a fan needs a history and a forecast"
        raise ValueError(msg)
    origin = runs[-1][-1]
    later = unbroken(chart.outcome)
    far = _edges((step.day, step.low_95, step.high_95) for step in chart.fan)
    near = _edges((step.day, step.low_80, step.high_80) for step in chart.fan)
    medians = [(step.day, step.median) for step in chart.fan]
    bounds = [(day, edge) for day, *both in far for edge in both]
    frame = Frame.around([*runs, medians, *([bounds] if bounds else []), *later], size)
    parts = [
        *value_axis(frame, chart.write_value),
        _band("band outer", origin, far, frame),
        _band("band inner", origin, near, frame),
        *date_axis(frame, chart.write_day),
        *_day_marks(chart.fan, frame),
        _origin_line(origin[0], frame),
        f'<path class="series" d="{_steps(runs, frame)}"/>',
        *_medians(origin, chart.fan, frame),
        *([f'<path class="series outcome" d="{_steps(later, frame)}"/>'] if later else []),
        f'<circle class="last" cx="{short(frame.x(origin[0]))}" cy="{short(frame.y(origin[1]))}" r="4"/>',
        _origin_label(chart, origin[0], frame),
    ]
    return figure(chart.name, chart.title, chart.description, size, "".join(parts))


def _steps(runs: Sequence[Sequence[tuple[date, float]]], frame: Frame) -> str:
    return "".join(step_path(run, frame.x, frame.y) for run in runs)


def _edges(
    told: Iterable[tuple[date, float | None, float | None]],
) -> list[tuple[date, float, float]]:
    """Return the days that have both edges."""
    return [(day, low, high) for day, low, high in told if low is not None and high is not None]


def _band(
    kind: str, origin: tuple[date, float], edges: Sequence[tuple[date, float, float]], frame: Frame
) -> str:
    """Return the area between two edges: there along the lower one, back along the upper one."""
    if not edges:
        return ""
    there = [origin, *((day, low) for day, low, _ in edges)]
    back = [(day, high) for day, _, high in reversed(edges)]
    return f'<path class="{kind}" d="M{_corners([*there, *back], frame)}Z"/>'


def _medians(origin: tuple[date, float], fan: Sequence[FanStep], frame: Frame) -> list[str]:
    """Return a line for every run of steps that are modelled, or carried; the first begins at the origin."""
    runs = [(kind, [(step.day, step.median) for step in run]) for kind, run in groupby(fan, _kind)]
    runs[0][1].insert(0, origin)
    return [_median(kind, points, frame) for kind, points in runs]


def _kind(step: FanStep) -> str:
    return "median carried" if step.carried else "median"


def _median(kind: str, points: Sequence[tuple[date, float]], frame: Frame) -> str:
    if len(points) > 1:
        return f'<path class="{kind}" d="M{_corners(points, frame)}"/>'
    [(day, value)] = points
    start = f"{short(frame.x(day) - _DASH)} {short(frame.y(value))}"
    return f'<path class="{kind}" d="M{start}h{2 * _DASH}"/>'


def _corners(points: Sequence[tuple[date, float]], frame: Frame) -> str:
    return "L".join(f"{short(frame.x(day))} {short(frame.y(value))}" for day, value in points)


def _day_marks(fan: Sequence[FanStep], frame: Frame) -> list[str]:
    """Return a mark on the floor for every day the forecast is told for."""
    floor = frame.size.height - frame.size.bottom
    return [f'<path class="told" d="M{short(frame.x(step.day))} {floor}v-6"/>' for step in fan]


def _origin_line(day: date, frame: Frame) -> str:
    size = frame.size
    return f'<path class="base" d="M{short(frame.x(day))} {size.top}V{size.height - size.bottom}"/>'


def _origin_label(chart: FanChart, day: date, frame: Frame) -> str:
    size, x = frame.size, frame.x(day)
    kind, beside = ("tick end", x - 6) if x > size.width * _LABEL_AT else ("tick", x + 6)
    label = escape(chart.origin_label)
    return f'<text class="{kind} over" x="{short(beside)}" y="{size.top + 4}">{label}</text>'
