"""Round numbers 整数报价: quotes crowd on round prices more than they used to.

share_t = quotes that are a multiple of the grid / quotes of the period; score = (share_t - usual) /
sqrt(usual · (1 - usual) / n), usual the median share before: the normal approximation of the binomial. In a
year of Bozhou quotes 91.7 % were whole yuan (seen), so that it is the crowding against the usual share that
says something, and a coarse grid more than a fine one. The score is daodi's own.
"""

import numpy as np

from priceindex.warning.indicators.indication import Floats, Indication, indication
from priceindex.warning.indicators.windows import past_median, ratio


def round_numbers(
    quotes: Floats, *, grid: int = 500, window: int = 52, least: int = 13, least_quotes: int = 20
) -> Indication:
    """How crowded round prices are, from quotes (..., quotes, T) in whole fen a kilogram to (..., T).

    Withheld under `least_quotes` quotes in the period, until `least` earlier shares are known, and where the
    usual share is 0 or 1. Evidence: `share`, `usual`, `quotes` (their number).

    >>> round_numbers(np.array([[500.0]]), least_quotes=1).why(0)
    ('too_short',)
    """
    told = np.isfinite(quotes)
    number = np.asarray(told.sum(axis=-2), dtype=np.float64)
    round_ones = np.asarray((told & (np.mod(np.where(told, quotes, 1.0), grid) == 0.0)).sum(axis=-2))
    few = number < least_quotes
    share = np.where(few, np.nan, ratio(round_ones.astype(np.float64), number))
    usual, known = past_median(share, window)
    short = known < least
    spread = np.sqrt(ratio(usual * (1.0 - usual), number))
    return indication(
        ratio(share - usual, spread),
        {"share": share, "usual": usual, "quotes": number},
        {"too_few": few, "too_short": short & ~few, "no_spread": ~(spread > 0.0) & ~short & ~few},
    )
