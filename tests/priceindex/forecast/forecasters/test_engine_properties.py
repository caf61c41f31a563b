"""What holds for every model of the engine, whatever the series."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy._core._multiarray_umath import __cpu_dispatch__

from priceindex.forecast.forecasters.forecaster import MODELS, forecast
from priceindex.forecast.panel import SeriesPanel
from tests.priceindex.forecast.forecasters.drawn_series import drawn_panel

ROOT = Path(__file__).parents[4]
HORIZON = 7
POSITIVE = st.floats(1e-3, 1e9)
ROWS = st.lists(st.lists(POSITIVE, min_size=1, max_size=45), min_size=1, max_size=5)


def right_aligned(rows: list[list[float]], season: int) -> SeriesPanel:
    longest = max(map(len, rows))
    return SeriesPanel(
        values=np.array([[np.nan] * (longest - len(row)) + row for row in rows]), season=season
    )


@given(ROWS, st.sampled_from([1, 4, 12]))
@settings(max_examples=60)
def test_every_forecast_is_positive_finite_and_within_the_guards(
    rows: list[list[float]], season: int
) -> None:
    for name, found in forecast(right_aligned(rows, season), HORIZON, MODELS).items():
        for values, ahead in zip(rows, found, strict=True):
            reach = 5.0 * (max(values) - min(values))
            assert np.isfinite(ahead).all(), name
            assert (ahead > 0.0).all(), name
            assert (ahead <= (max(values) + reach) * (1 + 1e-12)).all(), name
            assert (ahead >= (min(values) - reach) * (1 - 1e-12)).all(), name


@given(st.floats(1e-3, 1e12), st.integers(1, 60), st.sampled_from([1, 12]))
@settings(max_examples=30)
def test_a_constant_series_is_forecast_by_itself(value: float, periods: int, season: int) -> None:
    panel = SeriesPanel(values=np.full((1, periods), value), season=season)
    for found in forecast(panel, HORIZON, MODELS).values():
        assert found.tolist() == [[value] * HORIZON]


def test_one_value_is_carried_on_and_none_gives_nan() -> None:
    panel = SeriesPanel(values=np.array([[np.nan, np.nan, 5.0], [np.nan] * 3, [1.0, 2.0, 3.0]]), season=12)
    for found in forecast(panel, 2, MODELS).values():
        assert found[0].tolist() == [5.0, 5.0]
        assert np.isnan(found[1]).all()
        assert np.isfinite(found[2]).all()


def test_no_series_give_no_forecasts() -> None:
    found = forecast(SeriesPanel(values=np.empty((0, 5)), season=12), 3, MODELS)
    assert {array.shape for array in found.values()} == {(0, 3)}


@pytest.mark.parametrize("chunk", [1, 2, 7, 1000])
def test_the_chunk_changes_no_bit(chunk: int) -> None:
    panel = drawn_panel(23, 61)
    whole = forecast(panel, HORIZON, MODELS)
    for name, found in forecast(panel, HORIZON, MODELS, chunk=chunk).items():
        assert found.tobytes() == whole[name].tobytes(), name


@given(st.permutations(range(14)), st.integers(0, 5))
@settings(max_examples=15)
def test_the_order_of_the_series_changes_no_bit(order: list[int], seed: int) -> None:
    panel = drawn_panel(14, 50, seed=seed)
    whole = forecast(panel, HORIZON, MODELS)
    for name, found in forecast(panel.rows(np.array(order)), HORIZON, MODELS).items():
        assert found.tobytes() == whole[name][order].tobytes(), name


@pytest.mark.parametrize("before", [1, 5, 12, 40])
def test_nan_before_the_start_changes_no_bit(before: int) -> None:
    panel = drawn_panel(9, 47)
    longer = np.hstack([np.full((9, before), np.nan), panel.values])
    whole = forecast(panel, HORIZON, MODELS)
    for name, found in forecast(SeriesPanel(values=longer, season=12), HORIZON, MODELS).items():
        assert found.tobytes() == whole[name].tobytes(), name


def test_the_models_asked_for_together_change_no_bit_of_one() -> None:
    panel = drawn_panel(6, 48)
    whole = forecast(panel, HORIZON, MODELS)
    for name in MODELS:
        assert forecast(panel, HORIZON, (name,))[name].tobytes() == whole[name].tobytes()


@given(st.floats(0.01, 100.0), st.integers(0, 5))
@settings(max_examples=25)
def test_prices_in_another_unit_give_forecasts_in_that_unit(unit: float, seed: int) -> None:
    panel = drawn_panel(10, 60, seed=seed)
    whole = forecast(panel, HORIZON, MODELS)
    scaled = SeriesPanel(values=panel.values * unit, season=12)
    for name, found in forecast(scaled, HORIZON, MODELS).items():
        assert found == pytest.approx(whole[name] * unit, rel=1e-9), name


@pytest.mark.parametrize("size", [1e-250, 1e-12, 1e12, 1e250])
def test_no_size_of_price_overflows(size: float) -> None:
    panel = drawn_panel(10, 60)
    whole = forecast(panel, HORIZON, MODELS)
    for name, found in forecast(SeriesPanel(values=panel.values * size, season=12), HORIZON, MODELS).items():
        assert found == pytest.approx(whole[name] * size, rel=1e-9), name


def test_a_longer_horizon_starts_with_the_shorter_one() -> None:
    panel = drawn_panel(8, 55)
    longer = forecast(panel, 20, MODELS)
    for name, found in forecast(panel, 5, MODELS).items():
        assert (found == longer[name][:, :5]).all(), name


def test_forecasts_know_nothing_of_what_comes_after_the_origin() -> None:
    panel = drawn_panel(8, 60)
    late = panel.values.copy()
    late[:, -1] *= 3.0
    before = forecast(panel.back(1), HORIZON, MODELS)
    for name, found in forecast(SeriesPanel(values=late, season=12).back(1), HORIZON, MODELS).items():
        assert found.tobytes() == before[name].tobytes(), name


def test_a_strictly_seasonal_growing_series_is_hit_by_every_model_that_knows_season_and_trend() -> None:
    year = np.array([0.8, 0.9, 1.0, 1.3, 1.1, 0.9, 0.8, 0.9, 1.2, 1.3, 1.0, 0.8])
    values = np.resize(year, 108) * np.exp(0.01 * np.arange(108))
    found = forecast(SeriesPanel(values=values[None, :96], season=12), 12, MODELS)
    off = {name: np.abs(np.log(each[0] / values[96:])).mean() for name, each in found.items()}
    for name in ("theta", "damped", "combination", "optimised_theta", "wide_combination"):
        assert off[name] < min(0.06, off["seasonal_naive"], off["naive"]), name


def test_other_processors_and_threads_give_the_same_bits() -> None:
    """What is committed to the ledger has the digits that anyone finds who computes it again."""
    here = _digest({})
    assert len(here) == 64
    assert _digest({"NPY_DISABLE_CPU_FEATURES": " ".join(__cpu_dispatch__)}) == here
    assert _digest({"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}) == here


def _digest(changed: dict[str, str]) -> str:
    """The digest of all models' forecasts as another process finds it; the series need no logarithm."""
    program = (
        "import hashlib, numpy as np\n"
        "from priceindex.forecast.forecasters.forecaster import MODELS, forecast\n"
        "from priceindex.forecast.panel import SeriesPanel\n"
        "draw = np.random.default_rng(7)\n"
        "values = 900.0 + np.cumsum(draw.integers(-9, 10, (40, 75)), axis=1) + np.arange(75) % 12 * 20.0\n"
        "found = forecast(SeriesPanel(values=values, season=12), 9, MODELS)\n"
        "print(hashlib.sha256(b''.join(each.tobytes() for each in found.values())).hexdigest())"
    )
    kept = {name: value for name, value in os.environ.items() if name != "NPY_DISABLE_CPU_FEATURES"}
    command = [sys.executable, "-W", "ignore", "-c", program]
    environment = kept | {"PYTHONPATH": str(ROOT)} | changed
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()
