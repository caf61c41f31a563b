"""Seasonal indices of recorded trades: with real quantities, month by month.

The base year is the first twelve months traded. Year over year and rolling year are Fisher's, Rothwell's
index has the base year's average price as 1, and the seasonal basket holds the base year's quantities
all year round, out of season at prices moved by what is in season, its base year's last month being 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from priceindex.analysis.traded_months import TradedMonths
from priceindex.engine.aggregate import Hierarchy
from priceindex.formulas.relatives import Floats, Places
from priceindex.seasonal.monthly_panel import YEAR, MonthlyPanel
from priceindex.seasonal.rolling_year import rolling_year
from priceindex.seasonal.rothwell import rothwell
from priceindex.seasonal.seasonal_basket import in_season_prices, lowe
from priceindex.seasonal.seasonal_errors import TooShortForSeasons
from priceindex.seasonal.year_over_year import year_over_year

_GRAMS_PER_KG = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class TradedSeason:
    """One month of recorded trades; None where there is nothing to compare."""

    month: int
    """Months since January 1970."""
    year_over_year: float | None
    """Over the same month of the base year."""
    rolling_year: float | None
    """The last twelve months over the base year."""
    rothwell: float | None
    seasonal_basket: float | None
    cells: int
    """Cells traded in the month."""


def traded_seasons(sold: TradedMonths, family: str) -> tuple[TradedSeason, ...]:
    """Every month from the first trade to the last; raises `TooShortForSeasons`.

    `sold` holds only sums that enough trades stand behind.
    """
    months = range(int(sold.month.min()), int(sold.month.max()) + 1) if len(sold) else range(0)
    if len(months) <= YEAR:
        raise TooShortForSeasons(family=family, months=len(months))
    cells = sorted(set(sold.cell))
    panel = _panel(sold, months, cells)
    found = {
        "year_over_year": year_over_year(panel),
        "rolling_year": rolling_year(panel),
        "rothwell": rothwell(panel),
        "seasonal_basket": _basket(panel, _herb_codes(cells)),
    }
    return tuple(
        TradedSeason(
            month=month,
            cells=int(np.isfinite(panel.price[row]).sum()),
            **{name: _known(values[row]) for name, values in found.items()},
        )
        for row, month in enumerate(months)
    )


def _panel(sold: TradedMonths, months: range, cells: Sequence[str]) -> MonthlyPanel:
    """Fen per kilogram and kilograms by month and cell; sums of one cell and month are added up."""
    place_of = {cell: place for place, cell in enumerate(cells)}
    rows = sold.month - months[0]
    columns = np.array([place_of[cell] for cell in sold.cell], dtype=np.int64)
    shape = len(months), len(cells)
    place = rows * len(cells) + columns
    fen = np.bincount(place, weights=sold.fen, minlength=len(months) * len(cells)).reshape(shape)
    grams = np.bincount(place, weights=sold.grams, minlength=len(months) * len(cells)).reshape(shape)
    kilograms = grams / _GRAMS_PER_KG
    return MonthlyPanel(np.where(grams > 0, fen / np.where(grams > 0, kilograms, 1.0), np.nan), kilograms)


def _herb_codes(cells: Sequence[str]) -> Places:
    """The code of each cell's herb, the first part of its key."""
    _, codes = np.unique([cell.partition("|")[0] for cell in cells], return_inverse=True)
    return codes.astype(np.int64)


def _basket(panel: MonthlyPanel, herb: Places) -> Floats:
    """The seasonal basket (months,) of the cells traded in the base year."""
    annual = panel.quantity[:YEAR].sum(axis=0)
    base = annual > 0
    _, group = np.unique(herb[base], return_inverse=True)
    herbs = int(group.max()) + 1
    value = np.nansum(panel.price[:YEAR, base] * panel.quantity[:YEAR, base], axis=0)
    hierarchy = Hierarchy((np.zeros(herbs, dtype=np.int64),), (herbs, 1))
    weights = np.bincount(group, weights=value, minlength=herbs).astype(np.float64)
    filled = in_season_prices(panel.price[:, base], group.astype(np.int64), hierarchy, weights)
    return lowe(filled.prices, annual[base], YEAR - 1)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
