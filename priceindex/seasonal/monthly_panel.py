"""Prices and quantities by month and product, and the sums that compare a month with the same month before.

A product that is not sold in a month has no price there, and quantity nought. A month is compared with
the same month of an earlier year over the products sold in both: a herb sold in May alone is compared with
May alone (PPI Manual 2004, chapter 22; Mudgett 1955, Stone 1956).
"""

from dataclasses import dataclass

import numpy as np

from priceindex.formulas.relatives import Floats, Places

YEAR = 12


@dataclass(frozen=True, slots=True)
class MonthlyPanel:
    """Months in a row by product; row 0 is the first month of the base year."""

    price: Floats
    """(months, products), any one unit; NaN where a product was not sold."""
    quantity: Floats
    """(months, products), any one unit; NaN or 0 where a product was not sold."""

    def __post_init__(self) -> None:
        """Raise ValueError when the tables differ in form or hold less than the base year."""
        if self.price.shape != self.quantity.shape or len(self.price) < YEAR:
            raise ValueError("prices and quantities of at least twelve months, of one form")


@dataclass(frozen=True, slots=True)
class MonthSums:
    """The four value sums of each month t against the same month b of an earlier year (months,)."""

    now_at_old_quantity: Floats
    """Σ p^t q^b."""
    old_at_old_quantity: Floats
    """Σ p^b q^b."""
    now_at_now_quantity: Floats
    """Σ p^t q^t."""
    old_at_now_quantity: Floats
    """Σ p^b q^t."""

    def of_twelve(self) -> "MonthSums":
        """Each sum over the twelve months up to t; NaN in the first eleven."""
        return MonthSums(*(_last_twelve(getattr(self, name)) for name in self.__slots__))

    @property
    def laspeyres(self) -> Floats:
        """Prices at the quantities of then."""
        return self.now_at_old_quantity / self.old_at_old_quantity

    @property
    def paasche(self) -> Floats:
        """Prices at the quantities of now."""
        return self.now_at_now_quantity / self.old_at_now_quantity

    @property
    def fisher(self) -> Floats:
        """The geometric mean of both."""
        return np.asarray(np.sqrt(self.laspeyres * self.paasche))


def month_sums(panel: MonthlyPanel, compared: Places) -> MonthSums:
    """The sums of each month against the month at `compared` (months,); NaN where nothing is matched."""
    old_price, old_quantity = panel.price[compared], panel.quantity[compared]
    matched = np.isfinite(panel.price) & np.isfinite(old_price)
    some = matched.any(axis=1)

    def total(price: Floats, quantity: Floats) -> Floats:
        values = np.where(matched, price * np.nan_to_num(quantity), 0.0)
        return np.where(some, values.sum(axis=1), np.nan)

    return MonthSums(
        total(panel.price, old_quantity),
        total(old_price, old_quantity),
        total(panel.price, panel.quantity),
        total(old_price, panel.quantity),
    )


def base_months(months: int) -> Places:
    """The row of the base year's same month for each month.

    >>> base_months(14).tolist()[-3:]
    [11, 0, 1]
    """
    return np.arange(months) % YEAR


def year_before(months: int) -> Places:
    """The row of the same month a year before; of the first year, itself.

    >>> year_before(14).tolist()[-3:]
    [11, 0, 1]
    """
    rows = np.arange(months)
    return np.where(rows < YEAR, rows, rows - YEAR)


def chained_by_year(links: Floats) -> Floats:
    """Each value times the one twelve months before it; the first twelve stand as they are.

    >>> chained_by_year(np.array([1.0] * 12 + [1.5] * 12 + [2.0])).tolist()[-1]
    3.0
    """
    found = links.copy()
    for row in range(YEAR, len(found)):
        found[row] = found[row] * found[row - YEAR]
    return found


def _last_twelve(values: Floats) -> Floats:
    known = np.where(np.isfinite(values), values, 0.0)
    sums = np.full(len(values), np.nan)
    for row in range(YEAR - 1, len(values)):
        sums[row] = known[row - YEAR + 1 : row + 1].sum()
    return sums
