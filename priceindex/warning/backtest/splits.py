"""Parts of history: thresholds are chosen on one and reported on another.

A part is a mask (n, T) of judged periods. Between two parts in time lie as many periods as a surge may take,
so that no outcome in the first part is decided by prices of the second.
"""

import numpy as np

from priceindex.warning.backtest.events import WITHIN
from priceindex.warning.indicators.indication import Mask


def by_time(judged: Mask, boundary: int, *, within: int = WITHIN) -> tuple[Mask, Mask]:
    """What was judged before the period `boundary`, its outcomes included, and what from it on.

    >>> [part.sum() for part in by_time(np.ones((1, 20), dtype=np.bool_), 10)]
    [np.int64(4), np.int64(10)]
    """
    place = np.arange(judged.shape[1])
    return judged & (place < boundary - within), judged & (place >= boundary)


def by_series(judged: Mask, first: Mask) -> tuple[Mask, Mask]:
    """What was judged of the series in `first` (n,), and of all others."""
    return judged & first[:, None], judged & ~first[:, None]
