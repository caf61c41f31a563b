"""Labels as a PDF to print: sheets of A4 or a roll, with the glyphs it needs embedded.

The library holds a document until it is written, so one file has at most `MOST` labels: a print run of
any length is a row of files.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from fpdf import FPDF

from trace.labels.label_errors import TooManyLabels
from trace.labels.label_font import LabelFont, require_glyphs
from trace.labels.label_forms import LabelForm
from trace.labels.label_layout import STATIC, BoxMark, Mark, QrMark, fixed_marks, label_marks
from trace.labels.label_text import LabelText, PackLabel

MEDIA_TYPE: Final = "application/pdf"
MOST: Final = 2_000
"""Labels of one file."""

_FAMILY: Final = "label"
_HAIR: Final = 0.15
_OVERLAP: Final = 0.01  # millimetres: neighbouring rows of a symbol touch, or a screen shows hairlines


def label_pdf(
    text: LabelText, labels: Iterable[PackLabel], form: LabelForm, font: LabelFont, made: datetime
) -> bytes:
    """Draw labels onto pages; `made` is the time the file bears.

    Raises `TooManyLabels`, `GlyphsMissing` or `LabelTooSmall`.
    """
    held = list(islice(labels, MOST + 1))
    if len(held) > MOST:
        raise TooManyLabels(most=MOST)
    fixed_marks(text, form)
    require_glyphs(font, text.characters() | set(STATIC))
    pages = _opened(form, font, made)
    for begin in range(0, len(held), form.per_page):
        pages.add_page()
        for place, label in enumerate(held[begin : begin + form.per_page]):
            _draw(pages, label_marks(text, label, form), form.corner(place))
    return bytes(pages.output())


def in_files(labels: Iterable[PackLabel], most: int = MOST) -> Iterator[list[PackLabel]]:
    """Cut a print run into what fits one file each."""
    left = iter(labels)
    while some := list(islice(left, most)):
        yield some


def _opened(form: LabelForm, font: LabelFont, made: datetime) -> FPDF:
    pages = FPDF(unit="mm", format=form.page)
    pages.set_auto_page_break(auto=False)
    pages.set_margin(0)
    pages.set_creation_date(made)
    pages.set_lang("zh-CN")
    pages.add_font(_FAMILY, fname=font.path, collection_font_number=font.face)
    pages.set_font(_FAMILY)
    pages.set_line_width(_HAIR)
    return pages


def _draw(pages: FPDF, marks: Iterable[Mark], corner: tuple[float, float]) -> None:
    left, top = corner
    for mark in marks:
        x, y = left + mark.x, top + mark.y
        if isinstance(mark, QrMark):
            scale = mark.side / mark.modules
            for column, row, length in mark.runs:
                at = (x + column * scale, y + row * scale, length * scale, scale + _OVERLAP)
                pages.rect(*at, style="F")
        elif isinstance(mark, BoxMark):
            pages.rect(x, y, mark.width, mark.height)
        else:
            pages.set_font_size(mark.points)
            pages.text(x, y, mark.text)
