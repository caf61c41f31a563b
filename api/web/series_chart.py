"""A raw series drawn on the server: of each window a bar from lowest to highest, and a line of the means.

Pure like `charts.py`; looks come from the style sheet by class names alone. The page puts the figures in a
table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Final

from trace.sensors.windows import Window

WIDTH: Final = 640
HEIGHT: Final = 240
_LEFT: Final = 56
_RIGHT: Final = 12
_TOP: Final = 14
_BOTTOM: Final = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesDrawing:
    """One series and the words around it, already in the reader's language."""

    title: str
    description: str
    windows: Sequence[Window]
    window_ms: int
    unit: str
    first: str
    """When it begins, for the axis."""
    last: str


def draw_series(said: SeriesDrawing) -> str:
    """Return the series as one `<svg>` element; stretches without a reading stay empty."""
    low = min(Decimal(each.least) for each in said.windows)
    high = max(Decimal(each.most) for each in said.windows)
    room = (high - low) or Decimal(1)
    start = said.windows[0].start_ms
    slots = (said.windows[-1].start_ms - start) // said.window_ms + 1
    step = Decimal(WIDTH - _LEFT - _RIGHT) / slots

    def across(window: Window, part: Decimal) -> str:
        return f"{_LEFT + ((window.start_ms - start) // said.window_ms + part) * step:.1f}"

    def down(value: Decimal) -> str:
        return f"{_TOP + (high - value) / room * (HEIGHT - _TOP - _BOTTOM):.1f}"

    parts = [
        f'<svg class="chart series" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'role="img" aria-labelledby="series-title series-description">',
        f'<title id="series-title">{escape(said.title)}</title>',
        f'<desc id="series-description">{escape(said.description)}</desc>',
    ]
    for value in dict.fromkeys((high, low)):
        y = down(value)
        parts.append(f'<line class="grid" x1="{_LEFT}" y1="{y}" x2="{WIDTH - _RIGHT}" y2="{y}"/>')
        words = escape(f"{value.normalize():f} {said.unit}")
        parts.append(f'<text class="tick end" x="{_LEFT - 6}" y="{y}" dy="4">{words}</text>')
    half = Decimal("0.5")
    for each in said.windows:
        x = across(each, half)
        parts.append(
            f'<line class="axis" x1="{x}" y1="{down(Decimal(each.least))}" '
            f'x2="{x}" y2="{down(Decimal(each.most))}"/>'
        )
    for run in _runs(said.windows, said.window_ms):
        points = " ".join(f"{across(each, half)},{down(Decimal(each.mean))}" for each in run)
        parts.append(f'<polyline class="series" points="{points}"/>')
    below = HEIGHT - 8
    parts.append(f'<text class="tick" x="{_LEFT}" y="{below}">{escape(said.first)}</text>')
    parts.append(f'<text class="tick end" x="{WIDTH - _RIGHT}" y="{below}">{escape(said.last)}</text>')
    return "".join((*parts, "</svg>"))


def _runs(windows: Sequence[Window], window_ms: int) -> list[list[Window]]:
    """Return the windows without a hole between them, together."""
    runs: list[list[Window]] = []
    for each in windows:
        if runs and each.start_ms - runs[-1][-1].start_ms == window_ms:
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs
