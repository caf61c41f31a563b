"""Labels: what stands on one, that it fits, and that a phone and a printer can read it."""

import re
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from tests.trace.label_fonts import LETTERS, collection_file, font_file
from trace.coding.code_keys import CodeKeys
from trace.coding.trace_code import encode_many, grouped
from trace.labels.label_errors import (
    FontMissing,
    GlyphsMissing,
    LabelTooSmall,
    TooManyLabels,
)
from trace.labels.label_font import find_font
from trace.labels.label_forms import FORMS, LabelForm, form_named
from trace.labels.label_layout import (
    MARGIN,
    PT,
    QR_SIDE,
    QrMark,
    TextMark,
    label_marks,
    qr_mark,
    width_of,
)
from trace.labels.label_pdf import MOST, label_pdf
from trace.labels.label_svg import label_svg
from trace.labels.label_text import LabelText, PackLabel, pack_labels

KEYS = CodeKeys.from_secrets([bytes(32)])
STEM = "https://herbs.example.org"
MADE = datetime(2026, 3, 1, tzinfo=UTC)
TEXT = LabelText(
    name="白芍",
    attribute="中药饮片",
    lines=(
        ("规格", "薄片 统"),
        ("药材产地", "安徽省亳州市谯城区"),
        ("生产企业", "亳州饮片厂"),
        ("产品批号", "YP-1"),
        ("生产日期", "2026-03-01"),
        ("装量", "500 克"),
        ("保质期至", "2028-02-28"),
        ("执行标准", "中国药典2020年版"),
    ),
)


def some(count: int, *, pins: bool = True) -> Iterator[PackLabel]:
    codes = encode_many(0, count, KEYS)
    return pack_labels(codes, (f"{place:08d}" for place in range(count)) if pins else None, STEM, 1)


def pictures(pdf: bytes, scale: float) -> Iterator[np.ndarray]:
    with pypdfium2.PdfDocument(pdf) as document:
        for number in range(len(document)):
            page = document[number]
            bitmap = page.render(scale=scale)
            yield bitmap.to_numpy().copy()
            bitmap.close()
            page.close()


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        text = page.get_textpage()
        found = str(text.get_text_range())
        text.close()
        page.close()
    return found


@pytest.fixture
def font(tmp_path: Path) -> Path:
    return font_file(tmp_path / "test.ttf")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_a_phone_reads_every_label_of_a_sheet(form: LabelForm, font: Path) -> None:
    count = form.per_page + 1
    pdf = label_pdf(TEXT, some(count), form, find_font(font), MADE)
    read = [each.text for picture in pictures(pdf, 3) for each in zxingcpp.read_barcodes(picture)]
    assert sorted(read) == sorted(label.url for label in some(count))


@pytest.mark.parametrize("cff", [False, True], ids=["truetype", "cff"])
def test_the_words_of_a_label_can_be_searched_and_copied(tmp_path: Path, cff: bool) -> None:
    font = font_file(tmp_path / f"test.{'otf' if cff else 'ttf'}", cff=cff)
    found = words(label_pdf(TEXT, some(1), form_named("a4-3x8"), find_font(font), MADE))
    [label] = some(1)
    for wanted in ("白芍", "中药饮片", "生产企业：亳州饮片厂", "保质期至：2028-02-28", grouped(label.code)):
        assert wanted in found
    assert "0000 0000" in found  # its PIN


def test_a_symbol_is_readable_at_twenty_millimetres() -> None:
    [label] = some(1)
    mark = qr_mark(label.url, 0, 0, QR_SIDE)
    version = (mark.modules - 17) // 4
    assert (version, mark.modules) == (4, 33)
    assert mark.side / mark.modules > 0.5  # a phone needs about 0.33 mm a module


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_around_a_symbol_is_as_much_white_as_a_reader_needs(form: LabelForm) -> None:
    marks = label_marks(TEXT, next(some(1)), form)
    [symbol] = [mark for mark in marks if isinstance(mark, QrMark)]
    quiet = 4 * symbol.side / symbol.modules  # ISO/IEC 18004
    assert min(symbol.x, symbol.y) >= quiet
    for mark in marks:
        if mark is not symbol:
            top = mark.y - mark.points * PT if isinstance(mark, TextMark) else mark.y
            below, beside = top >= symbol.y + symbol.side + quiet, mark.x >= symbol.x + symbol.side + quiet
            assert below or beside


def test_a_symbol_survives_dirt_over_a_twentieth_of_it() -> None:
    [label] = some(1)
    picture = drawn(qr_mark(label.url, 0, 0, QR_SIDE))
    picture[200:264, 200:264] = 0
    assert zxingcpp.read_barcode(picture).text == label.url


def drawn(mark: QrMark, scale: int = 8) -> np.ndarray:
    picture = np.full(((mark.modules + 8) * scale,) * 2, 255, dtype=np.uint8)
    for column, row, length in mark.runs:
        top, left = (row + 4) * scale, (column + 4) * scale
        picture[top : top + scale, left : left + length * scale] = 0
    return picture


def test_a_drawing_holds_the_same_symbol_and_words_as_a_sheet() -> None:
    [label] = some(1)
    drawing = label_svg(TEXT, label, form_named("roll-60x40"))
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawing)
    mark = QrMark(x=0, y=0, side=33, modules=33, runs=tuple((int(c), int(r), int(n)) for c, r, n in runs))
    assert zxingcpp.read_barcode(drawn(mark)).text == label.url
    assert 'width="60.0mm" height="40.0mm"' in drawing
    assert grouped(label.code) in drawing


def test_words_cannot_break_out_of_a_drawing() -> None:
    [label] = some(1)
    text = LabelText(name="</text><script>", attribute=None, lines=())
    assert "<script>" not in label_svg(text, label, form_named("a4-2x4"))


LINES = st.lists(
    st.tuples(st.text("规格产地批号", min_size=2, max_size=4), st.text("药A1", max_size=60)), max_size=9
)


@given(LINES, st.text("白芍", max_size=20), st.sampled_from(FORMS), st.booleans())
def test_nothing_leaves_its_label_or_lies_on_the_symbol(
    lines: list[tuple[str, str]], name: str, form: LabelForm, pins: bool
) -> None:
    text = LabelText(name=name or None, attribute="中药饮片", lines=tuple(lines))
    [label] = some(1, pins=pins)
    try:
        marks = label_marks(text, label, form)
    except LabelTooSmall:
        return
    [symbol] = [mark for mark in marks if isinstance(mark, QrMark)]
    margin = MARGIN * symbol.side
    assert symbol.y + symbol.side <= form.label[1] - margin
    bases = [mark.y for mark in marks if isinstance(mark, TextMark) and mark.x > symbol.x + symbol.side]
    assert bases == sorted(bases), "lines of words lie on one another"
    for mark in marks:
        if isinstance(mark, TextMark):
            assert mark.x + width_of(mark.text, mark.points) <= form.label[0]
            assert 0 < mark.y <= form.label[1]
            beside = mark.x >= symbol.x + symbol.side + margin - 1e-6
            assert beside or mark.y > symbol.y + symbol.side


def test_words_that_fit_no_label_are_refused() -> None:
    text = LabelText(name="白芍", attribute=None, lines=tuple(("规格", "药" * 60) for _ in range(8)))
    with pytest.raises(LabelTooSmall):
        label_marks(text, next(some(1)), form_named("a4-3x8"))


def test_a_font_without_a_character_is_refused(tmp_path: Path) -> None:
    font = find_font(font_file(tmp_path / "poor.ttf", letters=LETTERS - {"芍"}))
    with pytest.raises(GlyphsMissing) as caught:
        label_pdf(TEXT, some(1), form_named("a4-3x8"), font, MADE)
    assert "芍" in caught.value.message("zh")


def test_a_machine_without_a_font_says_so(tmp_path: Path) -> None:
    with pytest.raises(FontMissing) as caught:
        find_font(tmp_path / "none.ttf")
    assert "DAODI_LABEL_FONT" in caught.value.remedy("zh")


def test_of_a_collection_the_simplified_face_is_taken(tmp_path: Path) -> None:
    path = collection_file(tmp_path / "many.ttc", ("Some Sans JP", "Some Sans SC", "Some Sans TC"))
    found = find_font(path)
    assert found.face == 1
    assert "白芍" in words(label_pdf(TEXT, some(1), form_named("a4-3x8"), found, MADE))


def test_a_file_has_an_end(font: Path) -> None:
    with pytest.raises(TooManyLabels):
        label_pdf(
            TEXT,
            (label for label in [next(some(1))] * (MOST + 1)),
            form_named("a4-3x8"),
            find_font(font),
            MADE,
        )


def test_any_number_of_labels_is_listed_without_being_held() -> None:
    tracemalloc.start()
    try:
        codes = (code for begin in range(0, 50_000, 1_000) for code in encode_many(begin, 1_000, KEYS))
        assert sum(1 for _ in pack_labels(codes, None, STEM, 1)) == 50_000
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
