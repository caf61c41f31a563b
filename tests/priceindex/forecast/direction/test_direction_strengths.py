"""How tightly slopes are held, and how much each strength has to say, recomputed from the words."""

import numpy as np
import pytest

from priceindex.forecast.direction.covariates import covariates
from priceindex.forecast.direction.direction_panel import outcomes
from priceindex.forecast.direction.hurdle import fit_hurdle
from priceindex.forecast.direction.logistic import fit_logits
from priceindex.forecast.direction.rolling import rolled_direction
from tests.priceindex.forecast.direction.sticky_series import GRADES, HERBS, restless, sticky

STRENGTHS = (0.5, 20.0)


@pytest.mark.parametrize("horizon", [1, 3])
def test_a_slope_is_held_by_strength_times_horizon_times_the_series_that_share_it(horizon: int) -> None:
    """Own covariates are one series', siblings' are shared by the grades of a herb, the composite by all."""
    panel = sticky(31, 30)
    known, came = covariates(panel), outcomes(panel, horizon)
    fitted = fit_hurdle(known, came, panel.group, 25, horizon, STRENGTHS)
    ended = slice(1, 25 - horizon + 1)
    told = came[:, ended].ravel()
    ridges = [[s * horizon * shared for shared in (1, 1, GRADES, GRADES * HERBS)] for s in STRENGTHS]
    change = fit_logits(known.change[:, ended].reshape(-1, 4), (told != 0.0) * 1.0, np.array(ridges))
    np.testing.assert_allclose(fitted.change.weights, change.weights, atol=1e-9)
    moved = told != 0.0
    sign = fit_logits(known.sign[:, ended].reshape(-1, 4)[moved], (told[moved] > 0.0) * 1.0, np.array(ridges))
    np.testing.assert_allclose(fitted.sign.weights, sign.weights, atol=1e-9)


@pytest.mark.parametrize("horizon", [1, 4])
def test_the_say_of_a_strength_is_e_to_minus_its_loss_a_group_counting_as_one_case(horizon: int) -> None:
    """Groups of five and of two series count alike; a target of four weeks counts a quarter."""
    panel = sticky(32, 40)
    panel = type(panel)(
        panel=panel.panel.rows(np.arange(22)), group=panel.group[:22], flat_within=panel.flat_within
    )
    past = rolled_direction(panel, horizon, origins=99, least_steps=40, strengths=STRENGTHS)
    known, came = covariates(panel), outcomes(panel, horizon)
    lost = np.zeros((2, len(STRENGTHS)))
    for column in past.origins.tolist():
        if column + horizon > past.origins[-1]:
            continue
        said = fit_hurdle(known, came, panel.group, column, horizon, STRENGTHS).chances(known, column)
        for herb in set(panel.group.tolist()):
            own = [row for row in range(22) if panel.group[row] == herb]
            moved = [row for row in own if came[row, column] != 0.0]
            change = [2 * (said[0][:, row] - (came[row, column] != 0.0)) ** 2 for row in own]
            sign = [2 * (said[1][:, row] - (came[row, column] > 0.0)) ** 2 for row in moved]
            lost[0] += np.mean(change, axis=0) / horizon
            lost[1] += np.mean(sign, axis=0) / horizon if sign else 0.0
    say = np.exp(-lost)
    np.testing.assert_allclose(past.weights[-1], say / say.sum(axis=1, keepdims=True), rtol=1e-6)


def test_where_nothing_can_be_known_the_ridge_that_hears_least_gets_the_most_say() -> None:
    past = rolled_direction(restless(33, 120), 1, origins=99, least_steps=60, strengths=(0.1, 1000.0))
    assert (past.weights[-1, :, 1] > 0.5).all()


def test_before_any_target_has_ended_every_strength_has_the_same_say() -> None:
    past = rolled_direction(sticky(34), 4, origins=99, least_steps=60, strengths=STRENGTHS)
    np.testing.assert_array_equal(past.weights[:4], 0.5)
