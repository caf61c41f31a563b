"""What is to be warned of: +30 % within six months, by typed prices and by the definition itself."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from priceindex.warning.backtest.events import Surge, surges

PRICES = st.lists(st.floats(50.0, 200.0), min_size=2, max_size=60).map(np.array)


def test_a_surge_runs_from_its_lowest_month_over_the_line_to_its_peak() -> None:
    prices = np.array([100.0, 90.0, 95.0, 110.0, 117.0, 125.0, 121.0, 119.0, 118.0])
    # From 100 the line of 130 is never reached; from 90 that of 117 is, three months later.
    assert surges(prices) == (Surge(onset=1, crossing=4, peak=5),)


def test_thirty_per_cent_in_seven_months_is_no_surge() -> None:
    steady = 100.0 * 1.3 ** (np.arange(8) / 7.0)
    assert surges(steady) == ()
    assert surges(100.0 * 1.3 ** (np.arange(7) / 6.0)) == (Surge(0, 6, 6),)


def test_exactly_thirty_per_cent_counts_whatever_the_last_binary_digit() -> None:
    for price in (0.1, 0.7, 3.3, 1e-3, 123.456):
        assert len(surges(np.array([price, price * 1.3]))) == 1


def test_the_onset_moves_to_the_lowest_month_before_the_line_is_crossed() -> None:
    prices = np.array([100.0, 80.0, 85.0, 132.0, 110.0, 110.0, 110.0, 110.0])
    assert surges(prices) == (Surge(onset=1, crossing=3, peak=3),)


def test_a_price_that_rises_for_a_year_is_two_surges() -> None:
    prices = 100.0 * 1.08 ** np.arange(16)
    assert [each.onset for each in surges(prices)] == [0, 6]


def test_missing_months_neither_begin_nor_cross() -> None:
    prices = np.array([np.nan, 100.0, np.nan, 140.0, np.nan])
    assert surges(prices) == (Surge(onset=1, crossing=3, peak=3),)


@given(PRICES)
def test_every_surge_is_one_and_none_overlaps(prices: np.ndarray) -> None:
    found = surges(prices)
    for each in found:
        assert each.onset < each.crossing <= each.peak <= each.onset + 6
        assert prices[each.crossing] >= prices[each.onset] * 1.3 * (1 - 1e-9)
        assert (prices[each.onset + 1 : each.crossing] < prices[each.onset] * 1.3).all()
        assert prices[each.peak] == prices[each.crossing : each.onset + 7].max()
    for one, following in itertools.pairwise(found):
        assert following.onset >= one.onset + 6


@given(PRICES)
def test_no_surge_is_overlooked(prices: np.ndarray) -> None:
    covered = np.zeros(len(prices), dtype=bool)
    for each in surges(prices):
        covered[: each.onset + 6] |= np.arange(len(covered))[: each.onset + 6] >= each.onset - 6
    for place in range(len(prices) - 1):
        reached = (prices[place + 1 : place + 7] >= prices[place] * 1.3).any()
        assert not reached or covered[place]
