"""Bars to the left and right of nought, drawn on the server as SVG: what moved an index, part by part.

The sign is told by the side and by the number, not by the colour alone. All text is escaped here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from api.web.chart_frame import NARROW, WIDE, Size

_BAR: Final = 14
_VALUE_ROOM: Final = 60
"""Width kept free on either side for the numbers beside the bars."""
_LABEL_ROOM: Final = {NARROW.name: 0, WIDE.name: 190}
"""Width of the names left of the bars; on a phone they stand above them."""
_LEAST_SPAN: Final = 1e-9
"""Less than any digit that is published: such amounts are all drawn as nothing."""
_ROW: Final = {NARROW.name: 42, WIDE.name: 28}


@dataclass(frozen=True, slots=True)
class Bar:
    """One part: its name, its size and how the size is written."""

    label: str
    amount: float
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Bars and the words around them, already in the reader's language."""

    name: str
    """Unique on the page; prefix of the ids that tie title and description to the drawing."""
    title: str
    description: str
    bars: Sequence[Bar]


def draw_bars(chart: BarChart, size: Size) -> str:
    """Return the bars as one `<svg>` element, in the order given; ValueError when there is none."""
    if not chart.bars:
        msg = "a chart needs at least one bar"
        raise ValueError(msg)
    label_room, row = _LABEL_ROOM[size.name], _ROW[size.name]
    left, right = label_room + _VALUE_ROOM, size.width - _VALUE_ROOM
    least = min(0.0, *(bar.amount for bar in chart.bars))
    most = max(0.0, *(bar.amount for bar in chart.bars))
    span = most - least
    scale = (right - left) / span if span > _LEAST_SPAN else 0.0
    nought = left - least * scale
    height = row * len(chart.bars) + 12
    rows = [
        _row(bar, 6 + (place + 1) * row - 14, nought, nought + bar.amount * scale, label_room)
        for place, bar in enumerate(chart.bars)
    ]
    axis = f'<path class="axis" d="M{nought:.1f} 2V{height - 4}"/>'
    title_id, text_id = (escape(f"{chart.name}-{size.name}-{part}") for part in ("title", "text"))
    return (
        f'<svg class="chart {size.name}" viewBox="0 0 {size.width} {height}" width="{size.width}" '
        f'height="{height}" role="img" aria-labelledby="{title_id} {text_id}">'
        f'<title id="{title_id}">{escape(chart.title)}</title>'
        f'<desc id="{text_id}">{escape(chart.description)}</desc>{"".join(rows)}{axis}</svg>'
    )


def _row(bar: Bar, middle: float, nought: float, end: float, label_room: int) -> str:
    way = "rise" if bar.amount > 0 else "fall"
    width = max(abs(end - nought), 1.0)
    x = nought if bar.amount >= 0 else nought - width
    beside = ("tick", end + 6) if bar.amount >= 0 else ("tick end", end - 6)
    label = (
        f'class="end" x="{label_room - 8}" y="{middle:.1f}"' if label_room else f'x="0" y="{middle - 17:.1f}"'
    )
    return (
        f'<text {label} dy="4">{escape(bar.label)}</text>'
        f'<rect class="{way}" x="{x:.1f}" y="{middle - _BAR / 2:.1f}" width="{width:.1f}" height="{_BAR}"/>'
        f'<text class="{beside[0]}" x="{beside[1]:.1f}" y="{middle:.1f}" dy="4">{escape(bar.written)}</text>'
    )
