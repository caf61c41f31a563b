"""The real daily prices of the 亳州 market in 2025 on the weekly grid: 37 series of 8 herbs, 44 Fridays."""

import csv
import os
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from priceindex.calendar import day_number
from priceindex.forecast.grid import panel_of, weekly, wide
from priceindex.forecast.method import forecast_method
from priceindex.forecast.panel import Floats, SeriesPanel
from priceindex.formulas.relatives import Places

FILE: Final = "data/prices/bozhou_daily_2025.csv"
ABSENT: Final = f"DAODI_SHARED holds no {FILE}"
NOT_ROOTS: Final = {"茯苓": "fungus_alga", "枸杞子": "fruit_seed"}
"""The class of those of the eight herbs that are no roots (Pharmacopoeia 2020, by the part used)."""
ROOT: Final = Path(__file__).resolve().parents[3]


def real_herbs() -> SeriesPanel | None:
    """One series for each herb, specification and origin, in yuan per kg; None where the file is absent."""
    found = daily_herbs()
    if found is None:
        return None
    days, values = found
    carried = forecast_method().grid("week").carried_at_most
    grid = weekly(days, values, until=int(days[-1]), carried_at_most=carried)
    return panel_of([grid], season=1)


def daily_herbs() -> tuple[Places, Floats] | None:
    """Days (d,) and the quotes of every series, (n, d); None where the file is absent."""
    found = _lines()
    if not found:
        return None
    names = sorted({row["kmzyw_code"] for row in found})
    return wide(
        np.array([names.index(row["kmzyw_code"]) for row in found], dtype=np.int64),
        np.array([day_number(date.fromisoformat(row["date"])) for row in found], dtype=np.int64),
        np.array([float(row["price_yuan_per_kg"]) for row in found]),
        len(names),
    )


def herb_of_series() -> Places:
    """Number of the herb of each series of `real_herbs`, in its order: series of one herb are siblings."""
    herbs = {row["kmzyw_code"]: row["herb"] for row in _lines()}
    return np.unique([herbs[code] for code in sorted(herbs)], return_inverse=True)[1].astype(np.int64)


def class_of_series() -> Places:
    """Number of the class by medicinal part of each series of `real_herbs`: the product judges by class."""
    herbs = {row["kmzyw_code"]: row["herb"] for row in _lines()}
    classes = [NOT_ROOTS.get(herbs[code], "root") for code in sorted(herbs)]
    return np.unique(classes, return_inverse=True)[1].astype(np.int64)


def _lines() -> list[dict[str, str]]:
    """The rows of the file; none where it is absent."""
    file = Path(os.environ.get("DAODI_SHARED", ROOT.parent / "shared")) / FILE
    if not file.is_file():
        return []
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def composite(panel: SeriesPanel) -> SeriesPanel:
    """Their Jevons index: the geometric mean of the series' relatives to the first Friday, times 1000."""
    relatives = np.log(panel.values / panel.values[:, :1])
    return SeriesPanel(values=1000.0 * np.exp(relatives.mean(axis=0, keepdims=True)), season=1)
