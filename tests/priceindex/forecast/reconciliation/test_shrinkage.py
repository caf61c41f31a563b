"""The shrunk covariance against the formula of Schäfer and Strimmer, pair by pair in plain Python."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.forecast.reconciliation.shrinkage import LEAST_VARIANCE, shrunk_covariance
from tests.priceindex.forecast.reconciliation.random_trees import drawn


def slow_intensity(errors: list[list[float]]) -> float:
    """λ = Σ var(rᵢⱼ) / Σ rᵢⱼ², with var(rᵢⱼ) the variance of a mean of products (2005)."""
    scaled = []
    for row in errors:
        deviation = math.sqrt(math.fsum(each * each for each in row) / len(row))
        scaled.append([each / deviation for each in row])
    spread, signal = [], []
    for one in range(len(scaled)):
        for other in range(len(scaled)):
            if one == other:
                continue
            products = [a * b for a, b in zip(scaled[one], scaled[other], strict=True)]
            count = len(products)
            mean = math.fsum(products) / count
            spread.append(math.fsum((each - mean) ** 2 for each in products) / (count * (count - 1)))
            signal.append(mean**2)
    return min(1.0, max(0.0, math.fsum(spread) / math.fsum(signal)))


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), nodes=st.integers(2, 7), origins=st.integers(2, 40))
def test_the_intensity_is_that_of_the_slow_formula(seed: int, nodes: int, origins: int) -> None:
    common = drawn(seed + 1, 1, origins)
    errors = drawn(seed, nodes, origins) + 1.5 * common
    expected = slow_intensity(errors.tolist())
    assert shrunk_covariance(errors).intensity == pytest.approx(expected, rel=1e-9, abs=1e-12)


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), missing=st.integers(0, 60))
def test_the_diagonal_is_each_nodes_own_mean_square_whatever_is_missing(seed: int, missing: int) -> None:
    errors = drawn(seed, 6, 20)
    errors.flat[np.random.default_rng(seed).permutation(errors.size)[:missing]] = np.nan
    found = shrunk_covariance(errors)
    assert np.allclose(np.diag(found.covariance), np.nanmean(errors**2, axis=1), rtol=1e-12)
    assert np.linalg.eigvalsh(found.covariance).min() > -1e-12


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_what_is_off_the_diagonal_is_the_sample_covariance_less_its_shrunk_part(seed: int) -> None:
    errors = drawn(seed, 4, 25) + 1.5 * drawn(seed + 1, 1, 25)
    found = shrunk_covariance(errors)
    sample = errors @ errors.T / 25
    off = ~np.eye(4, dtype=bool)
    expected = (1.0 - slow_intensity(errors.tolist())) * sample[off]
    assert np.allclose(found.covariance[off], expected, rtol=0, atol=1e-12)


def test_many_origins_leave_the_sample_covariance_and_few_the_diagonal() -> None:
    half = np.array([[1.0, 0.0], [0.9, 0.3]])
    assert shrunk_covariance(half @ drawn(1, 2, 5_000)).intensity < 0.01
    few = shrunk_covariance(half @ drawn(1, 2, 1))
    assert few.intensity == 1.0
    assert few.covariance[0, 1] == 0.0


def test_a_node_that_never_erred_gets_the_least_variance() -> None:
    errors = np.vstack([np.zeros((1, 30)), drawn(3, 2, 30)])
    variance = np.diag(shrunk_covariance(errors).covariance)
    assert variance[0] == pytest.approx(LEAST_VARIANCE * np.median(variance[1:]))


def test_errors_in_a_thousandth_of_the_unit_give_a_millionth_of_the_covariance() -> None:
    errors = drawn(4, 5, 15)
    whole, small = shrunk_covariance(errors), shrunk_covariance(errors / 1_000.0)
    assert small.intensity == pytest.approx(whole.intensity)
    assert np.allclose(small.covariance * 1e6, whole.covariance, rtol=1e-9)
