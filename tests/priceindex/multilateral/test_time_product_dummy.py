"""The time product dummy against the regression it stands for, solved with every dummy written out."""

import numpy as np
import pytest
from hypothesis import given, settings

from priceindex.formulas.relatives import Floats
from priceindex.multilateral.coded_panel import code_panel
from priceindex.multilateral.conventions import Weighting
from priceindex.multilateral.multilateral_errors import NotLinked
from priceindex.multilateral.time_product_dummy import time_product_dummy
from tests.priceindex.multilateral.panels import matrices, panel_of


def regression(prices: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Estimates and variances of the period effects by least squares over all dummies."""
    period, product = np.nonzero(weights)
    roots = np.sqrt(weights[period, product])
    dummies = np.hstack([np.eye(prices.shape[0])[period][:, 1:], np.eye(prices.shape[1])[product]])
    found, left, *_ = np.linalg.lstsq(dummies * roots[:, None], np.log(prices[period, product]) * roots)
    freedom = len(period) - dummies.shape[1]
    count = prices.shape[0] - 1
    if freedom <= 0 or not len(left):
        return found[:count], np.zeros(count)
    spread = np.linalg.inv((dummies * weights[period, product][:, None]).T @ dummies)
    return found[:count], left[0] / freedom * np.diag(spread)[:count]


def weights_of(weighting: str, prices: Floats, quantities: Floats) -> Floats:
    values = prices * quantities
    return {"share": values / values.sum(axis=1)[:, None], "value": values, "none": (prices > 0) * 1.0}[
        weighting
    ]


@pytest.mark.parametrize("weighting", ["share", "value", "none"])
@settings(max_examples=15)
@given(pair=matrices())
def test_it_is_the_regression_on_period_and_product_dummies(
    weighting: Weighting, pair: tuple[Floats, Floats]
) -> None:
    prices, quantities = pair
    estimates, _ = regression(prices, weights_of(weighting, prices, quantities))
    found = time_product_dummy(panel_of(prices, quantities), weighting=weighting).levels
    assert np.allclose(np.log(found[1:]), estimates, atol=1e-9)


@pytest.mark.parametrize("weighting", ["share", "none"])
@settings(max_examples=15)
@given(pair=matrices(least_periods=3))
def test_kennedys_adjustment_takes_off_half_the_variance(
    weighting: Weighting, pair: tuple[Floats, Floats]
) -> None:
    prices, quantities = pair
    estimates, variances = regression(prices, weights_of(weighting, prices, quantities))
    found = time_product_dummy(panel_of(prices, quantities), weighting=weighting, adjustment="kennedy")
    assert found.conventions["adjustment"] == "kennedy"
    assert np.allclose(np.log(found.levels[1:]), estimates - variances / 2, atol=1e-8)


def test_without_weights_a_price_without_quantity_counts() -> None:
    panel = code_panel([1, 1, 2, 2], [1, 2, 1, 2], [1.0, 1.0, 4.0, 1.0], [5, 0, 0, 6])
    assert np.allclose(time_product_dummy(panel, weighting="none").levels, [1.0, 2.0])
    with pytest.raises(NotLinked):
        time_product_dummy(panel)
