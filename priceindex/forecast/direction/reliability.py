"""Whether chances mean what they say: the reliability table, and how well they tell cases apart.

The table: Murphy and Winkler 1977, "Reliability of subjective probability forecasts of precipitation and
temperature", Applied Statistics 26. The area under the ROC curve is the rank-sum statistic (Hanley and McNeil
1982, Radiology 143).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from priceindex.forecast.panel import Floats

EDGES: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """Forecasts whose chance lay between two edges, the upper one counted only in the last bin."""

    low: float
    high: float
    forecasts: int
    mean_chance: float
    share_came: float
    """How often it came; a reliable forecaster's equals `mean_chance`."""


def reliability(chances: Floats, came: Floats) -> tuple[ReliabilityBin, ...]:
    """The table of chances, (m,), against what came, (m,) of 0 and 1; bins without a forecast are left out.

    Pairs with a NaN are not counted.
    """
    known = ~np.isnan(chances) & ~np.isnan(came)
    chances, came = chances[known], came[known]
    place = np.minimum(np.searchsorted(EDGES, chances, side="right") - 1, len(EDGES) - 2)
    return tuple(
        ReliabilityBin(
            low=EDGES[each],
            high=EDGES[each + 1],
            forecasts=int((place == each).sum()),
            mean_chance=float(chances[place == each].mean()),
            share_came=float(came[place == each].mean()),
        )
        for each in range(len(EDGES) - 1)
        if bool((place == each).any())
    )


def area_under_roc(chances: Floats, came: Floats) -> float:
    """Chance that a case that came was given more than one that did not, ties half; NaN without both kinds.

    >>> area_under_roc(np.array([0.9, 0.4, 0.4]), np.array([1.0, 1.0, 0.0]))
    0.75
    """
    known = ~np.isnan(chances) & ~np.isnan(came)
    chances, yes = chances[known], came[known] > 0.5
    _, place, counts = np.unique(chances, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[place]
    ours, theirs = int(yes.sum()), int((~yes).sum())
    if not ours or not theirs:
        return float("nan")
    return float((ranks[yes].sum() - ours * (ours + 1) / 2.0) / (ours * theirs))
