"""What every drawing of days and values has: a scale, axes with round numbers and months, a title.

Pure; all text is escaped here, and looks come from the style sheet by class names alone.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final


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
_DAY_WIDTH: Final = 66
"""What the name of a month takes at the size of the ticks, with the gap before it."""

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
class Frame:
    """The scale of one drawing: from days and values to places on the paper."""

    size: Size
    first: date
    last: date
    days: int
    ticks: tuple[float, ...]

    @classmethod
    def around(cls, runs: Sequence[Sequence[tuple[date, float]]], size: Size) -> "Frame":
        """Return the frame that just holds all runs."""
        values = [value for run in runs for _, value in run]
        first, last = min(run[0][0] for run in runs), max(run[-1][0] for run in runs)
        days = max((last - first).days, 1)
        return cls(size, first, last, days, tuple(value_ticks(min(values), max(values))))

    def x(self, day: date) -> float:
        """Return how far from the left a day stands."""
        size = self.size
        return size.left + (day - self.first).days / self.days * (size.width - size.left - size.right)

    def y(self, value: float) -> float:
        """Return how far from the top a value stands."""
        size, low, high = self.size, self.ticks[0], self.ticks[-1]
        return size.top + (high - value) / (high - low) * (size.height - size.top - size.bottom)


def value_axis(frame: Frame, write_value: Callable[[float], str]) -> list[str]:
    """Draw a line and a number for every round value of a frame."""
    return level_lines(frame.ticks, frame.y, write_value, frame.size)


def level_lines(
    ticks: Sequence[float], down: Callable[[float], float], write_value: Callable[[float], str], size: Size
) -> list[str]:
    """Draw a line and a number for every value; `down` says how far from the top it stands."""
    parts = []
    for tick in ticks:
        y = short(down(tick))
        parts.append(f'<path class="grid" d="M{size.left} {y}H{size.width - size.right}"/>')
        label = escape(write_value(tick))
        parts.append(f'<text class="tick end" x="{size.left - 6}" y="{y}" dy="4">{label}</text>')
    return parts


def date_axis(frame: Frame, write_day: Callable[[date], str]) -> list[str]:
    """Draw the floor and a tick for every month named."""
    size = frame.size
    floor = size.height - size.bottom
    parts = [f'<path class="axis" d="M{size.left} {floor}H{size.width - size.right}"/>']
    free = float(size.width)
    # From the right: the last month is named, an earlier one only where there is room for its name.
    for day in reversed(month_ticks(frame.first, frame.last, size.date_ticks)):
        x = frame.x(day)
        parts.append(f'<path class="axis" d="M{short(x)} {floor}v4"/>')
        anchor = "end" if x > size.width - 32 else "middle"
        right = x if anchor == "end" else x + _DAY_WIDTH / 2
        if right > free:
            continue
        free = right - _DAY_WIDTH
        label = escape(write_day(day))
        parts.append(f'<text class="tick {anchor}" x="{short(x)}" y="{floor + 19}">{label}</text>')
    return parts


def figure(name: str, title: str, description: str, size: Size, content: str) -> str:
    """Return the whole `<svg>`; `name`, unique on the page, ties title and description to the drawing."""
    title_id, text_id = f"{name}-{size.name}-title", f"{name}-{size.name}-text"
    return (
        f'<svg class="chart {size.name}" viewBox="0 0 {size.width} {size.height}" width="{size.width}" '
        f'height="{size.height}" role="img" aria-labelledby="{escape(title_id)} {escape(text_id)}">'
        f'<title id="{escape(title_id)}">{escape(title)}</title>'
        f'<desc id="{escape(text_id)}">{escape(description)}</desc>{content}</svg>'
    )


def short(number: float) -> str:
    """Write a place on the paper to a tenth of a unit, without a useless `.0`.

    >>> short(12.0), short(0.25)
    ('12', '0.2')
    """
    return f"{number:.1f}".removesuffix(".0")
