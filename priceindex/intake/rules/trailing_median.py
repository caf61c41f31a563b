"""A price far from the median of the cell's recent prices: a slow run of small steps cannot hide in it.

Bounds of 1/5 and 5 (soft), 1/20 and 20 (hard) around a trailing median are ours; they are wide because
herb prices do rise threefold within a year.
"""

from typing import Final

import numpy as np

from priceindex.intake.rules.past import Past
from priceindex.intake.rules.registry import Bits, Floats, Places, bits_of

_SOFT: Final = 5.0
_HARD: Final = 20.0


def against_trailing_median(fen: Floats, day: Places, past: Past) -> Bits:
    """Judge one price a cell by the median of its last seven usable prices of 90 days, if three exist.

    >>> past = Past.empty(1)
    >>> for at in range(3): past.take(np.array([100.0]), np.array([at]), np.array([True]))
    >>> against_trailing_median(np.array([600.0]), np.array([3]), past).tolist()
    [256]
    """
    ratio = fen / past.medians(day)
    size = np.maximum(ratio, 1 / ratio)
    hard = size > _HARD
    return bits_of("absurd-level", hard) | bits_of("far-level", (size > _SOFT) & ~hard)
