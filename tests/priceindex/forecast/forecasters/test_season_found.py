"""The test for a season and the factors taken out: statsmodels as oracle, and seasons of known size."""

import numpy as np
import pytest
from statsmodels.tsa.seasonal import seasonal_decompose
from statsmodels.tsa.stattools import acf

from priceindex.forecast.forecasters.adjusted import adjusted
from priceindex.forecast.forecasters.decomposition import fixed_factors, moving_factors, seasonal_ratios
from priceindex.forecast.forecasters.laid_out import LaidOut, lay_out
from priceindex.forecast.forecasters.seasonal_test import seasonal
from priceindex.forecast.panel import Floats, SeriesPanel


def laid_out(*rows: Floats, season: int) -> LaidOut:
    longest = max(map(len, rows))
    values = np.array([np.append(np.full(longest - len(row), np.nan), row) for row in rows])
    return lay_out(SeriesPanel(values=values, season=season))


def walk(periods: int, size: float, season: int, seed: int) -> Floats:
    draw = np.random.default_rng(seed)
    wave = size * np.sin(2.0 * np.pi * np.arange(periods) / season)
    return np.asarray(50.0 * np.exp(np.cumsum(draw.normal(0.0, 0.015, periods)) + wave))


@pytest.mark.parametrize("season", [4, 5, 12])
@pytest.mark.parametrize("size", [0.0, 0.02, 0.05, 0.3])
def test_the_verdict_is_that_of_statsmodels_autocorrelations(season: int, size: float) -> None:
    for seed in range(6):
        values = walk(3 * season + 7 * seed, size, season, seed)
        found = acf(values, nlags=season, fft=False)
        limit = 1.645 * np.sqrt((1.0 + 2.0 * np.sum(found[1:season] ** 2)) / len(values))
        assert bool(seasonal(laid_out(values, season=season))[0]) == bool(abs(found[season]) > limit)


def test_less_than_three_seasons_are_never_seasonal() -> None:
    year = np.array([1.0, 1.0, 1.0, 9.0])
    found = seasonal(laid_out(np.tile(year, 3), np.tile(year, 3)[1:], season=4))
    assert found.tolist() == [True, False]


@pytest.mark.parametrize(("season", "periods"), [(4, 24), (5, 33), (12, 77), (12, 60), (7, 50)])
def test_fixed_factors_are_those_of_statsmodels_classical_decomposition(season: int, periods: int) -> None:
    values = walk(periods, 0.4, season, seed=3)
    ratios = seasonal_ratios(laid_out(values, season=season))
    assert ratios is not None
    oracle = seasonal_decompose(values, model="multiplicative", period=season).seasonal[:season]
    assert fixed_factors(ratios)[:, 0] == pytest.approx(oracle, rel=1e-12)


def test_the_season_goes_on_where_the_series_ends_whatever_its_length() -> None:
    year = np.array([0.7, 0.8, 0.9, 1.9, 0.7])
    for periods in range(15, 26):
        values = 10.0 * np.resize(year, periods)
        laid = laid_out(values, values[:15], season=5)
        found = adjusted(laid, seasonal_ratios(laid), 7, fixed_factors)
        column = int(np.flatnonzero(laid.order == 0)[0])
        assert found.ahead[:, column] == pytest.approx(np.resize(np.roll(year, -periods), 7), rel=1e-12)
        assert found.logs[:, column] == pytest.approx(np.log(10.0), rel=1e-12)


def test_a_season_that_stays_has_the_same_factors_fixed_and_moving() -> None:
    laid = laid_out(100.0 * np.tile([0.5, 1.0, 1.7, 0.8], 8), season=4)
    ratios = seasonal_ratios(laid)
    assert ratios is not None
    assert moving_factors(ratios) == pytest.approx(fixed_factors(ratios), rel=1e-12)


def test_moving_factors_follow_a_season_that_grows() -> None:
    size = np.repeat(np.linspace(0.05, 0.6, 12), 4)
    values = 100.0 * np.exp(size * np.tile([-1.0, 0.5, 1.0, -0.5], 12))
    ratios = seasonal_ratios(laid_out(values, season=4))
    assert ratios is not None
    fixed, moving = fixed_factors(ratios)[:, 0], moving_factors(ratios)[:, 0]
    last = np.exp(0.6 * np.array([-1.0, 0.5, 1.0, -0.5]))
    assert np.abs(np.log(moving / last)).max() < 0.8 * np.abs(np.log(fixed / last)).max()


def test_factors_are_ones_where_no_season_is_found_and_of_mean_one_where_one_is() -> None:
    laid = laid_out(walk(60, 0.4, 12, seed=2), np.geomspace(1.0, 2.0, 60), season=12)
    ratios = seasonal_ratios(laid)
    assert ratios is not None
    assert ratios.has_season.tolist() == [True, False]
    for factors in (fixed_factors(ratios), moving_factors(ratios)):
        assert factors.mean(axis=0) == pytest.approx([1.0, 1.0])
        assert (factors[:, 1] == 1.0).all()
