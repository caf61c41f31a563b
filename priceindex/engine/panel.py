"""The dense panel (days, cells): one price a cell a day, and what stands in where none was quoted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from priceindex.formulas.relatives import Floats, Places, group_sums


@dataclass(frozen=True, slots=True)
class Panel:
    """Prices by index day and cell. A day is an index day when at least one cell was quoted on it."""

    days: NDArray[np.int64]
    """Day numbers, ascending."""
    quoted: Floats
    """Fen per kg as quoted that day, whole numbers; NaN where nothing was."""
    carried: Floats
    """The same, with the cell's last quote standing in while it is young enough."""
    age: NDArray[np.int64]
    """Days since the quote in `carried` was made: 0 on its own day, -1 where there is none."""
    seen: NDArray[np.bool_]
    """Whether the cell had been quoted on that day or any before."""


def cell_prices(place: Places, fen: Floats, rank: Places, size: int) -> Floats:
    """One price for each of `size` places (a cell on a day) from all its quotes.

    Only the quotes of the best tier present count; of several, the geometric mean, rounded half-even
    to the fen so that anyone's logarithm gives the same price. NaN where a place has no quote.

    >>> cell_prices(np.array([0, 0, 0]), np.array([400.0, 900.0, 5.0]), np.array([1, 1, 2]), 2).tolist()
    [600.0, nan]
    """
    best = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(best, place, rank)
    used = rank == best[place]
    count = np.bincount(place[used], minlength=size)
    sums = np.bincount(place[used], weights=np.log(fen[used]), minlength=size)
    mean = np.where(count > 0, sums / np.where(count > 0, count, 1), np.nan)
    return np.rint(np.exp(mean))


def build_panel(days: NDArray[np.int64], quoted: Floats, carry_days: int) -> Panel:
    """Carry each cell's last quote forward for at most `carry_days` calendar days.

    >>> panel = build_panel(np.array([0, 1, 9]), np.array([[5.0], [np.nan], [np.nan]]), 7)
    >>> panel.carried[:, 0].tolist(), panel.age[:, 0].tolist()
    ([5.0, 5.0, nan], [0, 1, -1])
    """
    rows = np.arange(len(days))[:, None]
    last = np.maximum.accumulate(np.where(np.isfinite(quoted), rows, -1), axis=0)
    seen = last >= 0
    age = days[:, None] - days[np.maximum(last, 0)]
    usable = seen & (age <= carry_days)
    carried = np.where(usable, np.take_along_axis(quoted, np.maximum(last, 0), axis=0), np.nan)
    return Panel(days, quoted, carried, np.where(usable, age, -1), seen)


def mean_price(prices: Floats) -> Floats:
    """Geometric mean of each cell's prices over the days given; NaN for a cell without any.

    >>> mean_price(np.array([[4.0, np.nan], [9.0, np.nan]])).round(9).tolist()
    [6.0, nan]
    """
    group = np.zeros(prices.shape[0], dtype=np.int64)
    count = group_sums(np.isfinite(prices).astype(float).T, group, 1)[:, 0]
    sums = group_sums(np.log(prices).T, group, 1)[:, 0]
    return np.exp(sums / np.where(count > 0, count, np.nan))
