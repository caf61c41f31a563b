"""Forecasts of a long table of series as a pure function of frames, and the same over several processes.

`forecast_partition` takes and gives plain pandas frames and knows nothing of where it runs, so an engine
that maps a function over partitions of a table (Fugue on Dask, Ray or Spark) can run it: series do not
touch one another, and the table may be cut anywhere between them.
"""

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from priceindex.forecast.forecast_errors import SeriesMalformed
from priceindex.forecast.forecasters.forecaster import FAST, forecast
from priceindex.forecast.one_thread import one_thread_each
from priceindex.forecast.panel import Floats, SeriesPanel

if TYPE_CHECKING:
    from pandas import DataFrame

COLUMNS: Final = ("series_id", "period", "value")
"""What a table of series holds: a name, a whole number that counts periods, a positive number."""
FORECAST_COLUMNS: Final = ("series_id", "model", "step", "value")
"""What a table of forecasts holds; step 1 is the period after the series' own last one."""
SHARDS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionRule:
    """What is forecast of every series of a table."""

    horizon: int
    season: int
    """Periods a year; 1 where no season is looked for."""
    models: tuple[str, ...] = FAST


def forecast_partition(frame: "DataFrame", rule: PartitionRule) -> "DataFrame":
    """Forecasts of every series of a long table, by series, model in the order asked for, and step.

    `frame` has the columns of `COLUMNS` in any order of rows; a row whose value is missing is as if it
    were not there, so a series without a value gives no forecast. The result has those of
    `FORECAST_COLUMNS`. Raises `SeriesMalformed` where periods are not whole numbers one after another or
    a value is not positive, `ForecasterUnknown` for a model that does not exist.
    """
    import pandas as pd

    ordered = frame.dropna(subset=["value"]).sort_values(["series_id", "period"], kind="stable")
    codes, names = pd.factorize(ordered["series_id"])
    _refuse_malformed(ordered, codes)
    panel = _panel(codes, ordered["value"].to_numpy(np.float64), len(names), rule.season)
    found = forecast(panel, rule.horizon, rule.models)
    models, steps = len(rule.models), np.arange(1, rule.horizon + 1)
    columns = (
        names.repeat(models * rule.horizon),
        np.tile(np.repeat(np.array(rule.models, dtype=object), rule.horizon), len(names)),
        np.tile(steps, len(names) * models),
        np.stack([found[name] for name in rule.models], axis=1).ravel(),
    )
    return pd.DataFrame(dict(zip(FORECAST_COLUMNS, columns, strict=True)))


def forecast_shards(
    frame: "DataFrame", rule: PartitionRule, executor: Executor | None = None, *, shards: int = SHARDS
) -> "DataFrame":
    """The same as `forecast_partition`, cut into `shards` by series and mapped by `executor`.

    Without an executor a pool of warm processes works, one a core. The number of shards and the executor
    change nothing in the result.
    """
    import pandas as pd

    of_name = {name: shard_of(str(name), shards) for name in frame["series_id"].unique()}
    parts = [part for _, part in frame.groupby(frame["series_id"].map(of_name), sort=True)]
    if not parts:
        return forecast_partition(frame, rule)
    work = partial(forecast_partition, rule=rule)
    if executor is None:
        with warm_workers() as pool:
            found = list(pool.map(work, parts))
    else:
        found = list(executor.map(work, parts))
    return pd.concat(found).sort_values("series_id", kind="stable", ignore_index=True)


def shard_of(series_id: str, shards: int) -> int:
    """Which of `shards` a series belongs to, by a hash that is the same in every process and version.

    >>> shard_of("白芍|亳州", 16), shard_of("当归|陇西", 16)
    (0, 2)
    """
    digest = hashlib.blake2b(series_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % shards


@contextmanager
def warm_workers(count: int | None = None) -> Iterator[Executor]:
    """A pool of `count` processes, one a core by default, that have loaded what they need.

    Spawned, so that no lock or connection of this process is copied, with one thread each for linear
    algebra, so that they do not fight over the cores.
    """
    size = count or os.cpu_count() or 1
    with ProcessPoolExecutor(size, mp_context=get_context("spawn")) as pool:
        with one_thread_each():
            loading = [pool.submit(_load) for _ in range(size)]
        for each in loading:
            each.result()
        yield pool


def _load() -> str:
    """Import what a worker needs, before the first shard."""
    import pandas as pd

    return str(pd.__version__)


def _panel(codes: NDArray[np.int64], values: Floats, series: int, season: int) -> SeriesPanel:
    """Right-aligned rows of values that stand one series after another."""
    if not series:
        return SeriesPanel(values=np.empty((0, 1)), season=season)
    lengths = np.bincount(codes, minlength=series)
    ends = np.cumsum(lengths)
    width = int(lengths.max())
    panel = np.full((series, width), np.nan)
    panel[codes, np.arange(len(values)) - ends[codes] + width] = values
    return SeriesPanel(values=panel, season=season)


def _refuse_malformed(ordered: "DataFrame", codes: NDArray[np.int64]) -> None:
    """Raise `SeriesMalformed` for the first series that no panel takes."""
    values, periods = ordered["value"].to_numpy(np.float64), ordered["period"].to_numpy()
    wrong = ~(np.isfinite(values) & (values > 0.0))
    if wrong.any():
        name, value = str(ordered["series_id"].iloc[int(wrong.argmax())]), values[wrong.argmax()]
        raise SeriesMalformed(
            series=name, fault_zh=f"{value} 不是正数", fault_en=f"{value} is not a positive number"
        )
    follows = (codes[1:] != codes[:-1]) | (periods[1:] - periods[:-1] == 1)
    if not follows.all():
        place = int(follows.argmin())
        before, after = periods[place], periods[place + 1]
        raise SeriesMalformed(
            series=str(ordered["series_id"].iloc[place]),
            fault_zh=f"第 {before} 期之后是第 {after} 期",
            fault_en=f"period {after} follows on period {before}",
        )
