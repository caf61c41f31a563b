"""Quote-volume divergence 价量背离: the price is said to rise and nobody trades at it.

D_t = z(Δ ln P) - z(Δ ln V) over four weeks; score = D where z(Δ ln V) < -0.5, else 0. From 2 on it counts.
V is traced trade or batches registered: mass that changed hands on record. The rule is daodi's own.
"""

from typing import Final

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, indication, same_periods
from priceindex.warning.indicators.windows import lagged, past_mean, ratio

THIN: Final = -0.5
"""Trade counts as thinning out when its change is this many standard deviations from usual."""
LEAST_GRAMS: Final = 1000.0
"""Volumes under a kilogram count as one, so that a stop of trade has a logarithm."""


def quote_volume(
    price: Floats, volume: Floats, *, over: int = 4, window: int = 52, least: int = 26
) -> Indication:
    """The divergence of prices and volumes (g in each period), (..., T); a volume of 0 is no trade.

    Volumes are summed over `over` periods, changes are those over as many, each standardised by the `window`
    changes before it. Withheld where either is missing, until `least` earlier changes of both are known, and
    where either never varied. Evidence: `z_price`, `z_volume`, `divergence`, `volume` (the sum). Raises
    `IndicatorMisshapen`.
    """
    same_periods("quote_volume", price, volume)
    summed = np.stack([lagged(volume, back) for back in range(over)], axis=-1).sum(axis=-1)
    price_change = np.log(price) - np.log(lagged(price, over))
    logs = np.log(np.maximum(summed, LEAST_GRAMS))
    volume_change = logs - lagged(logs, over)
    z_price, price_known = _standardised(price_change, window)
    z_volume, volume_known = _standardised(volume_change, window)
    divergence = z_price - z_volume
    unknown = np.isnan(price_change) | np.isnan(volume_change)
    short = np.minimum(price_known, volume_known) < least
    return indication(
        np.where(z_volume < THIN, divergence, 0.0),
        {"z_price": z_price, "z_volume": z_volume, "divergence": divergence, "volume": summed},
        {"missing": unknown, "too_short": short, "no_spread": np.isnan(divergence) & ~unknown & ~short},
    )


def _standardised(changes: Floats, window: int) -> tuple[Floats, Floats]:
    mean, spread, known = past_mean(changes, window)
    return ratio(changes - mean, spread), known
