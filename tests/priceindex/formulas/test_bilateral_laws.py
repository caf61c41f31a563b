"""Every formula obeys the laws it names, whatever prices and quantities are, and breaks all others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.formulas.bilateral import BILATERAL, WITH_ELASTICITY
from priceindex.formulas.described import Described
from priceindex.formulas.laws import WORDING, Law
from tests.priceindex.formulas.law_checks import DISTANCE, Three

FORMULAS: dict[str, Described] = {
    **BILATERAL,
    **{f"{name}(0.7)": make(0.7) for name, make in WITH_ELASTICITY.items()},
    "lloyd_moulton(1)": WITH_ELASTICITY["lloyd_moulton"](1.0),
}
EXACT = 1e-9
BROKEN = 1e-4
OBEYED = [(name, law) for name, formula in FORMULAS.items() for law in Law if law in formula.laws]
NOT_OBEYED = [(name, law) for name, formula in FORMULAS.items() for law in Law if law not in formula.laws]


@st.composite
def three_periods(draw: st.DrawFn) -> Three:
    """One to six products at prices and quantities within three orders of magnitude."""
    size = draw(st.integers(1, 6))
    numbers = st.lists(st.integers(1, 1000), min_size=size, max_size=size)
    rows = [np.array(draw(numbers), dtype=float) for _ in range(7)]
    factor = draw(st.integers(1, 400)) / 20
    return Three(np.array(rows[:3]) / 10, np.array(rows[3:6]), rows[6] / 50, factor)


def ragged_market(seed: int) -> Three:
    """Five products whose quantities move much, and whose prices move much or nearly all together."""
    chance = np.random.default_rng(seed)
    prices, quantities = np.exp(chance.normal(0, 0.8, (2, 3, 5)))
    if seed % 2:
        prices[1] = 1.7 * prices[0] * np.exp(chance.normal(0, 0.01, 5))
    return Three(prices, quantities, np.exp(chance.normal(0, 0.8, 5)), 1.7)


@pytest.mark.parametrize(("name", "law"), OBEYED)
@settings(max_examples=20)
@given(three=three_periods())
def test_a_formula_obeys_the_laws_it_names(name: str, law: Law, three: Three) -> None:
    assert abs(DISTANCE[law](FORMULAS[name], three)) < EXACT


@pytest.mark.parametrize(("name", "law"), OBEYED)
def test_it_obeys_them_where_prices_move_nearly_all_together(name: str, law: Law) -> None:
    """Small numbers drawn at random seldom come near that, and it is where mean values are lost."""
    assert all(abs(DISTANCE[law](FORMULAS[name], ragged_market(seed))) < EXACT for seed in range(40))


@pytest.mark.parametrize(("name", "law"), NOT_OBEYED)
def test_a_law_it_does_not_name_is_broken_somewhere(name: str, law: Law) -> None:
    assert any(abs(DISTANCE[law](FORMULAS[name], ragged_market(seed))) > BROKEN for seed in range(40))


def test_every_law_is_worded_and_checked() -> None:
    assert set(WORDING) == set(DISTANCE) == set(Law)


def test_every_formula_says_what_it_is_in_both_languages() -> None:
    for key, formula in BILATERAL.items():
        assert formula.key == key
        assert all((formula.zh, formula.en, formula.equation, formula.source, formula.compute.__doc__ or key))
    assert len({formula.zh for formula in BILATERAL.values()}) == len(BILATERAL)
    assert len({formula.en for formula in BILATERAL.values()}) == len(BILATERAL)
