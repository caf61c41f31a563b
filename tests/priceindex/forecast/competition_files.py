"""Series of the forecasting competitions as the shared folder keeps them."""

import csv
import gzip
from pathlib import Path

import numpy as np

from priceindex.forecast.panel import Floats, SeriesPanel


def read(folder: Path) -> tuple[SeriesPanel, Floats]:
    """Series and what followed; zeros, which no price is, stand as the least positive value."""
    found: list[dict[str, list[float]]] = []
    for part in ("train", "test"):
        series: dict[str, list[float]] = {}
        with gzip.open(folder / f"monthly_{part}.csv.gz", "rt") as lines:
            for row in csv.DictReader(lines):
                series.setdefault(row["unique_id"], []).append(float(row["y"]))
        found.append(series)
    train, test = found
    longest = max(map(len, train.values()))
    values = np.array([[np.nan] * (longest - len(row)) + row for row in train.values()])
    least = np.nanmin(np.where(values > 0.0, values, np.nan), axis=1, keepdims=True)
    panel = SeriesPanel(values=np.where(values <= 0.0, least, values), season=12)
    return panel, np.array([test[name] for name in train])
