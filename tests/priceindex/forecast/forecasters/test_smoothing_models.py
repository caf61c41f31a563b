"""SES, Theta and the damped trend: closed forms, and statsmodels with the same parameters."""

import numpy as np
import pytest
from statsmodels.tsa.holtwinters import ExponentialSmoothing, SimpleExpSmoothing

from priceindex.forecast.forecasters.damped_trend import GRID, damped_trend
from priceindex.forecast.forecasters.forecaster import forecast
from priceindex.forecast.forecasters.level_smoothing import WEIGHTS, ses, smoothed
from priceindex.forecast.forecasters.theta import theta
from priceindex.forecast.panel import Floats, SeriesPanel
from tests.priceindex.forecast.forecasters.drawn_series import as_taken

DRAWN = np.cumsum(np.random.default_rng(8).normal(0.05, 1.0, 70)) + 20.0


def their_ses(values: Floats, weight: float) -> float:
    """The level statsmodels ends with, from the first value on."""
    model = SimpleExpSmoothing(values, initialization_method="known", initial_level=values[0])
    return float(model.fit(smoothing_level=weight, optimized=False).forecast(1)[0])


def their_damped(values: Floats, member: list[float]) -> tuple[float, Floats]:
    """Squared errors and three forecasts of statsmodels, started on the first value and the early slope."""
    of_level, of_trend, damping = member
    model = ExponentialSmoothing(
        values[1:],
        trend="add",
        damped_trend=True,
        initialization_method="known",
        initial_level=values[0],
        initial_trend=(values[6] - values[0]) / 6.0,
    )
    fitted = model.fit(
        smoothing_level=of_level,
        smoothing_trend=of_trend / of_level,
        damping_trend=damping,
        optimized=False,
    )
    return float(fitted.sse), np.asarray(fitted.forecast(3))


@pytest.mark.parametrize("weight", [0.05, 0.3, 0.99])
def test_ses_is_statsmodels_with_the_same_weight(weight: float) -> None:
    found = ses(as_taken(DRAWN, 4), np.array([weight]))
    assert found[:, 0] == pytest.approx(their_ses(DRAWN, weight), rel=1e-12)


def test_ses_is_the_sum_of_weighted_values() -> None:
    # 0.5·8 + 0.25·4 + 0.25·2, the first value standing for all before it
    assert ses(as_taken(np.array([2.0, 4.0, 8.0]), 1), np.array([0.5]))[0, 0] == 5.5


def test_the_weight_of_least_squared_error_is_chosen() -> None:
    series = as_taken(DRAWN, 1)
    squares = []
    for weight in WEIGHTS:
        model = SimpleExpSmoothing(DRAWN, initialization_method="known", initial_level=DRAWN[0])
        squares.append(float(model.fit(smoothing_level=weight, optimized=False).sse))
    assert smoothed(series.logs, series.laid).weight[0] == WEIGHTS[int(np.argmin(squares))]


def test_theta_of_a_line_is_the_line_with_the_slope_halved_by_a_full_weight_of_one() -> None:
    # with weight 1 the smoothed line of theta 2 ends on the last value: half the slope is drift
    line = 3.0 + 0.4 * np.arange(30)
    found = theta(as_taken(line, 5), np.array([1.0]))[:, 0]
    assert found == pytest.approx(line[-1] + 0.2 * np.arange(1, 6), rel=1e-12)


@pytest.mark.parametrize("weight", [0.1, 0.5, 0.95])
def test_theta_is_smoothing_with_half_the_slope_as_drift(weight: float) -> None:
    """Hyndman & Billah (2003), equation 5, with the level of statsmodels."""
    slope = np.polynomial.Polynomial.fit(np.arange(70), DRAWN, 1).convert().coef[1]
    steps = np.arange(6)
    closed = their_ses(DRAWN, weight) + slope / 2.0 * (steps + (1.0 - (1.0 - weight) ** 70) / weight)
    assert theta(as_taken(DRAWN, 6), np.array([weight]))[:, 0] == pytest.approx(closed, rel=1e-10)


def test_theta_is_statsmodels_theta_model_at_its_weight() -> None:
    from statsmodels.tsa.forecasting.theta import ThetaModel

    fitted = ThetaModel(DRAWN, deseasonalize=False).fit(use_mle=False, disp=False)
    weight = float(fitted.params["alpha"])
    found = theta(as_taken(DRAWN, 8), np.array([weight]))[:, 0]
    # they estimate the level the smoothing starts from; at this weight little of it is left
    left = (1.0 - weight) ** 70
    assert found == pytest.approx(np.asarray(fitted.forecast(8)), abs=1e-6 + 10.0 * left)


@pytest.mark.parametrize("member", GRID[[0, 17, 40, 71]].tolist())
def test_the_damped_trend_is_statsmodels_with_the_same_parameters(member: list[float]) -> None:
    found = damped_trend(as_taken(DRAWN, 3), np.array([member]))[:, 0]
    assert found == pytest.approx(their_damped(DRAWN, member)[1], rel=1e-10)


def test_the_member_of_least_squared_error_is_chosen() -> None:
    for seed in range(5):
        values = np.cumsum(np.cumsum(np.random.default_rng(seed).normal(0.0, 1.0, 50)) * 0.3 + 0.2)
        squares, ahead = zip(*(their_damped(values, member) for member in GRID.tolist()), strict=True)
        found = damped_trend(as_taken(values, 3))[:, 0]
        assert found == pytest.approx(ahead[int(np.argmin(squares))], rel=1e-8)


def test_the_damped_trend_flattens_out_at_its_limit() -> None:
    # last trend b and damping φ: the forecast rises by b·φ/(1 - φ) in all
    line = np.arange(1.0, 40.0)
    member = np.array([[0.9, 0.27, 0.8]])
    found = damped_trend(as_taken(line, 80), member)[:, 0]
    steps = np.diff(found)
    assert steps[1:] / steps[:-1] == pytest.approx(0.8, abs=1e-6)
    assert found[-1] == pytest.approx(found[0] + steps[0] / 0.2, rel=1e-6)


def test_the_grid_holds_only_admissible_members() -> None:
    of_level, of_trend, damping = GRID.T
    assert ((of_level > 0) & (of_level < 1) & (of_trend >= 0) & (of_trend < of_level)).all()
    assert ((damping >= 0.8) & (damping <= 0.98)).all()


def test_the_combination_is_the_mean_in_logarithms_of_theta_and_damped() -> None:
    panel = SeriesPanel(values=np.exp(DRAWN[None, :] / 10.0), season=1)
    found = forecast(panel, 6, ("theta", "damped", "combination"))
    assert found["combination"] == pytest.approx(np.sqrt(found["theta"] * found["damped"]), rel=1e-12)
