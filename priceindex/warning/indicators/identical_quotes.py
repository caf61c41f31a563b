"""Identical quotes 雷同报价: sources that call themselves independent step to the same price together.

For two sources score = steps both took in the same period to the same price / periods in which either
stepped, over a window. In a flat market equal prices say nothing, so that only steps are counted. Sources
that copy from one place, or agree on a price, come near 1. The score is daodi's own.
"""

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, indication
from priceindex.warning.indicators.windows import lagged, ratio


def identical_quotes(prices: Floats, *, window: int = 52, least: int = 5) -> Indication:
    """How identical each source is to its nearest twin, from prices (..., sources, T), even periods, in fen.

    Withheld where no other source shares `least` periods with a step in the last `window`. Evidence:
    `other` (place of the twin), `identical` and `steps` (numbers of periods, with the twin).
    """
    before = lagged(prices, 1)
    stepped = np.isfinite(prices) & np.isfinite(before) & (prices != before)
    mine, theirs = stepped[..., :, None, :], stepped[..., None, :, :]
    known = np.isfinite(prices) & np.isfinite(before)
    both_known = known[..., :, None, :] & known[..., None, :, :]
    same = mine & theirs & (prices[..., :, None, :] == prices[..., None, :, :])
    identical = _counted(same, window)
    steps = _counted((mine | theirs) & both_known, window)
    share = np.where(steps >= least, ratio(identical, steps), -1.0)
    itself = np.eye(prices.shape[-2], dtype=np.bool_)[..., None]
    share = np.where(itself, -1.0, share)
    twin = share.argmax(axis=-2)
    score, alike, stepping = (
        np.take_along_axis(numbers, twin[..., None, :], axis=-2)[..., 0, :]
        for numbers in (share, identical, steps)
    )
    return indication(
        score,
        {"other": twin.astype(np.float64), "identical": alike, "steps": stepping},
        {"too_few": score < 0.0},
    )


def _counted(holds: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], window: int) -> Floats:
    """In how many of the last `window` periods, this one among them, it holds."""
    total = np.cumsum(holds, axis=-1, dtype=np.float64)
    gone = lagged(total, window)
    return total - np.where(np.isnan(gone), 0.0, gone)
