"""Volatility: how wild the changes have become against what is usual for the same series.

σ²_t = λ σ²_{t-1} + (1 - λ) r²_t with λ = 0.94 and r_t = ln P_t - ln P_{t-1}; the score is σ_t over the
median of the σ before it. λ is RiskMetrics' (J. P. Morgan, 1996: recalled); a moving average stands here
in place of GARCH, whose fits failed on 21 of 47 sticky herb series (seen).
"""

from typing import Final

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, indication
from priceindex.warning.indicators.windows import lagged, past_median, ratio

DECAY: Final = 0.94


def volatility(values: Floats, *, window: int = 104, least: int = 26) -> Indication:
    """Volatility of positive values (..., T) as a multiple of its median over the `window` periods before.

    Withheld where the change is missing, until `least` volatilities are known, and where that median is 0.
    A missing change leaves the volatility as it is. Evidence: `volatility` (ln, a period), `usual` and
    `standardised`, the change in units of the volatility before it.
    """
    change = np.log(values) - np.log(lagged(values, 1))
    sigma = _moving(change)
    usual, known = past_median(sigma, window)
    short = known < least
    return indication(
        ratio(sigma, usual),
        {"volatility": sigma, "usual": usual, "standardised": ratio(change, lagged(sigma, 1))},
        {"missing": np.isnan(change), "too_short": short, "no_spread": ~(usual > 0.0) & ~short},
    )


def _moving(change: Floats) -> Floats:
    """The exponentially weighted volatility, begun with the first change that is known."""
    sigma = np.full(change.shape, np.nan)
    running = np.full(change.shape[:-1], np.nan)
    for period in range(change.shape[-1]):
        square = change[..., period] ** 2
        moved = np.where(np.isnan(running), square, DECAY * running + (1.0 - DECAY) * square)
        running = np.where(np.isnan(square), running, moved)
        sigma[..., period] = np.sqrt(running)
    return sigma
