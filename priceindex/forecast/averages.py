"""How forecasts of a period's average are scored: against the last quote known, never the average before.

The average of a month lies, in the mean, half a month behind its end. Its changes are correlated even where
the quotes are a random walk (by 1/4 in the limit: Working 1960, "Note on the correlation of first differences
of averages in a random chain", Econometrica 28), and the last quote alone beats the average before by 29 % of
its mean absolute error. Neither is skill.
"""

import numpy as np

from priceindex.forecast.panel import Floats
from priceindex.formulas.relatives import Places


def relative_mae_of_means(forecasts: Floats, means: Floats, last_quotes: Floats, origins: Places) -> Floats:
    """Mean absolute error of forecasts of averages over that of the last quote, per step ahead, (h,).

    `forecasts` (o, n, h) start from columns `origins` (o,) of `means` and `last_quotes`, both (n, T), as
    `priceindex.forecast.grid.monthly` gives them. Pairs with a NaN do not count; NaN where none is left.

    >>> quotes = np.array([[10.0, 12.0, 16.0]])
    >>> relative_mae_of_means(np.array([[[11.0]]]), quotes - 1, quotes, np.array([0])).tolist()
    [0.0]
    """
    ahead = origins[:, None] + 1 + np.arange(forecasts.shape[2])
    came = np.where(ahead < means.shape[1], means[:, np.minimum(ahead, means.shape[1] - 1)], np.nan)
    came = came.transpose(1, 0, 2)
    ours, theirs = np.abs(forecasts - came), np.abs(last_quotes[:, origins].T[:, :, None] - came)
    both = np.isfinite(ours) & np.isfinite(theirs)
    totals = [np.where(both, each, 0.0).sum(axis=(0, 1)) for each in (ours, theirs)]
    return np.asarray(totals[0] / np.where(totals[1] > 0.0, totals[1], np.nan))
