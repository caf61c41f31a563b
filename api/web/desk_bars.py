"""Shares of a hundred per cent as bars, drawn on the server as SVG; each says its number beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from api.web.chart_frame import NARROW, WIDE, Size

_BAR: Final = 14
_LABEL_ROOM: Final = {NARROW.name: 0, WIDE.name: 220}
"""Width of the names left of the bars; on a phone they stand above them."""
_ROW: Final = {NARROW.name: 44, WIDE.name: 28}
_VALUE_ROOM: Final = 150
"""Width of what is written to the right of the bars."""


@dataclass(frozen=True, slots=True)
class ShareBar:
    """One bar: its name, how full it is in thousandths (None: nobody knows), and how that is written."""

    label: str
    per_mille: int | None
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareChart:
    """Bars and the words around them, already in the reader's language."""

    name: str
    """Unique on the page; prefix of the ids that tie title and description to the drawing."""
    title: str
    description: str
    bars: Sequence[ShareBar]


def draw_shares(chart: ShareChart, size: Size) -> str:
    """Return the bars as one `<svg>` element, in the order given; what nobody knows is a dashed box."""
    room, row = _LABEL_ROOM[size.name], _ROW[size.name]
    height = row * len(chart.bars) + 8
    bars = "".join(_drawn(bar, place * row + row - 14, room, size) for place, bar in enumerate(chart.bars))
    title_id, text_id = (escape(f"{chart.name}-{size.name}-{part}") for part in ("title", "text"))
    return (
        f'<svg class="chart {size.name}" viewBox="0 0 {size.width} {height}" width="{size.width}" '
        f'height="{height}" role="img" aria-labelledby="{title_id} {text_id}">'
        f'<title id="{title_id}">{escape(chart.title)}</title>'
        f'<desc id="{text_id}">{escape(chart.description)}</desc>{bars}</svg>'
    )


def _drawn(bar: ShareBar, middle: int, room: int, size: Size) -> str:
    whole = size.width - room - _VALUE_ROOM
    filled = whole * min(1000, bar.per_mille or 0) // 1000
    label = f'class="end" x="{room - 10}" y="{middle}"' if room else f'x="0" y="{middle - 16}"'
    most = "most" if bar.per_mille is not None else "most unknown"
    top = middle - _BAR // 2
    return (
        f'<text {label} dy="4">{escape(bar.label)}</text>'
        f'<rect class="{most}" x="{room}" y="{top}" width="{whole}" height="{_BAR}" rx="3"/>'
        f'<rect class="given" x="{room}" y="{top}" width="{filled}" height="{_BAR}" rx="3"/>'
        f'<text class="tick" x="{room + whole + 8}" y="{middle}" dy="4">{escape(bar.written)}</text>'
    )
