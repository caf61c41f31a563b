"""The ridge logit finds statsmodels' optimum without a ridge, and a general optimiser's with one."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.forecast.direction.logistic import chance_of, fit_logits
from priceindex.forecast.panel import Floats


def drawn(seed: int, rows: int = 400) -> tuple[Floats, Floats]:
    """Rows of three covariates on very different scales, and what came of them."""
    draw = np.random.default_rng(seed)
    covariates = draw.standard_normal((rows, 3)) * [1.0, 50.0, 0.02] + [0.0, 900.0, 3.0]
    log_odds = (
        -1.0 + 0.8 * covariates[:, 0] + 0.03 * (covariates[:, 1] - 900.0) - 40.0 * (covariates[:, 2] - 3.0)
    )
    return covariates, (draw.random(rows) < chance_of(log_odds)).astype(np.float64)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_a_ridge_it_is_statsmodels_logit(seed: int) -> None:
    covariates, came = drawn(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels imports pandas parts that warn of their future
        from statsmodels.discrete.discrete_model import Logit

        design = np.column_stack([np.ones(len(came)), covariates])
        expected = Logit(came, design).fit(disp=0, method="newton", maxiter=100, tol=1e-12)
    model = fit_logits(covariates, came, np.zeros((1, 3)), prior=0.0)
    np.testing.assert_allclose(model.slopes[0], expected.params[1:], rtol=1e-6)
    np.testing.assert_allclose(model.chances(covariates)[0], expected.predict(design), rtol=1e-7)


@settings(max_examples=10)
@given(st.integers(0, 1_000), st.sampled_from([0.1, 3.0, 100.0]))
def test_with_a_ridge_no_other_weights_are_likelier(seed: int, strength: float) -> None:
    """The penalised likelihood of le Cessie and van Houwelingen, written out and searched by scipy."""
    from scipy.optimize import minimize

    covariates, came = drawn(seed, 80)
    standard = (covariates - covariates.mean(axis=0)) / covariates.std(axis=0)
    ridge = strength * np.array([1.0, 2.0, 5.0])

    def penalised(weights: Floats) -> float:
        log_odds = weights[0] + standard @ weights[1:]
        pair = 0.5 * np.logaddexp(0.0, weights[0]) + 0.5 * np.logaddexp(0.0, -weights[0])
        likelihood = np.where(came == 1.0, -np.logaddexp(0.0, -log_odds), -np.logaddexp(0.0, log_odds)).sum()
        return float(-likelihood + pair + 0.5 * (ridge * weights[1:] ** 2).sum())

    found = fit_logits(covariates, came, ridge[None]).weights[0]
    best = minimize(penalised, np.zeros(4), method="BFGS", options={"gtol": 1e-7}).x
    assert penalised(found) <= penalised(best) + 1e-9
    np.testing.assert_allclose(found, best, atol=1e-4)


def test_cases_that_separate_fully_have_finite_odds() -> None:
    covariates = np.linspace(-1.0, 1.0, 40)[:, None]
    model = fit_logits(covariates, (covariates[:, 0] > 0.0).astype(np.float64), np.array([[0.1]]))
    chances = model.chances(covariates)[0]
    assert np.isfinite(model.weights).all()
    assert (np.diff(chances) > 0.0).all()
    assert 0.0 < chances.min() < 0.01 < 0.99 < chances.max() < 1.0


@pytest.mark.parametrize("came", [0.0, 1.0])
def test_what_always_came_is_given_all_but_half_a_case(came: float) -> None:
    """20 of 20 and the made-up pair: 20.5 of 21."""
    covariates = np.random.default_rng(1).standard_normal((20, 2))
    chances = fit_logits(covariates, np.full(20, came), np.full((1, 2), 1e6)).chances(covariates)[0]
    np.testing.assert_allclose(chances, (20.0 * came + 0.5) / 21.0, rtol=1e-4)


def test_without_a_case_the_chance_is_one_half() -> None:
    model = fit_logits(np.empty((0, 3)), np.empty(0), np.ones((1, 3)))
    assert model.chances(np.array([[5.0, -3.0, 1e9]])).tolist() == [[0.5]]


def test_a_covariate_that_never_varies_says_nothing() -> None:
    covariates, came = drawn(4)
    covariates[:, 1] = 7.0
    model = fit_logits(covariates, came, np.ones((1, 3)))
    assert model.slopes[0, 1] == 0.0


def test_an_infinite_ridge_leaves_only_the_share_of_what_came() -> None:
    covariates, came = drawn(5)
    model = fit_logits(covariates, came, np.full((1, 3), 1e9))
    np.testing.assert_allclose(
        model.chances(covariates)[0], (came.sum() + 0.5) / (len(came) + 1.0), rtol=1e-5
    )


def test_several_ridges_at_once_are_each_as_alone_wherever_the_search_starts() -> None:
    covariates, came = drawn(6)
    ridges = np.array([0.01, 1.0, 300.0])[:, None] * np.ones((3, 3))
    together = fit_logits(covariates, came, ridges)
    far = fit_logits(covariates, came, ridges, start=np.full((3, 4), 4.0))
    np.testing.assert_allclose(far.weights, together.weights, atol=1e-9)
    for place, ridge in enumerate(ridges):
        alone = fit_logits(covariates, came, ridge[None])
        np.testing.assert_allclose(alone.weights[0], together.weights[place], atol=1e-12)
