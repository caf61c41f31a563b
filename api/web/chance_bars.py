"""Chances of up, flat and down as one bar for each horizon, with the words beside: sums of a hundred.

The order is always up, flat, down, and every share is written, so that the colour only repeats it. Pure;
all text is escaped here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from api.web.chart_frame import NARROW, WIDE, Size, figure, short

_BAR: Final = 16
_ROW: Final = {NARROW.name: 64, WIDE.name: 40}
_LABEL_ROOM: Final = 210
_WORDS_ROOM: Final = 250
_WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Chances:
    """Of one day: its label, the three chances in basis points (up, flat, down), and the same in words."""

    label: str
    shares_bp: tuple[int, int, int]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChanceBars:
    """The bars and the words around them, already in the reader's language."""

    name: str
    title: str
    description: str
    rows: Sequence[Chances]


def draw_chances(chart: ChanceBars, size: Size) -> str:
    """Return the bars as one `<svg>` element; ValueError when there is none."""
    if not chart.rows:
        msg = "a chart needs at least one bar"
        raise ValueError(msg)
    row = _ROW[size.name]
    drawn = Size(size.name, size.width, row * len(chart.rows) + 4, date_ticks=0)
    narrow = size.name == NARROW.name
    parts = []
    for place, each in enumerate(chart.rows):
        parts.append(
            _narrow(each, place * row, size.width) if narrow else _wide(each, place * row, size.width)
        )
    return figure(chart.name, chart.title, chart.description, drawn, "".join(parts))


def _narrow(each: Chances, top: int, width: int) -> str:
    return (
        f'<text x="0" y="{top + 14}">{escape(each.label)}</text>'
        f"{_bar(each, 0, top + 20, width)}"
        f'<text class="tick" x="0" y="{top + 52}">{escape(each.words)}</text>'
    )


def _wide(each: Chances, top: int, width: int) -> str:
    middle = top + 20
    return (
        f'<text class="end" x="{_LABEL_ROOM - 12}" y="{middle}" dy="4">{escape(each.label)}</text>'
        f"{_bar(each, _LABEL_ROOM, middle - _BAR // 2, width - _LABEL_ROOM - _WORDS_ROOM)}"
        f'<text class="tick" x="{width - _WORDS_ROOM + 12}" y="{middle}" dy="4">{escape(each.words)}</text>'
    )


def _bar(each: Chances, left: float, top: float, width: float) -> str:
    """Draw the three parts beside one another; a part of nothing is not drawn."""
    parts, at = [], left
    for kind, share in zip(("rise", "still", "fall"), each.shares_bp, strict=True):
        wide = share / _WHOLE * width
        if share:
            drawn = f'x="{short(at)}" y="{short(top)}" width="{short(max(wide - 1, 0.5))}" height="{_BAR}"'
            parts.append(f'<rect class="{kind}" {drawn}/>')
        at += wide
    return "".join(parts)
