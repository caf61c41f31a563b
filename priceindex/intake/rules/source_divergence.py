"""A price against what the other sources say of the same cell in the same week.

Setting aside needs two other sources: otherwise whoever speaks first and falsely would silence the next.
"""

from typing import Final

import numpy as np

from priceindex.intake.rules.registry import Bits, Floats, Places, bits_of
from priceindex.intake.rules.segments import group_medians, spans
from priceindex.intake.tape import Tape, keys

WEEK_DAYS: Final = 7
"""Days back that other sources are asked about: the day itself and the six before it."""
_SOFT: Final = 1.30
_HARD: Final = 3.0
_TWO: Final = 2


def against_other_sources(cell: Places, day: Places, fen: Floats, others: Tape, source: Places) -> Bits:
    """Judge prices (n,) by the median of the other sources of the cell over its last seven days.

    `others` holds their usable prices sorted by cell and day, and `source` (len(others),) who told each.
    """
    start = np.searchsorted(others.keys, keys(cell, day - WEEK_DAYS + 1))
    stop = np.searchsorted(others.keys, keys(cell, day + 1))
    owner, place = spans(start, stop)
    medians = group_medians(others.fen[place], owner, len(cell))
    ratio = fen / medians
    size = np.maximum(ratio, 1 / ratio)
    hard = (size > _HARD) & (_sources(owner, source[place], len(cell)) >= _TWO)
    soft = (size > _SOFT) & ~hard
    return bits_of("source-divergence-far", hard) | bits_of("source-divergence", soft)


def _sources(owner: Places, source: Places, groups: int) -> Places:
    """How many different sources stand behind each group."""
    if not len(owner):
        return np.zeros(groups, dtype=np.int64)
    told = np.unique(np.stack([owner, source]), axis=1)
    return np.bincount(told[0], minlength=groups)
