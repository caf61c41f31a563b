"""Line charts drawn on the server as SVG, readable without a script and by a screen reader.

Herb prices stand still for weeks and then jump, so a series is drawn as steps: a sloping line would
show prices nobody quoted. Looks come from the style sheet by class names alone, as the content
security policy allows no inline style. Every function is pure; all text is escaped here.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

Point = tuple[date, float | None]
"""A day and its value; None is a gap: nothing was published that day."""


@dataclass(frozen=True, slots=True)
class Size:
    """A drawing area; text is not scaled, so a phone and a desk each get a drawing of their own."""

    name: str
    width: int
    height: int
    date_ticks: int
    left: int = 56
    right: int = 12
    top: int = 14
    bottom: int = 28


NARROW: Final = Size("narrow", 358, 240, date_ticks=4)
WIDE: Final = Size("wide", 860, 340, date_ticks=8)
_DAY_WIDTH: Final = 62
"""What the name of a month takes at the size of the ticks, with the gap before it."""
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
    write_value: Callable[[float], str]
    write_day: Callable[[date], str]


def draw_steps(chart: Chart, size: Size) -> str:
    """Return the chart as one `<svg>` element; ValueError when there is no point to draw."""
    runs = unbroken(chart.points)
    if not runs:
        msg = "a chart needs at least one value"
        raise ValueError(msg)
    second = unbroken(chart.beside)
    frame = _Frame.around([*runs, *second], size)
    parts = [
        *_value_axis(chart, frame),
        *_date_axis(chart, frame, frame.last),
        *_base_line(chart, frame, runs),
        *_lines(chart, runs, frame),
        *_second_line(second, frame),
        *_revision_marks(chart, runs, frame),
        _last_point(runs[-1][-1], frame),
    ]
    return _figure(chart, size, "".join(parts))


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
    parts = [f"M{_short(x(first_day))} {_short(y(value))}"]
    for day, later in points[1:]:
        if later != value:
            parts.append(f"H{_short(x(day))}V{_short(y(later))}")
            value = later
    if points[-1][0] != first_day and points[-2][1] == points[-1][1]:
        parts.append(f"H{_short(x(points[-1][0]))}")
    return "".join(parts)


_FLAT = 1e-6
"""Values that differ by less, relatively, are drawn as one: no reader could tell them apart."""


def value_ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return round values (1, 2 or 5 times a power of ten apart) that enclose `low` to `high`.

    >>> value_ticks(961.0, 1043.0)
    [960.0, 980.0, 1000.0, 1020.0, 1040.0, 1060.0]
    """
    if high - low <= abs(low) * _FLAT:
        half = abs(low) * 0.01 or 1.0
        low, high = low - half, high + half
    raw = (high - low) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw)
    # One more on either side: a quotient may be rounded across the whole number it stands beside.
    near = range(math.floor(low / step) - 1, math.ceil(high / step) + 2)
    ticks = [round(number * step, 10) for number in near]
    first = max(tick for tick in ticks if tick <= low)
    last = min(tick for tick in ticks if tick >= high)
    return [tick for tick in ticks if first <= tick <= last]


def month_ticks(first: date, last: date, at_most: int) -> list[date]:
    """Return first days of months, evenly 1, 2, 3, 6, 12 … months apart, within `first` to `last`.

    >>> month_ticks(date(2024, 1, 15), date(2024, 12, 31), 4)
    [datetime.date(2024, 4, 1), datetime.date(2024, 7, 1), datetime.date(2024, 10, 1)]
    """
    span = (last.year - first.year) * 12 + last.month - first.month
    apart = next((gap for gap in (1, 2, 3, 6) if span / gap <= at_most), 0)
    apart = apart or 12 * math.ceil(span / (12 * at_most))
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    days = [date(number // 12, number % 12 + 1, 1) for number in months if number % apart == 0]
    return [day for day in days if first <= day <= last]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The scale of one drawing: from days and values to places on the paper."""

    size: Size
    first: date
    last: date
    days: int
    ticks: tuple[float, ...]

    @classmethod
    def around(cls, runs: Sequence[Sequence[tuple[date, float]]], size: Size) -> "_Frame":
        values = [value for run in runs for _, value in run]
        first, last = min(run[0][0] for run in runs), max(run[-1][0] for run in runs)
        days = max((last - first).days, 1)
        return cls(size, first, last, days, tuple(value_ticks(min(values), max(values))))

    def x(self, day: date) -> float:
        size = self.size
        return size.left + (day - self.first).days / self.days * (size.width - size.left - size.right)

    def y(self, value: float) -> float:
        size, low, high = self.size, self.ticks[0], self.ticks[-1]
        return size.top + (high - value) / (high - low) * (size.height - size.top - size.bottom)


def _value_axis(chart: Chart, frame: _Frame) -> list[str]:
    size = frame.size
    parts = []
    for tick in frame.ticks:
        y = _short(frame.y(tick))
        parts.append(f'<path class="grid" d="M{size.left} {y}H{size.width - size.right}"/>')
        label = escape(chart.write_value(tick))
        parts.append(f'<text class="tick end" x="{size.left - 6}" y="{y}" dy="4">{label}</text>')
    return parts


def _date_axis(chart: Chart, frame: _Frame, last: date) -> list[str]:
    size = frame.size
    floor = size.height - size.bottom
    parts = [f'<path class="axis" d="M{size.left} {floor}H{size.width - size.right}"/>']
    free = float(size.width)
    # From the right: the last month is named, an earlier one only where there is room for its name.
    for day in reversed(month_ticks(frame.first, last, size.date_ticks)):
        x = frame.x(day)
        parts.append(f'<path class="axis" d="M{_short(x)} {floor}v4"/>')
        anchor = "end" if x > size.width - 32 else "middle"
        right = x if anchor == "end" else x + _DAY_WIDTH / 2
        if right > free:
            continue
        free = right - _DAY_WIDTH
        label = escape(chart.write_day(day))
        parts.append(f'<text class="tick {anchor}" x="{_short(x)}" y="{floor + 19}">{label}</text>')
    return parts


def _base_line(chart: Chart, frame: _Frame, runs: Sequence[Sequence[tuple[date, float]]]) -> list[str]:
    if chart.base is None or not frame.ticks[0] < chart.base < frame.ticks[-1]:
        return []
    size, y = frame.size, frame.y(chart.base)
    line = f'<path class="base" d="M{size.left} {_short(y)}H{size.width - size.right}"/>'
    # The label stands at the end where the series stays farther from the base: it would be drawn over there.
    told = [value for run in runs for _, value in run]
    span = max(round(len(told) * _LABEL_SHARE), 1)
    begins, ends = (min(abs(value - chart.base) for value in part) for part in (told[:span], told[-span:]))
    if begins >= ends:
        kind, x = "tick", size.left + 6
    else:
        kind, x = "tick end", size.width - size.right
    label = f'<text class="{kind}" x="{x}" y="{_short(y - 5)}">{escape(chart.base_label)}</text>'
    return [line, label]


def _lines(chart: Chart, runs: Sequence[Sequence[tuple[date, float]]], frame: _Frame) -> list[str]:
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


def _second_line(runs: Sequence[Sequence[tuple[date, float]]], frame: _Frame) -> list[str]:
    path = "".join(step_path(run, frame.x, frame.y) for run in runs)
    return [f'<path class="series beside" d="{path}"/>'] if path else []


def _revision_marks(chart: Chart, runs: Sequence[Sequence[tuple[date, float]]], frame: _Frame) -> list[str]:
    revised = set(chart.revised)
    return [
        f'<path class="revised" d="M{_short(frame.x(day))} {_short(frame.y(value) - 5)}l5 5l-5 5l-5-5z"/>'
        for run in runs
        for day, value in run
        if day in revised
    ]


def _last_point(last: tuple[date, float], frame: _Frame) -> str:
    day, value = last
    return f'<circle class="last" cx="{_short(frame.x(day))}" cy="{_short(frame.y(value))}" r="4"/>'


def _figure(chart: Chart, size: Size, content: str) -> str:
    title_id, text_id = f"{chart.name}-{size.name}-title", f"{chart.name}-{size.name}-text"
    return (
        f'<svg class="chart {size.name}" viewBox="0 0 {size.width} {size.height}" width="{size.width}" '
        f'height="{size.height}" role="img" aria-labelledby="{escape(title_id)} {escape(text_id)}">'
        f'<title id="{escape(title_id)}">{escape(chart.title)}</title>'
        f'<desc id="{escape(text_id)}">{escape(chart.description)}</desc>{content}</svg>'
    )


def _short(number: float) -> str:
    """Write a place on the paper to a tenth of a unit, without a useless `.0`."""
    return f"{number:.1f}".removesuffix(".0")
