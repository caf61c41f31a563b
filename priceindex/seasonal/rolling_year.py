"""Rolling-year indices 滚动年指数: the last twelve months against the base year, month by matching month.

    Laspeyres   Σ_k p^k·q^m(k) / Σ_k p^m(k)·q^m(k)
    Paasche     Σ_k p^k·q^k / Σ_k p^m(k)·q^k            Fisher: their geometric mean

with k the last twelve months and m(k) the base year's same month. A trend without a season in it, and
without any seasonal adjustment (PPI Manual 2004, chapter 22; table 22.18 is reproduced by the tests). Its
value stands for the middle of its year, six months back.
"""

import numpy as np

from priceindex.formulas.relatives import Floats
from priceindex.seasonal.monthly_panel import (
    YEAR,
    MonthlyPanel,
    base_months,
    chained_by_year,
    month_sums,
    year_before,
)
from priceindex.seasonal.year_over_year import Formula


def rolling_year(panel: MonthlyPanel, formula: Formula = "fisher", *, chained: bool = False) -> Floats:
    """The year ending in each month over the base year (months,); NaN in the first eleven, then 1.

    `chained`: from the second year on each rolling year is compared with the one twelve months before it,
    and joined to that one's value.

    >>> prices = np.array([[2.0]] * 12 + [[3.0]] * 12)
    >>> rolling_year(MonthlyPanel(prices, np.ones((24, 1)))).tolist()[-1]
    1.5
    """
    months = len(panel.price)
    compared = year_before(months) if chained else base_months(months)
    found: Floats = getattr(month_sums(panel, compared).of_twelve(), formula)
    if not chained:
        return found
    # The years ending within twelve months of the base year's end are compared with the base year itself.
    return np.concatenate([found[: YEAR - 1], chained_by_year(found[YEAR - 1 :])])
