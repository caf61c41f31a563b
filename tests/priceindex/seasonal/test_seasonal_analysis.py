"""What a published index tells of its seasons: worked out by hand, and from a whole release."""

import datetime
from decimal import Decimal

import numpy as np
import pytest

from priceindex.calendar import month_start
from priceindex.seasonal.analysis import rolling_of_values, seasonal_months
from priceindex.seasonal.matched_year import MatchedYear, matched_year
from priceindex.seasonal.monthly_prices import MonthlyPrices, monthly_prices

NAN = float("nan")
NO_PRICES = MatchedYear(np.empty(0), np.empty(0, dtype=np.int64))
SEASON = [100.0, 90.0, 80.0, 85.0, 95.0, 105.0, 120.0, 130.0, 140.0, 120.0, 110.0, 105.0]


def told(values: list[float | None], start: int = 660) -> list[tuple[datetime.date, Decimal | None]]:
    return [
        (month_start(start + row), None if value is None else Decimal(str(value)))
        for row, value in enumerate(values)
    ]


def test_a_month_is_compared_with_the_same_month_a_year_before() -> None:
    found = seasonal_months(told([*SEASON, 110.0, 81.0]), 660, NO_PRICES)
    assert [month.year_over_year for month in found[:12]] == [None] * 12
    assert found[12].year_over_year == pytest.approx(1.1)
    assert found[13].year_over_year == pytest.approx(0.9)


def test_a_season_alone_leaves_the_rolling_year_at_one() -> None:
    found = rolling_of_values(np.array(SEASON * 3))
    assert np.isnan(found[:11]).all()
    assert found[11:] == pytest.approx(np.ones(25))


def test_a_rise_of_one_month_counts_one_twelfth() -> None:
    found = rolling_of_values(np.array([*SEASON, 112.0]))
    assert found[12] == pytest.approx(1 + 0.12 / 12)


def test_a_month_without_a_value_leaves_every_year_with_it_without_one() -> None:
    values = np.array(SEASON * 3)
    values[15] = NAN
    found = rolling_of_values(values)
    assert np.isfinite(found[11:15]).all()
    assert np.isnan(found[15:27]).all()
    assert np.isfinite(found[27:]).all()


def test_a_gap_in_the_base_year_leaves_no_rolling_year_at_all() -> None:
    values = np.array(SEASON * 3)
    values[4] = NAN
    assert np.isnan(rolling_of_values(values)).all()


def test_months_that_were_not_published_are_shown_without_a_value() -> None:
    lines = told([*SEASON, 110.0])
    found = seasonal_months([*lines[:3], *lines[4:]], 660, NO_PRICES)
    assert [month.value for month in found][2:5] == [Decimal("80.0"), None, Decimal("95.0")]
    assert len(found) == 13


def test_prices_are_compared_by_cell_then_by_herb_every_herb_alike() -> None:
    first, between = [4.0, 9.0, 5.0, 7.0], [[1.0, 1.0, 1.0, 1.0]] * 11
    prices = MonthlyPrices(660, np.array([first, *between, [16.0, 9.0, 5.0, NAN]]))
    found = matched_year(prices, np.array([0, 0, 1, 1]))
    assert found.movement[12] == pytest.approx((2.0 + 1.0) / 2)
    assert found.cells[11:].tolist() == [0, 3]
    month = seasonal_months(told([*SEASON, 150.0]), 660, found)[-1]
    assert (month.matched_year_over_year, month.matched_cells) == (pytest.approx(1.5), 3)


def test_months_of_prices_and_of_values_may_begin_apart() -> None:
    prices = MatchedYear(np.array([NAN, 1.25]), np.array([0, 2]))
    found = seasonal_months(told([*SEASON, 110.0]), 671, prices)
    assert found[12].matched_year_over_year == 1.25
    assert found[0].matched_cells == 0


def test_a_months_price_is_the_geometric_mean_of_its_days() -> None:
    start = (datetime.date(2025, 1, 31) - datetime.date(1970, 1, 1)).days
    found = monthly_prices(
        np.array([start, start + 1, start + 2, start + 1]),
        np.array([0, 0, 0, 1]),
        np.array([500.0, 400.0, 900.0, 7.0]),
        2,
    )
    assert found.months == (datetime.date(2025, 1, 1), datetime.date(2025, 2, 1))
    assert found.fen == pytest.approx(np.array([[500.0, NAN], [600.0, 7.0]]), nan_ok=True)
    assert monthly_prices(*(np.empty(0, dtype=np.int64),) * 2, np.empty(0), 2).months == ()
