"""Brier and log scores, climatology, reliability and the ROC area, by closed forms and by scipy."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.forecast.direction.brier import (
    brier_scores,
    climatology,
    log_scores,
    sign_brier_scores,
)
from priceindex.forecast.direction.direction_panel import DirectionPanel, signs, way_of
from priceindex.forecast.direction.reliability import area_under_roc, reliability
from priceindex.forecast.panel import SeriesPanel

CAME = np.array([1.0, 0.0, -1.0, np.nan])


def test_a_sure_forecast_scores_nothing_when_right_and_two_when_wrong() -> None:
    up = np.tile([1.0, 0.0, 0.0], (4, 1))
    np.testing.assert_array_equal(brier_scores(up, CAME), [0.0, 2.0, 2.0, np.nan])


def test_equal_chances_score_two_thirds_whatever_comes() -> None:
    third = np.full((4, 3), 1.0 / 3.0)
    np.testing.assert_allclose(brier_scores(third, CAME), [2.0 / 3.0] * 3 + [np.nan])
    np.testing.assert_allclose(log_scores(third, CAME), [math.log(3.0)] * 3 + [np.nan])


def test_the_sign_is_scored_only_where_a_change_came() -> None:
    chances = np.tile([0.3, 0.6, 0.1], (4, 1))
    np.testing.assert_allclose(sign_brier_scores(chances, CAME), [0.0625, np.nan, 0.5625, np.nan])


@settings(max_examples=50)
@given(st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=1, max_size=40))
def test_climatology_is_the_share_of_each_outcome_with_half_a_case_added(came: list[float]) -> None:
    shares = [Fraction(2 * came.count(each) + 1, 2 * len(came) + 3) for each in (1.0, 0.0, -1.0)]
    np.testing.assert_allclose(climatology(np.array([*came, np.nan])), [float(each) for each in shares])


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=60))
def test_the_roc_area_is_the_rank_sum_of_scipy(cases: list[tuple[int, bool]]) -> None:
    from scipy.stats import mannwhitneyu

    chances = np.array([case[0] / 20.0 for case in cases])
    came = np.array([float(case[1]) for case in cases])
    yes, no = chances[came == 1.0], chances[came == 0.0]
    found = area_under_roc(chances, came)
    if not len(yes) or not len(no):
        assert math.isnan(found)
    else:
        expected = mannwhitneyu(yes, no, method="asymptotic").statistic / (len(yes) * len(no))
        assert found == pytest.approx(expected)


def test_the_reliability_table_counts_every_forecast_once() -> None:
    chances = np.array([0.0, 0.05, 0.1, 0.95, 1.0, np.nan, 0.5])
    came = np.array([0.0, 1.0, 1.0, 1.0, 1.0, 1.0, np.nan])
    table = reliability(chances, came)
    assert [(row.low, row.high, row.forecasts) for row in table] == [
        (0.0, 0.1, 2),
        (0.1, 0.2, 1),
        (0.9, 1.0, 2),
    ]
    assert [row.share_came for row in table] == [0.5, 1.0, 1.0]
    assert [row.mean_chance for row in table] == pytest.approx([0.025, 0.1, 0.975])


def test_chances_that_mean_what_they_say_lie_on_the_diagonal() -> None:
    draw = np.random.default_rng(3)
    chances = draw.random(200_000)
    for row in reliability(chances, (draw.random(200_000) < chances).astype(np.float64)):
        assert row.share_came == pytest.approx(row.mean_chance, abs=0.01)


@settings(max_examples=50)
@given(origin=st.integers(1, 10**9), unit=st.sampled_from([1e-4, 1.0, 7.0, 1e4]))
def test_a_change_by_just_the_share_that_counts_as_none_is_flat_in_every_unit(
    origin: int, unit: float
) -> None:
    """Fit and track record look at the same changes, one in points, the other in units."""
    actual = np.array([origin * 1000.0, origin * 1001.0, origin * 1001.01, origin * 998.9, origin * 999.0])
    panel = DirectionPanel(
        panel=SeriesPanel(values=np.stack([np.full(5, origin * 1000.0), actual], axis=1) * unit, season=1),
        group=np.zeros(5, dtype=np.int64),
        flat_within=0.001,
    )
    expected = [0.0, 0.0, 1.0, -1.0, -1.0]  # log(0.999) lies just beyond log(1.001)
    assert signs(panel, 1)[:, 1].tolist() == expected
    assert way_of(np.log(actual) - np.log(origin * 1000.0), 0.001).tolist() == expected
