"""Comparing series: one common start, growth that can be told by hand, and a form that forgets nothing."""

import csv
import io
import itertools
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.publication.compared import MOST, SeriesKey, keys_of, written
from api.web.chart_frame import NARROW, WIDE, Size
from api.web.lines_chart import LinesChart, apart, draw_lines
from priceindex.classification import Level
from tests.api.two_vintages import Published

BOTH = "bozhou~composite~all;bozhou~herb~白芍"


def test_every_series_is_a_hundred_on_the_base_day(published: Published) -> None:
    body = published[0].get("/index/compare.csv", params={"series": BOTH, "base": "2025-06-01"}).content
    rows = {each["day"]: each for each in csv.DictReader(io.StringIO(body.decode("utf-8-sig")))}
    base, last = rows["2025-06-01"], rows["2025-06-30"]
    rebased = [name for name in base if name.endswith("rebased")]
    assert [base[name] for name in rebased] == ["100.0000", "100.0000"]
    # 白芍 rose from 40 to 44 yuan; the composite fell from 1000 to 950.
    assert [last[name] for name in rebased] == ["95.0000", "110.0000"]


@pytest.mark.parametrize("asked", ["1990-01-01", "", "never"])
def test_a_base_before_the_first_common_day_becomes_that_day(published: Published, asked: str) -> None:
    page = published[0].get("/index/compare", params={"series": BOTH, "base": asked}).text
    assert 'value="2025-01-01"' in page


def test_a_typed_name_is_added_to_what_was_there(published: Published) -> None:
    page = published[0].get("/index/compare", params={"series": "bozhou~composite~all", "asked": "dg"}).text
    assert re.search(r'name="series" value="bozhou~composite~all;bozhou~herb~当归"', page)


def test_a_name_that_fits_several_is_asked_about(published: Published) -> None:
    page = published[0].get("/index/compare", params={"asked": "统"}).text
    assert "可能是" in page
    assert "series=bozhou~composite~all%3Bbozhou~grade~%E5%BD%93%E5%BD%92%7C%E7%BB%9F" in page


def test_a_name_nobody_has_is_said_and_nothing_is_lost(published: Published) -> None:
    page = published[0].get("/index/compare", params={"series": BOTH, "asked": "蟠桃"}).text
    assert "没有与“蟠桃”相符" in page
    assert 'value="bozhou~composite~all;bozhou~herb~白芍"' in page


def test_a_series_that_is_not_published_is_left_out_and_said(published: Published) -> None:
    page = published[0].get("/index/compare", params={"series": f"{BOTH};bozhou~herb~人参"}).text
    assert "有 1 个指数没有公布的数值" in page


@given(st.text(max_size=200))
def test_any_text_names_at_most_five_series(text: str) -> None:
    found = keys_of(text)
    assert len(found) <= MOST
    assert keys_of(written(found)) == found


def test_a_series_named_twice_is_shown_once() -> None:
    assert keys_of("a~herb~甲;a~herb~甲;a~herb~乙") == [
        SeriesKey("a", Level.HERB, "甲"),
        SeriesKey("a", Level.HERB, "乙"),
    ]


@given(st.lists(st.floats(0, 300), min_size=1, max_size=MOST))
def test_numbers_at_the_ends_never_touch_and_keep_their_order(wanted: list[float]) -> None:
    found = apart(wanted, 0, 300)
    ordered = [place for _, place in sorted(zip(wanted, found, strict=True))]
    assert ordered == sorted(ordered)
    assert all(later - earlier >= 15 - 1e-9 for earlier, later in itertools.pairwise(ordered))
    assert max(found) <= 300 + 1e-9


@pytest.mark.parametrize("size", [NARROW, WIDE])
def test_each_line_has_a_look_and_a_number_of_its_own(size: Size) -> None:
    first = date(2025, 1, 1)
    lines = [
        [(first + timedelta(days=day), float(100 + day * number)) for day in range(5)] for number in range(5)
    ]
    chart = LinesChart(
        name="compare",
        title="对比",
        description="五条",
        lines=lines,
        write_value=lambda value: f"{value:g}",
        write_day=lambda day: day.isoformat(),
    )
    drawn = draw_lines(chart, size)
    assert re.findall(r'class="series line-(\d)"', drawn) == ["1", "2", "3", "4", "5"]
    assert re.findall(r'class="line-number"[^>]*>(\d)<', drawn) == ["1", "2", "3", "4", "5"]


def test_growth_is_told_over_one_and_three_months_and_not_over_a_year_that_was_not(
    published: Published,
) -> None:
    page = published[0].get("/index/compare", params={"series": "bozhou~herb~当归"}).text
    [row] = re.findall(r"<tr><th scope=\"row\">1 当归.*?</tr>", page, re.DOTALL)
    cells = [re.sub(r"<[^>]+>|\s", "", each) for each in re.findall(r"<td.*?</td>", row, re.DOTALL)]
    assert cells == ["800.00", "−20.00%", "−20.00%", "–", "−20.00%跌"]
    assert Decimal("0.8") * 1000 == 800
