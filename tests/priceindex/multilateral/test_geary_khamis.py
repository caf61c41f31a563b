"""Geary-Khamis: its two defining equations hold, and its stop rule is told."""

import numpy as np
import pytest
from hypothesis import given, settings

from priceindex.formulas.relatives import Floats
from priceindex.multilateral.coded_panel import code_panel
from priceindex.multilateral.geary_khamis import geary_khamis
from priceindex.multilateral.multilateral_errors import NotConverged, NotLinked
from tests.priceindex.multilateral.panels import matrices, panel_of


@settings(max_examples=25)
@given(pair=matrices())
def test_reference_prices_and_levels_define_each_other(pair: tuple[Floats, Floats]) -> None:
    prices, quantities = pair
    levels = geary_khamis(panel_of(prices, quantities)).levels
    reference = (quantities / quantities.sum(axis=0) * prices / levels[:, None]).sum(axis=0)
    stated = (prices * quantities).sum(axis=1) / (quantities @ reference)
    assert np.allclose(stated / stated[0], levels, rtol=1e-10)


def test_the_stop_rule_is_a_recorded_convention() -> None:
    panel = code_panel([1, 1, 2, 2], [1, 2, 1, 2], [1.0, 1.0, 4.0, 1.0], [5, 1, 1, 6])
    early, late = geary_khamis(panel, tolerance=1e-2), geary_khamis(panel)
    assert (early.conventions["tolerance"], late.conventions["tolerance"]) == ("0.01", "1e-12")
    assert early.steps < late.steps
    assert early.levels[1] != late.levels[1]


def test_too_few_steps_are_refused_not_published() -> None:
    panel = code_panel([1, 1, 2, 2], [1, 2, 1, 2], [1.0, 1.0, 4.0, 1.0], [5, 1, 1, 6])
    with pytest.raises(NotConverged):
        geary_khamis(panel, most_steps=2)


def test_a_price_without_quantity_connects_nothing() -> None:
    panel = code_panel([1, 1, 2, 2], [1, 2, 1, 2], [1.0, 1.0, 4.0, 1.0], [5, 0, 0, 6])
    with pytest.raises(NotLinked, match="2"):
        geary_khamis(panel)


def test_only_products_of_the_whole_window_count_when_asked() -> None:
    rows = [1, 1, 2, 2, 3], ["a", "b", "a", "b", "a"], [1.0, 1.0, 2.0, 9.0, 3.0], [1, 1, 1, 1, 1]
    panel = code_panel(*rows)
    assert np.allclose(geary_khamis(panel, sample="whole_window").levels, [1.0, 2.0, 3.0])
    assert not np.allclose(geary_khamis(panel).levels, [1.0, 2.0, 3.0])
