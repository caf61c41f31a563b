"""A price that looks like that of another grade: the seller may have changed what is sold, not its price.

Such a change is one of quality, and must not pass as one of price (CPI Manual 2020, chapter 6).
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from priceindex.intake.rules.peers import Peers, pairs, peers_by
from priceindex.intake.rules.registry import Floats, Marks, Places
from priceindex.intake.tape import Tape, keys
from priceindex.quotes import Cell

_LEAST_MOVE: Final = 0.10
"""A smaller log change of its own is no drift."""
_RECENT_DAYS: Final = 30
"""How old the other grade's price may be."""


def like_another_grade(
    tape: Tape, change: Floats, cells: Mapping[int, Cell], judged: Marks, chunk: int = 100_000
) -> Marks:
    """Mark the `judged` prices nearer to another grade's last price there than to their own last one.

    `change` is each price's log change from its own last one (NaN where none).
    """
    met = np.zeros(len(tape), dtype=bool)
    moved = np.flatnonzero(judged & (np.abs(change) > _LEAST_MOVE))
    if len(moved):
        peers = peers_by(cells, lambda cell: (cell.herb, cell.origin, cell.market), lambda cell: cell.grade)
        for start in range(0, len(moved), chunk):
            rows = moved[start : start + chunk]
            met[rows] = _nearer(rows, tape, change, peers)
    return met


def _nearer(rows: Places, tape: Tape, change: Floats, peers: Peers) -> Marks:
    owner, peer = pairs(tape.cell[rows], peers)
    day = tape.day[rows][owner]
    place = np.searchsorted(tape.keys, keys(peer, day)) - 1
    known = (place >= 0) & (tape.cell[place] == peer) & (day - tape.day[place] <= _RECENT_DAYS)
    owner, place = owner[known], place[known]
    distance = np.abs(np.log(tape.fen[rows][owner] / tape.fen[place]))
    nearest = np.full(len(rows), np.inf)
    np.minimum.at(nearest, owner, distance)
    return nearest < np.abs(change[rows])
