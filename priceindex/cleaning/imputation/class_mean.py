"""Targeted mean imputation 类均值推算: a missing price moves as the nearest cells that were priced.

Nearest first: the same herb at the same market in any other grade or origin, then the same herb at any
market, then the herb's class. Each mean is the geometric mean of the matched relatives (CPI Manual 2020,
chapter 6, class mean imputation; the order is ours, written into docs/methodology.md).
"""

import numpy as np

from priceindex.formulas.relatives import Floats, Places
from priceindex.portable import exp, log


def class_mean(
    relatives: Floats, *, herb: Places, market: Places, class_: Places, class_moves: Floats
) -> Floats:
    """Movement of each cell (cells,), by the nearest group that has any.

    `relatives` are those of the cells priced at both ends, NaN for the rest; `herb`, `market` and `class_`
    the codes of each cell; `class_moves` the movement of each class.

    >>> nan, same = float("nan"), np.array([0, 0])
    >>> class_mean(np.array([1.2, nan]), herb=same, market=same, class_=same, class_moves=np.ones(1)).tolist()
    [1.2, 1.2]
    """
    moves = class_moves[class_]
    stall = herb * (int(market.max(initial=0)) + 1) + market
    for group in (herb, stall):
        near = _means(relatives, group)
        moves = np.where(np.isfinite(near), near, moves)
    return moves


def _means(relatives: Floats, group: Places) -> Floats:
    """Geometric mean of the relatives of each cell's group (cells,); NaN where it has none."""
    _, places = np.unique(group, return_inverse=True)
    known = np.isfinite(relatives)
    count = np.bincount(places, weights=known)
    logs = log(np.where(known, relatives, 1.0))
    sums = np.bincount(places, weights=np.where(known, logs, 0.0))
    means = exp(sums / np.where(count > 0, count, 1.0))
    return np.asarray(np.where(count > 0, means, np.nan)[places])
