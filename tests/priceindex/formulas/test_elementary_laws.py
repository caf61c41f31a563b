"""What an elementary formula must obey whatever the prices are (CPI Manual 2020, chapter 16)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.formulas.elementary import FORMULAS
from priceindex.formulas.relatives import Floats

PRICES = st.lists(st.integers(1, 10**7), min_size=1, max_size=12)
PAIRS = st.integers(1, 12).flatmap(
    lambda size: st.tuples(*[st.lists(st.integers(1, 10**7), min_size=size, max_size=size)] * 3)
)
ALL = sorted(FORMULAS)


def index(name: str, now: Floats, reference: Floats) -> float:
    group = np.zeros(len(now), dtype=np.int64)
    return float(FORMULAS[name](now[None, :], reference, group, 1)[0, 0])


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=25)
@given(prices=PRICES)
def test_unchanged_prices_give_one(name: str, prices: list[int]) -> None:
    now = np.array(prices, dtype=float)
    assert index(name, now, now) == pytest.approx(1.0, rel=1e-13)


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=25)
@given(pair=PAIRS, factor=st.floats(0.01, 100))
def test_prices_all_times_k_give_k_times_the_index(
    name: str, pair: tuple[list[int], ...], factor: float
) -> None:
    reference, now = (np.array(part, dtype=float) for part in pair[:2])
    assert index(name, factor * now, reference) == pytest.approx(
        factor * index(name, now, reference), rel=1e-12
    )


@pytest.mark.parametrize("name", [name for name in ALL if name not in ("carli", "harmonic")])
@settings(max_examples=25)
@given(pair=PAIRS)
def test_going_back_undoes_going_forth(name: str, pair: tuple[list[int], ...]) -> None:
    reference, now = (np.array(part, dtype=float) for part in pair[:2])
    assert index(name, now, reference) * index(name, reference, now) == pytest.approx(1.0, rel=1e-12)


@settings(max_examples=25)
@given(pair=PAIRS)
def test_carli_never_comes_back_below_one(pair: tuple[list[int], ...]) -> None:
    reference, now = (np.array(part, dtype=float) for part in pair[:2])
    assert index("carli", now, reference) * index("carli", reference, now) >= 1 - 1e-12


@pytest.mark.parametrize("name", [name for name in ALL if name != "dutot"])
@settings(max_examples=25)
@given(pair=PAIRS, scale=st.floats(0.001, 1000))
def test_pricing_one_cell_by_another_unit_changes_nothing(
    name: str, pair: tuple[list[int], ...], scale: float
) -> None:
    reference, now = (np.array(part, dtype=float) for part in pair[:2])
    units = np.ones(len(now))
    units[0] = scale
    assert index(name, now * units, reference * units) == pytest.approx(
        index(name, now, reference), rel=1e-12
    )


def test_dutot_depends_on_units_which_is_why_it_is_not_the_default() -> None:
    now, reference, units = np.array([2.0, 1.0]), np.array([1.0, 1.0]), np.array([2.0, 1.0])
    assert index("dutot", now, reference) == 1.5
    assert index("dutot", now * units, reference * units) == pytest.approx(5 / 3)


@settings(max_examples=25)
@given(pair=PAIRS)
def test_jevons_and_dutot_do_not_care_for_the_way_taken(pair: tuple[list[int], ...]) -> None:
    first, second, third = (np.array(part, dtype=float) for part in pair)
    for name in ("jevons", "dutot"):
        stepped = index(name, second, first) * index(name, third, second)
        assert stepped == pytest.approx(index(name, third, first), rel=1e-11)


@pytest.mark.parametrize("name", ALL)
def test_only_cells_priced_on_both_sides_are_matched(name: str) -> None:
    now = np.array([[2.0, np.nan, 9.0]])
    reference = np.array([1.0, 5.0, np.nan])
    group = np.zeros(3, dtype=np.int64)
    assert FORMULAS[name](now, reference, group, 1)[0, 0] == pytest.approx(2.0)


@pytest.mark.parametrize("name", ALL)
def test_a_group_with_nothing_matched_has_no_movement(name: str) -> None:
    found = FORMULAS[name](np.array([[2.0, np.nan]]), np.array([1.0, 1.0]), np.array([0, 1]), 3)
    assert found[0, 0] == pytest.approx(2.0)
    assert np.isnan(found[0, 1:]).all()
