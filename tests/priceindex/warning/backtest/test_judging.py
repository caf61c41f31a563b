"""Alarms against surges, counted by hand; and that no trivial rule looks good."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priceindex.warning.backtest.events import Surge
from priceindex.warning.backtest.judging import alarms_of, judge, judged_periods
from priceindex.warning.backtest.splits import by_series, by_time

ALL = np.ones((1, 36), dtype=bool)
TWO = ((Surge(10, 13, 15), Surge(20, 26, 26)),)


def in_alert(*places: int, periods: int = 36) -> np.ndarray:
    states = np.zeros((1, periods), dtype=np.int64)
    states[0, list(places)] = 2
    return states


def test_a_month_of_alarms_counted_by_hand() -> None:
    # Alarms begin at 3 (false), 12 (early in the first surge), 18 (after it: false), 26 (at the crossing).
    told = judge(in_alert(3, 4, 12, 13, 18, 26), TWO, ALL)
    assert (told.surges, told.found, told.found_early, told.alarms, told.true_alarms) == (2, 2, 1, 4, 2)
    assert told.recall == 1.0
    assert told.early_recall == 0.5
    assert told.precision == 0.5
    assert told.f1 == pytest.approx(2 / 3)
    assert told.false_a_year == pytest.approx(2 / 3)
    assert told.time_in_alert == pytest.approx(6 / 36)
    assert told.leads_to_crossing == (1, 0)
    assert (told.lead_to_crossing, told.lead_to_peak) == (0.5, 1.5)


def test_an_alarm_in_the_month_of_the_onset_is_too_soon_and_one_seven_months_on_too_late() -> None:
    assert judge(in_alert(10), TWO, ALL).true_alarms == 0
    assert judge(in_alert(16), TWO, ALL).true_alarms == 1
    assert judge(in_alert(17), TWO, ALL).true_alarms == 0


def test_a_rule_that_is_always_in_alert_finds_nothing() -> None:
    told = judge(in_alert(*range(36)), TWO, ALL)
    assert (told.alarms, told.found, told.f1) == (1, 0, 0.0)
    assert told.time_in_alert == 1.0


def test_a_rule_that_never_warns_has_measures_of_nothing() -> None:
    told = judge(in_alert(), TWO, ALL)
    assert (told.recall, told.precision, told.f1, told.false_a_year) == (0.0, 0.0, 0.0, 0.0)
    assert np.isnan(told.lead_to_crossing)
    assert np.isnan(told.lead_to_peak)


def test_two_alarms_in_one_surge_are_both_true_and_find_it_once() -> None:
    told = judge(in_alert(12, 14), TWO, ALL)
    assert (told.found, told.alarms, told.true_alarms) == (1, 2, 2)


def test_watch_is_no_alarm_and_crisis_after_alert_is_no_second_one() -> None:
    states = np.array([[0, 1, 2, 3, 2, 1, 3, 0]])
    assert np.flatnonzero(alarms_of(states)[0]).tolist() == [2, 6]


def test_only_judged_months_count_but_a_surge_begun_before_excuses_its_alarm() -> None:
    part = ALL & (np.arange(36) >= 12)
    told = judge(in_alert(3, 12, 30), TWO, part)
    assert (told.surges, told.found, told.alarms, told.true_alarms) == (1, 0, 2, 1)
    assert told.series_years == 2.0


def test_judging_starts_when_every_indicator_can_and_ends_before_outcomes_are_unknown() -> None:
    prices = np.ones((2, 100))
    prices[0, :5], prices[0, 90:] = np.nan, np.nan
    judged = judged_periods(prices)
    assert [np.flatnonzero(row)[[0, -1]].tolist() for row in judged] == [[77, 83], [72, 93]]


def test_a_series_without_a_price_is_not_judged() -> None:
    assert not judged_periods(np.full((1, 100), np.nan)).any()


def test_parts_of_a_split_do_not_share_a_month_nor_an_outcome() -> None:
    early, late = by_time(ALL, 18)
    assert not (early & late).any()
    assert np.flatnonzero(early[0])[-1] + 6 < 18 <= np.flatnonzero(late[0])[0]
    one, other = by_series(np.ones((3, 4), dtype=bool), np.array([True, False, True]))
    assert one.sum(axis=1).tolist() == [4, 0, 4]
    assert other.sum(axis=1).tolist() == [0, 4, 0]


@given(st.lists(st.integers(0, 3), min_size=36, max_size=36), st.integers(1, 35))
def test_judgements_of_two_parts_add_up(found: list[int], cut: int) -> None:
    states = np.array([found])
    first = ALL & (np.arange(36) < cut)
    whole = judge(states, TWO, ALL)
    added = judge(states, TWO, first) + judge(states, TWO, ALL & ~first)
    for name in ("surges", "found", "found_early", "alarms", "true_alarms"):
        assert getattr(added, name) == getattr(whole, name)
    assert added.series_years == pytest.approx(whole.series_years)
    assert added.years_in_alert == pytest.approx(whole.years_in_alert)


@given(st.lists(st.integers(0, 3), min_size=36, max_size=36))
def test_counts_are_those_of_a_loop_over_alarms(found: list[int]) -> None:
    told = judge(np.array([found]), TWO, ALL)
    alarms = [t for t in range(36) if found[t] >= 2 and (t == 0 or found[t - 1] < 2)]
    spans = [range(each.onset + 1, each.onset + 7) for each in TWO[0]]
    assert told.alarms == len(alarms)
    assert told.true_alarms == sum(any(t in span for span in spans) for t in alarms)
    assert told.found == sum(any(t in span for t in alarms) for span in spans)
