"""The tree in arrays: shares, sums, and what is no tree."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.classification import Level, classify
from priceindex.forecast.forecast_errors import TreeMisshapen
from priceindex.forecast.reconciliation.hierarchy import NO_PARENT, TreeNode, build
from priceindex.quotes import Cell
from tests.priceindex.forecast.reconciliation.random_trees import drawn, drawn_tree


def node(key: str, parent: str | None, weight: float = 1.0) -> TreeNode:
    return TreeNode(key=key, parent=parent, weight=weight)


def test_summing_holds_the_products_of_the_shares_down_to_each_leaf() -> None:
    tree = build(
        [
            node("all", None),
            node("root", "all", 3.0),
            node("flower", "all", 1.0),
            node("白芍", "root", 1.0),
            node("白芍|统", "白芍", 2.0),
            node("白芍|选", "白芍", 6.0),
        ]
    )
    expected = [[Fraction(1, 4), Fraction(3, 16), Fraction(9, 16)], [0, Fraction(1, 4), Fraction(3, 4)]]
    assert tree.bottom.tolist() == [2, 4, 5]
    assert tree.summing[:2].tolist() == [[float(part) for part in row] for row in expected]
    assert tree.summing[3].tolist() == tree.summing[1].tolist()


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_every_row_of_summing_adds_up_to_one_and_so_do_siblings(seed: int) -> None:
    tree = drawn_tree(seed)
    assert np.allclose(tree.summing.sum(axis=1), 1.0, rtol=0, atol=1e-12)
    for place in np.flatnonzero(~tree.is_bottom):
        assert tree.share[tree.parent == place].sum() == pytest.approx(1.0, abs=1e-12)


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_upward_sums_are_those_of_the_summing_matrix(seed: int) -> None:
    tree = drawn_tree(seed)
    values = drawn(seed, len(tree.keys), 3)
    assert np.allclose(tree.upward(values), tree.summing @ values[tree.bottom], rtol=0, atol=1e-12)
    assert tree.incoherence(tree.upward(values)) < 1e-12


def test_incoherence_is_the_largest_gap_between_a_node_and_its_children() -> None:
    tree = build([node("all", None), node("a", "all", 1.0), node("b", "all", 3.0)])
    assert tree.incoherence(np.array([[1.0, 5.0], [1.0, 2.0], [1.0, 2.0]])) == 3.0


def test_the_classification_of_a_basket_becomes_its_tree() -> None:
    cells = [
        Cell("白芍", "统", "安徽", "亳州"),
        Cell("白芍", "选", "安徽", "亳州"),
        Cell("茯苓", "丁", "云南", "亳州"),
    ]
    basket = classify(cells, {"白芍": "root", "茯苓": "fungus_alga"})
    levels = (Level.COMPOSITE, Level.CLASS, Level.HERB, Level.GRADE)
    told = [
        (level, key, basket.parent(level, place))
        for level in levels
        for place, key in enumerate(basket.keys(level))
    ]
    above = dict(zip(levels[1:], levels, strict=False))
    tree = build([node(f"{lv}/{key}", None if up is None else f"{above[lv]}/{up}") for lv, key, up in told])
    assert tree.summing[0].tolist() == [0.25, 0.25, 0.5]  # two grades of 白芍, one of 茯苓
    assert int((tree.parent == NO_PARENT).sum()) == 1


def test_siblings_without_weight_count_alike() -> None:
    tree = build([node("all", None), node("a", "all", 0.0), node("b", "all", 0.0)])
    assert tree.share.tolist() == [1.0, 0.5, 0.5]


@pytest.mark.parametrize(
    "nodes",
    [
        [node("a", None), node("a", None)],
        [node("a", "absent")],
        [node("a", "b"), node("b", "a")],
        [node("a", "a")],
        [node("all", None), node("a", "all", -1.0)],
        [node("all", None), node("a", "all", float("nan"))],
    ],
    ids=["told twice", "no parent", "circle", "own parent", "negative", "no number"],
)
def test_what_is_no_tree_is_refused(nodes: list[TreeNode]) -> None:
    with pytest.raises(TreeMisshapen):
        build(nodes)
