"""A reliability diagram: how often what was forecast with a probability happened, against the diagonal.

A dot on the diagonal says that the probability was right; the larger a dot, the more forecasts it stands
for (its area grows with their number). Pure; all text is escaped here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

from api.web.chart_frame import NARROW, WIDE, Size, figure, short

Outcome = Literal["rise", "still", "fall"]
SMALL: Final = Size(NARROW.name, 358, 330, date_ticks=0, left=48, bottom=40)
LARGE: Final = Size(WIDE.name, 460, 430, date_ticks=0, left=48, bottom=40)
_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_LEAST, _MOST = 3.0, 14.0
"""Radius of the smallest dot, and of the one that stands for most forecasts."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts of alike probability: their mean, the share that came true, and how many they were."""

    outcome: Outcome
    forecast: float
    observed: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityChart:
    """The dots and the words around them, already in the reader's language."""

    name: str
    title: str
    description: str
    bins: Sequence[Bin]
    across_label: str
    """What the lower axis says."""


def draw_reliability(chart: ReliabilityChart, size: Size) -> str:
    """Return the diagram as one `<svg>` element; ValueError when there is no dot."""
    if not chart.bins:
        msg = "a diagram needs at least one dot"
        raise ValueError(msg)
    most = max(each.count for each in chart.bins)
    width, height = size.width - size.left - size.right, size.height - size.top - size.bottom
    floor = size.height - size.bottom
    parts = [f'<path class="aim" d="M{size.left} {floor}L{size.left + width} {size.top}"/>']
    for tick in _TICKS:
        x, y = short(size.left + tick * width), short(floor - tick * height)
        said = escape(f"{tick * 100:.0f} %")
        parts.append(f'<path class="grid" d="M{size.left} {y}h{width}M{x} {floor}v{-height}"/>')
        parts.append(f'<text class="tick end" x="{size.left - 6}" y="{y}" dy="4">{said}</text>')
        kind = "end" if tick == 1 else "middle"
        parts.append(f'<text class="tick {kind}" x="{x}" y="{floor + 16}">{said}</text>')
    middle, below = size.left + width / 2, size.height - 4
    parts.append(
        f'<text class="tick middle" x="{short(middle)}" y="{below}">{escape(chart.across_label)}</text>'
    )
    for each in sorted(chart.bins, key=lambda each: -each.count):
        radius = max(_MOST * math.sqrt(each.count / most), _LEAST)
        parts.append(_mark(each, size.left + each.forecast * width, floor - each.observed * height, radius))
    return figure(chart.name, chart.title, chart.description, size, "".join(parts))


def _mark(each: Bin, x: float, y: float, radius: float) -> str:
    """Draw a triangle up for a rise, down for a fall, and a circle for no change."""
    if each.outcome == "still":
        return f'<circle class="bin still" cx="{short(x)}" cy="{short(y)}" r="{short(radius)}"/>'
    way = -1 if each.outcome == "rise" else 1
    tip, foot, half = y + way * radius, y - way * radius / 2, radius * math.sqrt(3) / 2
    corners = f"M{short(x)} {short(tip)}L{short(x - half)} {short(foot)}H{short(x + half)}Z"
    return f'<path class="bin {each.outcome}" d="{corners}"/>'
