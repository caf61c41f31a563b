"""Old quotes, jumps after silence, twins among sources, crowds on round prices."""

import math

import numpy as np
import pytest

from priceindex.warning.indicators.identical_quotes import identical_quotes
from priceindex.warning.indicators.round_numbers import round_numbers
from priceindex.warning.indicators.stale_share import stale_share_published
from priceindex.warning.indicators.stale_then_jump import stale_then_jump

NAN = float("nan")


def test_published_basis_points_become_a_share() -> None:
    found = stale_share_published(np.array([0.0, 10_000.0, -1.0]))
    assert found.score.tolist() == pytest.approx([0.0, 1.0, NAN], nan_ok=True)
    assert found.why(2) == ("missing",)


def test_a_jump_counts_only_after_a_long_silence() -> None:
    quotes = np.array([100.0, NAN, 130.0, 90.0, NAN])
    days = np.array([0, 30, 61, 90, 200])
    found = stale_then_jump(quotes, days)
    assert found.score.tolist() == pytest.approx([NAN, NAN, 0.3, 0.0, NAN], nan_ok=True)
    assert found.evidence["age"].tolist() == pytest.approx([NAN, 30.0, 61.0, 29.0, 110.0], nan_ok=True)
    assert found.evidence["step"][3] == pytest.approx(90 / 130 - 1)


def test_silence_of_exactly_the_limit_is_not_long() -> None:
    quotes = np.array([[100.0, 150.0]])
    assert stale_then_jump(quotes, np.array([0, 60])).score[0, 1] == 0.0
    assert stale_then_jump(quotes, np.array([0, 61])).score[0, 1] == 0.5


def test_sources_that_step_together_to_one_price_are_twins() -> None:
    steps = np.array([10.0, 11, 12, 11, 13, 14, 15])
    apart = np.array([10.0, 10, 11, 11, 12, 12, 13])
    found = identical_quotes(np.stack([steps, steps, apart]), window=10)
    assert found.score[:, -1].tolist() == pytest.approx([1.0, 1.0, 0.0])
    assert found.evidence["other"][:2, -1].tolist() == [1.0, 0.0]
    assert found.evidence["steps"][0, -1] == 6.0


def test_only_some_steps_shared_is_a_share() -> None:
    one = np.array([10.0, 11, 12, 13, 14, 15])
    two = np.array([10.0, 11, 12, 12, 14, 14])
    # Steps of either: 5 periods; identical: periods 1, 2 and 4 (both step to 14).
    assert identical_quotes(np.stack([one, two])).score[0, -1] == pytest.approx(3 / 5)


def test_a_source_that_follows_a_week_later_is_no_twin() -> None:
    leading = np.array([10.0, 12, 12, 14, 14, 16, 16])
    following = np.array([10.0, 10, 12, 12, 14, 14, 16])
    found = identical_quotes(np.stack([leading, following]))
    assert found.score[:, -1].tolist() == [0.0, 0.0]
    assert found.evidence["steps"][0, -1] == 6.0


def test_equal_prices_in_a_flat_market_say_nothing() -> None:
    found = identical_quotes(np.full((2, 60), 10.0))
    assert found.why(0, 59) == ("too_few",)


def test_steps_older_than_the_window_are_forgotten() -> None:
    rising = np.concatenate([np.arange(10.0, 16.0), np.full(20, 15.0)])
    found = identical_quotes(np.stack([rising, rising]), window=8)
    assert found.score[0, 5] == 1.0
    assert found.why(0, 25) == ("too_few",)


def test_a_crowd_on_round_prices_is_measured_in_binomial_deviations() -> None:
    # Twenty quotes a period, ten of them round; then all twenty.
    usual = np.where(np.arange(20) % 2 == 0, 1000.0, 1010.0)
    crowded = np.full(20, 1500.0)
    quotes = np.column_stack([usual] * 13 + [crowded])
    found = round_numbers(quotes)
    assert found.score[-1] == pytest.approx((1.0 - 0.5) / math.sqrt(0.25 / 20))
    assert found.why(12) == ("too_short",)


def test_what_was_always_round_cannot_crowd() -> None:
    assert round_numbers(np.full((20, 20), 500.0)).why(19) == ("no_spread",)


def test_few_quotes_make_no_crowd() -> None:
    assert round_numbers(np.full((19, 3), 500.0)).why(2) == ("too_few",)
