"""Breadth 涨跌面: how many of the nodes below go up together.

score = nodes up / nodes whose change is known. One herb that doubles is its own affair; two thirds of a
class going up is the market's. Price indices of the trade publish the same
numbers; the share is daodi's own score.
"""

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, indication
from priceindex.warning.indicators.windows import lagged, ratio


def breadth(values: Floats, periods: int = 4, *, flat_within: float = 0.001, least: int = 5) -> Indication:
    """Share of nodes that rose over `periods`, from node values (..., nodes, T) to (..., T).

    A change of at most `flat_within` is none. Withheld under `least` nodes with a known change. Evidence:
    `up`, `down` and `known` (numbers of nodes), `net` = (up - down) / known.

    >>> breadth(np.array([[1.0, 2.0], [1.0, 1.0]]), 1, least=2).score.tolist()
    [nan, 0.5]
    """
    change = ratio(values, lagged(values, periods)) - 1.0
    return breadth_of_counts(
        (change > flat_within).sum(axis=-2).astype(np.float64),
        (change < -flat_within).sum(axis=-2).astype(np.float64),
        np.isfinite(change).sum(axis=-2).astype(np.float64),
        least=least,
    )


def breadth_of_counts(up: Floats, down: Floats, known: Floats, *, least: int = 5) -> Indication:
    """The same from published numbers of nodes: up, down, and all whose change is known.

    >>> breadth_of_counts(np.array([6.0]), np.array([1.0]), np.array([8.0])).score.tolist()
    [0.75]
    """
    few = ~(known >= least)
    evidence = {"up": up, "down": down, "known": known, "net": ratio(up - down, known)}
    return indication(ratio(up, known), evidence, {"too_few": few})
