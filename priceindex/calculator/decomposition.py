"""The change between two periods taken apart by product: contributions that add up to it exactly."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.calculator.calculator_errors import NotDecomposed
from priceindex.formulas import contributions, fisher_contributions
from priceindex.formulas.index_forms import must_lie_within
from priceindex.formulas.pairs import Pair, Shares
from priceindex.formulas.relatives import Floats
from priceindex.multilateral.coded_panel import CodedPanel

DECOMPOSED: Final[Mapping[str, Callable[[Pair], Floats]]] = {
    "laspeyres": contributions.laspeyres_contributions,
    "paasche": contributions.paasche_contributions,
    "jevons": contributions.jevons_contributions,
    "tornqvist": contributions.tornqvist_contributions,
    "walsh": contributions.walsh_contributions,
    "fisher": fisher_contributions.additive,
    "fisher_nested": fisher_contributions.nested,
}
"""Formula -> its contributions; Fisher's additive ones are van IJzeren's, the nested ones Reinsdorf's."""


@dataclass(frozen=True, slots=True)
class ProductContribution:
    """What one product adds to the change, as a fraction of the first period's level."""

    product: Hashable
    part: float


def decompose(
    panel: CodedPanel, method: str, first: int, last: int, shares: Shares = "matched"
) -> tuple[ProductContribution, ...]:
    """Contributions of every matched product to the change between two periods, largest first.

    Raises `NotDecomposed` for a method without contributions, `LinkOutside` and `NothingMatched`.
    """
    if method not in DECOMPOSED:
        raise NotDecomposed(method=method[:60], known=", ".join(DECOMPOSED))
    for place in (first, last):
        must_lie_within(place, len(panel.periods))
    there = panel.present[first] & panel.present[last]
    pair = Pair(
        panel.prices[first, there],
        panel.quantities[first, there],
        panel.prices[last, there],
        panel.quantities[last, there],
        shares,
    )
    parts = DECOMPOSED[method](pair)
    traded = np.flatnonzero(there)[(panel.quantities[first, there] > 0) & (panel.quantities[last, there] > 0)]
    named = [panel.products[place] for place in traded.tolist()]
    found = [ProductContribution(name, part) for name, part in zip(named, parts.tolist(), strict=True)]
    return tuple(sorted(found, key=lambda each: (-abs(each.part), str(each.product))))
