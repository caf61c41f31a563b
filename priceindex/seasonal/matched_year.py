"""A month against the same month a year before, from prices and not from index values.

Over the cells priced in both months: Jevons within each herb, then the mean of the herbs, every herb
alike. It knows nothing of the chain between the two months, so its distance from the published
year-over-year change shows what chaining, imputation and weights add (drift check).
"""

from dataclasses import dataclass

import numpy as np

from priceindex.formulas.elementary import FORMULAS
from priceindex.formulas.relatives import Floats, Places
from priceindex.seasonal.monthly_panel import YEAR
from priceindex.seasonal.monthly_prices import MonthlyPrices


@dataclass(frozen=True, slots=True)
class MatchedYear:
    """By month: the movement over a year, and how many cells it rests on."""

    movement: Floats
    """NaN where nothing is matched, and in the first twelve months."""
    cells: Places


def matched_year(prices: MonthlyPrices, herb: Places) -> MatchedYear:
    """The movement of each month over twelve months (months,); `herb` is the code of each cell's herb.

    >>> prices = MonthlyPrices(0, np.array([[4.0, 9.0]] * 12 + [[8.0, 9.0]]))
    >>> matched_year(prices, np.array([0, 1])).movement.tolist()[-1]
    1.5
    """
    months, count = len(prices.fen), int(herb.max(initial=-1)) + 1
    movement, cells = np.full(months, np.nan), np.zeros(months, dtype=np.int64)
    for month in range(YEAR, months):
        now, before = prices.fen[month], prices.fen[month - YEAR]
        cells[month] = int((np.isfinite(now) & np.isfinite(before)).sum())
        if cells[month]:
            herbs = FORMULAS["jevons"](now[None, :], before, herb, count)[0]
            known = herbs[np.isfinite(herbs)]
            movement[month] = float(np.cumsum(known)[-1]) / len(known)
    return MatchedYear(movement, cells)
