"""Rules that judge a price against the cell's last usable one.

The unit slips are the ones the trade makes: 斤 for 公斤 (×2), a lost or added digit (×10), 克 for 公斤
(×500, ×1000). The rules exclude one another: a slip explains the jump it makes.
"""

from typing import Final

import numpy as np

from priceindex.intake.rules.past import Past
from priceindex.intake.rules.registry import Bits, Floats, Marks, Places, bits_of

STEP_LIMIT: Final = 0.33
"""A move from one quote to the next beyond this fraction is flagged."""
FRESH_DAYS: Final = 30
"""How old the last quote may be for a step or a doubling to mean anything."""
_ABSURD: Final = 20.0
_SLIPS: Final = ((2, 0.05), (10, 0.20), (500, 0.20), (1000, 0.20))
"""Factor of a unit slip, and how near the ratio must be to it."""


def against_last_price(fen: Floats, day: Places, past: Past) -> Bits:
    """Judge one price a cell by the last usable one; without one there is nothing to judge by.

    >>> past = Past.empty(4)
    >>> past.take(np.full(4, 8500.0), np.zeros(4, dtype=np.int64), np.ones(4, dtype=bool))
    >>> against_last_price(np.array([8500.0, 850, 4250, 5600]), np.ones(4, dtype=np.int64), past).tolist()
    [0, 2, 1, 128]
    """
    ratio = fen / past.fen
    size = np.maximum(ratio, 1 / ratio)
    fresh = day - past.day <= FRESH_DAYS
    bits = np.zeros(len(fen), dtype=np.uint32)
    for factor, tolerance in _SLIPS:
        slip = (bits == 0) & near(size, factor, tolerance)
        bits |= bits_of(f"unit-slip-x{factor}", slip & fresh if factor == _SLIPS[0][0] else slip)
    bits |= bits_of("absurd-jump", (bits == 0) & (size > _ABSURD))
    step = (bits == 0) & fresh & (np.abs(ratio - 1) > STEP_LIMIT)
    return bits | bits_of("big-step", step)


def near(size: Floats, factor: int, tolerance: float) -> Marks:
    """Where a ratio lies within `tolerance` (a fraction) of a unit slip's factor."""
    return np.abs(size / factor - 1) <= tolerance
