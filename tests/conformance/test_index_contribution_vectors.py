"""Published contributions: gpindex's on six products, piar's of products to every level; piar's rebasing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from priceindex.engine.aggregate import aggregate, level_weights, price_updated
from priceindex.formulas import fisher_contributions
from priceindex.formulas.contribution_paths import along_chain, top_shares
from priceindex.formulas.contributions import (
    jevons_contributions,
    laspeyres_contributions,
    mean_contributions,
    paasche_contributions,
    tornqvist_contributions,
)
from priceindex.formulas.elementary import FORMULAS
from priceindex.formulas.index_forms import Chained
from priceindex.formulas.linking import rebase
from priceindex.formulas.pairs import Pair
from priceindex.formulas.relatives import Floats, Places
from tests.conformance.index_herb_panel import HerbPanel
from tests.conformance.index_matched_sample import NODES, PERIODS, SAMPLE, Sample, walk
from tests.conformance.index_vector_sets import agrees, expected, price_and_quantity, table

pytestmark = pytest.mark.shared
SIX_PRODUCTS: Final[dict[str, Callable[[Pair], Floats]]] = {
    "laspeyres_arithmetic": laspeyres_contributions,
    "jevons_geometric": jevons_contributions,
    "tornqvist_geometric": tornqvist_contributions,
    "paasche_harmonic": paasche_contributions,
    "fisher_reinsdorf_nested": fisher_contributions.nested,
    "fisher_van_ijzeren_additive": fisher_contributions.additive,
}
COVERED: Final = frozenset(
    {
        *(f"price6_contributions_gpindex.json:/{key}" for key in SIX_PRODUCTS),
        *(f"price6_contributions_gpindex.json:/sums/{key}" for key in SIX_PRODUCTS),
        "piar_matched_sample.json:/contributions_top_level_percentage_points/*",
        "piar_matched_sample.json:/contributions_level_11/*",
        "piar_matched_sample.json:/rebase_202004/*",
        "herb_panel_A_hierarchy_piar.json:/contrib_ALL_period_02/*",
        "herb_panel_A_hierarchy_piar.json:/contrib_ALL_period_25_sum",
    }
)
"""Keys of the expected files that the tests of this file compare."""


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    """The folder of index vectors."""
    return shared / "vectors" / "index"


@pytest.fixture(scope="module")
def sample(vectors: Path) -> Sample:
    """piar's matched sample."""
    return Sample(vectors)


@pytest.mark.parametrize("key", SIX_PRODUCTS)
def test_gpindex_gives_the_same_parts_and_the_same_sum(vectors: Path, key: str) -> None:
    told = expected(vectors, "price6_contributions_gpindex.json")
    prices, quantities = price_and_quantity(table(vectors, "price6.csv"))
    found = SIX_PRODUCTS[key](Pair(prices[0], quantities[0], prices[1], quantities[1]))
    assert all(agrees(ours, theirs, 1e-12) for ours, theirs in zip(found, told[key], strict=True))
    assert agrees(float(found.sum()), told["sums"][key], 1e-12)


def jevons_parts(now: Floats, before: Floats, group: Places) -> Floats:
    """Contribution of each product to the Jevons movement of its own group; NaN where not matched."""
    parts = np.full(len(group), np.nan)
    matched = np.isfinite(now / before)
    for node in np.unique(group[matched]):
        mine = matched & (group == node)
        parts[mine] = mean_contributions(np.ones(mine.sum()), now[mine] / before[mine], 0)
    return parts


def monthly_shares(sample: Sample, top: str) -> Iterator[tuple[int, Floats]]:
    """For each month, the share with which each business enters the top, or branch 11 alone."""
    weights = sample.weights
    for period in range(1, len(PERIODS)):
        bottom = sample.elementary("jevons", period)
        moved = aggregate(SAMPLE, bottom, weights).levels
        levels = [bottom[0], moved[1][0], moved[2][0]]
        by_level = level_weights(SAMPLE, weights)
        if top == "1":
            yield period, top_shares(SAMPLE.parents, levels, by_level)
        else:
            alone = np.where(SAMPLE.parents[0] == 0, bottom[0], np.nan)
            yield period, top_shares(SAMPLE.parents[:1], [alone, levels[1]], by_level[:2])
        weights = price_updated(weights, moved[0][0])


@pytest.mark.parametrize(
    ("key", "top"), [("contributions_top_level_percentage_points", "1"), ("contributions_level_11", "11")]
)
def test_piar_gives_the_same_parts_of_every_product_in_every_month(
    vectors: Path, sample: Sample, key: str, top: str
) -> None:
    told = expected(vectors, "piar_matched_sample.json")[key]
    moves, _, _ = walk(sample, 1)
    for period, shares in monthly_shares(sample, top):
        parts = jevons_parts(sample.prices[period], sample.prices[period - 1], sample.group)
        found = shares[sample.group] * parts
        assert np.nansum(found) == pytest.approx(moves[period - 1][top] - 1, rel=1e-12)
        for product, by_month in told.items():
            said = by_month[PERIODS[period]]
            ours = float(np.nan_to_num(found[int(product) - 1]))
            assert agrees(ours, said or 0.0, 1e-12), (product, PERIODS[period])


def test_piar_gives_the_same_levels_rebased_to_the_last_month(vectors: Path, sample: Sample) -> None:
    told = expected(vectors, "piar_matched_sample.json")["rebase_202004"]
    _, chained, _ = walk(sample, 1)
    levels = np.array([[1.0] * len(NODES), *([month[node] for node in NODES] for month in chained)])
    rebased = rebase(Chained(levels), len(PERIODS) - 1).levels
    for node, by_month in told.items():
        for row, month in enumerate(PERIODS):
            assert agrees(rebased[row, NODES.index(node)], by_month[month], 1e-12), (node, month)


def test_piar_gives_the_same_parts_of_the_herb_panel(vectors: Path) -> None:
    """The second month product by product, the last as a sum, and all of them along the chain."""
    told = expected(vectors, "herb_panel_A_hierarchy_piar.json")
    panel = HerbPanel(vectors)
    weights = panel.weights
    parts = np.zeros(panel.prices.shape)
    for period in range(1, len(panel.prices)):
        now, before = panel.prices[period], panel.prices[period - 1]
        bottom = FORMULAS["jevons"](now[None, :], before, panel.group, len(weights))
        moved = aggregate(panel.hierarchy, bottom, weights).levels
        levels = [bottom[0], *(level[0] for level in moved[1:])]
        shares = top_shares(panel.hierarchy.parents, levels, level_weights(panel.hierarchy, weights))
        parts[period] = np.nan_to_num(shares[panel.group] * jevons_parts(now, before, panel.group))
        assert parts[period].sum() == pytest.approx(moved[-1][0, 0] - 1, abs=1e-13)
        weights = price_updated(weights, moved[0][0])
    for product, said in told["contrib_ALL_period_02"].items():
        if int(product) in panel.products:
            found = float(parts[1][panel.products.index(int(product))])
            assert agrees(found, said or 0.0, 1e-12), product
        else:
            assert not said
    assert agrees(float(parts[24].sum()), told["contrib_ALL_period_25_sum"], 1e-12)
    series = Chained(np.array(told["chained"]["ALL"]))
    assert along_chain(parts, series).sum() == pytest.approx(series.levels[-1] - 1, abs=1e-12)
