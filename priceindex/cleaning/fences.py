"""Fences from quartiles: Tukey's resistant fences, and Kimber's for skewed values.

resistant   [q1 - c·(q3 - q1),  q3 + c·(q3 - q1)]       Tukey 1977
kimber      [q1 - c·(q2 - q1),  q3 + c·(q3 - q2)]       Kimber 1990
"""

import numpy as np
from numpy.typing import NDArray

from priceindex.cleaning.quantiles import quartiles
from priceindex.formulas.relatives import Floats


def resistant_fences(values: Floats, cut_off: float, *, least: float = 0.0) -> NDArray[np.bool_]:
    """Mark what lies more than c interquartile ranges outside the quartiles (n,).

    `least` is the least interquartile range, for prices most of which do not move.

    >>> resistant_fences(np.array([1.0, 1.0, 2.0, 3.0, 9.0]), 1.5).tolist()
    [False, False, False, False, True]
    """
    found = quartiles(values)
    spread = max(found.upper - found.lower, least)
    return np.asarray((values > found.upper + cut_off * spread) | (values < found.lower - cut_off * spread))


def kimber(values: Floats, cut_off: float, *, least: float = 0.0) -> NDArray[np.bool_]:
    """Mark what lies more than c half-ranges of its own side outside the quartiles (n,).

    >>> kimber(np.array([1.0, 2.0, 3.0, 4.0, 9.0]), 4.0).tolist()
    [False, False, False, False, True]
    """
    found = quartiles(values)
    above = max(found.upper - found.median, least)
    below = max(found.median - found.lower, least)
    return np.asarray((values > found.upper + cut_off * above) | (values < found.lower - cut_off * below))
