"""A change of grade never passes for a change of price."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.quality.grade_ratios import GradeRatio, grade_ratios

NAN = float("nan")


def column(*values: float) -> np.ndarray:
    return np.array(values)[:, None]


def test_the_ratio_is_the_median_of_the_matched_pairs_of_twelve_months() -> None:
    own = column(*[10.0] * 14)
    other = column(99.0, 99.0, *[15.0] * 7, *[16.0] * 5)
    found = grade_ratios(own, other, cap=10.0)
    assert found[-1] == GradeRatio(1.5, 12, capped=False)


def test_a_ratio_changes_by_no_more_than_the_cap_and_says_so() -> None:
    found = grade_ratios(column(10.0, 10.0, 10.0), column(15.0, 30.0, 5.0), months=1, cap=0.1)
    assert [each and round(each.ratio, 9) for each in found] == [1.5, 1.65, 1.5]
    assert [each and each.capped for each in found] == [False, True, True]


def test_where_nothing_is_matched_within_the_window_there_is_no_ratio() -> None:
    own, other = column(10.0, NAN, NAN, 10.0), column(15.0, 15.0, 15.0, 20.0)
    found = grade_ratios(own, other, months=2)
    assert [each and each.ratio for each in found] == [1.5, 1.5, None, 2.0]


def test_origins_are_matched_with_themselves_only() -> None:
    own, other = np.array([[10.0, 40.0, NAN]]), np.array([[15.0, NAN, 20.0]])
    assert grade_ratios(own, other) == (GradeRatio(1.5, 1, capped=False),)


@settings(max_examples=25)
@given(prices=st.lists(st.floats(1, 1000), min_size=1, max_size=20), premium=st.floats(0.5, 3))
def test_a_steady_premium_is_found(prices: list[float], premium: float) -> None:
    own = column(*prices)
    ratio = grade_ratios(own, own * premium)[-1]
    assert ratio is not None
    assert ratio.ratio == pytest.approx(premium, rel=1e-9)
