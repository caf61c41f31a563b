"""piar's matched sample: twelve products of five businesses in two branches over four months."""

from pathlib import Path

import numpy as np

from priceindex.engine.aggregate import Hierarchy, aggregate, price_updated
from priceindex.formulas.elementary import FORMULAS
from priceindex.formulas.relatives import Floats
from tests.conformance.index_vector_sets import table

BUSINESSES = ("B1", "B2", "B3", "B4", "B5")
PERIODS = ("202001", "202002", "202003", "202004")
NODES = (*BUSINESSES, "11", "12", "1")
SAMPLE = Hierarchy((np.array([0, 0, 0, 1, 1]), np.array([0, 0])), (5, 2, 1))


class Sample:
    """The matched sample: prices (periods, products), the business of each product, weights."""

    def __init__(self, vectors: Path) -> None:
        lines = table(vectors, "piar_ms_prices.csv")
        business_of = {int(row["product"]): row["business"] for row in lines}
        products = sorted(business_of)
        self.group = np.array([BUSINESSES.index(business_of[product]) for product in products])
        self.prices = np.full((len(PERIODS), len(products)), np.nan)
        for row in lines:
            if row["price"]:
                at = PERIODS.index(row["period"]), products.index(int(row["product"]))
                self.prices[at] = float(row["price"])
        weights = {row["business"]: float(row["weight"]) for row in table(vectors, "piar_ms_weights.csv")}
        self.weights = np.array([weights[business] for business in BUSINESSES])

    def elementary(self, name: str, period: int) -> Floats:
        """Movement of every business against the period before."""
        return FORMULAS[name](self.prices[period : period + 1], self.prices[period - 1], self.group, 5)


def walk(sample: Sample, order: int) -> tuple[list[dict[str, float]], list[dict[str, float]], Floats]:
    """Movements and chained values of every node, and the weights price-updated to each period."""
    weights, level = sample.weights, dict.fromkeys(NODES, 1.0)
    moves, chained, history = [], [], [weights]
    for period in range(1, len(PERIODS)):
        levels = aggregate(SAMPLE, sample.elementary("jevons", period), weights, order).levels
        names = NODES
        moved = dict(zip(names, np.concatenate([part[0] for part in levels]).tolist(), strict=True))
        level = {name: level[name] * moved[name] for name in names}
        weights = price_updated(weights, levels[0][0], order)
        moves.append(moved)
        chained.append(level)
        history.append(weights)
    return moves, chained, np.array(history)
