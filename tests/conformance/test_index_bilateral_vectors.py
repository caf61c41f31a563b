"""Published bilateral vectors: gpindex, IndexNumR and PriceIndices, each under its own convention.

All panels here give one number under either convention on shares where nothing is missing; on the
herb panel, which has gaps, IndexNumR and PriceIndices take shares over matched products.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from priceindex.formulas.bilateral import BILATERAL
from priceindex.formulas.fixed_basket import FIXED_BASKET, Basket
from priceindex.formulas.index_forms import chain, fixed_base, period_on_period
from priceindex.formulas.pairs import Pair
from priceindex.formulas.relatives import Floats
from tests.conformance.index_package_names import GPINDEX, INDEXNUMR, PRICEINDICES
from tests.conformance.index_vector_sets import agrees, expected, price_and_quantity, table

pytestmark = pytest.mark.shared

BASKET_KEYS: Final = {
    "lowe": "lowe",
    "young": "young",
    "geolowe": "geometric_lowe",
    "geoyoung": "geometric_young",
}
GPINDEX_BASKETS: Final = {
    "lowe": "lowe",
    "young": "young",
    "geo_young": "geometric_young",
    "harmonic_young": "harmonic_young",
    "geo_lowe": "geometric_lowe",
}
CHAINED_KEYS: Final = ["jevons", "fisher", "tornqvist", "walsh", "laspeyres", "geolaspeyres", "cswd", "bmw"]
PANELS: Final = ("price6", "ces_sigma2")
FIXED: Final = (11, 12, 24)

COVERED: Final = frozenset(
    {
        *(f"{panel}_bilateral_gpindex.json:/*/{key}" for panel in PANELS for key in GPINDEX),
        *(
            f"{panel}_bilateral_indexnumr.json:/*/{key}"
            for panel in PANELS
            for key in (*INDEXNUMR, "lowe", "young")
        ),
        *(f"herb_panel_A_indexnumr.json:/bilateral_matched/*/{key}" for key in INDEXNUMR),
        *(f"herb_panel_A_priceindices.json:/bilateral_fixed_base_12_13_25/{key}" for key in PRICEINDICES),
        *(f"herb_panel_A_priceindices.json:/chained_to_13/ch{key}" for key in CHAINED_KEYS),
        *(f"herb_panel_A_priceindices.json:/base_2023_03_start_2023_06/values/{key}" for key in BASKET_KEYS),
    }
)
"""Keys of the expected files that the tests of this file compare."""


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    """The folder of index vectors."""
    return shared / "vectors" / "index"


def in_form(compute: Callable[[Pair], float], form: str, prices: Floats, quantities: Floats) -> list[float]:
    """The series in the form a package calls so."""
    if form.replace("_", "") == "fixedbase":
        return [float(level) for level in fixed_base(compute, prices, quantities).levels]
    steps = period_on_period(compute, prices, quantities)
    return [float(level) for level in (chain(steps).levels if form == "chained" else steps.movements)]


def all_agree(found: list[float], told: list[float], tolerance: float) -> bool:
    return len(found) == len(told) and all(
        agrees(ours, theirs, tolerance) for ours, theirs in zip(found, told, strict=True)
    )


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("form", ["fixed_base", "period_on_period", "chained"])
@pytest.mark.parametrize("key", GPINDEX)
def test_gpindex_gives_the_same(vectors: Path, panel: str, form: str, key: str) -> None:
    told = expected(vectors, f"{panel}_bilateral_gpindex.json")[form][key]
    prices, quantities = price_and_quantity(table(vectors, f"{panel}.csv"))
    found = in_form(GPINDEX[key], form, prices, quantities)
    assert all_agree(found[len(found) - len(told) :], told, 1e-10)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("form", ["pop", "chained", "fixedbase"])
@pytest.mark.parametrize("key", INDEXNUMR)
def test_indexnumr_gives_the_same(vectors: Path, panel: str, form: str, key: str) -> None:
    told = expected(vectors, f"{panel}_bilateral_indexnumr.json")[form][key]
    prices, quantities = price_and_quantity(table(vectors, f"{panel}.csv"))
    assert all_agree(in_form(INDEXNUMR[key], form, prices, quantities), told, 1e-10)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("form", ["pop", "chained", "fixedbase"])
@pytest.mark.parametrize("key", ["lowe", "young"])
def test_indexnumrs_fixed_baskets_are_ours_with_the_first_period_as_basket(
    vectors: Path, panel: str, form: str, key: str
) -> None:
    told = expected(vectors, f"{panel}_bilateral_indexnumr.json")[form][key]
    prices, quantities = price_and_quantity(table(vectors, f"{panel}.csv"))
    basket = Basket(prices[0], quantities[0])

    def compute(pair: Pair) -> float:
        return FIXED_BASKET[key](basket, pair.p0, pair.p1)

    assert all_agree(in_form(compute, form, prices, quantities), told, 1e-10)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize(("key", "name"), GPINDEX_BASKETS.items())
def test_gpindex_gives_the_same_with_an_older_basket(vectors: Path, panel: str, key: str, name: str) -> None:
    told = expected(vectors, "lowe_young_gpindex.json")
    prices, quantities = price_and_quantity(table(vectors, f"{panel}.csv"))
    bought, reference = told["weight_period"] - 1, told["price_reference"] - 1
    basket = Basket(prices[bought], quantities[bought])
    found = [FIXED_BASKET[name](basket, prices[reference], now) for now in prices[reference:]]
    assert all_agree(found, told[panel][key], 1e-12)


@pytest.mark.parametrize("form", ["chained", "fixedbase"])
@pytest.mark.parametrize("key", INDEXNUMR)
def test_indexnumr_gives_the_same_over_gaps_births_and_deaths(vectors: Path, form: str, key: str) -> None:
    told = expected(vectors, "herb_panel_A_indexnumr.json")["bilateral_matched"][form][key]
    prices, quantities = price_and_quantity(table(vectors, "herb_panel_A.csv"))
    assert all_agree(in_form(INDEXNUMR[key], form, prices, quantities), told, 1e-9)


@pytest.mark.parametrize("key", PRICEINDICES)
def test_priceindices_gives_the_same_against_the_first_month(vectors: Path, key: str) -> None:
    told = expected(vectors, "herb_panel_A_priceindices.json")["bilateral_fixed_base_12_13_25"][key]
    prices, quantities = price_and_quantity(table(vectors, "herb_panel_A.csv"))
    compute = PRICEINDICES[key]
    found = [compute(Pair(prices[0], quantities[0], prices[t], quantities[t])) for t in FIXED]
    assert all_agree(found, told, 1e-9)


@pytest.mark.parametrize("key", CHAINED_KEYS)
def test_priceindices_gives_the_same_chained_over_a_year(vectors: Path, key: str) -> None:
    told = expected(vectors, "herb_panel_A_priceindices.json")["chained_to_13"][f"ch{key}"]
    prices, quantities = price_and_quantity(table(vectors, "herb_panel_A.csv"))
    found = in_form(PRICEINDICES[key], "chained", prices[:13], quantities[:13])
    assert all_agree(found, told, 1e-9)


@pytest.mark.parametrize("key", BASKET_KEYS)
def test_priceindices_gives_the_same_with_an_older_basket(vectors: Path, key: str) -> None:
    """Weights of period 4, price reference period 7, values at periods 8, 13 and 20."""
    told = expected(vectors, "herb_panel_A_priceindices.json")["base_2023_03_start_2023_06"]["values"][key]
    prices, quantities = price_and_quantity(table(vectors, "herb_panel_A.csv"))
    basket = Basket(prices[3], quantities[3])
    found = [FIXED_BASKET[BASKET_KEYS[key]](basket, prices[6], prices[t]) for t in (7, 12, 19)]
    assert all_agree(found, told, 1e-9)


def test_full_basket_shares_differ_in_the_fourth_digit_over_gaps(vectors: Path) -> None:
    """The size of the disagreement between gpindex's default and the other packages."""
    prices, quantities = price_and_quantity(table(vectors, "herb_panel_A.csv"))
    first, last = (prices[0], quantities[0]), (prices[24], quantities[24])
    matched = BILATERAL["tornqvist"](Pair(*first, *last))
    full = BILATERAL["tornqvist"](Pair(*first, *last, shares="full"))
    assert 1e-5 < abs(full / matched - 1) < 1e-3
    assert np.isfinite(full)
