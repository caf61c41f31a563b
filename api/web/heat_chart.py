"""A heat map drawn on the server as SVG: rows by columns, in every cell the number itself with its sign.

The colour only repeats the number: red rose, green fell, the darker the more. On a phone the columns stand in
several bands below one another. Pure; all text is escaped here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from api.web.chart_frame import Size, figure, short

_CELL: Final = {"narrow": 62, "wide": 58}
"""Least width of a column."""
_MOST: Final = 124
"""Most width of a column: a map of one market is no row of bars."""
_LABEL: Final = {"narrow": 92, "wide": 150}
_ROW: Final = 26
_HEAD: Final = 24
_GAP: Final = 12
_LETTER: Final = 12.2
"""What a Chinese character takes at the size of the labels; a Latin one about six tenths of it."""
_LATIN: Final = 0.58
STEPS: Final = (2.0, 5.0, 10.0)
"""Per cent from which on the second, third and fourth tone stand."""
_STILL: Final = 0.005
"""Less is written as nought."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One number of the map."""

    amount: float
    """Per cent."""
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatChart:
    """A grid of numbers and the words around it, already in the reader's language."""

    name: str
    title: str
    description: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[HeatCell | None]]]
    """Label and cells of each row, a cell None where there is no number."""
    nothing: str
    """What stands in a cell without a number."""


def draw_heat(chart: HeatChart, size: Size) -> str:
    """Return the map as one `<svg>` element; ValueError without rows or columns.

    The height of `size` is not used: it comes from how many rows there are.
    """
    if not chart.rows or not chart.columns:
        msg = "a heat map needs rows and columns"
        raise ValueError(msg)
    label = _LABEL[size.name]
    fit = max((size.width - label) // _CELL[size.name], 1)
    bands = -(-len(chart.columns) // fit)
    per_band = -(-len(chart.columns) // bands)
    wide = min((size.width - label) / per_band, _MOST)
    parts: list[str] = []
    top = 0.0
    for first in range(0, len(chart.columns), per_band):
        parts += _band(chart, range(first, min(first + per_band, len(chart.columns))), top, wide, label)
        top += _HEAD + _ROW * len(chart.rows) + _GAP
    drawn = Size(size.name, size.width, int(top), size.date_ticks)
    return figure(chart.name, chart.title, chart.description, drawn, "".join(parts))


def tone(amount: float) -> str:
    """Return the class of a number: which way it goes, and how far in four steps.

    >>> tone(0.0), tone(1.2), tone(-12.0)
    ('heat-still', 'heat-rise-1', 'heat-fall-4')
    """
    if abs(amount) < _STILL:
        return "heat-still"
    step = 1 + sum(abs(amount) >= bound for bound in STEPS)
    return f"heat-{'rise' if amount > 0 else 'fall'}-{step}"


def _band(chart: HeatChart, columns: range, top: float, wide: float, label: int) -> list[str]:
    """Draw some columns with their head and every row of them."""
    parts = []
    for place, column in enumerate(columns):
        x = label + place * wide + wide / 2
        head = escape(_cut(chart.columns[column], wide - 6))
        parts.append(f'<text class="tick middle" x="{short(x)}" y="{short(top + _HEAD - 8)}">{head}</text>')
    for number, (name, cells) in enumerate(chart.rows):
        y = top + _HEAD + number * _ROW
        text = escape(_cut(name, label - 8))
        parts.append(f'<text class="end" x="{label - 8}" y="{short(y + _ROW / 2)}" dy="4">{text}</text>')
        parts += [
            _cell(cells[column], label + place * wide, y, wide, chart.nothing)
            for place, column in enumerate(columns)
        ]
    return parts


def _cell(cell: HeatCell | None, x: float, y: float, wide: float, nothing: str) -> str:
    kind, written = ("heat-none", nothing) if cell is None else (tone(cell.amount), cell.written)
    return (
        f'<rect class="{kind}" x="{short(x + 1)}" y="{short(y + 1)}" width="{short(wide - 2)}" '
        f'height="{_ROW - 2}"/>'
        f'<text class="middle {kind}-text" x="{short(x + wide / 2)}" y="{short(y + _ROW / 2)}" dy="4">'
        f"{escape(written)}</text>"
    )


def _cut(text: str, room: float) -> str:
    """Shorten a label that is wider than its room; the table beside the map has it whole.

    >>> _cut("根及根茎类", 100), _cut("根及根茎类", 40)
    ('根及根茎类', '根及…')
    """
    taken = 0.0
    for place, letter in enumerate(text):
        taken += _LETTER * (1.0 if ord(letter) > 0x2E7F else _LATIN)
        if taken > room:
            kept = text[: max(place - 1, 1)].rstrip()
            return f"{kept}…"
    return text
