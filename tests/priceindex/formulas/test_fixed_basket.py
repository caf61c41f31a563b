"""Which laws hold when the basket is older than both periods, and which formula breaks them."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.formulas.fixed_basket import FIXED_BASKET, Basket
from priceindex.formulas.formulas_errors import NothingMatched, PairMisshapen
from priceindex.formulas.laws import Law
from priceindex.formulas.relatives import Floats

ROWS = st.integers(1, 6).flatmap(lambda size: st.tuples(*[st.tuples(*[st.integers(1, 500)] * size)] * 6))
ASKED = [law for law in Law if law not in (Law.FACTOR_REVERSAL, Law.CONSISTENCY)]
EXACT, BROKEN = 1e-10, 1e-4


def distance(law: Law, key: str, rows: Floats) -> float:
    """How far a formula is from a law: rows are p^b, q^b, three periods of prices, units."""
    formula = FIXED_BASKET[key]
    before, bought, first, second, third, units = rows
    basket = Basket(before, bought)
    index = formula(basket, first, second)
    relatives = second / first
    by_law: dict[Law, Callable[[], float]] = {
        Law.IDENTITY: lambda: formula(basket, first, first) - 1,
        Law.PROPORTIONALITY: lambda: formula(basket, first, 1.7 * first) / 1.7 - 1,
        Law.HOMOGENEITY: lambda: formula(basket, first, 1.7 * second) / (1.7 * index) - 1,
        Law.TIME_REVERSAL: lambda: index * formula(basket, second, first) - 1,
        Law.CIRCULARITY: lambda: index * formula(basket, second, third) / formula(basket, first, third) - 1,
        Law.COMMENSURABILITY: lambda: (
            formula(Basket(before * units, bought / units), first * units, second * units) / index - 1
        ),
        Law.MEAN_VALUE: lambda: float(max(index / relatives.max() - 1, relatives.min() / index - 1, 0.0)),
    }
    return abs(by_law[law]())


@pytest.mark.parametrize(
    ("key", "law"),
    [(key, law) for key, formula in FIXED_BASKET.items() for law in ASKED if law in formula.laws],
)
@settings(max_examples=20)
@given(rows=ROWS)
def test_a_formula_obeys_the_laws_it_names(key: str, law: Law, rows: tuple[tuple[int, ...], ...]) -> None:
    assert distance(law, key, np.array(rows, dtype=float)) < EXACT


@pytest.mark.parametrize(
    ("key", "law"),
    [(key, law) for key, formula in FIXED_BASKET.items() for law in ASKED if law not in formula.laws],
)
def test_a_law_it_does_not_name_is_broken_somewhere(key: str, law: Law) -> None:
    chance = np.random.default_rng(1)
    assert any(distance(law, key, np.exp(chance.normal(0, 0.8, (6, 5)))) > BROKEN for _ in range(20))


def test_only_products_priced_in_all_three_periods_count() -> None:
    basket = Basket(np.array([1.0, 1.0, np.nan]), np.array([1.0, 1.0, 1.0]))
    then, now = np.array([1.0, np.nan, 1.0]), np.array([2.0, 5.0, 9.0])
    assert [formula(basket, then, now) for formula in FIXED_BASKET.values()] == pytest.approx([2.0] * 5)


def test_what_cannot_be_compared_is_refused() -> None:
    nothing = np.array([np.nan])
    with pytest.raises(NothingMatched):
        FIXED_BASKET["lowe"](Basket(np.ones(1), np.ones(1)), np.ones(1), nothing)
    with pytest.raises(PairMisshapen):
        FIXED_BASKET["lowe"](Basket(np.ones(1), np.ones(1)), np.ones(2), np.ones(2))
