"""Weighted means over a tree: imputation, weights, shares."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.classification import Level, classify, node_words
from priceindex.engine.aggregate import Hierarchy, aggregate, level_weights, price_updated, weighted_mean
from priceindex.engine.weights import admit, base_shares, declared_equal
from priceindex.quotes import Cell

TREE = Hierarchy((np.array([0, 0, 1]), np.array([0, 0])), (3, 2, 1))
ONE = np.zeros(3, dtype=np.int64)
MOVES = st.lists(st.floats(0.1, 10), min_size=3, max_size=3)


def test_a_class_without_any_price_moves_as_the_whole() -> None:
    """Grades 2 and 4 with weights 1 and 3 give 3.5; the third has nothing and its class takes 3.5."""
    found = aggregate(TREE, np.array([[2.0, 4.0, np.nan]]), np.array([1.0, 3.0, 4.0]))
    assert [level[0].tolist() for level in found.levels] == [[2.0, 4.0, 3.5], [3.5, 3.5], [3.5]]
    assert [share[0].tolist() for share in found.imputed] == [[0, 0, 1], [0, 1], [0.5]]


def test_with_nothing_at_all_there_is_no_movement() -> None:
    found = aggregate(TREE, np.full((1, 3), np.nan), np.ones(3))
    assert all(np.isnan(level).all() for level in found.levels)


def test_a_parent_weighs_what_all_its_children_do_missing_ones_too() -> None:
    assert [part.tolist() for part in level_weights(TREE, np.array([1.0, 3.0, 4.0]))] == [
        [1, 3, 4],
        [4, 4],
        [8],
    ]


@settings(max_examples=25)
@given(moves=MOVES, weights=MOVES)
def test_levels_in_between_do_not_change_the_top(moves: list[float], weights: list[float]) -> None:
    """Consistency in aggregation: two stages give what one stage gives, for each order."""
    bottom, share = np.array([moves]), np.array(weights)
    for order in (1, 0, -1):
        staged = aggregate(TREE, bottom, share, order).levels[-1][0, 0]
        assert staged == pytest.approx(weighted_mean(bottom, share, ONE, 1, order)[0, 0], rel=1e-12)


@settings(max_examples=25)
@given(moves=MOVES, weights=MOVES)
def test_the_means_keep_their_order(moves: list[float], weights: list[float]) -> None:
    harmonic, geometric, arithmetic = (
        weighted_mean(np.array([moves]), np.array(weights), ONE, 1, order)[0, 0] for order in (-1, 0, 1)
    )
    assert harmonic <= geometric * (1 + 1e-12)
    assert geometric <= arithmetic * (1 + 1e-12)


@settings(max_examples=25)
@given(first=MOVES, second=MOVES, weights=MOVES)
def test_price_updated_weights_make_two_steps_equal_one(
    first: list[float], second: list[float], weights: list[float]
) -> None:
    """Lowe is transitive: the movement over two periods is the product of the two links."""
    one, two, base = np.array([first]), np.array([second]), np.array(weights)
    direct = weighted_mean(one * two, base, ONE, 1, 1)[0, 0]
    linked = weighted_mean(one, base, ONE, 1, 1)[0, 0]
    linked *= weighted_mean(two, price_updated(base, one[0]), ONE, 1, 1)[0, 0]
    assert linked == pytest.approx(direct, rel=1e-12)


CELLS = [Cell("甲", "一", "", "亳州"), Cell("甲", "二", "", "亳州"), Cell("乙", "一", "", "亳州")]
CLASS_OF = {"甲": "root", "乙": "flower"}


def test_equal_weights_are_declared_by_herb_or_by_grade() -> None:
    tree = classify(CELLS, CLASS_OF)
    assert dict(zip(tree.grades, declared_equal(tree, "herb").tolist(), strict=True)) == {
        "乙|一": 1.0,
        "甲|一": 0.5,
        "甲|二": 0.5,
    }
    assert declared_equal(tree, "grade").tolist() == [1.0, 1.0, 1.0]
    assert base_shares(np.array([1.0, 3.0])).tolist() == [0.25, 0.75]


def test_a_grade_that_enters_shares_its_herbs_weight() -> None:
    tree = classify(CELLS, CLASS_OF)
    running = np.array([3.0, 2.0, 0.0])
    assert admit(running, declared_equal(tree, "herb"), [2], tree, "herb").tolist() == [3.0, 1.0, 1.0]


def test_a_herb_that_enters_gets_the_mean_weight_of_a_herb() -> None:
    tree = classify([*CELLS, Cell("丙", "一", "", "亳州")], CLASS_OF | {"丙": "root"})
    place = tree.grades.index("丙|一")
    running = np.ones(4)
    running[place] = 0.0
    entered = admit(running, declared_equal(tree, "herb"), [place], tree, "herb")
    assert entered[place] == pytest.approx(1.5)
    assert entered.sum() == pytest.approx(4.5)


def test_nodes_know_their_parents_and_their_names() -> None:
    tree = classify(CELLS, CLASS_OF)
    assert tree.parent(Level.GRADE, tree.grades.index("甲|二")) == "甲"
    assert tree.parent(Level.HERB, tree.herbs.index("甲")) == "root"
    assert tree.parent(Level.CLASS, 0) == "all"
    assert tree.parent(Level.COMPOSITE, 0) is None
    assert node_words(Level.CLASS, "root", "en") == "roots and rhizomes"
    assert tree.keys(Level.COMPOSITE) == ("all",)
