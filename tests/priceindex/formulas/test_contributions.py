"""Contributions add up: over products, up the tree, along the chain, and after rounding."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.formulas import fisher_contributions
from priceindex.formulas.bilateral import BILATERAL
from priceindex.formulas.contribution_paths import along_chain, exact_parts, top_shares
from priceindex.formulas.contributions import ONE_STEP, Order, mean_contributions
from priceindex.formulas.formulas_errors import ContributionsUnexplained
from priceindex.formulas.index_forms import Chained, chain, period_on_period
from priceindex.formulas.means import power_mean
from priceindex.formulas.pairs import Pair
from priceindex.formulas.relatives import Floats

WAYS: list[tuple[str, Callable[[Pair], Floats]]] = [
    *ONE_STEP.items(),
    ("fisher", fisher_contributions.additive),
    ("fisher", fisher_contributions.nested),
]


def pair_of(rows: list[list[int]]) -> Pair:
    p0, q0, p1, q1 = (np.array(row, dtype=float) for row in rows)
    return Pair(p0, q0, p1, q1)


ROWS = st.integers(1, 6).flatmap(
    lambda size: st.lists(st.lists(st.integers(1, 500), min_size=size, max_size=size), min_size=4, max_size=4)
)


@pytest.mark.parametrize(("formula", "way"), WAYS)
@settings(max_examples=40)
@given(rows=ROWS)
def test_parts_add_up_to_the_change_of_the_index(
    formula: str, way: Callable[[Pair], Floats], rows: list[list[int]]
) -> None:
    pair = pair_of(rows)
    assert way(pair).sum() == pytest.approx(BILATERAL[formula](pair) - 1, abs=1e-10)


@pytest.mark.parametrize(("formula", "way"), WAYS)
@settings(max_examples=25)
@given(rows=ROWS)
def test_a_product_pulls_the_way_its_price_went(
    formula: str, way: Callable[[Pair], Floats], rows: list[list[int]]
) -> None:
    pair = pair_of(rows)
    assert np.sign(way(pair)).tolist() == np.sign(pair.p1 - pair.p0).tolist(), formula


@pytest.mark.parametrize("order", [1, 0, -1])
@settings(max_examples=25)
@given(chance=st.integers(0, 2**20))
def test_parts_of_products_add_up_through_every_level_of_the_tree(order: Order, chance: int) -> None:
    """Twelve products in five grades (one without a movement) in two herbs under one top."""
    rng = np.random.default_rng(chance)
    group = np.array([0, 0, 0, 1, 1, 1, 1, 3, 3, 3, 4, 4])
    parents = (np.array([0, 0, 0, 1, 1]), np.array([0, 0]))
    relatives, within = np.exp(rng.normal(0, 0.3, 12)), rng.uniform(0.1, 1, 12)
    weights = [rng.uniform(0.1, 1, 5)]
    weights += [np.bincount(parents[0], weights[0]).astype(np.float64)]
    movements = [np.full(5, np.nan), np.empty(2), np.empty(1)]
    parts = np.empty(12)
    for grade in (0, 1, 3, 4):
        mine = group == grade
        movements[0][grade] = power_mean(within[mine], relatives[mine], 0)
        parts[mine] = mean_contributions(within[mine], relatives[mine], 0)
    for depth, up in enumerate(parents):
        for node in range(len(movements[depth + 1])):
            kids = (up == node) & np.isfinite(movements[depth])
            movements[depth + 1][node] = power_mean(weights[depth][kids], movements[depth][kids], order)
    shares = top_shares(parents, movements, weights, order)
    assert shares[2] == 0
    assert (shares[group] * parts).sum() == pytest.approx(movements[-1][0] - 1, abs=1e-12)


def test_parts_of_every_period_add_up_along_the_chain() -> None:
    chance = np.random.default_rng(3)
    prices, quantities = np.exp(chance.normal(0, 0.3, (2, 9, 5)))
    series = chain(period_on_period(BILATERAL["fisher"], prices, quantities))
    parts = np.zeros((9, 5))
    for t in range(1, 9):
        parts[t] = fisher_contributions.additive(
            Pair(prices[t - 1], quantities[t - 1], prices[t], quantities[t])
        )
    assert along_chain(parts, series).sum() == pytest.approx(series.levels[-1] - 1, abs=1e-12)
    ten_times = Chained(series.levels * 10)
    assert along_chain(parts, ten_times) == pytest.approx(along_chain(parts, series))


@settings(max_examples=200)
@given(parts=st.lists(st.floats(-1e6, 1e6), max_size=40), lost=st.sampled_from([0.0, 0.5, -0.5]))
def test_rounded_parts_add_up_to_the_rounded_total_and_none_moves_by_a_unit(
    parts: list[float], lost: float
) -> None:
    total = round(sum(parts) + lost)
    if abs(total - sum(parts)) >= 0.99:
        total = round(sum(parts))
    found = exact_parts(total, parts)
    assert sum(found) == total
    assert all(abs(whole - part) <= 1 for whole, part in zip(found, parts, strict=True))


def test_the_largest_loss_is_made_good_first() -> None:
    assert exact_parts(3, [0.9, 0.2, 1.9]) == [1, 0, 2]
    assert exact_parts(-1, [-0.6, -0.4]) == [-1, 0]
    assert exact_parts(0, []) == []


@pytest.mark.parametrize(("total", "parts"), [(5, [1.0, 2.0]), (1, []), (0, [float("nan")])])
def test_parts_of_something_else_are_refused(total: int, parts: list[float]) -> None:
    with pytest.raises(ContributionsUnexplained):
        exact_parts(total, parts)
