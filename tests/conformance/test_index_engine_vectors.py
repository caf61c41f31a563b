"""piar's matched sample through the engine that makes releases: one index day a month, nothing carried."""

from pathlib import Path
from typing import cast

import numpy as np
import pytest

from priceindex.engine.basket import Basket, Closing, Started, Turned
from priceindex.engine.cell_prices import CellDays
from priceindex.engine.chain import Codes, Recipe, Segment, begin, link, segment
from priceindex.engine.panel import CarryRule, LastQuotes, Marks, Panel, build_panel
from priceindex.formulas.elementary import FORMULAS
from priceindex.formulas.relatives import Floats
from tests.conformance.index_matched_sample import BUSINESSES, PERIODS, SAMPLE, Sample
from tests.conformance.index_vector_sets import agrees, expected

pytestmark = pytest.mark.shared
COVERED = frozenset({"piar_matched_sample.json:/chained_after_overall_mean_imputation/*"})


class SameBasket:
    """A basket that nothing enters and nothing leaves: piar's weights throughout."""

    def __init__(self, weights: Floats) -> None:
        self.weights = weights

    def begin(self, _month: int, _priced: Marks) -> Started:
        return Started(self.weights, np.ones(1, dtype=bool))

    def turn(self, closing: Closing) -> Turned:
        return Turned(closing.weights, closing.members, np.zeros(len(self.weights), dtype=bool), ())


def one_day_a_month(prices: Floats) -> Panel:
    """The sample's prices on the 15th of each month, each quoted by one source."""
    days = np.array(["2020-01-15", "2020-02-15", "2020-03-15", "2020-04-15"], dtype="datetime64[D]")
    row, cell = np.nonzero(np.isfinite(prices))
    count = len(row)
    priced = CellDays(
        day=days.astype(np.int64)[row],
        cell=cell,
        fen=prices[row, cell],
        tier=np.zeros(count, dtype=np.int64),
        quotes=np.ones(count, dtype=np.int64),
        sources=np.ones((count, 1), dtype=np.uint64),
    )
    cells = prices.shape[1]
    rule = CarryRule(days=0, within_month=np.zeros(cells, dtype=bool))
    return build_panel(priced, rule, LastQuotes.none(cells), np.full(cells, np.nan))[0]


def recipe_of_sample(sample: Sample) -> Recipe:
    """Products as cells, businesses as grades, branches above them."""
    nothing = np.zeros(len(sample.group), dtype=np.int64)
    branch = SAMPLE.parents[0][sample.group]
    return Recipe(
        formula=FORMULAS["jevons"],
        order=1,
        price_update=True,
        level=1.0,
        limits=np.full(len(sample.group), 3),
        codes=Codes(grade=sample.group, herb=branch, part_class=branch, market=nothing),
        hierarchy=SAMPLE,
        basket=cast("Basket", SameBasket(sample.weights)),
    )


def test_the_chain_with_imputed_references_is_piars_overall_mean_imputation(shared: Path) -> None:
    """One index day a month and no carrying: then our links are piar's periods."""
    vectors = shared / "vectors" / "index"
    told = expected(vectors, "piar_matched_sample.json")["chained_after_overall_mean_imputation"]
    sample = Sample(vectors)
    recipe, panel = recipe_of_sample(sample), one_day_a_month(sample.prices)
    found: list[Segment] = []
    for row in range(len(PERIODS)):
        day = panel.rows(slice(row, row + 1))
        standing = link(found[-1], recipe, tuple(found)) if found else begin(day, np.array([True]), recipe)
        found.append(segment(day, standing, recipe))
    for depth, names in enumerate((BUSINESSES, ("11", "12"), ("1",))):
        for place, node in enumerate(names):
            for row, period in enumerate(PERIODS):
                value = float(found[row].values[depth][0, place])
                assert agrees(value, told[node][period], 1e-12), (node, period)
