"""Long frames in and out: the engine's own numbers, whatever the shards and whoever maps them."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from priceindex.forecast.forecast_errors import ForecasterUnknown, SeriesMalformed
from priceindex.forecast.forecasters.forecaster import FAST, MODELS, forecast
from priceindex.forecast.panel import SeriesPanel
from priceindex.forecast.partition import (
    FORECAST_COLUMNS,
    PartitionRule,
    forecast_partition,
    forecast_shards,
    shard_of,
    warm_workers,
)
from tests.priceindex.forecast.forecasters.drawn_series import drawn_panel

RULE = PartitionRule(horizon=3, season=12)


def long_frame(panel: SeriesPanel, names: list[str]) -> pd.DataFrame:
    rows = [
        (name, period, value)
        for name, values in zip(names, panel.values, strict=True)
        for period, value in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["series_id", "period", "value"])


def drawn(series: int = 20) -> tuple[SeriesPanel, list[str]]:
    return drawn_panel(series, 40), [f"药材{number:02d}" for number in range(series)]


def test_a_partition_is_the_engine_on_the_same_series() -> None:
    panel, names = drawn()
    found = forecast_partition(long_frame(panel, names), PartitionRule(horizon=3, season=12, models=MODELS))
    assert tuple(found.columns) == FORECAST_COLUMNS
    whole = forecast(panel, 3, MODELS)
    assert len(found) == len(names) * len(MODELS) * 3
    for (name, model, step), value in found.set_index(["series_id", "model", "step"])["value"].items():
        assert value == whole[model][names.index(name), step - 1]


def test_rows_may_stand_in_any_order_and_series_end_at_different_periods() -> None:
    panel, names = drawn(5)
    frame = long_frame(panel, names).dropna()
    frame.loc[frame["series_id"] == names[1], "period"] += 1000
    shuffled = frame.sample(frac=1.0, random_state=3)
    assert_frame_equal(forecast_partition(shuffled, RULE), forecast_partition(long_frame(panel, names), RULE))


@pytest.mark.parametrize("shards", [1, 2, 7, 64])
def test_the_number_of_shards_changes_nothing(shards: int) -> None:
    frame = long_frame(*drawn())
    with ThreadPoolExecutor(2) as executor:
        found = forecast_shards(frame, RULE, executor, shards=shards)
    assert_frame_equal(found, forecast_partition(frame, RULE), check_exact=True)


def test_processes_give_the_same_and_take_one_thread_each() -> None:
    frame = long_frame(*drawn(8))
    with warm_workers(2) as pool:
        found = forecast_shards(frame, RULE, pool, shards=3)
        threads = pool.submit(_threads).result()
    assert_frame_equal(found, forecast_partition(frame, RULE), check_exact=True)
    assert threads == "1"


def test_without_an_executor_a_pool_of_processes_works() -> None:
    frame = long_frame(*drawn(4))
    assert_frame_equal(forecast_shards(frame, RULE), forecast_partition(frame, RULE), check_exact=True)


def _threads() -> str:
    import os

    return os.environ["OPENBLAS_NUM_THREADS"]


def test_the_environment_of_this_process_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with warm_workers(1):
        pass
    assert os.environ["OMP_NUM_THREADS"] == "5"
    assert "OPENBLAS_NUM_THREADS" not in os.environ


def test_shards_are_the_same_in_every_process_and_about_even() -> None:
    # the first eight bytes of BLAKE2b-64 of the name, big-endian, modulo the shards
    assert [shard_of(name, 16) for name in ("白芍|亳州", "当归|陇西")] == [0, 2]
    counts = np.bincount([shard_of(f"series {number}", 16) for number in range(4000)], minlength=16)
    assert counts.min() > 180
    assert counts.max() < 320


def test_no_rows_and_series_without_values_give_no_forecasts() -> None:
    frame = long_frame(*drawn(3))
    for empty in (frame.iloc[:0], frame.assign(value=np.nan)):
        for found in (forecast_partition(empty, RULE), forecast_shards(empty.iloc[:0], RULE)):
            assert tuple(found.columns) == FORECAST_COLUMNS
            assert found.empty


@pytest.mark.parametrize(
    ("periods", "values", "words"),
    [
        ([1, 2, 4], [1.0, 2.0, 3.0], "period 4 follows on period 2"),
        ([1, 2, 2], [1.0, 2.0, 3.0], "period 2 follows on period 2"),
        ([1, 2, 3], [1.0, np.nan, 3.0], "period 3 follows on period 1"),
        ([1, 2, 3], [1.0, 0.0, 3.0], "0.0 is not a positive number"),
        ([1, 2, 3], [1.0, -2.0, 3.0], "-2.0 is not a positive number"),
        ([1, 2, 3], [1.0, np.inf, 3.0], "inf is not a positive number"),
    ],
)
def test_a_malformed_series_is_named(periods: list[int], values: list[float], words: str) -> None:
    frame = pd.DataFrame({"series_id": ["甘草"] * 3, "period": periods, "value": values})
    good = pd.DataFrame({"series_id": ["a"] * 2, "period": [8, 9], "value": [1.0, 1.0]})
    with pytest.raises(SeriesMalformed, match=words) as raised:
        forecast_partition(pd.concat([good, frame]), RULE)
    assert "甘草" in str(raised.value)


def test_a_model_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ForecasterUnknown):
        forecast_partition(long_frame(*drawn(2)), PartitionRule(horizon=1, season=12, models=("prophet",)))


def test_the_full_speed_models_are_the_default() -> None:
    assert RULE.models == FAST
