"""Reading the published index vectors: inputs as panels, expected values as they stand."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np

from priceindex.formulas.relatives import Floats


def expected(vectors: Path, name: str) -> Any:
    """The content of one expected file."""
    return json.loads((vectors / "expected" / name).read_text("utf-8"))


def table(vectors: Path, name: str) -> list[dict[str, str]]:
    """The rows of one input file."""
    with (vectors / "inputs" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def price_and_quantity(rows: list[dict[str, str]]) -> tuple[Floats, Floats]:
    """Prices and quantities, each (periods, products), NaN where nothing was observed."""
    periods = sorted({int(row["period"]) for row in rows})
    products = sorted({int(row["product"]) for row in rows})
    found = np.full((2, len(periods), len(products)), np.nan)
    for row in rows:
        at = periods.index(int(row["period"])), products.index(int(row["product"]))
        found[0][at], found[1][at] = float(row["price"]), float(row["quantity"])
    return found[0], found[1]


def agrees(found: float | None, told: float | None, tolerance: float) -> bool:
    """Whether both are missing, or the same within a relative (below one: absolute) tolerance."""
    if found is None or told is None:
        return found is told
    return abs(found - told) <= tolerance * max(1.0, abs(told))
