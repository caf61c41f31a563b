"""Seasonal analysis of a published index: year over year, rolling year, and the same from prices.

Analysis, not publication: nothing here enters a release. The rolling year gives each month of the base
year one twelfth (equal shares, declared), the base year being the first twelve months published; with
published index values there are no quantities to weigh the months by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from priceindex.calendar import month_of, month_start
from priceindex.formulas.relatives import Floats
from priceindex.seasonal.matched_year import MatchedYear
from priceindex.seasonal.monthly_panel import YEAR, MonthlyPanel
from priceindex.seasonal.rolling_year import rolling_year


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonalMonth:
    """One month of one node."""

    month: date
    value: Decimal | None
    """The published monthly value; None where none was published."""
    year_over_year: float | None
    """The value over that of the same month a year before."""
    rolling_year: float | None
    """The last twelve months over the first twelve, each against its own month."""
    matched_year_over_year: float | None
    """The same from matched prices, every herb alike."""
    matched_cells: int
    """Cells priced in this month and in the same month a year before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonalAnalysis:
    """The months of one node, oldest first, and the release they were published in."""

    release_id: str
    method_id: str
    months: tuple[SeasonalMonth, ...]


def seasonal_months(
    values: Sequence[tuple[date, Decimal | None]], first_priced: int, prices: MatchedYear
) -> tuple[SeasonalMonth, ...]:
    """Every month from the first value to the last, with what can be said of it.

    `values` are published monthly values, oldest first, by the first day of the month; `first_priced` the
    month number of the first row of `prices`.
    """
    if not values:
        return ()
    first, last = month_of(values[0][0]), month_of(values[-1][0])
    told = {month_of(day): value for day, value in values}
    months = range(first, last + 1)
    level = np.array([_number(told.get(month)) for month in months])
    yearly = over_a_year(level)
    rolling = rolling_of_values(level)
    return tuple(
        SeasonalMonth(
            month=month_start(month),
            value=told.get(month),
            year_over_year=_known(yearly, row),
            rolling_year=_known(rolling, row),
            matched_year_over_year=_known(prices.movement, month - first_priced),
            matched_cells=_count(prices, month - first_priced),
        )
        for row, month in enumerate(months)
    )


def over_a_year(level: Floats) -> Floats:
    """Each month over the same month a year before (months,); NaN in the first twelve."""
    found = np.full(len(level), np.nan)
    found[YEAR:] = level[YEAR:] / level[:-YEAR]
    return found


def rolling_of_values(level: Floats) -> Floats:
    """The rolling year of an index alone, equal monthly shares (months,); NaN before a year is full.

    >>> rolling_of_values(np.array([1.0] * 12 + [1.2] * 6)).round(4).tolist()[-1]
    1.1
    """
    if len(level) < YEAR:
        return np.full(len(level), np.nan)
    base = level[:YEAR]
    quantity = np.tile(1.0 / base, len(level) // YEAR + 1)[: len(level)]
    found = rolling_year(MonthlyPanel(level[:, None], quantity[:, None]), "laspeyres")
    return np.where(_full_years(level), found, np.nan)


def _full_years(level: Floats) -> Floats:
    """Whether all twelve months up to each have a value, and those of the base year (months,)."""
    gaps = np.cumsum(~np.isfinite(level))
    before = np.concatenate([np.zeros(YEAR, dtype=np.int64), gaps[:-YEAR]]) if len(level) > YEAR else 0
    full = (gaps - before == 0) & (gaps[YEAR - 1] == 0)
    full[: YEAR - 1] = False
    return np.asarray(full)


def _number(value: Decimal | None) -> float:
    return float("nan") if value is None else float(value)


def _known(values: Floats, row: int) -> float | None:
    if not 0 <= row < len(values) or not np.isfinite(values[row]):
        return None
    return float(values[row])


def _count(prices: MatchedYear, row: int) -> int:
    return int(prices.cells[row]) if 0 <= row < len(prices.cells) else 0
