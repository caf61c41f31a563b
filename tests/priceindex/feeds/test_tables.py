"""Tables of quotes in every form: the same rows give the same quotes, and the same row is refused."""

import datetime
from pathlib import Path

import pytest

from ledger.errors import DaodiError
from priceindex.errors import EmptyBody, MalformedPrice, MissingColumn, MissingPart
from priceindex.feeds.contract import Reading
from priceindex.feeds.feed_errors import NoTable, UnreadableJson
from priceindex.feeds.grid import Form
from priceindex.feeds.shapes import read_body, shape_of
from priceindex.quotes import Quote, ReadResult, Tier
from tests.priceindex.feeds.bodies import HEADING, ROWS, raw, workbook, written
from tests.priceindex.small_market import KNOWN, day

READING = Reading(source="test", known=KNOWN)
FORMS = [Form.CSV, Form.JSON, Form.XLSX, Form.HTML]


def read(content: bytes, reading: Reading = READING) -> ReadResult:
    return read_body("table", raw(content), reading)


def told(quote: Quote) -> tuple[object, ...]:
    return (*quote.cell, quote.day, quote.low_fen_per_kg, quote.fen_per_kg, quote.high_fen_per_kg)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_rows_give_the_same_quotes_in_every_form(form: Form) -> None:
    """√(40·42) = 40.988 yuan; 61.5 yuan per 500 g is 123 per kg."""
    result = read(written(form))
    assert [told(quote) for quote in result.quotes] == [
        ("白芍", "统", "安徽", "亳州", day("2025-12-30"), 4000, 4099, 4200),
        ("当归", "选", "甘肃", "安国", day("2025-12-30"), None, 12_300, None),
    ]
    assert [type(fault) for fault in result.faults] == [MalformedPrice]
    assert result.faults[0].at.row == (3 if form is Form.JSON else 4)


def test_numbers_and_dates_of_a_workbook_read_as_people_typed_them() -> None:
    rows = [HEADING, ("白芍", "统", "安徽", "亳州", datetime.date(2025, 12, 30), 12.1, None)]
    assert [told(quote)[4:7] for quote in read(workbook(rows)).quotes] == [(day("2025-12-30"), None, 1210)]


def test_a_formula_nobody_computed_is_refused_with_its_row() -> None:
    rows = [HEADING, (*ROWS[0][:5], "=40+2", "元/公斤"), ROWS[1]]
    result = read(workbook(rows))
    assert len(result.quotes) == 1
    assert [(type(fault), fault.at.row) for fault in result.faults] == [(MalformedPrice, 2)]


def test_every_visible_sheet_is_read() -> None:
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(workbook([HEADING, ROWS[0]])))
    second = book.create_sheet("安国")
    second.append(list(HEADING))
    second.append(list(ROWS[1]))
    hidden = book.create_sheet("备注")
    hidden.append(["只给自己看"])
    hidden.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    assert [quote.herb for quote in read(stream.getvalue()).quotes] == ["白芍", "当归"]


def test_what_a_feed_says_stands_for_columns_that_are_not_there() -> None:
    content = "品名,价格\n白芍,85\n".encode()
    told_beside = Reading(
        source="test", known=KNOWN, day=day("2025-12-30"), market="bozhou", grade="统", unit="元/市斤",
        tier=Tier.WEB,
    )  # fmt: skip
    [quote] = read(content, told_beside).quotes
    assert (quote.market, quote.grade, quote.day, quote.fen_per_kg, quote.tier) == (
        "亳州", "统", day("2025-12-30"), 17_000, Tier.WEB,
    )  # fmt: skip
    with pytest.raises(MissingColumn):
        read(content)


def test_a_stated_part_speaks_before_what_the_feed_says() -> None:
    content = "品名,规格,市场,日期,价格\n白芍,选,安国,,85\n,统,安国,2025-12-29,85\n".encode()
    result = read(content, Reading(source="test", known=KNOWN, day=day("2025-12-30"), grade="统"))
    assert [told(quote)[:5] for quote in result.quotes] == [("白芍", "选", "", "安国", day("2025-12-30"))]
    assert [type(fault) for fault in result.faults] == [MissingPart]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<html><p>verify you are human", NoTable),
        (b"<table><tr><td colspan=2>x</td></tr><tr><td>1</td></tr></table>", NoTable),
        (b"<table><tr><th>a</th></tr><tr><td>1</td></tr></table>", MissingColumn),
        (b"{}", UnreadableJson),
        (b'[{"price": NaN}]', UnreadableJson),
        (b'[{"herb": "a", "herb": "b"}]', UnreadableJson),
        (b"[1, 2]", UnreadableJson),
        (b"[" * 100_000, UnreadableJson),
        (b"[]", EmptyBody),
        (b'{"quotes": []}', EmptyBody),
    ],
)
def test_a_body_that_is_no_table_is_refused_as_a_whole(content: bytes, kind: type[DaodiError]) -> None:
    with pytest.raises(kind):
        read(content)


def test_digits_of_a_json_number_are_read_as_written() -> None:
    content = (
        '{"quotes": [{"herb": "白芍", "grade": "统", "market": "亳州", "day": "2025-12-30", "price": 0.1e1}]}'
    )
    assert [type(fault) for fault in read(content.encode()).faults] == [MalformedPrice]
    assert [quote.fen_per_kg for quote in read(content.replace("0.1e1", "12.10").encode()).quotes] == [1210]


@pytest.mark.parametrize("form", FORMS)
def test_an_upload_tells_its_shape_by_its_headings(form: Form) -> None:
    assert shape_of(raw(written(form))) == "table"
    assert shape_of(raw(written(form, (*HEADING, "走势"), [(*ROWS[0], "平")]))) == "trend-table"


@pytest.mark.shared
def test_the_published_list_of_range_quotes_is_read_whole_but_for_its_malformed_row(shared: Path) -> None:
    """274 rows over 9 markets; its README says that one is malformed on purpose."""
    content = (shared / "data" / "prices" / "cross_market_undated.csv").read_bytes()
    result = read(content, Reading(source="press", day=day("2024-01-01")))
    assert (len(result.quotes), len(result.faults)) == (273, 1)
    assert result.faults[0].at.value == "5-5-6.5"
    assert len({quote.market for quote in result.quotes}) == 9
    assert "三个以上的数" in result.faults[0].message("zh")
