"""Bounds from past scores: the rank rule, its promise to exchangeable scores, quantiles that never cross."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from priceindex.forecast.intervals.conformal import LEVELS, bound, intervals, rank
from priceindex.forecast.intervals.distance import distance, lower_bound, upper_bound
from priceindex.forecast.method import QUANTILES
from priceindex.forecast.panel import Floats

CENTRES = arrays(np.float64, (3, 2), elements=st.floats(50.0, 5e3))
REACHES = arrays(np.float64, (3, 2, 2), elements=st.floats(0.0, 1e4))


def test_the_levels_are_those_of_the_published_quantiles() -> None:
    assert pytest.approx((0.80, 0.95)) == LEVELS
    assert QUANTILES == (0.025, 0.10, 0.50, 0.90, 0.975)


@given(st.integers(1, 500), st.sampled_from(["0.5", "0.8", "0.9", "0.95", "0.975"]))
def test_the_rank_is_the_ceiling_of_one_more_score_times_the_level(scores: int, level: str) -> None:
    assert rank(scores, float(level)) == math.ceil((scores + 1) * Fraction(Decimal(level)))


def test_the_bound_is_the_score_of_that_rank_and_the_largest_beyond_them() -> None:
    scores = np.array([1.0, 2.0, 5.0, 9.0])
    assert [bound(scores, level) for level in (0.0, 0.2, 0.6, 0.8, 0.95)] == [0.0, 1.0, 5.0, 9.0, 9.0]
    assert math.isnan(bound(np.empty(0), 0.8))


def test_of_exchangeable_scores_the_next_stays_below_as_often_as_promised() -> None:
    """Finite sample: between the level and the level plus 1/(n+1) (Lei et al. 2018, theorem 2.2)."""
    draws = np.random.default_rng(7).lognormal(size=(20_000, 20))
    held = np.mean(draws[:, 19] <= np.sort(draws[:, :19], axis=1)[:, rank(19, 0.8) - 1])
    assert 0.8 - 0.01 <= held <= 0.8 + 1 / 20 + 0.01


@given(CENTRES, REACHES)
def test_quantiles_are_positive_and_never_cross(centres: Floats, reaches: Floats) -> None:
    found = intervals(centres, reaches)
    assert found.shape == (3, 2, 5)
    assert np.all(np.diff(found, axis=-1) >= 0.0)
    assert np.all(found[..., 1:] > 0.0)
    assert np.all(found[..., 0] >= 0.0)
    np.testing.assert_array_equal(found[..., 2], centres)


def test_a_forecast_without_a_known_reach_has_no_interval() -> None:
    assert np.isnan(intervals(np.array([[5.0]]), np.full((1, 1, 2), np.nan))).all()


@given(st.floats(1.0, 1e4), st.floats(0.0, 50.0))
def test_bounds_lie_at_the_distance_asked_for(centre: float, share: float) -> None:
    forecast, reach = np.array(centre), np.array(centre * share)
    for end in (lower_bound(forecast, reach), upper_bound(forecast, reach)):
        assert float(distance(end, forecast)) == pytest.approx(float(reach), rel=1e-9, abs=1e-9)


def test_near_the_forecast_both_sides_are_alike_and_far_below_stays_positive() -> None:
    near = distance(np.array([99.9, 100.1]), np.array(100.0))
    assert near[0] == pytest.approx(near[1], rel=1e-3)
    assert 0.0 < float(lower_bound(np.array(100.0), np.array(1000.0))) < 0.01
