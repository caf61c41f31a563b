"""Growth of a price over a fixed time: 1, 3 and 12 months, or 30, 90 and 365 days on dated prices.

score_t = P_t / P_{t-k} - 1. The plainest rule, and on real data the best one by F1
(docs/methodology-forecast.md prints the comparison). Moves over days stand beside it because daily changes
of herb quotes are nearly all zero: 97 % in a year of Bozhou quotes (seen). The definition is arithmetic.
"""

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, Places, indication, same_periods
from priceindex.warning.indicators.windows import lagged, ratio


def growth(values: Floats, periods: int = 3) -> Indication:
    """Growth over `periods` of positive values (..., T) on an even grid, as a fraction (0.2 = 20 %).

    Evidence: `now` and `then`. Withheld where either is missing.

    >>> growth(np.array([100.0, 100.0, 100.0, 125.0])).score.tolist()
    [nan, nan, nan, 0.25]
    """
    then = lagged(values, periods)
    change = ratio(values, then) - 1.0
    return indication(change, {"now": values, "then": then}, {"missing": np.isnan(change)})


def growth_over_days(values: Floats, days: Places, over: int = 30, *, late_at_most: int = 7) -> Indication:
    """Growth over `over` days of values (..., T) dated by rising day numbers (T,).

    The earlier value is that of the last date on or before `day - over`; it is taken only if it is at most
    `late_at_most` days older than that. Evidence: `now` and `then`. Raises `IndicatorMisshapen`.

    >>> growth_over_days(np.array([100.0, 110.0]), np.array([0, 31])).score.round(6).tolist()
    [nan, 0.1]
    """
    same_periods("growth_over_days", values, days)
    place = np.searchsorted(days, days - over, side="right") - 1
    near = (place >= 0) & (days - over - days[np.maximum(place, 0)] <= late_at_most)
    then = np.where(near, values[..., np.maximum(place, 0)], np.nan)
    change = ratio(values, then) - 1.0
    return indication(change, {"now": values, "then": then}, {"missing": np.isnan(change)})
