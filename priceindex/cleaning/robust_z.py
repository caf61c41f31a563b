"""The robust z-score: the distance from the median in units of the median absolute deviation.

out where |x - median| > c·1.4826·MAD; with prices most of which do not move the MAD is 0, and
`least` stands in for it.
"""

import numpy as np
from numpy.typing import NDArray

from priceindex.cleaning.quantiles import NORMAL_MAD, median
from priceindex.formulas.relatives import Floats


def robust_z(values: Floats, cut_off: float, *, least: float = 0.0) -> NDArray[np.bool_]:
    """Mark what lies more than c deviations from the median (n,).

    >>> robust_z(np.array([0.9, 1.0, 1.0, 1.1, 1.5]), 3.0).tolist()
    [False, False, False, False, True]
    """
    away = np.abs(values - median(values))
    return np.asarray(away > cut_off * max(NORMAL_MAD * median(away), least))
