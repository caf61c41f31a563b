"""Prices of cells by calendar month: the geometric mean of what was quoted in it."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from priceindex.calendar import month_numbers, month_start
from priceindex.formulas.relatives import Floats, Places
from priceindex.portable import exp, log


@dataclass(frozen=True, slots=True)
class MonthlyPrices:
    """Months in a row by cell."""

    first: int
    """Months since January 1970 of row 0."""
    fen: Floats
    """Geometric mean price in fen per kg (months, cells); NaN where a cell was not quoted."""

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each month."""
        return tuple(month_start(self.first + row) for row in range(len(self.fen)))


def monthly_prices(day: Places, cell: Places, fen: Floats, cells: int) -> MonthlyPrices:
    """Mean prices of `cells` cells from their daily prices, all columns equally long.

    A single price is its own mean, to the last bit.

    >>> monthly_prices(np.array([0, 1, 40]), np.array([0, 0, 0]), np.array([4.0, 9.0, 5.0]), 1).fen.tolist()
    [[6.0], [5.0]]
    """
    months = month_numbers(day)
    if not len(months):
        return MonthlyPrices(0, np.empty((0, cells)))
    first = int(months.min())
    rows = int(months.max()) - first + 1
    place = (months - first) * cells + cell
    count = np.bincount(place, minlength=rows * cells)
    only = np.bincount(place, weights=fen, minlength=rows * cells)
    sums = np.bincount(place, weights=log(fen), minlength=rows * cells)
    several = np.where(count > 0, exp(sums / np.where(count > 0, count, 1)), np.nan)
    means = np.where(count == 1, only, several)
    return MonthlyPrices(first, means.reshape(rows, cells))
