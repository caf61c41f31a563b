"""The peers of a price: other cells that should move with it or lie beside it."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from priceindex.intake.rules.registry import Places
from priceindex.intake.rules.segments import spans
from priceindex.quotes import Cell


@dataclass(frozen=True, slots=True)
class Peers:
    """Cells sorted by group, so that those of one group lie side by side."""

    ids: Places
    group: Places
    """Number of what they share."""
    side: Places
    """Number of what must differ between peers."""


def peers_by(
    cells: Mapping[int, Cell], group: Callable[[Cell], Hashable], side: Callable[[Cell], Hashable]
) -> Peers:
    """Number the cells by what peers share (`group`) and by what sets them apart (`side`)."""
    ids = np.fromiter(cells, dtype=np.int64, count=len(cells))
    groups = _numbered(group(cell) for cell in cells.values())
    order = np.argsort(groups, kind="stable")
    sides = _numbered(side(cell) for cell in cells.values())
    return Peers(ids[order], groups[order], sides[order])


def _numbered(words: Iterable[Hashable]) -> Places:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(word, len(numbers)) for word in words], dtype=np.int64)


def pairs(cell: Places, peers: Peers) -> tuple[Places, Places]:
    """Return (owner, peer cell id) of every peer of each of `cell`: the same group, another side."""
    order = np.argsort(peers.ids)
    own = order[np.searchsorted(peers.ids[order], cell)]
    start = np.searchsorted(peers.group, peers.group[own], side="left")
    stop = np.searchsorted(peers.group, peers.group[own], side="right")
    owner, place = spans(start, stop)
    apart = peers.side[place] != peers.side[own][owner]
    return owner[apart], peers.ids[place][apart]
