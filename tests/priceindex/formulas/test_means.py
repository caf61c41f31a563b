"""Means against closed forms and against fractions of any number of digits."""

import itertools
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.formulas.means import logarithmic_mean, power_mean

NUMBERS = st.integers(1, 10**9).map(float)


def exact_logarithmic_mean(one: float, other: float) -> float:
    """The definition in fifty digits."""
    if one == other:
        return one
    with localcontext() as context:
        context.prec = 50
        a, b = Decimal(one), Decimal(other)
        return float((a - b) / (a / b).ln())


@settings(max_examples=100)
@given(one=NUMBERS, other=NUMBERS)
def test_the_logarithmic_mean_is_its_definition_in_fifty_digits(one: float, other: float) -> None:
    found = logarithmic_mean(np.array([one]), np.array([other]))[0]
    assert found == pytest.approx(exact_logarithmic_mean(one, other), rel=1e-14)


@settings(max_examples=100)
@given(one=NUMBERS, part=st.integers(0, 3000))
def test_it_keeps_its_digits_where_both_are_nearly_equal(one: float, part: int) -> None:
    other = one * (1 + part * 1e-7)
    found = logarithmic_mean(np.array([one]), np.array([other]))[0]
    assert found == pytest.approx(exact_logarithmic_mean(one, other), rel=1e-14)


@settings(max_examples=50)
@given(weights=st.lists(NUMBERS, min_size=2, max_size=2), relatives=st.lists(NUMBERS, min_size=2, max_size=2))
def test_means_lie_in_their_order(weights: list[float], relatives: list[float]) -> None:
    by_order = [power_mean(np.array(weights), np.array(relatives), order) for order in (-1, 0, 0.5, 1, 2)]
    for less, more in itertools.pairwise(by_order):
        assert less <= more * (1 + 1e-12)
