"""Where everything stands on a label: words, QR code and scratch layer, in millimetres from its corner.

Pure: SVG and PDF are drawn from the same marks, so that both show the same label. Widths of letters are
taken generously from above, because the two are set in different fonts.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

import segno

from trace.coding.pins import grouped_pin
from trace.coding.trace_code import grouped
from trace.labels.label_errors import LabelTooSmall
from trace.labels.label_forms import LabelForm
from trace.labels.label_text import LabelText, PackLabel

QR_SIDE: Final = 20.0
"""Side of the QR symbol on the smaller labels, without its quiet zone: one module is 0.5 mm or more."""
MARGIN: Final = 0.14
"""White around everything, in sides of the symbol: four modules of the 29 or more a symbol has here, the
quiet zone of ISO/IEC 18004."""
PT: Final = 25.4 / 72
"""A point of type in millimetres."""
STATIC: Final = "追溯码第号防伪密码刮开查验：()/-·0123456789ABCDEFGHJKMNPQRSTVWXYZ "
"""Characters every label needs besides its own words."""

_SMALLEST, _STEP = 4.5, 0.5  # points; below 4.5 nobody reads a label
_LEADING: Final = 1.35
_SCRATCH: Final = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMark:
    """Words on one line; `y` is their base line."""

    x: float
    y: float
    points: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxMark:
    """An empty frame: where the scratch layer goes."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QrMark:
    """A QR symbol: dark modules as runs (column, row, length) of a square of `modules` a side."""

    x: float
    y: float
    side: float
    modules: int
    runs: tuple[tuple[int, int, int], ...]


Mark: TypeAlias = TextMark | BoxMark | QrMark


def qr_mark(url: str, x: float, y: float, side: float) -> QrMark:
    """Draw the QR symbol of an address: error correction M, 15 % of it may be dirty.

    >>> qr_mark("https://herbs.example.org/s/7Q2MAXKPD4R9TWE3HZCB", 0, 0, 20).modules
    33
    """
    matrix = segno.make(url, error="m", micro=False, boost_error=False).matrix
    runs = [run for row, line in enumerate(matrix) for run in _dark_runs(row, line)]
    return QrMark(x=x, y=y, side=side, modules=len(matrix), runs=tuple(runs))


def _dark_runs(row: int, line: Sequence[int]) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    start = None
    for column, dark in enumerate([*line, 0]):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            found.append((start, row, column - start))
            start = None
    return found


def label_marks(text: LabelText, label: PackLabel, form: LabelForm) -> tuple[Mark, ...]:
    """Lay one label out; raises `LabelTooSmall`."""
    side = _qr_side(form)
    margin = MARGIN * side
    return (
        qr_mark(label.url, margin, margin, side),
        *_below_qr(label, form),
        *fixed_marks(text, form),
        *_code_lines(label, form),
    )


@cache
def fixed_marks(text: LabelText, form: LabelForm) -> tuple[Mark, ...]:
    """Lay out the words that are the same on every label, in the largest size at which all of them fit.

    Raises `LabelTooSmall`.
    """
    side = _qr_side(form)
    margin, left = MARGIN * side, _words_left(form)
    width = form.label[0] - left - margin
    height = form.label[1] - 2 * margin - 0.7 * side * PT
    points = 0.4 * side
    while points >= _SMALLEST:
        lines = _wrapped(text, points, width)
        if sum(size * PT * _LEADING for size, _ in lines) <= height:
            return tuple(_stacked(lines, left, margin))
        points -= _STEP
    raise LabelTooSmall(form=form.key)


def _stacked(lines: Sequence[tuple[float, str]], left: float, top: float) -> list[Mark]:
    marks: list[Mark] = []
    y = top
    for size, words in lines:
        marks.append(TextMark(x=left, y=y + size * PT, points=size, text=words))
        y += size * PT * _LEADING
    return marks


def _wrapped(text: LabelText, points: float, width: float) -> list[tuple[float, str]]:
    """Every line of the label with its size: the name larger, then the rest, long ones broken."""
    large = points * 1.4
    heads = [text.name] if text.name else []
    lines = [(large, part) for words in heads for part in _broken(words, large, width)]
    small = [text.attribute] if text.attribute else []
    small += [f"{head}：{content}" for head, content in text.lines]
    return lines + [(points, part) for words in small for part in _broken(words, points, width)]


def _broken(words: str, points: float, width: float) -> list[str]:
    lines, line = [], ""
    for letter in words:
        if line and width_of(line + letter, points) > width:
            lines.append(line)
            line = ""
        line += letter
    return [*lines, line]


def width_of(text: str, points: float) -> float:
    """Return how wide `text` is at most, in millimetres: a Chinese character is as wide as it is high.

    >>> round(width_of("白芍", 8.0), 2)
    5.64
    """
    return sum(_em(letter) for letter in text) * points * PT


def _em(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WFA":
        return 1.0
    if letter.isupper():
        return 0.9 if letter in "MW" else 0.72
    return 0.6


def _qr_side(form: LabelForm) -> float:
    """The symbol is half as wide again on the larger labels, and all else grows with it."""
    return QR_SIDE if form.label[1] < 60 else QR_SIDE * 1.5


def _words_left(form: LabelForm) -> float:
    return _qr_side(form) * (1 + 2 * MARGIN)


def _below_qr(label: PackLabel, form: LabelForm) -> list[Mark]:
    """The scratch layer below the symbol, where a PIN is printed."""
    if label.pin is None:
        return []
    side = _qr_side(form)
    margin = MARGIN * side
    top = min(side + 2 * margin, form.label[1] - margin - _SCRATCH)
    return [
        BoxMark(x=margin, y=top, width=side, height=_SCRATCH),
        TextMark(x=margin + 0.6, y=top + 2.2, points=4.5, text="防伪密码(刮开查验)"),
        TextMark(x=margin + 0.6, y=top + 5.2, points=8.0, text=grouped_pin(label.pin)),
    ]


def _code_lines(label: PackLabel, form: LabelForm) -> list[Mark]:
    """The code in groups of five, and the number within the batch, at the foot of the words."""
    side, left = _qr_side(form), _words_left(form)
    margin = MARGIN * side
    code = grouped(label.code)
    points = min(0.35 * side, (form.label[0] - left - margin) / width_of(code, 1.0))
    foot = form.label[1] - margin - 0.4
    number = TextMark(
        x=left, y=foot - points * PT * _LEADING, points=0.25 * side, text=f"追溯码 第{label.place}号"
    )
    return [number, TextMark(x=left, y=foot, points=points, text=code)]
