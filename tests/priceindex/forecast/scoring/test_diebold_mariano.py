"""The test of equal accuracy against statsmodels' HAC covariance, scipy's t and its own promise."""

import math
import warnings
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring.diebold_mariano import diebold_mariano, long_run_variance


def correlated(seed: int, n: int, mean: float = 0.0) -> Floats:
    """A moving average of order 3: what errors four periods ahead look like."""
    noise = np.random.default_rng(seed).standard_normal(n + 3)
    return mean + noise[3:] + noise[2:-1] + noise[1:-2] + noise[:-3]


@pytest.mark.parametrize("lags", [0, 1, 3, 7])
def test_the_long_run_variance_is_statsmodels_hac(lags: int) -> None:
    import statsmodels.api as sm

    values = correlated(11, 60, 0.3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels warns of its own deprecations
        fitted = sm.OLS(values, np.ones(60)).fit(
            cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": False}
        )
    assert long_run_variance(values, lags) / 60 == pytest.approx(fitted.cov_params()[0, 0], rel=1e-12)


def test_without_overlap_it_is_students_t_test() -> None:
    """Harvey's factor at h = 1 turns the variance over n into that over n - 1: the ordinary t test."""
    values = np.random.default_rng(3).standard_normal(26) - 0.3
    oracle = stats.ttest_1samp(values, 0.0, alternative="less")
    found = diebold_mariano(values, 1)
    assert found.statistic == pytest.approx(oracle.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(oracle.pvalue, rel=1e-9)


def test_overlap_shrinks_the_statistic_by_harveys_factor() -> None:
    values, h, n = correlated(5, 40, -1.0), 4, 40
    factor = Fraction(n + 1 - 2 * h) + Fraction(h * (h - 1), n)
    plain = values.mean() / math.sqrt(long_run_variance(values, h - 1) / n)
    assert diebold_mariano(values, h).statistic == pytest.approx(plain * math.sqrt(factor / n), rel=1e-12)


def test_equal_forecasters_are_told_apart_about_as_often_as_promised() -> None:
    """One-sided 10 %: of 1,000 pairs of equal skill with overlapping errors about a tenth pass."""
    passed = np.mean([diebold_mariano(correlated(seed, 52), 4).p_value < 0.10 for seed in range(1000)])
    assert 0.04 <= passed <= 0.16


def test_a_better_forecaster_is_found_and_a_worse_one_never() -> None:
    better = [diebold_mariano(correlated(seed, 52, -2.0), 4).p_value for seed in range(50)]
    worse = [diebold_mariano(correlated(seed, 52, 2.0), 4).p_value for seed in range(50)]
    assert np.mean(np.array(better) < 0.10) > 0.9
    assert min(worse) > 0.5


def test_the_lags_follow_the_number_of_origins_where_none_are_given() -> None:
    """Newey and West 1994: 4 (n/100)^(2/9), so 4 at a hundred origins."""
    values = correlated(9, 100, -0.2)
    assert diebold_mariano(values, None) == diebold_mariano(values, 5)


def test_a_difference_that_never_varies_is_certain() -> None:
    assert diebold_mariano(np.full(20, -0.25), 1).p_value == 0.0
    assert diebold_mariano(np.zeros(20), 1).p_value == 1.0
    assert diebold_mariano(np.full(20, 0.25), 1).p_value == 1.0


def test_unknown_origins_are_left_out_and_one_alone_tests_nothing() -> None:
    values = correlated(2, 30, -1.0)
    gaps = np.insert(values, 7, np.nan)
    assert diebold_mariano(gaps, 4) == diebold_mariano(values, 4)
    assert diebold_mariano(np.array([np.nan, -5.0]), 1).p_value == 1.0


def test_it_is_one_sided() -> None:
    values = correlated(4, 30, -0.5)
    assert diebold_mariano(values, 3).p_value + diebold_mariano(-values, 3).p_value == pytest.approx(1.0)


def test_an_overlap_longer_than_the_record_leaves_nothing_certain() -> None:
    found = diebold_mariano(correlated(6, 5, -1.0), 12)
    assert found.origins == 5
    assert found.p_value > 0.10
