"""The World Bank's agricultural prices that warning rules are held against, from the newest saved vintage."""

from pathlib import Path
from typing import Final

import numpy as np

from priceindex.calendar import month_numbers
from priceindex.warning.indicators.indication import Floats, Places
from tests.priceindex.forecast.outside_vintages import pink_sheet

AGRICULTURE: Final[dict[str, tuple[str, ...]]] = {
    "Beverages": (
        "Cocoa", "Coffee, Arabica", "Coffee, Robusta", "Tea, avg 3 auctions", "Tea, Colombo", "Tea, Kolkata",
        "Tea, Mombasa",
    ),
    "Food: Oils and Meals": (
        "Coconut oil", "Fish meal", "Groundnuts", "Groundnut oil", "Palm oil", "Palm kernel oil",
        "Rapeseed oil", "Soybean meal", "Soybean oil", "Soybeans", "Sunflower oil",
    ),
    "Food: Grains": (
        "Barley", "Maize", "Rice, Thai 5%", "Rice, Thai 25%", "Rice, Thai A.1", "Rice, Viet Namese 5%",
        "Sorghum", "Wheat, US HRW", "Wheat, US SRW",
    ),
    "Food: Other Food": (
        "Banana, Europe", "Banana, US", "Beef", "Chicken", "Lamb", "Orange", "Shrimps, Mexican", "Sugar, EU",
        "Sugar, US", "Sugar, world",
    ),
    "Raw Materials: Timber": (
        "Logs, Cameroon", "Logs, Malaysian", "Plywood", "Sawnwood, Cameroon", "Sawnwood, Malaysian",
    ),
    "Raw Materials: Other Raw Materials": (
        "Cotton, A Index", "Rubber, RSS3", "Rubber, TSR20", "Tobacco, US import u.v.",
    ),
}  # fmt: skip
"""The 46 of the 71 series that the World Bank lists under Agriculture, in its groups. Seen in the Pink Sheet
of January 2014; rapeseed and sunflower oil joined later (their group is recalled)."""


def agricultural(file: Path) -> tuple[Floats, Places]:
    """Monthly prices (46, T), NaN where none is told, and their month numbers."""
    cells = pink_sheet(file).vintages[-1][1]
    names = [name for group in AGRICULTURE.values() for name in group]
    days = np.array(sorted({day for _, day in cells}), dtype=np.int64)
    told = {(key.rpartition("|")[0], day): float(price) for (key, day), price in cells.items() if price}
    values = np.array([[told.get((name, day), np.nan) for day in days.tolist()] for name in names])
    if np.isnan(values).all(axis=1).any():
        raise ValueError("the price list does not hold every series that AGRICULTURE names")
    return values, month_numbers(days)
