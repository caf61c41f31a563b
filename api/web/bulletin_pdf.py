"""The bulletin as a PDF on A4, with the glyphs it needs embedded and nothing loaded from elsewhere."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos

from api.languages import HTML_LANG
from api.web.bulletin import Bulletin, Table
from trace.labels.label_font import LabelFont, require_glyphs

MEDIA_TYPE: Final = "application/pdf"
_FAMILY: Final = "bulletin"
_MARGIN: Final = 18.0
_WIDTH: Final = 210 - 2 * _MARGIN
_INK, _SOFT, _LINE = (31, 36, 33), (86, 96, 90), (205, 202, 190)
_RISE, _FALL = (156, 43, 34), (28, 92, 70)
_ROW: Final = 5.6
_LABEL_SHARE: Final = 0.42
_MINUS: Final = "\N{MINUS SIGN}"


def bulletin_pdf(told: Bulletin, font: LabelFont, made: datetime) -> bytes:
    """Set a bulletin; `made` is the time the file bears. Raises `GlyphsMissing`."""
    require_glyphs(font, _characters(told))
    sheet = _Sheet(told, font, made)
    sheet.head()
    sheet.table(told.classes, (0.3, 0.12, 0.16, 0.14, 0.14, 0.14))
    if told.parts:
        sheet.bars(told.words("index.parts_heading"), told.parts)
    if told.week.rows:
        sheet.table(told.week, (0.46, 0.18, 0.18, 0.18))
    if told.prices.rows:
        sheet.table(told.prices, (0.46, 0.18, 0.18, 0.18))
    sheet.counts(told.words("index.quality_heading"), told.counts)
    sheet.lines(told.words("index.left_out"), told.exclusions or (told.words("bulletin.none"),))
    if told.notices:
        sheet.lines(told.words("index.notice_heading"), told.notices)
    sheet.pairs(told.words("bulletin.method_heading"), told.facts)
    sheet.lines(told.words("index.verify_heading"), (told.verify, told.command, told.address))
    return bytes(sheet.pages.output())


def _characters(told: Bulletin) -> set[str]:
    texts = [
        told.title, told.lead, told.headline, told.base_points, told.verify, told.command, told.address,
        *told.exclusions, *told.notices,
        *(text for pair in (*told.changes, *told.counts, *told.facts) for text in pair),
        *(text for table in (told.classes, told.week, told.prices) for row in _rows(table) for text in row),
        *(name for name, _, _ in told.parts),
    ]  # fmt: skip
    return set("".join(texts)) - set("\n")


def _rows(table: Table) -> tuple[tuple[str, ...], ...]:
    return (table.headings, *table.rows)


class _Sheet:
    """The pages while they are set, from the top down."""

    def __init__(self, told: Bulletin, font: LabelFont, made: datetime) -> None:
        self.told = told
        self.pages = FPDF(unit="mm", format="A4")
        self.pages.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.pages.set_auto_page_break(auto=True, margin=_MARGIN)
        self.pages.set_creation_date(made)
        self.pages.set_lang(HTML_LANG[told.words.language])
        self.pages.set_title(told.title)
        self.pages.add_font(_FAMILY, fname=font.path, collection_font_number=font.face)
        self.pages.add_page()

    def head(self) -> None:
        """Set title, headline value and its movements."""
        self._text(self.told.title, 17, _INK, after=1)
        self._text(self.told.lead, 9, _SOFT, after=4)
        self._text(self.told.base_points, 9, _SOFT)
        self._text(self.told.headline, 26, _INK, after=1)
        width = _WIDTH / len(self.told.changes)
        top = self.pages.get_y()
        for place, (label, change) in enumerate(self.told.changes):
            self.pages.set_xy(_MARGIN + place * width, top)
            self._cell(width, label, 8.5, _SOFT, line=True)
            self.pages.set_x(_MARGIN + place * width)
            self._cell(width, change, 11, _tone(change), line=True)
        self.pages.set_xy(_MARGIN, top + 2 * _ROW + 3)

    def heading(self, words: str, room: float) -> None:
        """Set a heading; on the next page where less than `room` millimetres are left."""
        if self.pages.will_page_break(room):
            self.pages.add_page()
        self.pages.ln(3)
        self._text(words, 11.5, _INK, after=1)

    def table(self, table: Table, shares: Sequence[float]) -> None:
        """Set a table; `shares` of the width go to its columns."""
        self.heading(table.caption, 25)
        for place, row in enumerate(_rows(table)):
            colour = _SOFT if place == 0 else _INK
            for column, (share, text) in enumerate(zip(shares, row, strict=True)):
                tone = _tone(text) if place and column else colour
                self._cell(share * _WIDTH, text, 9, tone, right=column > 0)
            self._rule()

    def bars(self, words: str, parts: Sequence[tuple[str, Decimal, str]]) -> None:
        """Draw contributions as bars on either side of nought."""
        self.heading(words, _ROW * len(parts) + 12)
        amounts = [float(points) for _, points, _ in parts]
        label, value = 0.3 * _WIDTH, 0.12 * _WIDTH
        room = _WIDTH - label - 2 * value
        least, most = min(0.0, *amounts), max(0.0, *amounts)
        scale = room / ((most - least) or 1.0)
        nought = _MARGIN + label + value - least * scale
        for (name, _, written), amount in zip(parts, amounts, strict=True):
            top = self.pages.get_y()
            self._cell(label, name, 9, _INK)
            colour = _RISE if amount > 0 else _FALL
            self.pages.set_fill_color(*colour)
            end = nought + amount * scale
            self.pages.rect(min(nought, end), top + 1.2, max(abs(end - nought), 0.3), _ROW - 2.4, style="F")
            self.pages.set_xy(end + 1 if amount > 0 else end - value - 1, top)
            self._cell(value, written, 9, colour, right=amount < 0)
            self.pages.set_xy(_MARGIN, top + _ROW)

    def counts(self, words: str, pairs: Sequence[tuple[str, str]]) -> None:
        """Set short names and numbers, two pairs a line."""
        self.heading(words, _ROW * (len(pairs) + 1) / 2 + 8)
        for place, (label, text) in enumerate(pairs):
            self._cell(0.34 * _WIDTH, label, 9, _SOFT)
            self._cell(0.16 * _WIDTH, text, 9, _INK, line=place % 2 == 1)
        if len(pairs) % 2:
            self.pages.ln(_ROW)

    def pairs(self, words: str, pairs: Sequence[tuple[str, str]]) -> None:
        """Set names and what they stand for."""
        self.heading(words, 20)
        for label, text in pairs:
            if self.pages.will_page_break(_ROW):
                self.pages.add_page()
            self._cell(_LABEL_SHARE * _WIDTH, label, 9, _SOFT)
            self._block((1 - _LABEL_SHARE) * _WIDTH, text, 9, _INK)

    def lines(self, words: str, lines: Sequence[str]) -> None:
        """Set lines of text, folded where they are long."""
        self.heading(words, 18)
        for line in lines:
            self._block(_WIDTH, line, 9, _INK)

    def _text(self, text: str, points: float, colour: tuple[int, int, int], after: float = 0) -> None:
        self._block(_WIDTH, text, points, colour)
        self.pages.ln(after)

    def _block(self, width: float, text: str, points: float, colour: tuple[int, int, int]) -> None:
        self._pen(points, colour)
        height = points * 0.3528 * 1.55
        chinese = self.told.words.language == "zh"
        self.pages.multi_cell(
            width,
            height,
            text,
            align="L",
            wrapmode=WrapMode.CHAR if chinese else WrapMode.WORD,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    def _cell(
        self,
        width: float,
        text: str,
        points: float,
        colour: tuple[int, int, int],
        *,
        right: bool = False,
        line: bool = False,
    ) -> None:
        self._pen(points, colour)
        while points > 6 and self.pages.get_string_width(text) > width - 2:
            points -= 0.5
            self._pen(points, colour)
        self.pages.cell(
            width,
            _ROW,
            text,
            align="R" if right else "L",
            new_x=XPos.LMARGIN if line else XPos.RIGHT,
            new_y=YPos.NEXT if line else YPos.TOP,
        )

    def _pen(self, points: float, colour: tuple[int, int, int]) -> None:
        self.pages.set_font(_FAMILY, size=points)
        self.pages.set_text_color(*colour)

    def _rule(self) -> None:
        self.pages.ln(_ROW)
        self.pages.set_draw_color(*_LINE)
        self.pages.set_line_width(0.15)
        self.pages.line(_MARGIN, self.pages.get_y(), _MARGIN + _WIDTH, self.pages.get_y())


def _tone(text: str) -> tuple[int, int, int]:
    """Return the colour of a movement; the sign says the same."""
    if text.startswith("+"):
        return _RISE
    return _FALL if text.startswith(_MINUS) else _INK
