"""Drawing rows of places under one axis of time as SVG.

Across, everything is in per cent, and down in letters (`em`): one drawing fits a phone, a desk, 长辈版 and
paper, and its letters are never made smaller. Pure like `lineage_chart.py`.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

MARGIN: Final = 0.1
"""Part of the width on either side that marks may reach into."""
_ROW_EM: Final = 5.3
_LONGEST_EM: Final = 14.5
_TOP_EM: Final = 0.2
_NARROW_LETTER: Final = 0.56


@dataclass(frozen=True, slots=True)
class Mark:
    """One or more steps at a moment."""

    label: str
    share: float
    """Where on the axis: 0 is the first step, 1 the last."""


@dataclass(frozen=True, slots=True)
class Row:
    """A place with what happened there; `name` may be empty."""

    name: str
    where: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment on the axis; without a label only its line is drawn."""

    label: str
    share: float
    anchor: Literal["start", "middle", "end"]


def mark_width(label: str) -> float:
    """Return the width of a mark in letters.

    >>> mark_width("1") < mark_width("10–13")
    True
    """
    return max(1.7, 0.9 + _NARROW_LETTER * len(label))


def shortened(text: str) -> str:
    """Return as much of a name as fits beside the smallest screen's edge.

    >>> shortened("安徽省亳州市谯城区"), shortened("内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗")
    ('安徽省亳州市谯城区', '内蒙古自治区呼伦贝尔市莫力…')
    """
    width = 0.0
    for at, letter in enumerate(text):
        width += 1.0 if unicodedata.east_asian_width(letter) in "WF" else _NARROW_LETTER
        if width > _LONGEST_EM:
            return text[: at - 1].rstrip() + "…"
    return text


def draw_strip(rows: Sequence[Row], ticks: Sequence[Tick], *, title: str, description: str) -> str:
    """Return the strip as one `<svg>` element; it needs the width of what it stands in."""
    bottom = _TOP_EM + _ROW_EM * len(rows)
    drawn = [_grid(tick, bottom) for tick in ticks if tick.anchor == "middle"]
    for at, row in enumerate(rows):
        drawn.append(_row(row, _TOP_EM + _ROW_EM * at))
    drawn += [_label(tick, bottom + 1.2) for tick in ticks if tick.label]
    return (
        f'<svg class="strip" width="100%" height="{bottom + 1.7:g}em" role="img" '
        f'aria-labelledby="strip-title strip-text"><title id="strip-title">{escape(title)}</title>'
        f'<desc id="strip-text">{escape(description)}</desc>{"".join(drawn)}</svg>'
    )


def _row(row: Row, top: float) -> str:
    line = top + 3.7
    name = f'<text class="over name" x="0" y="{top + 1:g}em">{escape(shortened(row.name))}</text>'
    where = f'<text class="over tick" x="0" y="{top + 2.3:g}em">{escape(shortened(row.where))}</text>'
    lane = f'<line class="axis" x1="0" x2="100%" y1="{line:g}em" y2="{line:g}em"/>'
    marks = "".join(_mark(mark, line) for mark in row.marks)
    return f"{name if row.name else ''}{where}{lane}{marks}"


def _mark(mark: Mark, line: float) -> str:
    width = mark_width(mark.label)
    return (
        f'<svg x="{_across(mark.share)}" y="{line:g}em" overflow="visible">'
        f'<rect class="dot" x="{-width / 2:g}em" y="-.85em" width="{width:g}em" height="1.7em" rx=".85em"/>'
        f'<text class="number" y=".36em">{escape(mark.label)}</text></svg>'
    )


def _grid(tick: Tick, bottom: float) -> str:
    x = _across(tick.share)
    return f'<line class="grid" x1="{x}" x2="{x}" y1="0" y2="{bottom:g}em"/>'


def _label(tick: Tick, y: float) -> str:
    x = {"start": "0", "middle": _across(tick.share), "end": "100%"}[tick.anchor]
    return f'<text class="tick {tick.anchor}" x="{x}" y="{y:g}em">{escape(tick.label)}</text>'


def _across(share: float) -> str:
    return f"{100 * (MARGIN + share * (1 - 2 * MARGIN)):.1f}%"
