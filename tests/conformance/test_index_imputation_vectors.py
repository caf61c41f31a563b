"""Published imputed prices and the indices over them: StatCan's piar, to 1e-12 relative."""

import csv
import json
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from priceindex.cleaning.imputation.panel import impute
from priceindex.engine.aggregate import Hierarchy, aggregate, price_updated
from priceindex.formulas.elementary import FORMULAS
from priceindex.formulas.relatives import Floats, Places

pytestmark = pytest.mark.shared
COVERED = frozenset(
    {
        "piar_matched_sample.json:/imputed_prices_*",
        "piar_matched_sample.json:/chained_after_*",
        "herb_panel_A_hierarchy_piar.json:/chained_overall_mean_imputed/*",
        "herb_panel_A_hierarchy_piar.json:/chained_carry_forward/*",
        "herb_panel_A_hierarchy_piar.json:/chained_reweighted_at_13/*",
        "herb_panel_A_hierarchy_piar.json:/geometric_aggregation_chained/*",
    }
)
BUSINESSES = ("B1", "B2", "B3", "B4", "B5")
SAMPLE = Hierarchy((np.array([0, 0, 0, 1, 1]), np.array([0, 0])), (5, 2, 1))
SAMPLE_NODES = (*BUSINESSES, "11", "12", "1")
RULES: list[tuple[Literal["parental", "carry_forward"], str]] = [
    ("parental", "overall_mean"),
    ("carry_forward", "carry_forward"),
]


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "vectors" / "index"


def told(folder: Path, name: str) -> Any:
    return json.loads((folder / "expected" / name).read_text("utf-8"))


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "inputs" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(lines: list[dict[str, str]]) -> tuple[list[str], list[str], Floats]:
    """Periods, products and prices of a long table."""
    periods = sorted({line["period"] for line in lines}, key=int)
    products = sorted({line["product"] for line in lines}, key=int)
    prices = np.full((len(periods), len(products)), np.nan)
    for line in lines:
        if line["price"]:
            prices[periods.index(line["period"]), products.index(line["product"])] = float(line["price"])
    return periods, products, prices


def chained(
    prices: Floats, group: Places, hierarchy: Hierarchy, weights: Floats, order: int = 1
) -> list[Floats]:
    """Every node's chained value in every period, bottom up in one row."""
    level = np.ones(sum(hierarchy.sizes))
    found = [level]
    for period in range(1, len(prices)):
        bottom = FORMULAS["jevons"](
            prices[period : period + 1], prices[period - 1], group, hierarchy.sizes[0]
        )
        levels = aggregate(hierarchy, bottom, weights, order).levels
        level = level * np.concatenate([part[0] for part in levels])
        found.append(level)
        weights = price_updated(weights, levels[0][0], order)
    return found


# -- piar_matched_sample ----------------------------------------------------------------------


def matched_sample(folder: Path) -> tuple[list[dict[str, str]], list[str], list[str], Floats, Places, Floats]:
    lines = rows(folder, "piar_ms_prices.csv")
    periods, products, prices = table(lines)
    business_of = {line["product"]: line["business"] for line in lines}
    group = np.array([BUSINESSES.index(business_of[product]) for product in products])
    weight_of = {line["business"]: float(line["weight"]) for line in rows(folder, "piar_ms_weights.csv")}
    return lines, periods, products, prices, group, np.array([weight_of[name] for name in BUSINESSES])


@pytest.mark.parametrize(("rule", "name"), RULES)
def test_imputed_prices_of_the_matched_sample_are_piars(
    folder: Path, rule: Literal["parental", "carry_forward"], name: str
) -> None:
    lines, periods, products, prices, group, weights = matched_sample(folder)
    found = impute(prices, group, SAMPLE, weights, rule=rule).prices
    expected = told(folder, "piar_matched_sample.json")[f"imputed_prices_{name}"]
    assert len(lines) == len(expected) == 40
    for line, price in zip(lines, expected, strict=True):
        got = found[periods.index(line["period"]), products.index(line["product"])]
        assert np.isnan(got) if price is None else got == pytest.approx(price, rel=1e-12), line


@pytest.mark.parametrize(
    ("rule", "name"), [("parental", "overall_mean_imputation"), ("carry_forward", "carry_forward")]
)
def test_indices_over_imputed_prices_of_the_matched_sample_are_piars(
    folder: Path, rule: Literal["parental", "carry_forward"], name: str
) -> None:
    lines, periods, products, prices, group, weights = matched_sample(folder)
    filled = impute(prices, group, SAMPLE, weights, rule=rule).prices
    # piar imputes only where the table has a line for the product.
    listed = np.zeros(prices.shape, dtype=bool)
    for line in lines:
        listed[periods.index(line["period"]), products.index(line["product"])] = True
    found = chained(np.where(listed, filled, np.nan), group, SAMPLE, weights)
    expected = told(folder, "piar_matched_sample.json")[f"chained_after_{name}"]
    for node, values in expected.items():
        for row, period in enumerate(periods):
            got = found[row][SAMPLE_NODES.index(node)]
            assert got == pytest.approx(values[period], rel=1e-12), (node, period)


# -- herb_panel_A -----------------------------------------------------------------------------


class HerbPanel:
    """The herb panel's table, tree and weights."""

    def __init__(self, folder: Path) -> None:
        self.expected = told(folder, "herb_panel_A_hierarchy_piar.json")
        lines = self.expected["weights"]
        grades = [line["ea"] for line in lines]
        herbs = sorted({line["herb"] for line in lines})
        classes = sorted({line["category"] for line in lines})
        class_of = {line["herb"]: classes.index(line["category"]) for line in lines}
        self.names = (*grades, *herbs, *classes, "ALL")
        self.hierarchy = Hierarchy(
            (
                np.array([herbs.index(line["herb"]) for line in lines]),
                np.array([class_of[herb] for herb in herbs]),
                np.zeros(len(classes), dtype=np.int64),
            ),
            (len(grades), len(herbs), len(classes), 1),
        )
        _, products, self.prices = table(rows(folder, "herb_panel_A.csv"))
        grade_of = {
            line["product"]: f"{line['herb']}_{line['spec']}"
            for line in rows(folder, "herb_panel_A_meta.csv")
        }
        self.group = np.array([grades.index(grade_of[product]) for product in products])
        self.weights = np.array([line["weight"] for line in lines])
        self.new_weights = np.array([line["new_weight"] for line in lines])

    def agrees(self, key: str, found: list[Floats]) -> None:
        for node, values in self.expected[key].items():
            place = self.names.index(node)
            for period, value in enumerate(values):
                assert found[period][place] == pytest.approx(value, rel=1e-11), (key, node, period)


@pytest.fixture(scope="module")
def herbs(folder: Path) -> HerbPanel:
    return HerbPanel(folder)


@pytest.mark.parametrize(
    ("rule", "key"),
    [("parental", "chained_overall_mean_imputed"), ("carry_forward", "chained_carry_forward")],
)
def test_the_herb_panel_with_its_gaps_filled_is_piars(
    herbs: HerbPanel, rule: Literal["parental", "carry_forward"], key: str
) -> None:
    filled = impute(herbs.prices, herbs.group, herbs.hierarchy, herbs.weights, rule=rule).prices
    herbs.agrees(key, chained(filled, herbs.group, herbs.hierarchy, herbs.weights))


def test_the_herb_panel_aggregated_geometrically_is_piars(herbs: HerbPanel) -> None:
    found = chained(herbs.prices, herbs.group, herbs.hierarchy, herbs.weights, order=0)
    herbs.agrees("geometric_aggregation_chained", found)


def test_the_herb_panel_with_new_weights_at_month_13_is_piars(herbs: HerbPanel) -> None:
    first = chained(herbs.prices[:13], herbs.group, herbs.hierarchy, herbs.weights)
    later = chained(herbs.prices[12:], herbs.group, herbs.hierarchy, herbs.new_weights)
    herbs.agrees("chained_reweighted_at_13", [*first, *(first[-1] * part for part in later[1:])])
