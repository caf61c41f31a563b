"""Published index vectors: gpindex, piar and a hand-checkable toy, to 1e-12 relative."""

from pathlib import Path

import numpy as np
import pytest

from priceindex.engine.aggregate import aggregate, price_updated, weighted_mean
from priceindex.formulas.elementary import FORMULAS
from tests.conformance.index_herb_panel import HerbPanel
from tests.conformance.index_matched_sample import BUSINESSES, NODES, PERIODS, SAMPLE, Sample, walk
from tests.conformance.index_vector_sets import expected, price_and_quantity, table

pytestmark = pytest.mark.shared
TOLERANCE = 1e-12
COVERED = frozenset(
    {
        "elementary_toy.json:/expected/*",
        "lowe_young_gpindex.json:/price6/*",
        "lowe_young_gpindex.json:/ces_sigma2/*",
        "piar_matched_sample.json:/elementary_*",
        "piar_matched_sample.json:/aggregate_*",
        "piar_matched_sample.json:/price_updated_weights_to_202003/*",
        "piar_matched_sample.json:/new_basket_linked_202003/pop_202004/*",
        "piar_matched_sample.json:/new_basket_linked_202003/chained/*",
        "herb_panel_A_hierarchy_piar.json:/pop/*",
        "herb_panel_A_hierarchy_piar.json:/chained/*",
    }
)
"""Keys of the expected files that the tests of this file compare."""


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    """The folder of index vectors."""
    return shared / "vectors" / "index"


def close(found: float, told: float) -> bool:
    return abs(found - told) <= TOLERANCE * abs(told)


# -- elementary_toy ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["carli", "dutot", "jevons", "harmonic", "cswd", "bmw"])
def test_every_elementary_formula_gives_the_toy_vector_fixed_base_and_chained(
    vectors: Path, name: str
) -> None:
    told = expected(vectors, "elementary_toy.json")
    prices = np.array([told["prices"][f"t{period}"] for period in range(4)], dtype=float)
    one_group = np.zeros(4, dtype=np.int64)
    formula = FORMULAS[name]
    fixed = formula(prices, prices[0], one_group, 1)[:, 0]
    steps = [formula(prices[t : t + 1], prices[t - 1], one_group, 1)[0, 0] for t in range(1, 4)]
    chained = np.cumprod([1.0, *steps])
    assert all(close(a, b) for a, b in zip(fixed, told["expected"][name]["fixed_base"], strict=True))
    assert all(close(a, b) for a, b in zip(chained, told["expected"][name]["chained"], strict=True))


# -- lowe_young -------------------------------------------------------------------------------


@pytest.mark.parametrize("panel", ["price6", "ces_sigma2"])
@pytest.mark.parametrize(
    ("name", "order", "updated"),
    [
        ("young", 1, False),
        ("lowe", 1, True),
        ("geo_young", 0, False),
        ("harmonic_young", -1, False),
        ("geo_lowe", 0, True),
    ],
)
def test_fixed_basket_means_give_gpindex_values(
    vectors: Path, panel: str, name: str, order: int, *, updated: bool
) -> None:
    told = expected(vectors, "lowe_young_gpindex.json")
    prices, quantities = price_and_quantity(table(vectors, f"{panel}.csv"))
    weight_at, reference_at = told["weight_period"] - 1, told["price_reference"] - 1
    weights = prices[weight_at] * quantities[weight_at]
    if updated:
        weights = price_updated(weights, prices[reference_at] / prices[weight_at])
    later = prices[reference_at:] / prices[reference_at]
    found = weighted_mean(later, weights, np.zeros(prices.shape[1], dtype=np.int64), 1, order)[:, 0]
    assert all(close(a, b) for a, b in zip(found, told[panel][name], strict=True))


# -- piar_matched_sample ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(vectors: Path) -> Sample:
    return Sample(vectors)


@pytest.mark.parametrize("name", ["jevons", "carli", "harmonic"])
def test_elementary_movements_of_the_matched_sample_are_piars(
    vectors: Path, sample: Sample, name: str
) -> None:
    told = expected(vectors, "piar_matched_sample.json")[f"elementary_{name}_pop"]
    for period in range(1, len(PERIODS)):
        found = sample.elementary(name, period)[0]
        for place, business in enumerate(BUSINESSES[:4]):
            said = told[business][PERIODS[period]]
            assert np.isnan(found[place]) if said is None else close(found[place], said)


def test_parental_imputation_and_price_updated_weights_are_piars(vectors: Path, sample: Sample) -> None:
    told = expected(vectors, "piar_matched_sample.json")
    moves, chained, weights = walk(sample, 1)
    for kind, found in (("pop", moves), ("chained", chained)):
        for node, values in told[f"aggregate_young_parental_imputation_{kind}"].items():
            for place, period in enumerate(PERIODS[1:]):
                assert close(found[place][node], values[period]), (kind, node, period)
    updated = told["price_updated_weights_to_202003"]
    assert all(close(weights[2][place], updated[name]) for place, name in enumerate(BUSINESSES))


@pytest.mark.parametrize(("name", "order"), [("geometric", 0), ("harmonic", -1)])
def test_other_means_with_imputation_are_piars(vectors: Path, sample: Sample, name: str, order: int) -> None:
    told = expected(vectors, "piar_matched_sample.json")[f"aggregate_{name}_pop"]
    moves, _, _ = walk(sample, order)
    for node, values in told.items():
        for place, period in enumerate(PERIODS[1:]):
            assert close(moves[place][node], values[period]), (node, period)


def test_a_new_basket_linked_in_gives_piars_values(vectors: Path, sample: Sample) -> None:
    told = expected(vectors, "piar_matched_sample.json")["new_basket_linked_202003"]
    weights = np.array([told["new_weights_at_link_period"][name] for name in BUSINESSES], dtype=float)
    levels = aggregate(SAMPLE, sample.elementary("jevons", 3), weights, 1).levels
    found = dict(zip(NODES, np.concatenate([part[0] for part in levels]), strict=True))
    _, chained, _ = walk(sample, 1)
    for node, values in told["pop_202004"].items():
        assert close(found[node], values["202004"])
        assert close(chained[1][node] * found[node], told["chained"][node]["202004"])


# -- herb_panel_A -----------------------------------------------------------------------------


def test_the_herb_panel_hierarchy_is_piars_at_every_node_and_month(vectors: Path) -> None:
    told = expected(vectors, "herb_panel_A_hierarchy_piar.json")
    panel = HerbPanel(vectors)
    weights, level = panel.weights, np.ones(len(panel.names))
    compared = 0
    for period in range(1, panel.prices.shape[0]):
        now, before = panel.prices[period : period + 1], panel.prices[period - 1]
        bottom = FORMULAS["jevons"](now, before, panel.group, len(weights))
        levels = aggregate(panel.hierarchy, bottom, weights, 1).levels
        moved = np.concatenate([part[0] for part in levels])
        level = level * moved
        weights = price_updated(weights, levels[0][0])
        for place, name in enumerate(panel.names):
            assert close(moved[place], told["pop"][name][period]), (name, period)
            assert close(level[place], told["chained"][name][period]), (name, period)
            compared += 2
    assert compared == 2 * 40 * 24
