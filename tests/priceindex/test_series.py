"""Published series keep their digits, and the panel keeps to its days."""

import datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.calendar import china_day, day_number, day_of, month_numbers
from priceindex.classification import Level
from priceindex.engine.panel import build_panel, cell_prices, mean_price
from priceindex.releases.series import Point, Series, decode, digest, encode, pack, rounded, unpack

VALUES = st.one_of(st.none(), st.integers(1, 10**14).map(lambda units: Decimal(units).scaleb(-8)))


def series(values: list[Decimal | None]) -> Series:
    start = datetime.date(2025, 2, 27)
    points = tuple(
        Point(
            day=start + datetime.timedelta(days=place),
            value=value,
            imputed_bp=10_000 if value is None else 0,
            stale_bp=place % 3,
            quoted=place,
            carried=1,
            missing=2,
            up=3,
            down=4,
            flat=5,
        )
        for place, value in enumerate(values)
    )
    return Series(
        level=Level.GRADE, node="白芍|统", parent="白芍", weight=Decimal("0.12500000"), points=points
    )


@settings(max_examples=30)
@given(values=st.lists(VALUES, min_size=1, max_size=30))
def test_a_series_comes_back_digit_for_digit(values: list[Decimal | None]) -> None:
    made = series(values)
    assert unpack(pack(made)) == decode(encode(made)) == made
    assert digest([made]) == digest([unpack(pack(made))])


def test_one_digit_changes_the_digest() -> None:
    assert digest([series([Decimal("1000.00000000")])]) != digest([series([Decimal("1000.00000001")])])


@pytest.mark.parametrize(
    ("value", "shown"),
    [("100.005", "100.00"), ("100.015", "100.02"), ("100.0150001", "100.02"), ("99.995", "100.00")],
)
def test_display_rounds_half_to_even(value: str, shown: str) -> None:
    assert rounded(Decimal(value), 2) == shown


def test_the_change_of_the_last_day_is_a_fraction_or_unknown() -> None:
    assert series([Decimal(100), Decimal(110)]).change() == Decimal("0.1")
    assert series([Decimal(100)]).change() is None
    assert series([Decimal(100), None]).change() is None
    assert series([None, Decimal(100)]).change() is None


@settings(max_examples=30)
@given(day=st.dates(datetime.date(1970, 1, 1), datetime.date(2100, 1, 1)))
def test_days_and_months_are_those_of_the_calendar(day: datetime.date) -> None:
    number = day_number(day)
    assert day_of(number) == day
    assert month_numbers(np.array([number]))[0] == (day.year - 1970) * 12 + day.month - 1
    midnight_in_china_ms = number * 86_400_000 - 8 * 3_600_000
    assert china_day(midnight_in_china_ms) == day
    assert china_day(midnight_in_china_ms - 1) == day - datetime.timedelta(days=1)


def test_several_quotes_of_one_cell_meet_in_the_best_tier() -> None:
    """√(400·900) = 600 from the better tier; the third quote, of a lower tier, does not count."""
    place, rank = np.array([1, 1, 1]), np.array([0, 0, 3])
    found = cell_prices(place, np.array([400.0, 900.0, 1.0]), rank, 2)
    assert np.isnan(found[0])
    assert found[1] == 600.0


@settings(max_examples=50)
@given(fen=st.integers(1, 10**11))
def test_a_single_quote_is_its_own_price_to_the_fen(fen: int) -> None:
    assert cell_prices(np.array([0]), np.array([float(fen)]), np.array([0]), 1)[0] == fen


def test_carrying_ends_after_the_limit_and_starts_anew_with_each_quote() -> None:
    days = np.array([0, 30, 31, 40, 70, 71])
    quoted = np.array([[5.0], [np.nan], [np.nan], [6.0], [np.nan], [np.nan]])
    panel = build_panel(days, quoted, 30)
    assert panel.age[:, 0].tolist() == [0, 30, -1, 0, 30, -1]
    assert np.nan_to_num(panel.carried[:, 0]).tolist() == [5, 5, 0, 6, 6, 0]
    assert panel.seen.all()


def test_a_cell_is_seen_from_its_first_quote_on() -> None:
    panel = build_panel(np.array([0, 1]), np.array([[np.nan], [5.0]]), 30)
    assert panel.seen[:, 0].tolist() == [False, True]
    assert np.isnan(mean_price(panel.carried[:1])).all()
