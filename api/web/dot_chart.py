"""Dots over a row of places, some with the interval they lie in, against lines that say what is aimed at.

For what is told at each horizon: a relative error and its interval, or two coverages and their nominal
shares. Kinds differ by shape, not by colour alone. Pure; all text is escaped here.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

from api.web.chart_frame import Size, figure, level_lines, short, value_ticks

Kind = Literal["round", "square"]
_RADIUS: Final = 4.5
_HALF: Final = 4
_FULL_WIDTH: Final = 0x2E80
"""Characters from here on (CJK) are as wide as the letters are high."""
_WIDE_LETTER, _LETTER, _GAP = 12, 7, 8
_LETTER_HEIGHT: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One figure at one place; `low` and `high` are the interval it lies in."""

    place: int
    value: float
    low: float | None = None
    high: float | None = None
    kind: Kind = "round"


@dataclass(frozen=True, slots=True)
class Aim:
    """A level the dots are held against, with a short label; drawn in the manner of a kind of dots."""

    value: float
    label: str
    kind: Kind = "round"


@dataclass(frozen=True, slots=True, kw_only=True)
class DotChart:
    """Dots and the words around them, already in the reader's language."""

    name: str
    title: str
    description: str
    places: Sequence[str]
    """What stands below each place, from the left."""
    dots: Sequence[Dot]
    aims: Sequence[Aim]
    write_value: Callable[[float], str]


def draw_dots(chart: DotChart, size: Size) -> str:
    """Return the dots as one `<svg>` element; ValueError when there is none."""
    if not chart.dots:
        msg = "a chart needs at least one dot"
        raise ValueError(msg)
    seen = [edge for dot in chart.dots for edge in (dot.low, dot.value, dot.high) if edge is not None]
    seen += [aim.value for aim in chart.aims]
    ticks = value_ticks(min(seen), max(seen))

    def down(value: float) -> float:
        room = size.height - size.top - size.bottom
        return size.top + (ticks[-1] - value) / (ticks[-1] - ticks[0]) * room

    def across(place: int) -> float:
        step = (size.width - size.left - size.right) / len(chart.places)
        return size.left + (place + 0.5) * step

    lines, labels = _aims(chart.aims, down, size)
    parts = [
        *level_lines(ticks, down, chart.write_value, size),
        *_places(chart.places, across, size),
        *lines,
    ]
    for dot in chart.dots:
        parts += _dot(dot, across(dot.place) + _aside(dot, chart.dots), down)
    parts += labels
    return figure(chart.name, chart.title, chart.description, size, "".join(parts))


def shown_places(labels: Sequence[str], room: float) -> list[int]:
    """Return which labels to write so that none runs into the next, evenly spaced from the first.

    >>> shown_places(["1", "2", "3", "4"], 200.0), shown_places(["2024-11-01"] * 4, 200.0)
    ([0, 1, 2, 3], [0, 2])
    """
    widest = max(
        sum(_WIDE_LETTER if ord(each) >= _FULL_WIDTH else _LETTER for each in label) for label in labels
    )
    every = max(math.ceil((widest + _GAP) * len(labels) / room), 1)
    return list(range(0, len(labels), every))


def _aside(dot: Dot, dots: Sequence[Dot]) -> float:
    """Return how far a dot steps aside for one of another kind at its place."""
    shared = any(other.place == dot.place and other.kind != dot.kind for other in dots)
    if not shared:
        return 0.0
    return -5.0 if dot.kind == "round" else 5.0


def _places(labels: Sequence[str], across: Callable[[int], float], size: Size) -> list[str]:
    floor = size.height - size.bottom
    parts = [f'<path class="axis" d="M{size.left} {floor}H{size.width - size.right}"/>']
    for place in shown_places(labels, size.width - size.left - size.right):
        x = short(across(place))
        parts.append(f'<path class="axis" d="M{x} {floor}v4"/>')
        parts.append(f'<text class="tick middle" x="{x}" y="{floor + 19}">{escape(labels[place])}</text>')
    return parts


def _aims(aims: Sequence[Aim], down: Callable[[float], float], size: Size) -> tuple[list[str], list[str]]:
    """Return the lines, and their labels: those are drawn over the dots."""
    lines, labels, right = [], [], size.width - size.right
    for aim in aims:
        y = down(aim.value)
        lines.append(f'<path class="aim {aim.kind}" d="M{size.left} {short(y)}H{right}"/>')
        label, beside = escape(aim.label), y - 6 if y - 6 > size.top + _LETTER_HEIGHT else y + 14
        labels.append(f'<text class="tick end over" x="{right}" y="{short(beside)}">{label}</text>')
    return lines, labels


def _dot(dot: Dot, x: float, down: Callable[[float], float]) -> list[str]:
    y, parts = down(dot.value), []
    if dot.low is not None and dot.high is not None:
        low, high = down(dot.low), down(dot.high)
        ends = f"M{short(x - 4)} {short(high)}h8M{short(x - 4)} {short(low)}h8"
        parts.append(f'<path class="reach" d="M{short(x)} {short(high)}V{short(low)}{ends}"/>')
    if dot.kind == "round":
        parts.append(f'<circle class="dot" cx="{short(x)}" cy="{short(y)}" r="{_RADIUS}"/>')
    else:
        parts.append(
            f'<rect class="dot square" x="{short(x - _HALF)}" y="{short(y - _HALF)}" '
            f'width="{2 * _HALF}" height="{2 * _HALF}"/>'
        )
    return parts
