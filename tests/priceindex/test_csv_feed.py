"""Reading quotes from CSV: every encoding and heading we promise, and a place for every fault."""

from decimal import Decimal
from pathlib import Path

import pytest

from ledger.errors import DaodiError, Location
from priceindex.errors import (
    BrokenCsv,
    EmptyBody,
    MalformedDay,
    MalformedPrice,
    MissingColumn,
    MissingPart,
    PartTooLong,
    UnknownTier,
    UnknownUnit,
    UnreadableFile,
)
from priceindex.feeds.csv_feed import read_csv
from priceindex.feeds.feed_errors import UnreadableSheet
from priceindex.feeds.wording import read_day, read_price, unit_factor
from priceindex.quotes import ReadResult, Tier
from tests.priceindex.small_market import day

HEADING = "品名,规格,产地,市场,日期,价格"
ROW = "白芍,统,安徽,亳州,2025-03-01,85"
NOWHERE = Location()


def read(*lines: str, encoding: str = "utf-8") -> ReadResult:
    return read_csv("\r\n".join(lines).encode(encoding), "报价.csv", "test")


def only_fault(*lines: str) -> DaodiError:
    result = read(*lines)
    assert result.quotes == ()
    assert len(result.faults) == 1
    return result.faults[0]


@pytest.mark.shared
def test_every_row_of_the_real_file_is_read(bozhou: bytes) -> None:
    result = read_csv(bozhou, "bozhou_daily_2025.csv", "kmzyw")
    assert len(result.quotes) == 11_396
    assert result.faults == ()
    first = result.quotes[0]
    assert (first.cell, first.day, first.fen_per_kg) == (
        ("白芍", "一二级", "安徽", "亳州"),
        day("2025-02-27"),
        8500,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headings_in_every_encoding_give_the_same_quote(encoding: str) -> None:
    result = read(HEADING, ROW, encoding=encoding)
    assert [(one.cell, one.fen_per_kg) for one in result.quotes] == [(("白芍", "统", "安徽", "亳州"), 8500)]


@pytest.mark.parametrize(
    ("heading", "price", "fen"),
    [
        ("价格(元/市斤)", "42.5", 8500),
        ("价格（元／公斤）", "85", 8500),
        ("price_yuan_per_kg", "85.0", 8500),
        ("单价", "1,250.50", 125_050),
        ("单价", "８５", 8500),
        ("单价", "85元", 8500),
    ],
)
def test_prices_are_converted_by_the_unit_the_heading_names(heading: str, price: str, fen: int) -> None:
    result = read(f"品名,规格,市场,日期,{heading}", f'白芍,统,亳州,2025/3/1,"{price}"')
    assert [one.fen_per_kg for one in result.quotes] == [fen]


def test_the_unit_column_speaks_for_its_row() -> None:
    result = read(HEADING + ",单位", ROW + ",元/斤", ROW.replace("统", "选") + ",元/公斤")
    assert [one.fen_per_kg for one in result.quotes] == [17_000, 8500]


@pytest.mark.parametrize(
    ("text", "low", "mid", "high"),
    [
        ("40-42", 4000, 4099, 4200),
        ("9～10", 900, 949, 1000),
        ("12—14", 1200, 1296, 1400),
        ("13至13", 1300, 1300, 1300),
    ],
)
def test_a_range_keeps_its_ends_and_stands_for_its_geometric_middle(
    text: str, low: int, mid: int, high: int
) -> None:
    """√(40·42) = 40.988, √(9·10) = 9.487, √(12·14) = 12.961 yuan."""
    price = read_price(text, Decimal(1), NOWHERE)
    assert (price.low_fen_per_kg, price.fen_per_kg, price.high_fen_per_kg) == (low, mid, high)


@pytest.mark.parametrize(
    "text", ["5-5-6.5", "42-40", "0-5", "面议", "40-", "1e3", "8 5", "--5", "9" * 12, "NaN", "Ⅷ"]
)
def test_what_is_no_price_is_refused_with_a_reason_in_both_languages(text: str) -> None:
    with pytest.raises(MalformedPrice) as refused:
        read_price(text, Decimal(1), NOWHERE)
    assert refused.value.message("zh") != refused.value.message("en")
    assert text[:12] in refused.value.message("en")


@pytest.mark.parametrize(
    ("text", "factor", "why"),
    [
        ("1e400", 1, "超过上限 1000000000 元/公斤"),
        ("9" * 500, 1, "超过上限 1000000000 元/公斤"),
        ("1,000,000,000,000", 1, "超过上限 1000000000 元/公斤"),
        ("999999999", 1000, "超过上限 1000000000 元/公斤"),
        ("1-999999999", 1000, "超过上限 1000000000 元/公斤"),
        ("1-9999999999", 1, "超过上限 1000000000 元/公斤"),
        ("8.5e1", 1, "是科学记数法，请写出全部数字"),
        ("85.1234567", 1, "小数多于六位"),
        ("面议", 1, "不是数字"),
    ],
)
def test_a_number_we_do_not_take_is_not_called_no_number(text: str, factor: int, why: str) -> None:
    with pytest.raises(MalformedPrice) as refused:
        read_price(text, Decimal(factor), NOWHERE)
    assert refused.value.message("zh").endswith(f"不是价格：{why}")


@pytest.mark.shared
def test_the_malformed_quote_of_the_published_list_is_refused_and_all_others_read(shared: Path) -> None:
    """Its row of 葛根 粉丁 at 廉桥 says 5-5-6.5; the list carries no dates, so one is added here."""
    text = (shared / "data" / "prices" / "cross_market_undated.csv").read_text("utf-8-sig")
    lines = text.splitlines()
    dated = [lines[0] + ",date", *(line + ",2010-01-01" for line in lines[1:])]
    result = read(*dated)
    assert [(fault.at.row, fault.at.value) for fault in result.faults] == [
        (place + 1, "5-5-6.5") for place, line in enumerate(lines) if "5-5-6.5" in line
    ]
    assert len(result.quotes) + len(result.faults) == len(lines) - 1


@pytest.mark.parametrize(
    "text", ["2025-02-30", "2025-13-01", "明天", "2025-2", "27/02/2025", "", "2025-02-27T00:00"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(MalformedDay):
        read_day(text, NOWHERE)


@pytest.mark.parametrize(
    "text", ["2025-02-27", "2025/2/27", "2025.02.27", "20250227", "2025年2月27日", "2025-02-27 00:00:00"]
)
def test_dates_are_read_as_spreadsheets_write_them(text: str) -> None:
    assert read_day(text, NOWHERE) == day("2025-02-27")


def test_units_nobody_knows_are_refused_with_the_list_of_known_ones() -> None:
    with pytest.raises(UnknownUnit) as refused:
        unit_factor("元/钱", NOWHERE)
    assert "元/公斤" in refused.value.remedy("zh")


@pytest.mark.parametrize(
    ("row", "fault", "field", "value"),
    [
        ("白芍,统,安徽,亳州,2025-03-01,贵", MalformedPrice, "价格", "贵"),
        ("白芍,统,安徽,亳州,三月一日,85", MalformedDay, "日期", "三月一日"),
        (",统,安徽,亳州,2025-03-01,85", MissingPart, "品名", ""),
        ("白芍,统,安徽,亳州,2025-03-01", MissingPart, "价格", ""),
        (f"{'芍' * 41},统,安徽,亳州,2025-03-01,85", PartTooLong, "品名", "芍" * 40),
        ("白芍,统|选,安徽,亳州,2025-03-01,85", PartTooLong, "规格", "统|选"),
    ],
)
def test_a_bad_row_is_told_with_file_row_field_and_value(
    row: str, fault: type[DaodiError], field: str, value: str
) -> None:
    result = read(HEADING, ROW, "", row)
    assert len(result.quotes) == 1
    (found,) = result.faults
    assert type(found) is fault
    assert found.at == Location(file="报价.csv", row=4, field=field, value=value)
    assert found.remedy("zh")
    assert found.remedy("en")


def test_a_tier_is_named_in_either_language_or_refused() -> None:
    result = read(
        HEADING + ",类型", ROW + ",成交", ROW.replace("统", "选") + ",web", ROW.replace("统", "片") + ",猜"
    )
    assert [one.tier for one in result.quotes] == [Tier.TRADE, Tier.WEB]
    assert [type(fault) for fault in result.faults] == [UnknownTier]


def test_missing_columns_are_one_fault_that_names_them_all_and_the_headings_found() -> None:
    with pytest.raises(MissingColumn) as refused:
        read("药材,规格,市场名,日期,价", "白芍,统,亳州,2025-03-01,85")
    fault = refused.value
    assert (fault.at.row, fault.at.field) == (1, "市场 market、价格 price")
    assert (
        fault.message("zh") == "缺少列：市场 market、价格 price。文件的表头是：药材、规格、市场名、日期、价"
    )
    assert "市场 market = market / 市场 / 市场名称；价格 price = " in fault.remedy("zh")


def test_headings_that_would_upset_a_screen_are_not_repeated() -> None:
    with pytest.raises(MissingColumn) as refused:
        read("\x1b[31m红,,\u202e价格", "1,2,3")
    assert "文件的表头是：?、—、?" in refused.value.message("zh")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", EmptyBody),
        (b"\r\n\r\n", EmptyBody),
        (b"PK\x03\x04rest of a workbook", UnreadableSheet),
        (b"\x00\x01\x02", UnreadableFile),
        (b"\xff\xff\xff", UnreadableFile),
        (HEADING.encode(), EmptyBody),
        (f'{HEADING}\n"{"x" * 200_000}"'.encode(), BrokenCsv),
    ],
)
def test_a_body_that_is_no_table_of_quotes_is_refused_whole(content: bytes, fault: type[DaodiError]) -> None:
    with pytest.raises(fault) as refused:
        read_csv(content, "x.csv", "test")
    assert refused.value.at.file == "x.csv"
