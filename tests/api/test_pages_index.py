"""How the index page arranges a release: changes, month ends, movers, bases."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web.formats import Formats, direction
from api.web.index_page import changes, last_published, month_ends, months_before, movers, node_lines
from priceindex.classification import Level
from priceindex.releases.series import Point, Series

FIRST = date(2024, 1, 1)


def series(values: list[str | None], node: str = "白芍", first: date = FIRST) -> Series:
    """A herb's series with one value a day."""
    points = tuple(
        Point(
            day=first + timedelta(days=number),
            value=None if value is None else Decimal(value),
            imputed_bp=0,
            stale_bp=0,
            quoted=1,
            carried=0,
            missing=0,
            up=0,
            down=0,
            flat=1,
        )
        for number, value in enumerate(values)
    )
    return Series(level=Level.HERB, node=node, parent="root", weight=Decimal("0.5"), points=points)


def test_changes_compare_with_the_same_day_of_the_month_and_year_before() -> None:
    values: list[str | None] = ["100"] * 366 + ["200"] * 20 + ["220"] * 11
    now = changes(series(values))
    # 2024 has 366 days; the last day is 31 January 2025, and 31 December 2024 still stood at 100
    assert series(values).last.day == date(2025, 1, 31)
    assert (now.day, now.month, now.year) == (Decimal(0), Decimal(120), Decimal(120))


def test_there_is_no_comparison_before_the_series_began() -> None:
    assert changes(series(["100", "110"])).day == Decimal(10)
    assert changes(series(["100", "110"])).month is None
    assert changes(series(["100", "110"])).year is None


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 36))
def test_months_before_is_the_same_day_or_the_months_last(day: date, months: int) -> None:
    before = months_before(day, months)
    assert (day.year - before.year) * 12 + day.month - before.month == months
    assert before.day == day.day or (before + timedelta(days=1)).day == 1


def test_the_table_twin_has_the_last_value_of_every_month_newest_first() -> None:
    ends = month_ends(series(["1"] * 30 + ["2", None] + ["3"] * 28 + [None]).points)
    assert [(point.day, point.value) for point in ends] == [
        (date(2024, 2, 29), Decimal(3)),
        (date(2024, 1, 31), Decimal(2)),
    ]


def test_a_day_without_a_value_is_never_shown_as_the_last() -> None:
    assert last_published(series(["1", "2", None])).value == Decimal(2)


def test_movers_are_the_largest_moves_and_nothing_that_stood_still() -> None:
    made = [series(["100"] * 40 + [str(100 + move)], node) for node, move in
            (("白芍", 3), ("当归", 0), ("党参", -4), ("茯苓", 9), ("黄芪", -1))]  # fmt: skip
    risen, fallen = movers(node_lines(made, "zh"))
    assert [line.name for line in risen] == ["茯苓", "白芍"]
    assert [line.name for line in fallen] == ["党参", "黄芪"]


def test_english_readers_get_pinyin_beside_the_chinese_name() -> None:
    assert node_lines([series(["1"])], "en")[0].name == "Baishao 白芍"


@pytest.mark.parametrize(
    ("percent", "written", "way"),
    [
        ("0.004", "0.00 %", "flat"),
        ("-0.005", "0.00 %", "flat"),
        ("1.005", "+1.00 %", "up"),
        ("-12.5", "−12.50 %", "down"),
    ],
)
def test_a_change_is_called_flat_when_it_prints_as_zero(percent: str, written: str, way: str) -> None:
    assert (Formats("en").change(Decimal(percent)), direction(Decimal(percent))) == (written, way)


def test_nothing_to_compare_is_a_dash_not_a_zero() -> None:
    assert Formats("zh").change(None) == "–"
