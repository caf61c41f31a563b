"""The grid carries quotes forward, tells their age, and knows nothing of what comes later."""

import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from priceindex.calendar import day_number, day_of
from priceindex.forecast.forecast_errors import DaysNotRising, SeriesMisshapen
from priceindex.forecast.grid import NO_AGE, Gridded, ages_of, monthly, panel_of, weekly, wide
from priceindex.forecast.panel import Floats
from priceindex.formulas.relatives import Places

UNTIL = 20_300
QUOTES = st.dictionaries(st.integers(20_000, UNTIL), st.integers(1, 500).map(float), min_size=1, max_size=25)


def columns(quotes: dict[int, float]) -> tuple[Places, Floats]:
    days = np.array(sorted(quotes), dtype=np.int64)
    return days, np.array([quotes[day] for day in days.tolist()])


def by_hand(quotes: dict[int, float], ends: list[int], fits: list[int]) -> list[tuple[float, int] | None]:
    """What stands in each period by the words of the rule: of the days up to its end, the newest."""
    found: list[tuple[float, int] | None] = []
    for end, longest in zip(ends, fits, strict=True):
        known = [day for day in quotes if end - longest < day <= end]
        found.append((quotes[max(known)], end - max(known)) if known else None)
    return found


def told(values: Floats, ages: Places) -> list[tuple[float, int] | None]:
    pairs = zip(values.tolist(), ages.tolist(), strict=True)
    return [None if age == NO_AGE else (value, age) for value, age in pairs]


@settings(max_examples=60)
@given(QUOTES, st.integers(0, 6))
def test_a_week_holds_the_last_quote_on_or_before_its_friday(quotes: dict[int, float], carried: int) -> None:
    grid = weekly(*columns(quotes), until=UNTIL, carried_at_most=carried)
    ends = grid.ends.tolist()
    assert all(day_of(end).weekday() == 4 for end in ends)
    assert told(grid.values, grid.age_days) == by_hand(quotes, ends, [7 * (carried + 1)] * len(ends))
    fridays = [day for day in range(min(quotes), UNTIL + 1) if day_of(day).weekday() == 4]
    assert ends == fridays


@settings(max_examples=60)
@given(QUOTES, st.integers(0, 3))
def test_a_month_ends_with_its_last_quote_and_its_mean_is_of_its_quotes(
    quotes: dict[int, float], carried: int
) -> None:
    means, at_end = monthly(*columns(quotes), until=UNTIL, carried_at_most=carried)
    ends = [day_of(end) for end in at_end.ends.tolist()]
    assert all((end + datetime.timedelta(days=1)).day == 1 for end in ends)
    for place, end in enumerate(ends):
        own = [
            value
            for day, value in quotes.items()
            if (day_of(day).year, day_of(day).month) == (end.year, end.month)
        ]
        if own:
            assert means.values[place] == pytest.approx(sum(own) / len(own), rel=1e-12)
            assert at_end.values[place] == quotes[max(day for day in quotes if day <= day_number(end))]
        else:
            assert means.values[place : place + 1].tolist() == pytest.approx(
                [at_end.values[place]], nan_ok=True
            )
    first = [day_number(end.replace(day=1)) for end in ends]
    longest = [end - first[max(place - carried, 0)] + 1 for place, end in enumerate(at_end.ends.tolist())]
    assert told(at_end.values, at_end.age_days) == by_hand(quotes, at_end.ends.tolist(), longest)


@settings(max_examples=60)
@given(QUOTES, st.integers(20_000, UNTIL), st.floats(0.01, 1e6))
def test_a_later_quote_moves_nothing_before_it(quotes: dict[int, float], day: int, value: float) -> None:
    """Neither changed nor added: every period that had ended stays as it was, bit for bit."""
    changed = {**quotes, day: value}
    for grid, other in zip(_grids(quotes), _grids(changed), strict=True):
        before = [
            (e, *t) for e, *t in zip(grid.ends, told(grid.values, grid.age_days), strict=True) if e < day
        ]
        after = [
            (e, *t) for e, *t in zip(other.ends, told(other.values, other.age_days), strict=True) if e < day
        ]
        after = after[len(after) - len(before) :]
        assert before == after


def _grids(quotes: dict[int, float]) -> tuple[Gridded, ...]:
    days, values = columns(quotes)
    return (
        weekly(days, values, until=UNTIL, carried_at_most=4),
        *monthly(days, values, until=UNTIL, carried_at_most=2),
    )


@settings(max_examples=60)
@given(QUOTES)
def test_between_two_quotes_only_earlier_values_appear(quotes: dict[int, float]) -> None:
    """A line drawn between them would show values nobody quoted."""
    days, values = columns(quotes)
    grid = weekly(days, values, until=UNTIL, carried_at_most=99)
    _, at_end = monthly(days, values, until=UNTIL, carried_at_most=99)
    for each in (grid, at_end):
        for end, value in zip(each.ends.tolist(), each.values.tolist(), strict=True):
            assert value in {quotes[day] for day in quotes if day <= end}


def test_a_quote_stands_in_for_four_weeks_and_then_for_none() -> None:
    monday = day_number(datetime.date(2025, 3, 3))
    grid = weekly(np.array([monday]), np.array([85.0]), until=monday + 60, carried_at_most=4)
    assert grid.values[:6].tolist() == pytest.approx([85.0] * 5 + [np.nan], nan_ok=True)
    assert grid.age_days[:6].tolist() == [4, 11, 18, 25, 32, NO_AGE]
    assert not grid.alive.any()


def test_a_week_that_has_not_ended_is_not_in_the_grid() -> None:
    friday = day_number(datetime.date(2025, 3, 7))
    quoted = np.array([friday - 4]), np.array([85.0])
    assert weekly(*quoted, until=friday - 1, carried_at_most=4).ends.tolist() == []
    assert weekly(*quoted, until=friday, carried_at_most=4).ends.tolist() == [friday]
    march_31 = day_number(datetime.date(2025, 3, 31))
    assert monthly(*quoted, until=march_31 - 1, carried_at_most=2)[0].ends.tolist() == []
    assert monthly(*quoted, until=march_31, carried_at_most=2)[1].ends.tolist() == [march_31]


@settings(max_examples=30)
@given(arrays(np.float64, (4, 40), elements=st.sampled_from([np.nan, 1.5, 2.0, 3.25])))
def test_many_series_at_once_are_each_as_alone(values: Floats) -> None:
    days = np.arange(20_000, 20_040)
    many = (
        weekly(days, values, until=UNTIL, carried_at_most=2),
        *monthly(days, values, until=UNTIL, carried_at_most=1),
    )
    for row in range(4):
        alone = (
            weekly(days, values[row], until=UNTIL, carried_at_most=2),
            *monthly(days, values[row], until=UNTIL, carried_at_most=1),
        )
        for together, single in zip(many, alone, strict=True):
            own = together.values[row][len(together.ends) - len(single.ends) :]
            np.testing.assert_array_equal(own, single.values)
            first = len(together.ends) - len(single.ends)
            assert np.isnan(together.values[row][:first]).all()
            assert together.age_days[row][first:].tolist() == single.age_days.tolist()


def test_the_mean_of_a_constant_is_that_constant_to_the_last_bit() -> None:
    days = np.arange(20_000, 20_300)
    means, _ = monthly(days, np.full(300, 17.3), until=UNTIL, carried_at_most=0)
    assert set(means.values.tolist()) == {17.3}


def test_a_panel_carries_gaps_inside_and_keeps_their_age() -> None:
    friday = day_number(datetime.date(2025, 3, 7))
    gap = weekly(np.array([friday, friday + 28]), np.array([5.0, 6.0]), until=friday + 30, carried_at_most=1)
    late = weekly(np.array([friday + 20]), np.array([9.0]), until=friday + 30, carried_at_most=1)
    assert np.isnan(gap.values[2:4]).all()
    panel = panel_of([gap, late], 1)
    assert panel.values[0].tolist() == [5.0, 5.0, 5.0, 5.0, 6.0]
    assert np.isnan(panel.values[1, :3]).all()
    assert panel.values[1, 3:].tolist() == [9.0, 9.0]
    assert ages_of([gap, late])[0].tolist() == [0.0, 7.0, 14.0, 21.0, 0.0]
    assert ages_of([gap, late])[1, 3:].tolist() == [1.0, 8.0]


def test_a_series_whose_last_quote_is_too_old_is_not_taken_into_a_panel() -> None:
    grid = weekly(np.array([20_000]), np.array([5.0]), until=UNTIL, carried_at_most=4)
    assert grid.alive.tolist() == [False]
    with pytest.raises(SeriesMisshapen):
        panel_of([grid], 1)


@pytest.mark.parametrize("days", [[5, 4], [4, 4]])
def test_days_out_of_order_or_twice_are_refused(days: list[int]) -> None:
    with pytest.raises(DaysNotRising):
        weekly(np.array(days), np.array([1.0, 2.0]), until=30, carried_at_most=4)
    with pytest.raises(DaysNotRising):
        monthly(np.array(days), np.array([1.0, 2.0]), until=30, carried_at_most=4)


def test_a_long_table_becomes_rows_of_days_with_the_later_of_two_lines() -> None:
    rows, days = np.array([1, 0, 1, 1]), np.array([12, 10, 10, 12])
    axis, table = wide(rows, days, np.array([1.0, 2.0, 3.0, 4.0]), 3)
    assert axis.tolist() == [10, 12]
    np.testing.assert_array_equal(table, [[2.0, np.nan], [3.0, 4.0], [np.nan, np.nan]])


@pytest.mark.parametrize("values", [np.array([]), np.full(3, np.nan), np.full((2, 3), np.nan)])
def test_without_a_quote_there_is_no_period(values: Floats) -> None:
    days = np.arange(values.shape[-1])
    grids = (
        weekly(days, values, until=90, carried_at_most=4),
        *monthly(days, values, until=90, carried_at_most=4),
    )
    for grid in grids:
        assert grid.ends.size == grid.values.size == grid.age_days.size == 0
        assert not grid.alive.any()
