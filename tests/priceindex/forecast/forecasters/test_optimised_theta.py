"""DOTM: the paper's recursion written out plainly, an optimiser over all three parameters, statsforecast."""

import numpy as np
import pytest
from scipy.optimize import minimize

from priceindex.forecast.forecasters.optimised_theta import LEAST, WEIGHTS, optimised_theta
from priceindex.forecast.forecasters.running_line import running_lines
from priceindex.forecast.forecasters.theta import theta
from priceindex.forecast.panel import Floats
from tests.priceindex.forecast.forecasters.drawn_series import as_taken

FINE = np.linspace(0.1, 0.99, 1_001)


def recursion(values: Floats, start: float, weight: float, share: float, steps: int) -> tuple[float, Floats]:
    """Squared errors from the fourth on and forecasts: every line anew by least squares, nothing updated."""
    known, level, squares, ahead = list(values), start, 0.0, []
    for place in range(1, len(values) + steps + 1):
        before = known[: place - 1]
        slope, intercept = (0.0, before[0] if before else 0.0)
        if place > 2:
            slope, intercept = np.polyfit(np.arange(1.0, place), before, 1)
        fade = (1.0 - weight) ** (place - 1)
        told = level + share * (fade * intercept + (1.0 - fade * (1.0 - weight)) / weight * slope)
        if place > len(values):
            known.append(told)
            ahead.append(told)
        elif place > 3:
            squares += (known[place - 1] - told) ** 2
        level = weight * known[place - 1] + (1.0 - weight) * level
    return squares, np.array(ahead)


@pytest.mark.parametrize("seed", range(4))
def test_no_start_and_share_are_better_than_those_solved_for(seed: int) -> None:
    values = np.cumsum(np.random.default_rng(seed).normal(0.3, 1.0, 40)) + 10.0
    for weight in (0.15, 0.5, 0.9):
        found = optimised_theta(as_taken(values, 5), np.array([weight]))[:, 0]
        best = minimize(
            lambda at, weight=weight: recursion(values, at[0], weight, at[1], 0)[0],
            x0=[values[0], 0.5],
            bounds=[(None, None), (0.0, 1.0)],
            method="L-BFGS-B",
            options={"ftol": 1e-15, "gtol": 1e-10},
        )
        _, ahead = recursion(values, best.x[0], weight, best.x[1], 5)
        assert found == pytest.approx(ahead, rel=2e-4)


def test_the_volume_of_the_nile_is_forecast_as_by_statsforecast() -> None:
    """statsforecast 2.1.1, DynamicOptimizedTheta(season_length=1), R's Nile, statsmodels.datasets.nile."""
    from statsmodels.datasets import nile

    values = nile.load_pandas().data["volume"].to_numpy(np.float64)
    found = optimised_theta(as_taken(values, 4), FINE)[:, 0]
    assert found == pytest.approx([798.2301887296811] * 4, rel=1e-4)
    assert optimised_theta(as_taken(values, 4))[:, 0] == pytest.approx([798.2301887296811] * 4, rel=0.02)


def test_american_unemployment_is_forecast_as_by_statsforecast() -> None:
    """statsforecast 2.1.1 as above, column unemp of statsmodels.datasets.macrodata."""
    from statsmodels.datasets import macrodata

    values = macrodata.load_pandas().data["unemp"].to_numpy(np.float64)
    assert optimised_theta(as_taken(values, 2))[:, 0] == pytest.approx([9.595888790939497] * 2, rel=1e-9)


def test_american_output_is_forecast_as_by_statsforecast_up_to_its_search() -> None:
    """The same, column realgdp; their search stops at a mean squared error a little above the least."""
    from statsmodels.datasets import macrodata

    values = macrodata.load_pandas().data["realgdp"].to_numpy(np.float64)
    theirs = [13043.874215435548, 13097.796412588685, 13151.76417154776, 13205.776177794784]
    assert optimised_theta(as_taken(values, 4))[:, 0] == pytest.approx(theirs, rel=1e-6)


def test_on_copper_the_share_solved_for_is_better_than_that_statsforecast_found() -> None:
    """Its parameters and forecasts for WORLDCONSUMPTION of statsmodels.datasets.copper."""
    from statsmodels.datasets import copper

    values = copper.load_pandas().data["WORLDCONSUMPTION"].to_numpy(np.float64)
    theirs, ahead = recursion(values, 183.33286606931784, 0.99, 1.0 - 1.0 / 5.632366646161593, 2)
    assert ahead == pytest.approx([7351.378508075593, 7527.292673541659], rel=1e-9)
    ours = optimised_theta(as_taken(values, 2), np.array([0.99]))[:, 0]
    shares = [recursion(values, 0.0, 0.99, share, 2) for share in np.linspace(0.0, 1.0, 1_001)]
    best, best_ahead = min(shares, key=lambda found: found[0])
    assert best < theirs
    assert ours == pytest.approx(best_ahead, rel=1e-3)


def test_a_line_is_carried_on_along_itself() -> None:
    line = 5.0 + 0.25 * np.arange(20)
    assert optimised_theta(as_taken(line, 4))[:, 0] == pytest.approx(line[-1] + 0.25 * np.arange(1, 5))


def test_what_is_too_short_is_left_to_the_plain_theta() -> None:
    for length in range(1, LEAST):
        series = as_taken(np.array([3.0, 5.0, 4.0, 6.0, 5.5])[:length], 3)
        assert (optimised_theta(series) == theta(series)).all()


def test_running_lines_are_least_squares_lines_of_all_values_so_far() -> None:
    values = np.random.default_rng(4).normal(size=(15, 2))
    lines = running_lines(values)
    for count in range(2, 16):
        for column in range(2):
            slope, intercept = np.polyfit(np.arange(1.0, count + 1), values[:count, column], 1)
            assert lines.slope[count - 1, column] == pytest.approx(slope, abs=1e-12)
            assert lines.intercept[count - 1, column] == pytest.approx(intercept, abs=1e-12)


def test_the_weights_go_from_bound_to_bound_of_the_paper() -> None:
    assert (WEIGHTS[0], WEIGHTS[-1]) == (0.1, 0.99)
    assert (np.diff(WEIGHTS) > 0).all()
