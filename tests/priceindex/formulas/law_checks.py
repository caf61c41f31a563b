"""Each law as a number: how far a formula is from obeying it on three periods of prices and quantities."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.formulas.laws import Law
from priceindex.formulas.pairs import Pair
from priceindex.formulas.relatives import Floats

Formula = Callable[[Pair], float]


@dataclass(frozen=True, slots=True)
class Three:
    """Three periods of one set of products, and a factor for each product and for all of them."""

    prices: Floats
    """(3, n)."""
    quantities: Floats
    """(3, n)."""
    units: Floats
    """(n,) how many new units one old unit is, for each product."""
    factor: float

    def pair(self, first: int = 0, second: int = 1) -> Pair:
        p, q = self.prices, self.quantities
        return Pair(p[first], q[first], p[second], q[second])


def identity(formula: Formula, three: Three) -> float:
    p, q = three.prices[0], three.quantities
    return formula(Pair(p, q[0], p, q[1])) - 1


def proportionality(formula: Formula, three: Three) -> float:
    p, q = three.prices[0], three.quantities
    return formula(Pair(p, q[0], three.factor * p, q[1])) / three.factor - 1


def homogeneity(formula: Formula, three: Three) -> float:
    p, q = three.prices, three.quantities
    scaled = formula(Pair(p[0], q[0], three.factor * p[1], q[1]))
    return scaled / (three.factor * formula(three.pair())) - 1


def time_reversal(formula: Formula, three: Three) -> float:
    return formula(three.pair()) * formula(three.pair(1, 0)) - 1


def circularity(formula: Formula, three: Three) -> float:
    return formula(three.pair()) * formula(three.pair(1, 2)) / formula(three.pair(0, 2)) - 1


def commensurability(formula: Formula, three: Three) -> float:
    p, q, units = three.prices * three.units, three.quantities / three.units, three.units
    assert units.shape == p[0].shape
    return formula(Pair(p[0], q[0], p[1], q[1])) / formula(three.pair()) - 1


def mean_value(formula: Formula, three: Three) -> float:
    pair = three.pair()
    index, relatives = formula(pair), pair.relatives
    return float(max(index / relatives.max() - 1, relatives.min() / index - 1, 0.0))


def factor_reversal(formula: Formula, three: Three) -> float:
    pair = three.pair()
    return formula(pair) * formula(pair.swapped()) / pair.value_ratio - 1


def consistency(formula: Formula, three: Three) -> float:
    """Through two groups, each with its index as price and its value over that as quantity."""
    p, q = three.prices, three.quantities
    cut = max(1, p.shape[1] // 2)
    groups = [slice(0, cut), slice(cut, None)] if p.shape[1] > 1 else [slice(None)]
    parts = [Pair(p[0, part], q[0, part], p[1, part], q[1, part]) for part in groups]
    indices = np.array([formula(part) for part in parts])
    before = np.array([part.values0.sum() for part in parts])
    after = np.array([part.values1.sum() for part in parts])
    two_steps = formula(Pair(np.ones(len(parts)), before, indices, after / indices))
    return two_steps / formula(three.pair()) - 1


DISTANCE: Final[Mapping[Law, Callable[[Formula, Three], float]]] = {
    Law.IDENTITY: identity,
    Law.PROPORTIONALITY: proportionality,
    Law.HOMOGENEITY: homogeneity,
    Law.TIME_REVERSAL: time_reversal,
    Law.CIRCULARITY: circularity,
    Law.COMMENSURABILITY: commensurability,
    Law.MEAN_VALUE: mean_value,
    Law.FACTOR_REVERSAL: factor_reversal,
    Law.CONSISTENCY: consistency,
}
"""0 where the law is obeyed."""
