"""The panels and expected values of the multilateral vectors, as the tests read them."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from priceindex.formulas.relatives import Floats
from priceindex.multilateral.coded_panel import CodedPanel, code_panel
from priceindex.multilateral.conventions import Formula, Sample, Splice, SplicedOn, StartUp
from priceindex.multilateral.fixed_base_extensions import expanding_window, moving_window
from priceindex.multilateral.geary_khamis import geary_khamis
from priceindex.multilateral.pairwise import links
from priceindex.multilateral.splices import spliced
from priceindex.multilateral.time_product_dummy import time_product_dummy
from priceindex.multilateral.windows import LevelsOf, of_links, of_panel, rolling

SPLICES: Final[dict[str, tuple[Splice, SplicedOn]]] = {
    "movement": ("movement", "recomputed"),
    "window": ("window", "recomputed"),
    "half": ("half", "recomputed"),
    "mean": ("mean", "recomputed"),
    "wisp": ("window", "published"),
    "hasp": ("half", "published"),
    "mean_pub": ("mean", "published"),
}
"""IndexNumR's names of the splices."""

GEKS: Final[dict[str, Formula]] = {
    "geks_fisher": "fisher",
    "geks_tornqvist": "tornqvist",
    "geks_walsh": "walsh",
    "geks_jevons": "jevons",
}


def read_panel(folder: Path, name: str) -> CodedPanel:
    """The panel of one input file."""
    with (folder / "inputs" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = ([float(row[name]) for row in rows] for name in ("period", "product", "price", "quantity"))
    period, product, price, quantity = map(np.array, columns)
    return code_panel(period.astype(int), product.astype(int), price, quantity)


def told(folder: Path, name: str) -> Any:
    """The content of one file of expected values."""
    return json.loads((folder / "expected" / f"{name}.json").read_text("utf-8"))


def levels_of(panel: CodedPanel, method: str, sample: Sample) -> LevelsOf:
    """The method that IndexNumR calls so, over any window."""
    if method in GEKS:
        return of_links(links(panel, GEKS[method]))
    by_name: dict[str, Callable[[CodedPanel], Any]] = {
        "gk": lambda window: geary_khamis(window, sample=sample),
        "wtpd": lambda window: time_product_dummy(window, sample=sample),
    }
    return of_panel(panel, by_name[method])


def extended(
    levels: LevelsOf, periods: int, width: int, extension: str, start_up: StartUp = "first_window"
) -> Floats:
    """The series that IndexNumR calls so: a full window, a splice or a fixed-base extension."""
    if extension == "full_window":
        return levels(0, periods - 1)
    if extension == "fbew":
        return expanding_window(levels, periods, width, start_up)
    if extension == "fbmw":
        return moving_window(levels, periods, width, start_up)
    return spliced(rolling(levels, periods, width), *SPLICES[extension])


def farthest(found: Floats, expected: Any) -> float:
    """The largest relative difference."""
    return float(np.abs(found / np.asarray(expected, dtype=float) - 1).max())
