"""Each fitted model does what its closed form says, on series drawn from that form."""

import numpy as np
import pytest

from priceindex.forecast.fitted.dropped import DropReason
from priceindex.forecast.fitted.fit_input import RegressorWindow
from priceindex.forecast.fitted.models import FITTED, fit
from priceindex.forecast.panel import Floats
from tests.priceindex.forecast.fitted.drawn_prices import damped_path, to_fit, walk

PLAIN = ("fitted_theta", "fitted_ets", "fitted_ets_multiplicative", "fitted_components", "fitted_trend")


def made(name: str, values: Floats, season: int = 1, horizon: int = 6) -> Floats:
    outcome = fit(name, to_fit(values, season, horizon))
    assert outcome.forecast is not None, outcome.detail
    return outcome.forecast


def test_theta_continues_a_straight_line_of_logs_at_half_its_slope() -> None:
    """With a weight of 1 the forecast is the last value and half the slope a step (Hyndman & Billah 2003)."""
    line = np.exp(4.0 + 0.01 * np.arange(80))
    steps = np.diff(np.log(np.r_[line[-1], made("fitted_theta", line)]))
    assert steps == pytest.approx(0.005, abs=1e-4)


@pytest.mark.parametrize("name", ["fitted_ets", "fitted_ets_multiplicative"])
def test_a_damped_trend_goes_on_by_steps_that_shrink_by_one_share(name: str) -> None:
    """The forecast is l + (φ + ... + φ^h) b: steps shrink by φ (Gardner & McKenzie 1985)."""
    found = made(name, np.exp(damped_path(40)), horizon=8)
    told = np.log(found) if name == "fitted_ets" else found
    shares = np.diff(told)[1:] / np.diff(told)[:-1]
    assert shares == pytest.approx(shares[0], abs=1e-6)
    assert 0.8 <= shares[0] <= 0.98
    assert found[-1] > found[0]


def test_components_go_through_a_gap_as_through_a_walk() -> None:
    values = walk(4)
    holed = values.copy()
    holed[60:70] = np.nan
    assert made("fitted_components", holed) == pytest.approx(made("fitted_components", values), rel=0.02)


def test_a_local_trend_goes_on_along_a_line_and_a_local_level_does_not() -> None:
    logs = 4.0 + 0.02 * np.arange(80) + 1e-3 * np.random.default_rng(3).standard_normal(80)
    trend, level = (np.log(made(name, np.exp(logs))) for name in ("fitted_trend", "fitted_components"))
    assert trend - logs[-1] == pytest.approx(0.02 * np.arange(1, 7), abs=0.005)
    assert level == pytest.approx(level[0], abs=1e-9)


@pytest.mark.parametrize("season", [12, 26])
def test_a_season_is_in_the_forecast_of_components_though_months_are_missing(season: int) -> None:
    factors = 1.0 + 0.3 * np.sin(2.0 * np.pi * np.arange(season) / season)
    values = walk(7, 6 * season, 0.005) * np.tile(factors, 6)
    values[2 * season : 2 * season + 5] = np.nan
    assert np.corrcoef(made("fitted_components", values, season, season), factors)[0, 1] > 0.97


def test_components_of_a_walk_stay_near_its_last_value() -> None:
    values = walk(4)
    assert made("fitted_components", values) == pytest.approx(values[-1], rel=0.03)


@pytest.mark.parametrize("name", PLAIN)
def test_a_season_of_the_past_is_in_the_forecast(name: str) -> None:
    factors = 1.0 + 0.3 * np.sin(2.0 * np.pi * np.arange(12) / 12.0)
    values = walk(7, 96, 0.005) * np.tile(factors, 8)
    found = made(name, values, season=12, horizon=12)
    assert np.corrcoef(found, factors)[0, 1] > 0.97


@pytest.mark.parametrize("name", PLAIN)
def test_prices_in_another_unit_give_the_same_forecast_in_that_unit(name: str) -> None:
    values = walk(9)
    assert made(name, 1_000.0 * values) / 1_000.0 == pytest.approx(made(name, values), rel=1e-3)


@pytest.mark.parametrize("name", PLAIN)
def test_the_same_series_gives_the_same_floats(name: str) -> None:
    assert np.array_equal(made(name, walk(3), season=12), made(name, walk(3), season=12))


@pytest.mark.parametrize("name", PLAIN)
def test_what_stands_before_the_first_value_changes_nothing(name: str) -> None:
    values = walk(5, 60)
    assert np.array_equal(made(name, np.r_[np.full(30, np.nan), values]), made(name, values))


def window(history: Floats, future: Floats) -> RegressorWindow:
    names = tuple(f"x{place}" for place in range(history.shape[1]))
    return RegressorWindow(names=names, history=history, future=future)


def test_a_regression_finds_the_coefficient_the_prices_were_drawn_with() -> None:
    """ln y = 0.4 x + a walk: a regressor higher by 1 ahead lifts the forecast by e^0.4."""
    rng = np.random.default_rng(2)
    x = rng.standard_normal((150, 1))
    values = walk(6, 150, 0.005) * np.exp(0.4 * x[:, 0])
    low, high = (
        fit("fitted_regression", to_fit(values, regressors=window(x, np.full((6, 1), level)))).forecast
        for level in (0.0, 1.0)
    )
    assert low is not None
    assert high is not None
    assert np.log(high / low) == pytest.approx(0.4, abs=0.01)


def test_a_regression_goes_through_gaps_and_begins_when_its_regressors_do() -> None:
    rng = np.random.default_rng(3)
    x = rng.standard_normal((120, 2))
    x[:20, 1] = np.nan
    values = walk(8)
    values[50:55] = np.nan
    found = fit("fitted_regression", to_fit(values, regressors=window(x, np.zeros((6, 2)))))
    assert found.forecast is not None


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (np.ones(120), DropReason.REGRESSORS_ALIKE),
        (np.r_[np.zeros(60), np.nan, np.zeros(59)], DropReason.NO_REGRESSORS),
        (np.full(120, np.nan), DropReason.NO_REGRESSORS),
    ],
    ids=["never changes", "gap", "unknown"],
)
def test_a_regressor_that_cannot_be_used_drops_the_fit(column: Floats, reason: DropReason) -> None:
    given = to_fit(walk(1), regressors=window(column[:, None], np.zeros((6, 1))))
    assert fit("fitted_regression", given).reason is reason


def test_two_regressors_that_say_the_same_drop_the_fit() -> None:
    x = np.random.default_rng(1).standard_normal((120, 1))
    given = to_fit(walk(1), regressors=window(np.hstack([x, 3.0 - 2.0 * x]), np.zeros((6, 2))))
    assert fit("fitted_regression", given).reason is DropReason.REGRESSORS_ALIKE


def test_a_regression_without_values_ahead_is_dropped() -> None:
    x = np.random.default_rng(1).standard_normal((120, 1))
    for future in (np.full((6, 1), np.nan), np.zeros((3, 1))):
        assert fit("fitted_regression", to_fit(walk(1), regressors=window(x, future))).reason is (
            DropReason.NO_REGRESSORS
        )
    assert fit("fitted_regression", to_fit(walk(1))).reason is DropReason.NO_REGRESSORS


@pytest.mark.parametrize("name", FITTED)
def test_series_too_short_or_constant_are_dropped_with_that_reason(name: str) -> None:
    assert fit(name, to_fit(walk(1, 11))).reason is DropReason.TOO_SHORT
    assert fit(name, to_fit(np.full(60, np.nan))).reason is DropReason.TOO_SHORT
    assert fit(name, to_fit(np.full(60, 7.0))).reason is DropReason.CONSTANT


@pytest.mark.parametrize("name", ["fitted_theta", "fitted_ets", "fitted_ets_multiplicative"])
def test_models_without_a_filter_drop_series_with_gaps(name: str) -> None:
    values = walk(1)
    values[40] = np.nan
    assert fit(name, to_fit(values)).reason is DropReason.GAP
