"""Price-to-grain ratio 药粮比价: whether a herb pays so much more than grain that fields or foragers turn.

ratio_t = herb price / grain price, both for a kilogram; score = ratio_t / median of the ratios before - 1.
For a wild herb a high ratio says that digging pays; for a grown one, that fields will follow. The grain price
is handed in by the operator: daodi has none. The score is daodi's own.
"""

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, indication, same_periods
from priceindex.warning.indicators.windows import past_median, ratio


def grain_ratio(prices: Floats, grain: Floats, *, window: int = 60, least: int = 12) -> Indication:
    """How far the ratio of prices (..., T) to a grain price (T,) is above its median, as a fraction.

    Both in fen a kilogram over the same periods, the grain price as it was known in each. Withheld until
    `least` of the last `window` ratios are known. Evidence: `ratio`, `usual`, `grain`. Raises
    `IndicatorMisshapen`.

    >>> grain_ratio(np.array([[20.0, 20.0, 30.0]]), np.array([2.0, 2.0, 2.0]), least=2).score.tolist()
    [[nan, nan, 0.5]]
    """
    same_periods("grain_ratio", prices, grain)
    times = ratio(prices, np.broadcast_to(grain, prices.shape))
    usual, known = past_median(times, window)
    return indication(
        ratio(times, usual) - 1.0,
        {"ratio": times, "usual": usual, "grain": np.broadcast_to(grain, prices.shape)},
        {"missing": np.isnan(times), "too_short": known < least},
    )
