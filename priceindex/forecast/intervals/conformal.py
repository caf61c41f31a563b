r"""From pooled scores of past forecasts to intervals that hold their share of what comes.

Split conformal prediction (Vovk, Gammerman and Shafer 2005, "Algorithmic learning in a random world"; Lei et
al. 2018, JASA 113): of n past scores the :math:`\lceil (n+1)(1-\alpha) \rceil`-th smallest bounds the next
with probability at least 1 - α, if they are exchangeable. Herb prices are not, and move together: what is
claimed is coverage in the long run, which `adaptive` steers, and coverage per week is published beside it.
"""

import math
from typing import Final

import numpy as np

from priceindex.forecast.intervals.distance import lower_bound, upper_bound
from priceindex.forecast.method import QUANTILES
from priceindex.forecast.panel import Floats

LEVELS: Final = (QUANTILES[3] - QUANTILES[1], QUANTILES[4] - QUANTILES[0])
"""What the inner and the outer interval are to hold: 80 % and 95 %."""


def bound(ordered: Floats, level: float) -> float:
    """The score that bounds the next with probability `level`, from ascending scores.

    The largest where they are too few for the level, NaN without scores, 0 for a level of nothing.

    >>> bound(np.arange(1.0, 10.0), 0.8), bound(np.arange(1.0, 10.0), 0.99)
    (8.0, 9.0)
    """
    if not len(ordered):
        return math.nan
    place = min(rank(len(ordered), level), len(ordered))
    return float(ordered[place - 1]) if place > 0 else 0.0


def rank(scores: int, level: float) -> int:
    """Which of `scores` bounds the next, from 1; more than `scores` where they are too few for the level.

    >>> rank(19, 0.95), rank(18, 0.95)
    (19, 19)
    """
    return math.ceil((scores + 1) * level - 1e-9)


def intervals(centre: Floats, reach: Floats) -> Floats:
    """The quantiles (n, h, 5) in the order of `QUANTILES` around point forecasts (n, h).

    `reach` (n, h, 2) is how far the inner and the outer interval go, in units of the series (see `distance`).
    Quantiles never cross: the outer interval is at least as wide as the inner one. All are positive.
    """
    inner, outer = reach[..., 0], np.maximum(reach[..., 0], reach[..., 1])
    return np.stack(
        [
            lower_bound(centre, outer),
            lower_bound(centre, inner),
            np.where(np.isfinite(inner), centre, np.nan),
            upper_bound(centre, inner),
            upper_bound(centre, outer),
        ],
        axis=-1,
    )
