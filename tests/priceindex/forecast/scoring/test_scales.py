"""Scales of series: of their own changes, and of their group's where they have none."""

import numpy as np
import pytest

from priceindex.forecast.scoring.scales import change_scale, pooled_scale

HISTORY = np.array([[np.nan, 2.0, 4.0, 3.0, 7.0]])


def test_the_scale_is_the_mean_absolute_change_of_what_is_known() -> None:
    assert change_scale(HISTORY)[0] == pytest.approx((2 + 1 + 4) / 3)
    assert change_scale(HISTORY, lag=2)[0] == pytest.approx((1 + 3) / 2)


def test_a_series_of_one_value_has_no_scale() -> None:
    assert np.isnan(change_scale(np.array([[np.nan, np.nan, 5.0]]))[0])


def test_a_constant_series_takes_its_groups_restlessness_at_its_own_level() -> None:
    found = pooled_scale(np.array([1.0, 3.0, 0.0]), np.array([10.0, 10.0, 50.0]), np.array([4, 4, 4]))
    assert found.tolist() == [1.0, 3.0, pytest.approx(0.2 * 50.0)]


def test_a_group_of_constant_series_takes_that_of_all() -> None:
    found = pooled_scale(np.array([1.0, 0.0, np.nan]), np.array([10.0, 50.0, 20.0]), np.array([0, 1, 1]))
    assert found.tolist() == pytest.approx([1.0, 5.0, 2.0])


def test_where_nothing_ever_changed_there_is_no_scale() -> None:
    assert np.isnan(pooled_scale(np.zeros(2), np.ones(2), np.zeros(2, dtype=np.int64))).all()
