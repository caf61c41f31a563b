"""What must hold of a price that is made up, by each rule."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.cleaning.imputation.class_mean import class_mean
from priceindex.cleaning.imputation.panel import impute, imputed_shares
from priceindex.cleaning.imputation.standing_in import ImputationRule, movements
from priceindex.engine.aggregate import Hierarchy

NAN = float("nan")
TWO = Hierarchy((np.array([0, 0]),), (2, 1))
GROUP = np.array([0, 0, 1])
WEIGHTS = np.array([1.0, 1.0])


def test_a_gap_moves_with_its_grade_and_a_grade_without_prices_with_all() -> None:
    prices = np.array([[10.0, 10.0, 10.0], [12.0, NAN, 11.0], [NAN, NAN, 22.0]])
    found = impute(prices, GROUP, TWO, WEIGHTS, rule="parental")
    assert found.prices[1].tolist() == [12.0, 12.0, 11.0]
    assert found.prices[2].tolist() == [24.0, 24.0, 22.0]
    assert found.marked.tolist() == [[False] * 3, [False, True, False], [True, True, False]]


def test_a_price_carried_forward_stands_still() -> None:
    prices = np.array([[10.0, 10.0, 10.0], [12.0, NAN, 11.0]])
    assert impute(prices, GROUP, TWO, WEIGHTS, rule="carry_forward").prices[1].tolist() == [12.0, 10.0, 11.0]


@settings(max_examples=25)
@given(
    moves=st.lists(st.floats(0.5, 2), min_size=4, max_size=8),
    gone=st.sets(st.integers(1, 7), max_size=5),
)
def test_where_all_prices_move_alike_parental_imputation_finds_the_missing_ones(
    moves: list[float], gone: set[int]
) -> None:
    level = np.cumprod([1.0, *moves])
    whole = np.outer(level, [3.0, 5.0, 70.0])
    holed = whole.copy()
    for period in gone & set(range(len(whole))):
        holed[period, 1] = NAN
    assert impute(holed, GROUP, TWO, WEIGHTS, rule="parental").prices == pytest.approx(whole, rel=1e-12)


def test_a_limit_ends_what_is_made_up_until_the_price_returns() -> None:
    prices = np.array([[1.0, 1.0, 1.0]] * 6)
    prices[1:5, 1] = NAN
    found = impute(prices, GROUP, TWO, WEIGHTS, rule="parental", limit=2)
    assert found.marked[:, 1].tolist() == [False, True, True, False, False, False]
    assert np.isnan(found.prices[3:5, 1]).all()
    assert found.prices[5, 1] == 1.0


def test_nothing_is_made_up_before_the_first_price() -> None:
    prices = np.array([[1.0, NAN, 1.0], [1.0, NAN, 1.0], [1.0, 4.0, 1.0]])
    found = impute(prices, GROUP, TWO, WEIGHTS, rule="parental")
    assert np.isnan(found.prices[:2, 1]).all()
    assert not found.marked.any()


def test_when_nothing_at_all_is_priced_everything_stands_still() -> None:
    prices = np.array([[1.0, 2.0, 3.0], [NAN] * 3])
    assert impute(prices, GROUP, TWO, WEIGHTS, rule="parental").prices[1].tolist() == [1.0, 2.0, 3.0]


def test_the_share_made_up_is_told_by_weight() -> None:
    prices = np.array([[1.0, 1.0, 1.0], [1.0, NAN, 1.0], [1.0, NAN, NAN]])
    found = impute(prices, GROUP, TWO, np.array([3.0, 1.0]), rule="parental")
    grades, top = imputed_shares(found, GROUP, TWO, np.array([3.0, 1.0]))
    assert grades.tolist() == [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0]]
    assert top[:, 0].tolist() == [0.0, 0.375, 0.625]


# -- the order of the targeted mean: stall, herb, class ---------------------------------------

HERB = np.array([0, 0, 0, 1, 1])
MARKET = np.array([0, 0, 1, 0, 1])
CLASS = np.array([0, 0, 0, 0, 0])


def targeted(relatives: list[float]) -> list[float]:
    found = class_mean(
        np.array(relatives), herb=HERB, market=MARKET, class_=CLASS, class_moves=np.array([9.0])
    )
    return [round(value, 9) for value in found.tolist()]


def test_another_grade_of_the_herb_at_the_market_comes_first() -> None:
    assert targeted([NAN, 2.0, 4.0, 5.0, 5.0])[0] == 2.0


def test_then_the_herb_at_other_markets() -> None:
    assert targeted([NAN, NAN, 4.0, 5.0, 5.0])[0] == 4.0


def test_then_the_class() -> None:
    assert targeted([NAN, NAN, NAN, 5.0, 5.0])[0] == 9.0


def test_several_near_ones_count_by_their_geometric_mean() -> None:
    assert targeted([2.0, 8.0, NAN, NAN, NAN])[2] == 4.0


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("parental", [1.5, 2.0]), ("carry_forward", [1.0, 1.0]), ("class_mean", [1.1, 1.1])],
)
def test_the_rule_a_text_names_is_the_one_that_moves(rule: ImputationRule, expected: list[float]) -> None:
    same = np.array([0, 0])
    found = movements(
        rule,
        np.array([1.1, NAN]),
        grade=np.array([0, 1]),
        herb=same,
        market=same,
        class_=same,
        grade_moves=np.array([1.5, 2.0]),
        class_moves=np.array([3.0]),
    )
    assert found == pytest.approx(expected)
