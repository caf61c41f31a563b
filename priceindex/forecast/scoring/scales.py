"""By what an error is divided so that series of different size and restlessness can stand in one mean.

A series that never changed in its history has no scale of its own: MASE would divide by zero (Hyndman and
Koehler 2006, §5). It takes its group's scale, relative to its own level.
"""

import numpy as np

from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring.measures import mean_known
from priceindex.formulas.relatives import Places


def change_scale(history: Floats, lag: int = 1) -> Floats:
    """Mean absolute change over `lag` periods of each row of (n, T); NaN where none is known.

    `lag` is the season for MASE of M4 and M3, 1 for intervals.

    >>> change_scale(np.array([[np.nan, 1.0, 3.0, 3.0]])).tolist()
    [1.0]
    """
    return mean_known(np.abs(history[:, lag:] - history[:, :-lag]), axis=1)


def pooled_scale(scale: Floats, level: Floats, groups: Places) -> Floats:
    """The scale of each series (n,), that of its group times its own level where it has none or zero.

    The group's is the mean of scale / level over its other series; all series' where the group has none,
    NaN where no series has.

    >>> pooled_scale(np.array([1.0, 0.0]), np.array([10.0, 50.0]), np.array([0, 0])).tolist()
    [1.0, 5.0]
    """
    relative = np.where(scale > 0.0, scale / level, np.nan)
    everywhere = float(mean_known(relative))
    stand_in = np.full(scale.shape, everywhere)
    for group in np.unique(groups):
        of_group = float(mean_known(relative[groups == group]))
        stand_in[groups == group] = of_group if np.isfinite(of_group) else everywhere
    return np.where(scale > 0.0, scale, stand_in * level)
