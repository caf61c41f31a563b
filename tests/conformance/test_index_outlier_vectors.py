"""Published outlier flags: gpindex's on twenty-one relatives and on a 25-month herb panel, mark for mark."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from priceindex.cleaning.fences import kimber, resistant_fences
from priceindex.cleaning.fixed_bounds import fixed_bounds
from priceindex.cleaning.hidiroglou_berthelot import hidiroglou_berthelot, symmetric
from priceindex.cleaning.quantiles import median
from priceindex.cleaning.quartile_method import quartile_method
from priceindex.cleaning.robust_z import robust_z
from priceindex.cleaning.tukey import tukey_algorithm
from priceindex.formulas.relatives import Floats

pytestmark = pytest.mark.shared
COVERED = frozenset(
    {
        "outliers_gpindex.json:/cutoff_*",
        "outliers_gpindex.json:/hb_transform",
        "herb_panel_A_hierarchy_piar.json:/outliers/*",
    }
)


def share_of_median(values: Floats, share: float) -> float:
    """The least spread as gpindex has it: a·|median|."""
    return abs(share * median(values))


METHODS: dict[str, Callable[[Floats, float], NDArray[np.bool_]]] = {
    "quartile": quartile_method,
    "quartile_a0.05": lambda x, c: quartile_method(x, c, least=share_of_median(x, 0.05)),
    "resistant_fences": resistant_fences,
    "kimber": kimber,
    "robust_z": robust_z,
    "fixed_cutoff": fixed_bounds,
    "tukey": tukey_algorithm,
    "log_quartile": lambda x, c: quartile_method(np.log(x), c),
    "log_robust_z": lambda x, c: robust_z(np.log(x), c),
    "hb_quartile": hidiroglou_berthelot,
}


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "vectors" / "index"


def told(folder: Path, name: str) -> Any:
    return json.loads((folder / "expected" / name).read_text("utf-8"))


@pytest.mark.parametrize("cut_off", ["1.5", "2.5", "3.5"])
def test_every_method_marks_the_twenty_one_relatives_as_gpindex_does(folder: Path, cut_off: str) -> None:
    vector = told(folder, "outliers_gpindex.json")
    relatives = np.array(vector["relatives"], dtype=float)
    expected = vector[f"cutoff_{cut_off}"]
    assert set(expected) == set(METHODS)
    found = {name: method(relatives, float(cut_off)).tolist() for name, method in METHODS.items()}
    assert found == expected


def test_the_symmetric_transformation_is_gpindex_hb_transform(folder: Path) -> None:
    vector = told(folder, "outliers_gpindex.json")
    found = symmetric(np.array(vector["relatives"], dtype=float))
    assert found == pytest.approx(vector["hb_transform"], abs=1e-14)


def relatives_by_month(folder: Path) -> dict[int, dict[int, float]]:
    """Price over the price a month before, by month and product, where both were observed."""
    with (folder / "inputs" / "herb_panel_A.csv").open(encoding="utf-8", newline="") as file:
        prices = {
            (int(row["period"]), int(row["product"])): float(row["price"]) for row in csv.DictReader(file)
        }
    found: dict[int, dict[int, float]] = {}
    for (period, product), price in sorted(prices.items()):
        if (period - 1, product) in prices:
            found.setdefault(period, {})[product] = price / prices[period - 1, product]
    return found


@pytest.mark.parametrize(
    ("name", "method", "cut_off"),
    [
        ("quartile_2.5", "quartile", 2.5),
        ("quartile_2.5_a0.05", "quartile_a0.05", 2.5),
        ("resistant_fences_2.5", "resistant_fences", 2.5),
        ("robust_z_3", "robust_z", 3.0),
        ("tukey_2.5", "tukey", 2.5),
        ("hb_quartile_4", "hb_quartile", 4.0),
    ],
)
def test_the_herb_panel_is_marked_as_gpindex_marks_it(
    folder: Path, name: str, method: str, cut_off: float
) -> None:
    expected = told(folder, "herb_panel_A_hierarchy_piar.json")["outliers"][name]
    found = set()
    for period, by_product in relatives_by_month(folder).items():
        values = np.array(list(by_product.values()))
        marked = METHODS[method](values, cut_off)
        found |= {f"{period:02d}:{product}" for product, out in zip(by_product, marked, strict=True) if out}
    assert found == set(expected)
