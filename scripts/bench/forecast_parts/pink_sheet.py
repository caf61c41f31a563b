"""Agricultural prices of the World Bank's Pink Sheet by group, from the shared folder."""

import csv
import gzip
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from priceindex.forecast.panel import Floats

ROOT: Final = Path(__file__).resolve().parents[3]
FILE: Final = "commodity/pinksheet_long_3vintages.csv.gz"
VINTAGE: Final = "2026-06-02"
FIRST: Final = "1980-01-01"
"""From when all of them are quoted."""
LAST: Final = "2026-03-01"
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "beverages": (
        "Cocoa", "Coffee, Arabica", "Coffee, Robusta", "Tea, Colombo", "Tea, Kolkata", "Tea, Mombasa",
    ),
    "oils and meals": (
        "Coconut oil", "Groundnut oil", "Palm oil", "Soybeans", "Soybean oil", "Soybean meal", "Fish meal",
        "Groundnuts",
    ),
    "grains": ("Maize", "Rice, Thai 5%", "Wheat, US HRW", "Wheat, US SRW"),
    "other food": (
        "Banana, US", "Orange", "Beef", "Chicken", "Lamb", "Sugar, EU", "Sugar, US", "Sugar, world",
    ),
    "timber": ("Logs, Malaysian", "Logs, Cameroon", "Sawnwood, Malaysian", "Plywood"),
    "other raw materials": ("Cotton, A Index", "Rubber, RSS3", "Tobacco, US import u.v."),
}  # fmt: skip
"""The 33 agricultural series without a gap since 1980 other than a few months; the mean of the tea auctions
is left out beside the three it is of, and barley, sorghum and shrimps, which ended before."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices:
    """Monthly prices of the 33 series."""

    names: tuple[str, ...]
    group_of: tuple[str, ...]
    months: tuple[str, ...]
    values: Floats
    """(33, months), positive; the few missing months carry the last price."""
    carried: int
    """How many months carry an earlier price."""


def agricultural() -> Prices | None:
    """The prices of `GROUPS` in the newest vintage; None where the shared folder is absent."""
    file = Path(os.environ.get("DAODI_SHARED", ROOT.parent / "shared")) / "data" / FILE
    if not file.is_file():
        return None
    names = tuple(name for group in GROUPS.values() for name in group)
    told: dict[tuple[str, str], float] = {}
    with gzip.open(file, "rt") as lines:
        for row in csv.DictReader(lines):
            if row["vintage"] == VINTAGE and FIRST <= row["date"] <= LAST and row["price_usd"]:
                told[row["commodity"], row["date"]] = float(row["price_usd"])
    months = tuple(sorted({month for _, month in told}))
    values = np.array([[told.get((name, month), np.nan) for month in months] for name in names])
    carried = 0
    for month in range(1, len(months)):
        gaps = np.isnan(values[:, month])
        carried += int(gaps.sum())
        values[gaps, month] = values[gaps, month - 1]
    return Prices(
        names=names,
        group_of=tuple(group for group, within in GROUPS.items() for _ in within),
        months=months,
        values=values,
        carried=carried,
    )
