"""Random panels for the laws: gaps, births and deaths, one product that is there throughout."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from priceindex.formulas.relatives import Floats
from priceindex.multilateral.coded_panel import CodedPanel, code_panel


def panel_of(prices: Floats, quantities: Floats) -> CodedPanel:
    """The panel of two matrices (periods, products); a price of 0 is absent."""
    period, product = np.nonzero(prices > 0)
    return code_panel(period, product, prices[period, product], quantities[period, product])


@st.composite
def matrices(draw: st.DrawFn, least_periods: int = 2, most_periods: int = 6) -> tuple[Floats, Floats]:
    """Prices and quantities; the first product is never absent, so that every two periods are linked."""
    periods, products = draw(st.integers(least_periods, most_periods)), draw(st.integers(1, 6))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    prices = np.exp(numbers.normal(0, 0.5, (periods, products)))
    quantities = np.exp(numbers.normal(0, 1.0, (periods, products)))
    absent = numbers.random((periods, products)) < draw(st.sampled_from([0.0, 0.3]))
    absent[:, 0] = False
    absent[0] = False
    return np.where(absent, 0.0, prices), np.where(absent, 0.0, quantities)


def panels(least_periods: int = 2, most_periods: int = 6) -> SearchStrategy[CodedPanel]:
    """Random panels."""
    return matrices(least_periods, most_periods).map(lambda pair: panel_of(*pair))
