"""MinT against the formulas it is published by, in fractions and by the inverse of the covariance."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.forecast.forecast_errors import TreeMisshapen
from priceindex.forecast.panel import Floats
from priceindex.forecast.reconciliation.min_trace import project, reconcile
from priceindex.forecast.reconciliation.structural import reconcile_by_structure
from tests.priceindex.forecast.reconciliation.random_trees import drawn, drawn_tree

TOTAL_OF_TWO = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])


def by_inverse(base: Floats, summing: Floats, covariance: Floats) -> Floats:
    """S (S'W⁻¹S)⁻¹ S'W⁻¹ ŷ as written, by least squares on whitened rows."""
    whiten = np.linalg.inv(np.linalg.cholesky(covariance))
    return np.asarray(summing @ np.linalg.lstsq(whiten @ summing, whiten @ base)[0])


def in_fractions(base: list[Fraction], weights: list[Fraction]) -> list[Fraction]:
    """A total of two with a diagonal W: each is moved by its share of the variance in the gap."""
    gap = base[0] - base[1] - base[2]
    whole = sum(weights, Fraction(0))
    first, second = base[1] + gap * weights[1] / whole, base[2] + gap * weights[2] / whole
    return [first + second, first, second]


def test_a_total_of_two_is_reconciled_as_in_fractions() -> None:
    base = [Fraction(10), Fraction(3), Fraction(5)]
    for weights in (
        [Fraction(1)] * 3,
        [Fraction(2), Fraction(1), Fraction(1)],
        [Fraction(7, 3), Fraction(1, 9), Fraction(4)],
    ):
        expected = [float(part) for part in in_fractions(base, weights)]
        ours = project(
            np.array([[float(b)] for b in base]), TOTAL_OF_TWO, np.diag([float(w) for w in weights])
        )
        assert ours[:, 0] == pytest.approx(expected, abs=1e-12)


def test_ordinary_least_squares_on_a_total_of_two_is_the_published_projection() -> None:
    """S (S'S)⁻¹ S' is [[2, 1, 1], [1, 2, -1], [1, -1, 2]] / 3 (Hyndman et al. 2011, CSDA 55, section 3)."""
    expected = np.array([[2.0, 1.0, 1.0], [1.0, 2.0, -1.0], [1.0, -1.0, 2.0]]) / 3.0
    assert np.allclose(project(np.eye(3), TOTAL_OF_TWO, np.eye(3)), expected, rtol=0, atol=1e-12)


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_both_published_forms_give_the_same(seed: int) -> None:
    summing = drawn_tree(seed).summing
    half = drawn(seed, len(summing), len(summing))
    covariance = half @ half.T + np.eye(len(summing))
    base = drawn(seed + 1, len(summing), 4)
    expected = by_inverse(base, summing, covariance)
    assert np.allclose(project(base, summing, covariance), expected, rtol=0, atol=1e-8)


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), origins=st.integers(0, 40))
def test_any_base_becomes_coherent_and_a_coherent_one_stays(seed: int, origins: int) -> None:
    tree = drawn_tree(seed)
    summing, errors = tree.summing, drawn(seed, len(tree.keys), origins)
    agreed = reconcile(drawn(seed + 1, len(tree.keys), 6), summing, errors)
    assert tree.incoherence(agreed) < 1e-8
    assert np.allclose(reconcile(agreed, summing, errors), agreed, rtol=0, atol=1e-8)


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_unbiased_forecasts_stay_unbiased(seed: int) -> None:
    """S P S = S: the sums of any bottom come back as they are (Hyndman et al. 2011, equation 7)."""
    summing = drawn_tree(seed).summing
    errors = drawn(seed, len(summing), 12)
    assert np.allclose(reconcile(summing, summing, errors), summing, rtol=0, atol=1e-8)


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), constant=st.integers(0, 26), origins=st.integers(2, 30))
def test_series_that_were_never_wrong_do_no_harm(seed: int, constant: int, origins: int) -> None:
    tree = drawn_tree(seed)
    errors = drawn(seed, len(tree.keys), origins)
    errors[drawn(seed + 1, len(tree.keys)).argsort()[:constant]] = 0.0
    agreed = reconcile(drawn(seed + 2, len(tree.keys), 3), tree.summing, errors)
    assert np.isfinite(agreed).all()
    assert tree.incoherence(agreed) < 1e-8


def test_with_no_errors_at_all_every_node_is_trusted_alike() -> None:
    base = np.array([[10.0], [3.0], [5.0]])
    expected = project(base, TOTAL_OF_TWO, np.eye(3))
    assert np.allclose(reconcile(base, TOTAL_OF_TWO, np.zeros((3, 8))), expected, rtol=0, atol=1e-12)
    assert np.allclose(reconcile(base, TOTAL_OF_TWO, np.empty((3, 0))), expected, rtol=0, atol=1e-12)


def test_a_singular_covariance_leaves_a_coherent_forecast() -> None:
    agreed = project(np.array([[10.0], [3.0], [5.0]]), TOTAL_OF_TWO, np.zeros((3, 3)))
    assert agreed[:, 0].tolist() == [8.0, 3.0, 5.0]


def test_the_node_that_errs_less_moves_less() -> None:
    quiet, loud = 0.01 * drawn(1, 1, 50), drawn(2, 2, 50)
    agreed = reconcile(np.array([[10.0], [3.0], [5.0]]), TOTAL_OF_TWO, np.vstack([quiet, loud]))
    assert abs(agreed[0, 0] - 10.0) < 0.01


def test_small_errors_in_one_tree_are_weighed_beside_large_ones_in_another() -> None:
    """Two totals of two apart from one another, the errors of one a hundred-millionth of the other's."""
    none = np.zeros_like(TOTAL_OF_TWO)
    both = np.block([[TOTAL_OF_TWO, none], [none, TOTAL_OF_TWO]])
    base = np.array([[10.0], [3.0], [5.0]])
    apart = project(base, TOTAL_OF_TWO, np.diag([3.0, 1.0, 2.0]))
    together = project(np.vstack([base, base]), both, np.diag([3.0, 1.0, 2.0, 3e-16, 1e-16, 2e-16]))
    assert np.allclose(together, np.vstack([apart, apart]), rtol=0, atol=1e-9)


def test_a_matrix_without_its_bottom_rows_is_refused() -> None:
    with pytest.raises(TreeMisshapen):
        project(np.ones((2, 1)), TOTAL_OF_TWO[:2], np.eye(2))


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_the_sparse_way_is_min_trace_with_the_diagonal_of_the_structure(seed: int) -> None:
    tree = drawn_tree(seed)
    base = drawn(seed, len(tree.keys), 4)
    summing = tree.summing
    expected = by_inverse(base, summing, np.diag(np.sum(summing * summing, axis=1)))
    assert np.allclose(reconcile_by_structure(base, tree), expected, rtol=0, atol=1e-8)


def test_a_tree_of_thousands_is_reconciled_by_structure() -> None:
    tree = drawn_tree(5, (12, 600, 3_000))
    base = drawn(6, len(tree.keys), 6)
    agreed = reconcile_by_structure(base, tree)
    assert tree.incoherence(agreed) < 1e-8
    assert np.allclose(reconcile_by_structure(agreed, tree), agreed, rtol=0, atol=1e-8)
