"""The laws every multilateral index obeys: identity, proportionality, commensurability, transitivity."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.formulas.relatives import Floats
from priceindex.multilateral.coded_panel import CodedPanel, code_panel
from priceindex.multilateral.conventions import Formula
from priceindex.multilateral.geary_khamis import geary_khamis
from priceindex.multilateral.geks import geks
from priceindex.multilateral.pairwise import links
from priceindex.multilateral.time_product_dummy import time_product_dummy
from tests.priceindex.multilateral.panels import matrices, panel_of

EXAMPLES = settings(max_examples=15)

METHODS: dict[str, Callable[[CodedPanel], Floats]] = {
    "ccdi": lambda panel: geks(links(panel, "tornqvist")).levels,
    "ccdi, full shares": lambda panel: geks(links(panel, "tornqvist", "full")).levels,
    "ccdi, links by value": lambda panel: geks(links(panel), "by_value").levels,
    "geks fisher": lambda panel: geks(links(panel, "fisher")).levels,
    "geks walsh": lambda panel: geks(links(panel, "walsh")).levels,
    "geks jevons": lambda panel: geks(links(panel, "jevons")).levels,
    "geary-khamis": lambda panel: geary_khamis(panel).levels,
    "geary-khamis, whole window": lambda panel: geary_khamis(panel, sample="whole_window").levels,
    "weighted tpd": lambda panel: time_product_dummy(panel).levels,
    "tpd by value": lambda panel: time_product_dummy(panel, weighting="value").levels,
    "tpd": lambda panel: time_product_dummy(panel, weighting="none").levels,
}
every_method = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS.keys())


@every_method
@EXAMPLES
@given(pair=matrices())
def test_prices_that_never_change_give_one(
    method: Callable[[CodedPanel], Floats], pair: tuple[Floats, Floats]
) -> None:
    prices, quantities = pair
    still = np.where(prices > 0, prices[0], 0.0)
    assert np.allclose(method(panel_of(still, quantities)), 1.0, rtol=1e-10)


@every_method
@EXAMPLES
@given(pair=matrices())
def test_prices_that_move_together_give_that_movement(
    method: Callable[[CodedPanel], Floats], pair: tuple[Floats, Floats]
) -> None:
    prices, quantities = pair
    moves = np.linspace(1.0, 2.0, len(prices))
    together = np.where(prices > 0, prices[0], 0.0) * moves[:, None]
    assert np.allclose(method(panel_of(together, quantities)), moves, rtol=1e-10)


@every_method
@EXAMPLES
@given(pair=matrices(), units=st.integers(0, 10_000))
def test_kilograms_or_grams_make_no_difference(
    method: Callable[[CodedPanel], Floats], pair: tuple[Floats, Floats], units: int
) -> None:
    prices, quantities = pair
    per_unit = np.exp(np.random.default_rng(units).normal(0, 3, prices.shape[1]))
    other = panel_of(prices * per_unit, quantities / per_unit)
    assert np.allclose(method(panel_of(prices, quantities)), method(other), rtol=1e-9)


@every_method
@EXAMPLES
@given(pair=matrices(least_periods=3))
def test_another_base_period_gives_the_same_series(
    method: Callable[[CodedPanel], Floats], pair: tuple[Floats, Floats]
) -> None:
    """Transitivity: the levels between two periods do not depend on which of all comes first."""
    prices, quantities = pair
    turned = panel_of(np.roll(prices, -1, axis=0), np.roll(quantities, -1, axis=0))
    straight = method(panel_of(prices, quantities))
    assert np.allclose(np.roll(method(turned), 1) / method(turned)[-1], straight, rtol=1e-9)


@every_method
@EXAMPLES
@given(pair=matrices(), seed=st.integers(0, 10_000))
def test_the_order_of_the_rows_changes_no_bit(
    method: Callable[[CodedPanel], Floats], pair: tuple[Floats, Floats], seed: int
) -> None:
    prices, quantities = pair
    period, product = np.nonzero(prices)
    shuffled = np.random.default_rng(seed).permutation(len(period))
    period, product = period[shuffled], product[shuffled]
    mixed = code_panel(period, product, prices[period, product], quantities[period, product])
    assert method(mixed).tolist() == method(panel_of(prices, quantities)).tolist()


@pytest.mark.parametrize("formula", ["tornqvist", "fisher", "walsh", "jevons"])
@EXAMPLES
@given(pair=matrices(most_periods=2))
def test_over_two_periods_geks_is_its_bilateral_index(formula: Formula, pair: tuple[Floats, Floats]) -> None:
    panel = panel_of(*pair)
    direct = _bilateral(formula, *pair)
    assert np.isclose(geks(links(panel, formula)).levels[1], direct, rtol=1e-12)


def _bilateral(formula: Formula, prices: Floats, quantities: Floats) -> float:
    """The textbook formula over the matched products, written without matrices."""
    both = (prices > 0).all(axis=0)
    (p0, p1), (q0, q1) = prices[:, both], quantities[:, both]
    shares = (p0 * q0 / (p0 @ q0) + p1 * q1 / (p1 @ q1)) / 2
    roots = np.sqrt(q0 * q1)
    return float(
        {
            "tornqvist": np.prod((p1 / p0) ** shares),
            "fisher": np.sqrt((p1 @ q0) / (p0 @ q0) * (p1 @ q1) / (p0 @ q1)),
            "walsh": (p1 @ roots) / (p0 @ roots),
            "jevons": np.prod((p1 / p0) ** (1 / len(p0))),
        }[formula]
    )
