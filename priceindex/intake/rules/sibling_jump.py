"""A move unlike that of the same herb and grade at the other markets.

Robust z of the log change: distance to the median of the siblings' last changes over 1.4826 times their
median absolute deviation (Hampel; CPI Manual 2020 chapter 5 names such robust measures). Herb prices stand
still for weeks, so the deviation is often nil: a floor keeps one ordinary step from looking like a miracle.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from priceindex.intake.rules.peers import Peers, pairs, peers_by
from priceindex.intake.rules.registry import Floats, Marks, Places
from priceindex.intake.rules.segments import group_medians
from priceindex.intake.tape import Tape, keys
from priceindex.quotes import Cell

_Z_LIMIT: Final = 6.0
_TO_SIGMA: Final = 1.4826
_FLOOR: Final = 0.02
"""Least scale, as a log change: two percent."""
_RECENT_DAYS: Final = 7
"""How old a sibling's last change may be."""
_LEAST: Final = 3
"""Siblings needed."""


def unlike_siblings(
    tape: Tape, change: Floats, cells: Mapping[int, Cell], judged: Marks, chunk: int = 100_000
) -> Marks:
    """Mark the `judged` prices whose log `change` (NaN where none) lies far from that of their siblings."""
    met = np.zeros(len(tape), dtype=bool)
    moved = np.flatnonzero(judged & (np.abs(change) > _Z_LIMIT * _FLOOR))
    if len(moved):
        peers = peers_by(cells, lambda cell: (cell.herb, cell.grade), lambda cell: cell.market)
        for start in range(0, len(moved), chunk):
            rows = moved[start : start + chunk]
            met[rows] = _far(rows, tape, change, peers)
    return met


def _far(rows: Places, tape: Tape, change: Floats, peers: Peers) -> Marks:
    owner, peer = pairs(tape.cell[rows], peers)
    day = tape.day[rows][owner]
    place = np.searchsorted(tape.keys, keys(peer, day + 1)) - 1
    known = (place >= 0) & (tape.cell[place] == peer) & (day - tape.day[place] < _RECENT_DAYS)
    known &= np.isfinite(change[place])
    owner, moves = owner[known], change[place[known]]
    count = np.bincount(owner, minlength=len(rows))
    centre = group_medians(moves, owner, len(rows))
    spread = group_medians(np.abs(moves - centre[owner]), owner, len(rows))
    z = np.abs(change[rows] - centre) / np.maximum(_TO_SIGMA * spread, _FLOOR)
    return (count >= _LEAST) & (z > _Z_LIMIT)
