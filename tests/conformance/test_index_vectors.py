"""Published index vectors: gpindex, piar and a hand-checkable toy, to 1e-12 relative."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from priceindex.engine.aggregate import Hierarchy, aggregate, price_updated, weighted_mean
from priceindex.engine.chain import Recipe, chain
from priceindex.engine.panel import build_panel
from priceindex.formulas.elementary import FORMULAS
from priceindex.formulas.relatives import Floats

pytestmark = pytest.mark.shared
TOLERANCE = 1e-12


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    """The folder of index vectors."""
    return shared / "vectors" / "index"


def expected(vectors: Path, name: str) -> Any:
    return json.loads((vectors / "expected" / name).read_text("utf-8"))


def rows(vectors: Path, name: str) -> list[dict[str, str]]:
    with (vectors / "inputs" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


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
    prices, quantities = price_and_quantity(rows(vectors, f"{panel}.csv"))
    weight_at, reference_at = told["weight_period"] - 1, told["price_reference"] - 1
    weights = prices[weight_at] * quantities[weight_at]
    if updated:
        weights = price_updated(weights, prices[reference_at] / prices[weight_at])
    later = prices[reference_at:] / prices[reference_at]
    found = weighted_mean(later, weights, np.zeros(prices.shape[1], dtype=np.int64), 1, order)[:, 0]
    assert all(close(a, b) for a, b in zip(found, told[panel][name], strict=True))


def price_and_quantity(table: list[dict[str, str]]) -> tuple[Floats, Floats]:
    periods = sorted({int(row["period"]) for row in table})
    products = sorted({int(row["product"]) for row in table})
    found = np.full((2, len(periods), len(products)), np.nan)
    for row in table:
        at = periods.index(int(row["period"])), products.index(int(row["product"]))
        found[0][at], found[1][at] = float(row["price"]), float(row["quantity"])
    return found[0], found[1]


# -- piar_matched_sample ----------------------------------------------------------------------

BUSINESSES = ("B1", "B2", "B3", "B4", "B5")
PERIODS = ("202001", "202002", "202003", "202004")
SAMPLE = Hierarchy((np.array([0, 0, 0, 1, 1]), np.array([0, 0])), (5, 2, 1))


class Sample:
    """The matched sample: prices (periods, products), the business of each product, weights."""

    def __init__(self, vectors: Path) -> None:
        table = rows(vectors, "piar_ms_prices.csv")
        business_of = {int(row["product"]): row["business"] for row in table}
        products = sorted(business_of)
        self.group = np.array([BUSINESSES.index(business_of[product]) for product in products])
        self.prices = np.full((len(PERIODS), len(products)), np.nan)
        for row in table:
            if row["price"]:
                at = PERIODS.index(row["period"]), products.index(int(row["product"]))
                self.prices[at] = float(row["price"])
        weights = {row["business"]: float(row["weight"]) for row in rows(vectors, "piar_ms_weights.csv")}
        self.weights = np.array([weights[business] for business in BUSINESSES])

    def elementary(self, name: str, period: int) -> Floats:
        """Movement of every business against the period before."""
        return FORMULAS[name](self.prices[period : period + 1], self.prices[period - 1], self.group, 5)


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


def walk(sample: Sample, order: int) -> tuple[list[dict[str, float]], list[dict[str, float]], Floats]:
    """Movements and chained values of every node, and the weights price-updated to each period."""
    weights, level = sample.weights, dict.fromkeys((*BUSINESSES, "11", "12", "1"), 1.0)
    moves, chained, history = [], [], [weights]
    for period in range(1, len(PERIODS)):
        levels = aggregate(SAMPLE, sample.elementary("jevons", period), weights, order).levels
        names = (*BUSINESSES, "11", "12", "1")
        moved = dict(zip(names, np.concatenate([part[0] for part in levels]).tolist(), strict=True))
        level = {name: level[name] * moved[name] for name in names}
        weights = price_updated(weights, levels[0][0], order)
        moves.append(moved)
        chained.append(level)
        history.append(weights)
    return moves, chained, np.array(history)


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
    found = dict(
        zip((*BUSINESSES, "11", "12", "1"), np.concatenate([part[0] for part in levels]), strict=True)
    )
    _, chained, _ = walk(sample, 1)
    for node, values in told["pop_202004"].items():
        assert close(found[node], values["202004"])
        assert close(chained[1][node] * found[node], told["chained"][node]["202004"])


def test_the_chain_with_imputed_references_is_piars_overall_mean_imputation(
    vectors: Path, sample: Sample
) -> None:
    """One index day a month and no carrying: then our links are piar's periods."""
    told = expected(vectors, "piar_matched_sample.json")["chained_after_overall_mean_imputation"]
    days = np.array(["2020-01-15", "2020-02-15", "2020-03-15", "2020-04-15"], dtype="datetime64[D]").astype(
        np.int64
    )
    recipe = Recipe(
        formula=FORMULAS["jevons"],
        order=1,
        price_update=True,
        level=1.0,
        imputed_links=3,
        group=sample.group,
        hierarchy=SAMPLE,
        admit=lambda _weights, _entering: sample.weights,
    )
    base = np.array([True, False, False, False])
    found = chain(build_panel(days, sample.prices, 0), base, recipe)
    for level, names in zip(found.levels, (BUSINESSES, ("11", "12"), ("1",)), strict=True):
        for place, node in enumerate(names):
            for row, period in enumerate(PERIODS):
                assert close(level[row, place], told[node][period]), (node, period)


# -- herb_panel_A -----------------------------------------------------------------------------


def test_the_herb_panel_hierarchy_is_piars_at_every_node_and_month(vectors: Path) -> None:
    told = expected(vectors, "herb_panel_A_hierarchy_piar.json")
    grades = [line["ea"] for line in told["weights"]]
    herbs = sorted({line["herb"] for line in told["weights"]})
    classes = sorted({line["category"] for line in told["weights"]})
    herb_of = np.array([herbs.index(line["herb"]) for line in told["weights"]])
    class_of_herb = {line["herb"]: line["category"] for line in told["weights"]}
    class_of = np.array([classes.index(class_of_herb[herb]) for herb in herbs])
    top = np.zeros(len(classes), dtype=np.int64)
    hierarchy = Hierarchy((herb_of, class_of, top), (len(grades), len(herbs), len(classes), 1))
    table = rows(vectors, "herb_panel_A.csv")
    prices, _ = price_and_quantity(table)
    grade_of = {
        int(row["product"]): f"{row['herb']}_{row['spec']}" for row in rows(vectors, "herb_panel_A_meta.csv")
    }
    quoted = sorted({int(row["product"]) for row in table})
    group = np.array([grades.index(grade_of[product]) for product in quoted])
    names = (*grades, *herbs, *classes, "ALL")
    weights = np.array([line["weight"] for line in told["weights"]])
    level = np.ones(len(names))
    compared = 0
    for period in range(1, prices.shape[0]):
        bottom = FORMULAS["jevons"](prices[period : period + 1], prices[period - 1], group, len(grades))
        levels = aggregate(hierarchy, bottom, weights, 1).levels
        moved = np.concatenate([part[0] for part in levels])
        level = level * moved
        weights = price_updated(weights, levels[0][0])
        for place, name in enumerate(names):
            assert close(moved[place], told["pop"][name][period]), (name, period)
            assert close(level[place], told["chained"][name][period]), (name, period)
            compared += 2
    assert compared == 2 * 40 * 24
