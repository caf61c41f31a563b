"""The quartile method: fences of their own width above and below the median.

    out where  x - q2 > c·max(q3 - q2, least)   or   q2 - x > c·max(q2 - q1, least)

StatCan's advice for the Canadian CPI is this method on log relatives (Saïdi and Rubin Bleuer). `least`
keeps the fences open where most prices do not move, which is usual for herbs: there q1 = q2 = q3, and
without it every price that moves would be an outlier. On plain relatives it is a·|q2| (gpindex); on
logarithms the median of unmoved prices is 0, so a itself is taken.
"""

import numpy as np
from numpy.typing import NDArray

from priceindex.cleaning.quantiles import quartiles
from priceindex.formulas.relatives import Floats


def quartile_method(
    values: Floats, cut_off: float, *, lower: float | None = None, least: float = 0.0
) -> NDArray[np.bool_]:
    """Mark what lies outside the fences (n,); `lower` is the cut-off below where it differs.

    A missing value is never marked.

    >>> quartile_method(np.array([0.98, 1.0, 1.01, 1.02, 2.0]), 4.0).tolist()
    [False, False, False, False, True]
    """
    found = quartiles(values)
    above = max(found.upper - found.median, least)
    below = max(found.median - found.lower, least)
    away = values - found.median
    return np.asarray((away > cut_off * above) | (away < -(cut_off if lower is None else lower) * below))
