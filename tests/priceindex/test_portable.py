"""The release path's logarithm and exponential: near the truth, and the same bits everywhere."""

import math
import os
import subprocess
import sys
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy._core._multiarray_umath import __cpu_dispatch__

from priceindex.portable import exp, log, power, running_sum

ROOT = Path(__file__).parents[2]
ULPS = Decimal(2)
"""What the page of methods promises; one is what is reached."""


def ulps(found: float, exact: Decimal) -> Decimal:
    """How many units in the last place of the result lie between found and exact."""
    return abs(Decimal(found) - exact) / Decimal(math.ulp(found))


@settings(max_examples=400)
@given(x=st.floats(min_value=5e-324, max_value=1.7e308))
def test_a_logarithm_is_within_two_units_of_the_last_place(x: float) -> None:
    with localcontext() as context:
        context.prec = 60
        assert ulps(float(log(np.array([x]))[0]), Decimal(x).ln()) <= ULPS


@settings(max_examples=400)
@given(x=st.floats(min_value=0.5, max_value=2.0))
def test_a_logarithm_near_one_keeps_its_digits(x: float) -> None:
    """Most herb prices do not move: there the logarithm is small and every digit of it counts."""
    with localcontext() as context:
        context.prec = 60
        assert ulps(float(log(np.array([x]))[0]), Decimal(x).ln()) <= ULPS


@settings(max_examples=400)
@given(x=st.floats(min_value=-708.0, max_value=709.7))
def test_an_exponential_is_within_two_units_of_the_last_place(x: float) -> None:
    with localcontext() as context:
        context.prec = 60
        assert ulps(float(exp(np.array([x]))[0]), Decimal(x).exp()) <= ULPS


@pytest.mark.parametrize(
    ("x", "expected"), [(0.0, -math.inf), (-0.0, -math.inf), (math.inf, math.inf), (1.0, 0.0)]
)
def test_the_ends_of_the_logarithm(x: float, expected: float) -> None:
    assert log(np.array([x]))[0] == expected


def test_what_has_no_logarithm_and_what_is_missing_stays_missing() -> None:
    assert np.isnan(log(np.array([-1.0, -5e-324, math.nan, -math.inf]))).all()
    assert np.isnan(exp(np.array([math.nan]))[0])


@pytest.mark.parametrize(
    ("x", "expected"),
    [(0.0, 1.0), (-math.inf, 0.0), (math.inf, math.inf), (1e6, math.inf), (-1e6, 0.0), (-745.0, 5e-324)],
)
def test_the_ends_of_the_exponential(x: float, expected: float) -> None:
    assert exp(np.array([x]))[0] == expected


def test_any_shape_comes_back_in_that_shape() -> None:
    prices = np.arange(1.0, 7.0).reshape(2, 3)
    assert log(prices).shape == exp(log(prices)).shape == (2, 3)
    assert log(prices.T[::2]).shape == (2, 2)
    assert log(np.array([])).shape == (0,)


@settings(max_examples=50)
@given(values=st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=40), start=st.integers(0, 20_000))
def test_a_value_has_one_logarithm_wherever_it_stands(values: list[float], start: int) -> None:
    """Blocks and offsets change nothing: a panel of one day and one of a year agree."""
    alone = log(np.array(values))
    within = log(np.concatenate([np.full(start, 7.0), values]))[start:]
    assert alone.tobytes() == within.tobytes()


def test_whole_powers_are_exact_operations() -> None:
    base = np.array([3.0, 0.1])
    assert power(base, 1).tolist() == [3.0, 0.1]
    assert power(base, 2).tolist() == [9.0, 0.1 * 0.1]
    assert power(base, -1).tolist() == [1 / 3.0, 1 / 0.1]
    assert power(base, 0).tolist() == [1.0, 1.0]
    assert power(np.array([2.0]), 0.5)[0] == pytest.approx(math.sqrt(2), rel=1e-15)


def test_a_running_sum_is_taken_one_after_the_other() -> None:
    """1e16 + 1 loses the one; a pairwise sum of eight would not."""
    values = np.array([1e16, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1e16])
    assert running_sum(values) == 0.0


BITS = """
import dataclasses, hashlib, numpy as np
from priceindex.portable import exp, log
from priceindex.engine.run import run
from priceindex.families import family
from priceindex.releases.series import digest
from tests.priceindex.drawn_market import drawn
draw = np.random.default_rng(11)
spread = np.ldexp(draw.uniform(1.0, 2.0, 20_000), draw.integers(-1022, 1023, 20_000))
values = np.concatenate([draw.uniform(0.5, 2.0, 20_000), spread])
bits = log(values).tobytes() + exp(draw.uniform(-700, 700, 40_000)).tobytes()
geometric = dataclasses.replace(family("herbs"), aggregation_order=0)
releases = [digest(run(drawn(5, 80, chosen)).all_series()) for chosen in (family("herbs"), geometric)]
print(hashlib.sha256(bits).hexdigest(), *releases)
"""
ALL = " ".join(__cpu_dispatch__)
"""The processor features that this numpy chooses code by."""


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"NPY_DISABLE_CPU_FEATURES": ALL}, id="no-cpu-features"),
        pytest.param({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}, id="one-thread"),
        pytest.param({"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}, id="two-threads"),
    ],
)
def test_other_processors_and_threads_give_the_same_bits_and_the_same_release(
    changed: dict[str, str], here: str
) -> None:
    told = computed(changed)
    assert told == here


@pytest.fixture(scope="module")
def here() -> str:
    """What this process's numpy finds."""
    return computed({})


def computed(changed: dict[str, str]) -> str:
    kept = {name: value for name, value in os.environ.items() if name != "NPY_DISABLE_CPU_FEATURES"}
    made = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BITS],
        env=kept | {"PYTHONPATH": str(ROOT)} | changed,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return made.stdout.strip()
