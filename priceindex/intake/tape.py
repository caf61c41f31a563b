"""Prices in columns, sorted by cell and day: what the rules read instead of objects."""

from dataclasses import dataclass
from typing import Final

from priceindex.intake.rules.registry import Floats, Marks, Places

_DAYS: Final = 1 << 22
"""More days than a calendar has, so that cell and day fit one sortable number."""
_SHIFT: Final = 1 << 20
"""Days before 1970 sort before those after it."""


def keys(cell: Places, day: Places) -> Places:
    """One number for a cell and a day; sorts as the pair does.

    >>> import numpy as np
    >>> bool(keys(np.array([1]), np.array([20000]))[0] < keys(np.array([2]), np.array([-1]))[0])
    True
    """
    return cell * _DAYS + (day + _SHIFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """Prices of cells on days, at most one a cell and day, sorted by cell, then day."""

    cell: Places
    day: Places
    fen: Floats

    @property
    def keys(self) -> Places:
        """The sortable numbers of cell and day."""
        return keys(self.cell, self.day)

    def __len__(self) -> int:
        return len(self.cell)

    def only(self, kept: Marks) -> "Tape":
        """Return the prices that are kept."""
        return Tape(cell=self.cell[kept], day=self.day[kept], fen=self.fen[kept])
