"""A chained index cannot be chained again: neither the type checker nor the program lets it through."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from priceindex.formulas.bilateral import BILATERAL
from priceindex.formulas.formulas_errors import LevelNotPositive, LinkOutside, NotALink
from priceindex.formulas.index_forms import (
    Chained,
    FixedBase,
    PeriodOnPeriod,
    chain,
    fixed_base,
    period_on_period,
    unchain,
)

ROOT = Path(__file__).resolve().parents[3]
LEVELS = np.array([1.0, 1.5, 3.0])
MOVEMENTS = arrays.arrays(
    np.float64, st.tuples(st.integers(1, 30), st.integers(1, 3)), elements=st.floats(0.5, 2)
)
WRONG = """
import numpy as np
from priceindex.formulas.index_forms import Chained, FixedBase, PeriodOnPeriod, chain, unchain

levels = np.ones(3)
chain(chain(PeriodOnPeriod(levels)))
chain(FixedBase(levels))
unchain(FixedBase(levels))
chain(levels)
chain(PeriodOnPeriod(levels))
unchain(Chained(levels))
"""


@pytest.mark.parametrize("series", [Chained(LEVELS), FixedBase(LEVELS), LEVELS])
def test_only_movements_can_be_chained(series: PeriodOnPeriod) -> None:
    with pytest.raises(NotALink, match=type(series).__name__):
        chain(series)


@pytest.mark.parametrize("series", [PeriodOnPeriod(LEVELS), FixedBase(LEVELS)])
def test_only_a_chained_series_has_movements_to_give_back(series: Chained) -> None:
    with pytest.raises(NotALink, match=type(series).__name__):
        unchain(series)


def test_the_type_checker_refuses_the_same_four_calls_and_no_other(tmp_path: Path) -> None:
    program = tmp_path / "wrong_chains.py"
    program.write_text(WRONG, encoding="utf-8")
    said = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(program)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    refused = [line for line in said.splitlines() if "wrong_chains.py" in line and "[arg-type]" in line]
    assert [int(line.split("wrong_chains.py:")[1].split(":")[0]) for line in refused] == [6, 7, 8, 9]


@settings(max_examples=30)
@given(movements=MOVEMENTS)
def test_unchaining_gives_back_what_was_chained(movements: np.ndarray) -> None:
    movements[0] = 1.0
    assert unchain(chain(PeriodOnPeriod(movements))).movements == pytest.approx(movements, rel=1e-12)


def test_a_transitive_formula_gives_the_same_chained_and_direct_and_fisher_does_not() -> None:
    chance = np.random.default_rng(5)
    prices, quantities = np.exp(chance.normal(0, 0.5, (2, 6, 4)))
    for key, same in (("jevons", True), ("dutot", True), ("fisher", False)):
        chained = chain(period_on_period(BILATERAL[key], prices, quantities)).levels
        direct = fixed_base(BILATERAL[key], prices, quantities).levels
        assert bool(np.allclose(chained, direct, rtol=1e-12)) is same


def test_a_series_compared_with_a_later_base_is_one_there() -> None:
    prices, quantities = np.array([[1.0, 2.0], [2.0, 3.0], [4.0, 4.0]]), np.ones((3, 2))
    series = fixed_base(BILATERAL["laspeyres"], prices, quantities, base=1)
    assert series.base == 1
    assert series.levels.tolist() == pytest.approx([3 / 5, 1.0, 8 / 5])


@pytest.mark.parametrize("base", [-1, 3])
def test_a_base_outside_the_series_is_refused(base: int) -> None:
    with pytest.raises(LinkOutside):
        fixed_base(BILATERAL["laspeyres"], np.ones((3, 2)), np.ones((3, 2)), base=base)


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan, np.inf])
@pytest.mark.parametrize("form", [PeriodOnPeriod, FixedBase, Chained])
def test_what_is_no_positive_number_is_in_no_series(
    form: type[PeriodOnPeriod | FixedBase | Chained], value: float
) -> None:
    with pytest.raises(LevelNotPositive):
        form(np.array([1.0, value]))
