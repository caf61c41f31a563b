"""A whole tree in index points: relatives or logs, missing nodes, and the bases it starts from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.forecast.panel import Floats
from priceindex.forecast.reconciliation import reconciling
from priceindex.forecast.reconciliation.hierarchy import TreeNode, build
from priceindex.forecast.reconciliation.missing_nodes import filled
from priceindex.forecast.reconciliation.moves import (
    IndexForm,
    moves,
    origin_shares,
    since_link,
    values_of,
)
from priceindex.forecast.reconciliation.reconciling import mixed_base, reconcile_tree
from tests.priceindex.forecast.reconciliation.random_trees import drawn, drawn_tree

FORMS = st.sampled_from(["arithmetic", "geometric"])


def points(seed: int, nodes: int, steps: int) -> tuple[Floats, Floats]:
    """Values at the origin and forecasts around them."""
    origin = 1_000.0 * np.exp(0.3 * drawn(seed, nodes))
    return origin, origin[:, None] * np.exp(0.1 * drawn(seed + 1, nodes, steps))


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), missing=st.integers(0, 20), form=FORMS)
def test_forecasts_agree_through_the_tree_whatever_is_missing(
    seed: int, missing: int, form: IndexForm
) -> None:
    tree = drawn_tree(seed)
    origin, base = points(seed, len(tree.keys), 4)
    base[np.random.default_rng(seed).permutation(len(base))[:missing]] = np.nan
    errors = 0.05 * drawn(seed + 2, len(tree.keys), 10)
    agreed = reconcile_tree(tree, base, origin, errors, form)
    assert np.isfinite(agreed).all()
    assert (agreed > 0.0).all()
    assert tree.incoherence(moves(agreed, origin, form)) < 1e-8


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), form=FORMS)
def test_a_base_that_agrees_already_comes_back(seed: int, form: IndexForm) -> None:
    tree = drawn_tree(seed)
    origin, base = points(seed, len(tree.keys), 3)
    agreeing = values_of(tree.upward(moves(base, origin, form)), origin, form)
    errors = 0.05 * drawn(seed + 2, len(tree.keys), 10)
    assert reconcile_tree(tree, agreeing, origin, errors, form) == pytest.approx(agreeing, rel=1e-10)


def test_naive_everywhere_stays_naive() -> None:
    tree = drawn_tree(11)
    origin, _ = points(11, len(tree.keys), 1)
    naive = np.repeat(origin[:, None], 5, axis=1)
    errors = 0.05 * drawn(12, len(tree.keys), 10)
    for form in ("arithmetic", "geometric"):
        assert reconcile_tree(tree, naive, origin, errors, form) == pytest.approx(naive, rel=1e-12)


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_a_missing_leaf_moves_as_its_parent_does(seed: int) -> None:
    tree = drawn_tree(seed)
    origin, base = points(seed, len(tree.keys), 2)
    siblings = [leaf for leaf in tree.bottom if (tree.parent == tree.parent[leaf]).sum() > 1]
    if not siblings:
        return
    base[siblings[0]] = np.nan
    errors = 0.05 * drawn(seed + 2, len(tree.keys), 10)
    relative = reconcile_tree(tree, base, origin, errors, "arithmetic") / origin[:, None]
    assert relative[siblings[0]] == pytest.approx(relative[tree.parent[siblings[0]]], rel=1e-12)


def test_a_missing_leaf_leaves_the_others_as_in_a_tree_without_it() -> None:
    nodes = [("all", None, 1.0), ("gone", "all", 2.0), ("a", "all", 1.0), ("b", "all", 3.0)]
    whole, smaller = (
        build([TreeNode(key=key, parent=up, weight=weight) for key, up, weight in told])
        for told in (nodes, [node for node in nodes if node[0] != "gone"])
    )
    origin, base = points(21, 4, 2)
    base[1] = np.nan
    errors = 0.05 * drawn(22, 4, 15) * np.array([[1.0], [50.0], [0.2], [3.0]])
    left = [0, 2, 3]
    agreed = reconcile_tree(whole, base, origin, errors, "arithmetic")
    expected = reconcile_tree(smaller, base[left], origin[left], errors[left], "arithmetic")
    assert agreed[left] == pytest.approx(expected, rel=1e-12)


def test_nodes_without_a_value_at_the_origin_have_no_forecast() -> None:
    tree = drawn_tree(3)
    origin, base = points(3, len(tree.keys), 2)
    origin[tree.bottom[0]] = np.nan
    agreed = reconcile_tree(tree, base, origin, 0.05 * drawn(4, len(tree.keys), 9), "geometric")
    assert np.isnan(agreed[tree.bottom[0]]).all()
    assert int(np.isnan(agreed).any(axis=1).sum()) == 1


def test_where_nothing_is_known_nothing_is_filled() -> None:
    tree = drawn_tree(4)
    assert np.isnan(filled(tree, np.full((len(tree.keys), 2), np.nan))).all()


def test_relatives_below_zero_give_way_to_the_bottoms_own_sums() -> None:
    tree = build(
        [TreeNode(key=key, parent=up, weight=1.0) for key, up in (("all", None), ("a", "all"), ("b", "all"))]
    )
    base = np.array([[10.0, 100.0], [100.0, 100.0], [100.0, 100.0]])
    errors = np.vstack([1e-3 * drawn(1, 1, 40), 1e-3 * drawn(2, 1, 40), drawn(3, 1, 40)])
    agreed = reconcile_tree(tree, base, np.full(3, 100.0), errors, "arithmetic")
    assert agreed[:, 0].tolist() == [100.0, 100.0, 100.0]


def test_large_trees_go_by_structure(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = drawn_tree(8)
    origin, base = points(8, len(tree.keys), 3)
    monkeypatch.setattr(reconciling, "LARGEST_FULL", 5)
    errors = 0.05 * drawn(9, len(tree.keys), 10)
    agreed = reconcile_tree(tree, base, origin, errors, "geometric")
    assert tree.incoherence(moves(agreed, origin, "geometric")) < 1e-8
    assert np.array_equal(agreed, reconcile_tree(tree, base, origin, 7.0 * errors, "geometric"))


def test_arithmetic_shares_follow_prices_and_geometric_ones_do_not() -> None:
    """Weights 1 and 1, prices 3 and 1 since the link: of the value of 4 the first is 3."""
    parent, weights, moved = np.array([-1, 0, 0]), np.ones(3), np.array([2.0, 3.0, 1.0])
    assert origin_shares(weights, moved, parent, "arithmetic").tolist() == [1.0, 0.75, 0.25]
    assert origin_shares(weights, moved, parent, "geometric").tolist() == [1.0, 0.5, 0.5]


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_shares_at_the_origin_make_relatives_of_a_laspeyres_index_add_up(seed: int) -> None:
    tree = drawn_tree(seed)
    bottom = np.exp(0.4 * drawn(seed, len(tree.keys), 2))
    at_origin, later = tree.upward(bottom).T
    shares = origin_shares(tree.share, at_origin, tree.parent, "arithmetic")
    priced = build(
        [
            TreeNode(key=key, parent=None if up < 0 else tree.keys[up], weight=float(share))
            for key, up, share in zip(tree.keys, tree.parent.tolist(), shares, strict=True)
        ]
    )
    assert priced.incoherence((later / at_origin)[:, None]) < 1e-12


def test_errors_before_the_link_are_left_out() -> None:
    errors = np.arange(6.0).reshape(2, 3)
    assert since_link(errors, np.array([10, 20, 30]), 20).tolist() == [[1.0, 2.0], [4.0, 5.0]]


def test_the_mixed_base_is_naive_below_and_where_the_better_model_has_nothing() -> None:
    naive, better = np.ones((3, 2)), np.array([[2.0, np.nan], [3.0, 3.0], [4.0, 4.0]])
    assert mixed_base(naive, better, np.array([True, True, False])).tolist() == [[2, 1], [3, 3], [1, 1]]
