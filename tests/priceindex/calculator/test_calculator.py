"""The calculator gives what the packages give, from a CSV as anybody would write it."""

import json
from pathlib import Path
from typing import Any

import pytest

from priceindex.calculator.calculation import Wanted, calculate
from priceindex.calculator.calculator_errors import NotDecomposed, TableColumns, TableNumber, UnknownMethod
from priceindex.calculator.decomposition import DECOMPOSED, decompose
from priceindex.calculator.methods import methods
from priceindex.calculator.table import read_table
from priceindex.formulas.formulas_errors import LinkOutside
from priceindex.multilateral.coded_panel import CodedPanel

TABLE = b"period,product,price,quantity\n1,a,10,5\n1,b,20,1\n2,a,11,4\n2,b,18,2\n3,a,10,5\n3,b,20,1\n"


@pytest.fixture(scope="module")
def price6(shared: Path) -> CodedPanel:
    """Tables 19.1 and 19.2 of the manual: six products, five periods."""
    return read_table((shared / "vectors/index/inputs/price6.csv").read_bytes(), "price6.csv")


def told(shared: Path, name: str) -> Any:
    return json.loads((shared / "vectors/index/expected" / name).read_text("utf-8"))


@pytest.mark.shared
@pytest.mark.parametrize("form", ["fixed_base", "chained"])
@pytest.mark.parametrize("formula", ["jevons", "dutot", "laspeyres", "paasche", "fisher", "walsh"])
def test_a_bilateral_index_is_gpindexs(price6: CodedPanel, shared: Path, formula: str, form: Any) -> None:
    found = calculate(price6, Wanted(method=formula, form=form, level=1.0)).levels
    expected = told(shared, "price6_bilateral_gpindex.json")[form][formula]
    assert found.tolist() == pytest.approx(expected, rel=1e-10)


@pytest.mark.shared
@pytest.mark.parametrize("formula", ["lowe", "young", "geometric_young", "harmonic_young", "geometric_lowe"])
def test_a_fixed_basket_is_gpindexs(price6: CodedPanel, shared: Path, formula: str) -> None:
    expected = told(shared, "lowe_young_gpindex.json")
    at = Wanted(
        method=formula,
        base=expected["price_reference"] - 1,
        weight_period=expected["weight_period"] - 1,
        level=1.0,
    )
    found = calculate(price6, at).levels[at.base :]
    named = formula.replace("geometric", "geo")
    assert found.tolist() == pytest.approx(expected["price6"][named], rel=1e-10)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("method", "named"),
    [("ccdi", "geks_tornqvist"), ("geks_fisher", "geks_fisher"), ("geks_walsh", "geks_walsh")],
)
@pytest.mark.parametrize(
    ("splice", "on", "told_as"),
    [
        ("movement", "recomputed", "movement"),
        ("window", "published", "wisp"),
        ("mean", "published", "mean_pub"),
    ],
)
def test_a_window_that_moves_on_is_indexnumrs(
    price6: CodedPanel, shared: Path, method: str, named: str, splice: Any, on: Any, told_as: str
) -> None:
    wanted = Wanted(method=method, window=3, splice=splice, spliced_on=on, level=1.0)
    expected = told(shared, "price6_multilateral_indexnumr.json")["window_3"][told_as]
    assert calculate(price6, wanted).levels.tolist() == pytest.approx(expected[named], rel=1e-9)


@pytest.mark.shared
def test_contributions_are_gpindexs_and_add_up(price6: CodedPanel, shared: Path) -> None:
    expected = told(shared, "price6_contributions_gpindex.json")
    for method, key in (("laspeyres", "laspeyres_arithmetic"), ("fisher", "fisher_van_ijzeren_additive")):
        parts = {each.product: each.part for each in decompose(price6, method, 0, 1)}
        told_parts = [parts[product] for product in sorted(parts, key=str)]
        assert told_parts == pytest.approx(expected[key], abs=1e-10)


@pytest.mark.parametrize("method", sorted(DECOMPOSED))
def test_contributions_add_up_to_the_change(method: str) -> None:
    panel = read_table(TABLE, "own.csv")
    whole = sum(each.part for each in decompose(panel, method, 0, 1))
    formula = method.removesuffix("_nested")
    change = calculate(panel, Wanted(method=formula, level=1.0)).levels[1] - 1
    assert whole == pytest.approx(change, rel=1e-12)


@pytest.mark.parametrize("method", [each.key for each in methods() if each.kind != "fixed_basket"])
def test_prices_that_return_give_the_direct_index_one(method: str) -> None:
    found = calculate(read_table(TABLE, "own.csv"), Wanted(method=method, form="fixed_base", level=100))
    assert found.levels[2] == pytest.approx(100.0, rel=1e-9)


def test_what_is_asked_for_in_vain_is_said() -> None:
    panel = read_table(TABLE, "own.csv")
    with pytest.raises(UnknownMethod):
        calculate(panel, Wanted(method="fischer"))
    with pytest.raises(LinkOutside):
        calculate(panel, Wanted(method="fisher", base=9))
    with pytest.raises(NotDecomposed):
        decompose(panel, "stuvel", 0, 1)


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        (b"period,price\n1,2\n", TableColumns),
        (b"period,product,price\n1,a,-2\n", TableNumber),
        (b"period,product,price\n1,a,1e999\n", TableNumber),
        (b"period,product,price,quantity\n1,a,2,\n", TableNumber),
    ],
)
def test_a_table_with_a_fault_is_refused_with_its_place(table: bytes, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        read_table(table, "own.csv")
