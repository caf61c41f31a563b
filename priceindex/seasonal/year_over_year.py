"""Year-over-year monthly indices 同月同比指数: each month against the same month, so no season is in them.

Against the base year directly, or chained from one year to the next (PPI Manual 2004, chapter 22,
year-over-year monthly indices). Twelve indices, one for each month of the year; their values are not
comparable between months.
"""

from typing import Literal

from priceindex.formulas.relatives import Floats
from priceindex.seasonal.monthly_panel import (
    MonthlyPanel,
    base_months,
    chained_by_year,
    month_sums,
    year_before,
)

Formula = Literal["laspeyres", "paasche", "fisher"]


def year_over_year(panel: MonthlyPanel, formula: Formula = "fisher", *, chained: bool = False) -> Floats:
    """Each month over the base year's same month (months,); 1 in the base year, NaN where nothing is matched.

    >>> import numpy as np
    >>> prices = np.array([[2.0]] * 12 + [[3.0]])
    >>> year_over_year(MonthlyPanel(prices, np.ones((13, 1)))).tolist()[-1]
    1.5
    """
    months = len(panel.price)
    compared = year_before(months) if chained else base_months(months)
    found: Floats = getattr(month_sums(panel, compared), formula)
    return chained_by_year(found) if chained else found
