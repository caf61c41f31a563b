"""Horizons in three bands, near, middle and far: models are weighted and picked per band, not per step.

What is good next week need not be good at the end of the quarter; but a model picked anew at every step
would change from step to step by chance.
"""

from typing import Final

import numpy as np

from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring.origin_errors import OriginErrors
from priceindex.formulas.relatives import Places

BANDS: Final = 3


def bands(horizon: int) -> Places:
    """The band, 0 near to 2 far, of each of `horizon` periods ahead, (h,).

    >>> bands(12).tolist()
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
    """
    return np.arange(horizon, dtype=np.int64) * BANDS // horizon


def band_errors(errors: OriginErrors, origins: Places, column: int, newest: int) -> Floats:
    """Mean absolute error of each model over each band, (m, 3), on the `newest` origins ended by `column`.

    Zero for every model where nothing has ended.
    """
    band = bands(errors.counts.shape[1])
    totals, counts = np.zeros((len(errors.models), BANDS)), np.zeros(BANDS)
    for ahead, place in enumerate(band):
        ended = errors.ended(column, origins, ahead, newest)
        count = errors.counts[ended, ahead]
        totals[:, place] += (errors.means[:, ended, ahead] * count).sum(axis=1)
        counts[place] += count.sum()
    return np.asarray(totals / np.maximum(counts, 1))
