"""The Tukey algorithm of consumer price offices.

What lies outside the 5th and the 95th percentile is marked. Of the rest, the prices that did not move
are put aside; m is the mean of what is left, and a value is marked when it is further from m than c
times the mean distance of its own side:

    x - m > c·(mean of x >= m  -  m)     or     m - x > c·(m  -  mean of x <= m)
"""

import numpy as np
from numpy.typing import NDArray

from priceindex.cleaning.quantiles import ascending, quantile
from priceindex.formulas.relatives import Floats


def tukey_algorithm(values: Floats, cut_off: float, *, unmoved: float = 1.0) -> NDArray[np.bool_]:
    """Mark the tails and what is far from the mean of the moved (n,); `unmoved` is 0 for logarithms.

    >>> tukey_algorithm(np.array([0.9, 1.0, 1.0, 1.0, 1.1]), 2.5).tolist()
    [True, False, False, False, True]
    """
    ordered = ascending(values)
    tails = (values < quantile(ordered, 0.05)) | (values > quantile(ordered, 0.95))
    moved = values[np.isfinite(values) & ~tails & (values != unmoved)]
    if not len(moved):
        return np.asarray(tails)
    middle = _mean(moved)
    above, below = moved[moved >= middle], moved[moved <= middle]
    far_above = cut_off * (_mean(above) - middle) if len(above) else 0.0
    far_below = cut_off * (middle - _mean(below)) if len(below) else 0.0
    away = values - middle
    return np.asarray(tails | (away > far_above) | (away < -far_below))


def _mean(values: Floats) -> float:
    """The mean by one addition after the other, so that no machine adds in another order.

    Rounding may put the mean of equal values beside them all; it is kept among them.
    """
    mean = float(np.cumsum(values)[-1]) / len(values)
    return min(max(mean, float(values.min())), float(values.max()))
