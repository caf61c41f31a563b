"""A price that crept away by steps none of which is large: fivefold within a quarter waits for a person.

The rules about the last price and the trailing median follow whoever moves slowly; this one looks back
up to 90 days. Once a person lets the new level in, it is what later prices are judged by.
"""

import numpy as np

from priceindex.intake.rules.past import CREPT, Past
from priceindex.intake.rules.registry import Bits, Floats, Places, bits_of, withheld


def against_what_stood(fen: Floats, day: Places, past: Past, met: Bits) -> Bits:
    """Judge one price a cell by what stood up to 90 days ago; what `met` sets aside anyway is explained.

    >>> past, none = Past.empty(1), np.zeros(1, dtype=np.uint32)
    >>> past.take(np.array([100.0]), np.array([30]), np.array([True]))
    >>> past.take(np.array([490.0]), np.array([95]), np.array([True]))
    >>> against_what_stood(np.array([501.0]), np.array([100]), past, none).tolist()
    [65536]
    """
    ratio = fen / past.stood(day)
    return bits_of("crept-level", (np.maximum(ratio, 1 / ratio) > CREPT) & ~withheld(met))
