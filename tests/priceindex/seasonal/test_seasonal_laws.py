"""What a seasonal index must obey whatever the prices are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.family_text import Seasonal
from priceindex.seasonal.monthly_panel import MonthlyPanel
from priceindex.seasonal.off_season import link_limits
from priceindex.seasonal.rolling_year import rolling_year
from priceindex.seasonal.rothwell import rothwell
from priceindex.seasonal.seasonal_basket import lowe, young
from priceindex.seasonal.year_over_year import Formula, year_over_year
from tests.priceindex.seasonal.turvey import turvey

FORMULAS: list[Formula] = ["laspeyres", "paasche", "fisher"]
SEEDS = st.integers(0, 2**31)


def seasonal_year(seed: int) -> MonthlyPanel:
    """One year of four products with a season, the last sold in half of it only."""
    random = np.random.default_rng(seed)
    price, quantity = random.uniform(1, 9, (12, 4)), random.uniform(1, 9, (12, 4))
    price[6:, 3] = np.nan
    return MonthlyPanel(price, np.where(np.isfinite(price), quantity, 0.0))


def grown(year: MonthlyPanel, factors: list[float]) -> MonthlyPanel:
    """The same year again and again, all prices times a factor."""
    price = np.concatenate([year.price, *(year.price * factor for factor in factors)])
    return MonthlyPanel(price, np.concatenate([year.quantity] * (len(factors) + 1)))


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("chained", [False, True])
@settings(max_examples=10)
@given(seed=SEEDS, factor=st.floats(0.5, 2))
def test_a_season_that_repeats_at_k_times_the_prices_gives_k(
    formula: Formula, chained: bool, seed: int, factor: float
) -> None:
    panel = grown(seasonal_year(seed), [factor, factor**2])
    yearly = year_over_year(panel, formula, chained=chained)
    rolling = rolling_year(panel, formula, chained=chained)
    assert yearly[12:] == pytest.approx([factor] * 12 + [factor**2] * 12, rel=1e-12)
    assert rolling[[11, 23, 35]] == pytest.approx([1.0, factor, factor**2], rel=1e-12)


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_rolling_year_lies_between_the_least_and_the_largest_month(formula: Formula) -> None:
    panel = turvey()
    yearly, rolling = year_over_year(panel, formula), rolling_year(panel, formula)
    for month in range(11, 48):
        window = yearly[month - 11 : month + 1]
        assert window.min() - 1e-12 <= rolling[month] <= window.max() + 1e-12


@settings(max_examples=10)
@given(seed=SEEDS, unit=st.floats(0.001, 1000))
def test_the_unit_a_product_is_counted_in_changes_nothing(seed: int, unit: float) -> None:
    panel = grown(seasonal_year(seed), [1.3])
    scale = np.array([unit, 1.0, 1.0, 1.0])
    other = MonthlyPanel(panel.price * scale, panel.quantity / scale)
    assert rolling_year(other)[11:] == pytest.approx(rolling_year(panel)[11:], rel=1e-9)
    assert rothwell(other) == pytest.approx(rothwell(panel), rel=1e-9)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_product_first_sold_after_the_base_year_is_not_matched_with_nothing(formula: Formula) -> None:
    panel = grown(seasonal_year(1), [1.3])
    new = np.where(np.arange(24) < 12, np.nan, 50.0)
    wider = MonthlyPanel(
        np.column_stack([panel.price, new]), np.column_stack([panel.quantity, np.nan_to_num(new)])
    )
    assert rolling_year(wider, formula)[11:] == pytest.approx(rolling_year(panel, formula)[11:])
    assert year_over_year(wider, formula) == pytest.approx(year_over_year(panel, formula))


def test_a_month_in_which_nothing_is_matched_has_no_index() -> None:
    panel = grown(seasonal_year(1), [1.0])
    panel.price[13] = np.nan
    found = year_over_year(panel)
    assert np.isnan(found[13])
    assert np.isfinite(np.delete(found, 13)).all()


@settings(max_examples=10)
@given(seed=SEEDS)
def test_rothwells_index_of_the_base_year_is_one_on_average_by_value(seed: int) -> None:
    year = seasonal_year(seed)
    quantity = year.quantity
    mean = np.nansum(year.price * quantity, axis=0) / quantity.sum(axis=0)
    at_mean = (quantity * mean).sum(axis=1)
    assert float((rothwell(year) * at_mean).sum() / at_mean.sum()) == pytest.approx(1.0, rel=1e-12)


def test_young_with_value_shares_at_the_reference_is_lowe() -> None:
    prices, quantities = np.array([[1.0, 2.0], [2.0, 3.0], [5.0, 1.0]]), np.array([4.0, 3.0])
    shares = prices[0] * quantities / (prices[0] * quantities).sum()
    assert young(prices, shares, 0) == pytest.approx(lowe(prices, quantities, 0), rel=1e-14)


def test_a_basket_with_a_product_unpriced_at_the_reference_is_refused() -> None:
    with pytest.raises(ValueError, match="no price at the reference"):
        lowe(np.array([[1.0, np.nan]]), np.ones(2), 0)


def test_less_than_a_base_year_is_refused() -> None:
    with pytest.raises(ValueError, match="twelve months"):
        MonthlyPanel(np.ones((11, 1)), np.ones((11, 1)))


def test_only_the_herbs_named_may_live_on_imputation_until_their_harvest() -> None:
    herbs = ["鲜石斛", "白芍"]
    named = Seasonal(rule="fixed_annual_weights", herbs=("鲜石斛",))
    assert link_limits(herbs, named, 3).tolist() == [12, 3]
    assert link_limits(herbs, Seasonal(), 3).tolist() == [3, 3]
