"""Cross-market spread 市场价差: one market leaves the others.

For each pair of markets i, j the deviation is |s_t - median(s)| with s = ln P_i - ln P_j and the median of
the periods before; the bound is max(3 · MAD, transport cost as a share of the price). The score of a market
is its worst deviation over the bound to any other market, and must have lasted: it is the smallest of the
last two periods. From 1 on it counts. The bound and the two periods are daodi's own; in
2026 the 90th percentile of the spread between four markets was 41.5 % (seen), so that levels alone say
little. Median and MAD are those of a trailing window.
"""

from typing import Final

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, indication
from priceindex.warning.indicators.windows import MAD_TO_SD, lagged, past_robust

TRANSPORT: Final = 0.20
"""Below this share no deviation counts: transport, and two large steps of a quote (the 90th percentile of
real steps is 9.5 %). Spreads between prices that seldom step have no median deviation. An assumption."""
DEVIATIONS: Final = 3.0
"""How many median absolute deviations are usual."""


def market_spread(
    prices: Floats, *, transport: float = TRANSPORT, window: int = 52, least: int = 13, lasting: int = 2
) -> Indication:
    """The spread score of each market from prices of one thing, (..., markets, T), even periods.

    `transport` is the cost of bringing goods from one to another as a share of the price: an assumption of
    whoever hands it in. Withheld where no pair of the market has `least` earlier spreads in the window and
    one now. Evidence: `other`, the place of the market it deviates from; `spread` and `usual` (ln), `bound`.
    """
    logs = np.log(prices)
    spread = logs[..., :, None, :] - logs[..., None, :, :]  # (..., i, j, T)
    usual, deviation, known = past_robust(spread, window)
    bound = np.maximum(DEVIATIONS * deviation / MAD_TO_SD, transport)
    over = np.abs(spread - usual) / bound
    over = np.where(known >= least, over, np.nan)
    over = _of_others(np.stack([lagged(over, back) for back in range(lasting)], axis=-1).min(axis=-1))
    worst, score = _worst(over)
    evidence = {"other": worst.astype(np.float64)}
    for name, numbers in (("spread", spread), ("usual", usual), ("bound", bound)):
        evidence[name] = np.take_along_axis(numbers, worst[..., None, :], axis=-2)[..., 0, :]
    short = np.isnan(score)
    unpriced = np.isnan(prices)
    return indication(score, evidence, {"missing": unpriced, "too_short": short & ~unpriced})


def _of_others(over: Floats) -> Floats:
    """A market is not held against itself."""
    itself = np.eye(over.shape[-2], dtype=np.bool_)[..., None]
    return np.where(itself, np.nan, over)


def _worst(over: Floats) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], Floats]:
    """For each market the place of the other it deviates from most, and that deviation; NaN without one."""
    place = np.where(np.isnan(over), -np.inf, over).argmax(axis=-2)
    return place, np.take_along_axis(over, place[..., None, :], axis=-2)[..., 0, :]
