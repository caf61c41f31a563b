"""The long table becomes a panel: labels of any kind, nothing double, nothing false, nothing too large."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priceindex.multilateral import coded_panel
from priceindex.multilateral.coded_panel import code_panel, coded
from priceindex.multilateral.multilateral_errors import ObservedTwice, PanelMisshapen, PanelTooLarge


@given(st.lists(st.integers(-(2**40), 2**40) | st.integers(-3, 3), min_size=1))
def test_whole_numbers_are_coded_the_same_near_or_far(labels: list[int]) -> None:
    known, places = coded(np.array(labels))
    assert list(known) == sorted(set(labels))
    assert [known[place] for place in places] == labels


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1))
def test_words_are_coded_in_their_order(labels: list[str]) -> None:
    known, places = coded(labels)
    assert list(known) == sorted(set(labels))
    assert [known[place] for place in places] == labels


def test_what_was_not_observed_is_zero_and_not_present() -> None:
    panel = code_panel(["m2", "m1"], ["b", "a"], [2.0, 3.0], [4.0, 5.0])
    assert panel.prices.tolist() == [[3.0, 0.0], [0.0, 2.0]]
    assert panel.present.tolist() == [[True, False], [False, True]]
    assert panel.whole_window.tolist() == [False, False]


def test_without_quantities_each_observation_counts_one() -> None:
    assert code_panel([1, 2], ["a", "a"], [2.0, 3.0]).quantities.tolist() == [[1.0], [1.0]]


def test_two_rows_of_one_product_are_refused_or_become_its_unit_value() -> None:
    rows = [1, 1, 2], ["a", "a", "a"], [2.0, 5.0, 3.0], [1.0, 2.0, 1.0]
    with pytest.raises(ObservedTwice, match="product a has more than one row in period 1"):
        code_panel(*rows)
    panel = code_panel(*rows, repeats="unit_value")
    assert panel.prices[0, 0] == 4.0
    assert panel.quantities[0, 0] == 3.0


def test_two_prices_without_quantity_become_their_mean() -> None:
    panel = code_panel([1, 1], ["a", "a"], [2.0, 5.0], [0.0, 0.0], repeats="unit_value")
    assert panel.prices.tolist() == [[3.5]]


@pytest.mark.parametrize(
    ("price", "quantity", "why"),
    [
        ([1.0, 0.0], [1.0, 1.0], "a price is not a positive number"),
        ([1.0, np.nan], [1.0, 1.0], "a price is not a positive number"),
        ([1.0, np.inf], [1.0, 1.0], "a price is not a positive number"),
        ([1.0, 1.0], [1.0, -1.0], "a quantity is negative or no number"),
        ([1.0, 1.0], [np.nan, 1.0], "a quantity is negative or no number"),
        ([1.0], [1.0, 1.0], "differ in length"),
    ],
)
def test_what_is_no_price_or_quantity_is_refused(price: list[float], quantity: list[float], why: str) -> None:
    with pytest.raises(PanelMisshapen, match=why):
        code_panel([1, 2], ["a", "a"], price, quantity)


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(PanelMisshapen, match="there is no row"):
        code_panel([], [], [], [])


def test_a_panel_too_large_is_refused_before_it_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coded_panel, "MOST_CELLS", 3)
    with pytest.raises(PanelTooLarge, match="2 periods by 2 products"):
        code_panel([1, 2], ["a", "b"], [1.0, 1.0])
