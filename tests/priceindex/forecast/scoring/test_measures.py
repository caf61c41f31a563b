"""The measures give what their papers define, by hand and in fractions; what is unknown counts nowhere."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring.measures import (
    coverage,
    inside,
    mase,
    msis,
    owa,
    relative_mae,
    smape,
)

Y, F = np.array([100.0, 110.0, 90.0]), np.array([110.0, 100.0, 90.0])
POSITIVE = arrays(np.float64, 6, elements=st.floats(1.0, 1e4))


def test_smape_is_the_competitions_definition() -> None:
    by_hand = (Fraction(200 * 10, 210) + Fraction(200 * 10, 210) + 0) / 3
    assert float(smape(Y, F)) == pytest.approx(float(by_hand), rel=1e-14)


def test_mase_counts_errors_in_mean_changes_of_the_history() -> None:
    assert float(mase(Y, F, np.array(5.0))) == pytest.approx(float(Fraction(20, 15)))


def test_a_scale_of_zero_gives_no_figure_instead_of_infinity() -> None:
    assert np.isnan(mase(Y, F, np.array(0.0)))


def test_the_owa_of_naive2_is_one() -> None:
    assert owa(17.0, 1.1, 17.0, 1.1) == 1.0


def test_owa_weighs_both_relative_measures_alike() -> None:
    by_hand = (Fraction(9, 10) + Fraction(3, 4)) / 2
    assert owa(9.0, 0.75, 10.0, 1.0) == pytest.approx(float(by_hand))


def test_relative_mae_is_the_ratio_of_sums_over_common_pairs() -> None:
    ours, theirs = np.array([1.0, 3.0, np.nan, 7.0]), np.array([2.0, 6.0, 5.0, np.nan])
    assert float(relative_mae(ours, theirs)) == 0.5


def test_two_that_never_err_are_equally_good_and_one_that_errs_alone_is_infinitely_worse() -> None:
    assert float(relative_mae(np.zeros(3), np.zeros(3))) == 1.0
    assert float(relative_mae(np.ones(3), np.zeros(3))) == np.inf


def test_msis_of_an_interval_that_holds_is_its_width_and_a_miss_costs_forty_times_its_depth() -> None:
    low, high = np.array([90.0]), np.array([110.0])
    assert float(msis(np.array([100.0]), low, high, np.array(10.0))) == pytest.approx(2.0)
    assert float(msis(np.array([112.0]), low, high, np.array(10.0))) == pytest.approx(2.0 + 40 * 0.2)


def test_the_ends_of_an_interval_belong_to_it() -> None:
    assert inside(np.array([1.0, 2.0, 3.0, np.nan]), np.array(1.0), np.array(2.0)).tolist()[:3] == [
        1.0,
        1.0,
        0.0,
    ]
    assert float(coverage(np.array([1.0, 2.0, 3.0, np.nan]), np.array(1.0), np.array(2.0))) == pytest.approx(
        2 / 3
    )


def test_a_mean_over_nothing_is_unknown_and_warns_nobody() -> None:
    assert np.isnan(smape(np.array([np.nan]), np.array([1.0])))
    assert np.isnan(relative_mae(np.array([np.nan]), np.array([1.0])))


@given(POSITIVE, POSITIVE)
def test_what_is_unknown_changes_no_mean(actuals: Floats, forecasts: Floats) -> None:
    longer = np.append(actuals, np.nan), np.append(forecasts, 7.0)
    assert float(smape(*longer)) == pytest.approx(float(smape(actuals, forecasts)), rel=1e-12)
    assert float(mase(*longer, np.array(2.0))) == pytest.approx(
        float(mase(actuals, forecasts, np.array(2.0)))
    )


@given(POSITIVE, POSITIVE, st.floats(0.01, 100.0))
def test_no_measure_but_the_error_itself_knows_the_unit(
    actuals: Floats, forecasts: Floats, unit: float
) -> None:
    assert float(smape(unit * actuals, unit * forecasts)) == pytest.approx(
        float(smape(actuals, forecasts)), rel=1e-9
    )
    assert 0.0 <= float(smape(actuals, forecasts)) <= 200.0
