"""Rothwell's index (1958), Bean and Stine's type C (1924): a basket that changes with the month.

    P^{t,m} = Σ p^{t,m}·q^{0,m} / Σ p̄^0·q^{0,m}        p̄^0 the base year's unit value of each product

The basket of a month is what was sold in that month of the base year; the price it is compared with is
the year's. Part of its movement is the change of basket from month to month, so it is shown beside others,
never alone (PPI Manual 2004, chapter 22; table 22.25 is reproduced by the tests).
"""

import numpy as np

from priceindex.formulas.relatives import Floats
from priceindex.seasonal.monthly_panel import YEAR, MonthlyPanel, base_months


def rothwell(panel: MonthlyPanel) -> Floats:
    """The index of each month (months,), the base year's average price being 1; NaN where nothing is sold.

    >>> prices = np.array([[1.0]] * 6 + [[3.0]] * 7)
    >>> rothwell(MonthlyPanel(prices, np.ones((13, 1)))).tolist()[-1]
    1.5
    """
    price, quantity = np.nan_to_num(panel.price[:YEAR]), np.nan_to_num(panel.quantity[:YEAR])
    sold = quantity.sum(axis=0)
    mean = (price * quantity).sum(axis=0) / np.where(sold > 0, sold, np.nan)
    basket = quantity[base_months(len(panel.price))]
    there = np.isfinite(panel.price) & np.isfinite(mean)
    above = np.where(there, panel.price * basket, 0.0).sum(axis=1)
    below = np.where(there, np.nan_to_num(mean) * basket, 0.0).sum(axis=1)
    return np.asarray(above / np.where(below > 0, below, np.nan))


def normalised(values: Floats, month: int) -> Floats:
    """The index with the value of one month as 1.

    >>> normalised(np.array([2.0, 3.0]), 0).tolist()
    [1.0, 1.5]
    """
    return np.asarray(values / values[month])
