"""Stock cover 库存可用天数: goods pile up in store while the price rises, which is how hoarding looks.

cover_t = stock / mean outflow a day over the last periods;  z_t = (ln cover_t - mean) / sd of the values
before; score = z_t where the price rose over the same periods, else 0. From 2 on it counts. Stock and outflow
are those of traced storage, which no price site has; untraced goods are not in them, so a score speaks of
what is on record. The rule is daodi's own; buyers locking up mature stock was reported of 当归 in 2023
(press, seen).
"""

from typing import Final

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, indication, same_periods
from priceindex.warning.indicators.windows import lagged, past_mean, ratio

LONGEST_DAYS: Final = 3650.0
"""Cover is cut here: where nothing flows out it would be endless. An assumption."""


def stock_cover(
    stock: Floats,
    outflow: Floats,
    price: Floats,
    *,
    days: float = 7.0,
    over: int = 4,
    window: int = 52,
    least: int = 13,
) -> Indication:
    """The hoarding score from stock (g, at the period's end), outflow (g in the period) and price, (..., T).

    A period lasts `days`; outflow and price movement are those of the last `over` periods. Withheld where one
    of the three is missing, until `least` covers of the last `window` are known, and where the cover never
    varied. Evidence: `cover_days`, `usual_days` (e to the mean logarithm), `z`, `price_change` (fraction),
    `stock`. Raises `IndicatorMisshapen`.
    """
    same_periods("stock_cover", stock, outflow, price)
    cover = _cover_days(stock, outflow, days, over)
    logs = np.log(np.where(cover > 0.0, cover, np.nan))
    usual, spread, known = past_mean(logs, window)
    score = ratio(logs - usual, spread)
    change = ratio(price, lagged(price, over)) - 1.0
    unknown = np.isnan(logs) | np.isnan(change)
    short = known < least
    return indication(
        np.where(change > 0.0, score, 0.0),
        {
            "cover_days": cover,
            "usual_days": np.exp(usual),
            "z": score,
            "price_change": change,
            "stock": stock,
        },
        {"missing": unknown, "too_short": short, "no_spread": np.isnan(score) & ~unknown & ~short},
    )


def _cover_days(stock: Floats, outflow: Floats, days: float, over: int) -> Floats:
    """Days the stock lasts at the mean outflow, cut at `LONGEST_DAYS`; NaN with neither stock nor outflow."""
    flows = np.stack([lagged(outflow, back) for back in range(over)], axis=-1)
    daily = flows.mean(axis=-1) / days
    endless = (daily == 0.0) & (stock > 0.0)
    return np.where(endless, LONGEST_DAYS, np.minimum(ratio(stock, daily), LONGEST_DAYS))
