"""ALPS against least squares solved as a matrix, by numpy and by statsmodels."""

import numpy as np
import pytest

from priceindex.forecast.forecast_errors import IndicatorMisshapen
from priceindex.warning.indicators.alps import alps

NAN = float("nan")


def prices_with_gaps(seed: int, rows: int, periods: int = 110) -> np.ndarray:
    drawn = np.random.default_rng(seed)
    season = 1.0 + 0.2 * np.sin(np.arange(periods) / 6.0 * np.pi)
    prices = np.exp(np.cumsum(drawn.normal(0.002, 0.05, (rows, periods)), axis=1)) * season * 50.0
    prices[drawn.random((rows, periods)) < 0.1] = NAN
    prices[0, :20] = NAN
    return prices


def design(months: np.ndarray) -> np.ndarray:
    """A trend and twelve months, as the formula is printed."""
    return np.column_stack([months, *(months % 12 == season for season in range(12))]).astype(float)


def solved(prices: np.ndarray, months: np.ndarray, place: int, window: int | None) -> float:
    begin = 0 if window is None else max(0, place - window + 1)
    rows = np.arange(begin, place + 1)
    rows = rows[np.isfinite(prices[rows])]
    x = design(months)[rows]
    fit, _, rank, _ = np.linalg.lstsq(x, prices[rows], rcond=None)
    residuals = prices[rows] - x @ fit
    spread = np.sqrt(residuals @ residuals / (len(rows) - rank))
    return float(residuals[-1] / spread)


@pytest.mark.parametrize("window", [None, 60])
@pytest.mark.parametrize("logs", [False, True])
def test_every_score_is_that_of_a_regression_solved_as_a_matrix(*, window: int | None, logs: bool) -> None:
    prices, months = prices_with_gaps(7, 3), np.arange(4, 114)
    found = alps(prices, months, window=window, logs=logs)
    assert np.isfinite(found.score).sum() > 100
    fitted = np.log(prices) if logs else prices
    for row, place in zip(*np.nonzero(np.isfinite(found.score)), strict=True):
        expected = solved(fitted[row], months, place, window)
        assert found.score[row, place] == pytest.approx(expected, rel=1e-6, abs=1e-8)


def test_statsmodels_gives_the_same_estimate_and_spread() -> None:
    from statsmodels.regression.linear_model import OLS

    prices, months = prices_with_gaps(8, 1), np.arange(110)
    place = int(np.flatnonzero(np.isfinite(prices[0]))[-1])
    known = np.flatnonzero(np.isfinite(prices[0]))
    fit = OLS(prices[0, known], design(months)[known]).fit()
    found = alps(prices, months)
    assert found.evidence["estimated"][0, place] == pytest.approx(float(fit.fittedvalues[-1]))
    assert found.evidence["spread"][0, place] == pytest.approx(float(np.sqrt(fit.mse_resid)))


def test_a_price_twice_the_spread_above_season_and_trend_scores_about_two() -> None:
    drawn = np.random.default_rng(9)
    prices = 100.0 + np.arange(1200.0) + drawn.normal(0.0, 5.0, 1200)
    prices[-1] = 100.0 + 1199.0 + 10.0
    assert alps(prices[None, :], np.arange(1200)).score[0, -1] == pytest.approx(2.0, abs=0.2)


def test_three_years_are_needed() -> None:
    found = alps(prices_with_gaps(10, 2)[1:], np.arange(110))
    assert not np.isfinite(found.score[0, :30]).any()
    assert "too_short" in found.why(0, 30)
    assert np.isfinite(found.score[0, 40:]).any()


def test_seven_months_of_ten_are_needed() -> None:
    prices = np.exp(np.random.default_rng(11).normal(3.0, 0.1, (1, 100)))
    prices[0, np.arange(100) % 3 == 0] = NAN
    found = alps(prices, np.arange(100))
    assert np.isnan(found.score).all()
    assert found.why(0, 98) == ("too_sparse",)


def test_a_price_that_follows_trend_and_season_exactly_has_no_score() -> None:
    months = np.arange(60)
    found = alps((10.0 + months + months % 12)[None, :], months)
    assert found.why(0, 59) == ("no_spread",)


def test_a_month_without_a_price_has_no_score() -> None:
    prices = prices_with_gaps(12, 1)
    found = alps(prices, np.arange(110))
    assert np.isnan(found.score[np.isnan(prices)]).all()
    assert "missing" in found.why(0, 0)


def test_months_of_another_length_are_refused() -> None:
    with pytest.raises(IndicatorMisshapen):
        alps(np.ones((1, 40)), np.arange(41))
