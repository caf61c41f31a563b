"""The pool gives what a fit gives, and loses only the work of a process that dies or takes too long."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from priceindex.forecast.fitted.dropped import DropReason
from priceindex.forecast.fitted.models import FITTED, fit
from priceindex.forecast.fitted.workers import CHUNK, FittedPool, FittedRun
from priceindex.forecast.forecast_errors import FitsEnded
from priceindex.forecast.panel import Floats
from tests.priceindex.forecast.fitted.drawn_prices import to_fit, walk

SLOW = ("fitted_components",)


def walks(count: int, periods: int = 60) -> Floats:
    return np.stack([walk(seed, periods) for seed in range(count)])


def told(run: FittedRun, count: int, names: tuple[str, ...]) -> set[tuple[int, str]]:
    """Row and model of all that has a forecast or a reason."""
    has = {
        (int(row), name)
        for name in names
        for row in np.flatnonzero(~np.isnan(run.forecasts[name]).any(axis=1))
    }
    lost = {(each.row, each.model) for each in run.dropped}
    assert not has & lost
    assert len(has | lost) == count * len(names)
    return has


def test_a_run_gives_each_series_what_its_own_fit_gives(pool: FittedPool) -> None:
    values = walks(5)
    values[1] = 9.0
    values[2, 30] = np.nan
    run = pool.fit_many(values, 1, 4, FITTED)
    for row, series in enumerate(values):
        for name in FITTED:
            alone = fit(name, to_fit(series, horizon=4))
            expected = np.full(4, np.nan) if alone.forecast is None else alone.forecast
            assert np.array_equal(run.forecasts[name][row], expected, equal_nan=True)
            reasons = [each.reason for each in run.dropped if (each.row, each.model) == (row, name)]
            assert reasons == ([] if alone.reason is None else [alone.reason])


def test_no_series_give_no_forecasts(pool: FittedPool) -> None:
    run = pool.fit_many(np.empty((0, 30)), 1, 4, FITTED)
    assert {each.shape for each in run.forecasts.values()} == {(0, 4)}
    assert not run.dropped


def test_a_model_nobody_knows_is_refused_before_any_work(pool: FittedPool) -> None:
    with pytest.raises(KeyError):
        pool.fit_many(walks(1), 1, 4, ["naive"])


def test_the_processes_stay_warm_between_runs(pool: FittedPool) -> None:
    pool.fit_many(walks(1), 1, 4, ["fitted_theta"])
    before = {child.pid for child in multiprocessing.active_children()}
    pool.fit_many(walks(1), 1, 4, ["fitted_theta"])
    assert {child.pid for child in multiprocessing.active_children()} == before


def test_a_process_has_one_thread_for_linear_algebra_and_ours_keeps_its_own() -> None:
    before = dict(os.environ)
    with FittedPool(1) as pool:
        pool.fit_many(walks(1), 1, 4, ["fitted_theta"])
        environment = Path(f"/proc/{pool._workers[0].pid}/environ").read_bytes().split(b"\0")
        assert b"OMP_NUM_THREADS=1" in environment
        assert b"OPENBLAS_NUM_THREADS=1" in environment
    assert dict(os.environ) == before


def test_a_chunk_over_its_time_is_told_as_dropped_and_the_next_run_is_whole() -> None:
    values = walks(6)
    with FittedPool(1, seconds_per_chunk=0.0) as pool:
        run = pool.fit_many(values, 1, 4, SLOW)
        told(run, 6, SLOW)
        assert {each.reason for each in run.dropped} == {DropReason.TIMED_OUT}
        pool._seconds = 300.0
        assert not pool.fit_many(values[:1], 1, 4, SLOW).dropped


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
def test_a_process_that_dies_or_stops_at_work_costs_its_chunk_alone(how: signal.Signals) -> None:
    """Enough work that it is still going on when the first answer is in."""
    values = walks(8, 100)
    with FittedPool(1, seconds_per_chunk=3.0 if how == signal.SIGSTOP else 300.0) as pool:
        pool.fit_many(values[:1], 1, 4, ["fitted_theta"])
        victim = pool._workers[0].pid
        assert victim is not None
        hit = threading.Thread(target=_hit_at_work, args=(pool, victim, how))
        hit.start()
        run = pool.fit_many(values, 12, 4, SLOW)
        hit.join()
        told(run, 8, SLOW)
        lost = [each for each in run.dropped if each.reason in {DropReason.WORKER_DIED, DropReason.TIMED_OUT}]
        assert lost
        if how == signal.SIGKILL:
            assert {each.reason for each in lost} == {DropReason.WORKER_DIED}
            assert len(lost) <= CHUNK
        assert victim not in {child.pid for child in multiprocessing.active_children()}
        again = pool.fit_many(values[:2], 1, 4, ["fitted_theta"])
        assert not again.dropped


def _hit_at_work(pool: FittedPool, victim: int, how: signal.Signals) -> None:
    while not any(worker.chunk for worker in list(pool._workers)):
        time.sleep(0.001)
    os.kill(victim, how)


def test_a_process_that_died_idle_costs_nothing() -> None:
    with FittedPool(1) as pool:
        pool.fit_many(walks(1), 1, 4, ["fitted_theta"])
        worker = pool._workers[0]
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        while worker.alive:
            time.sleep(0.001)
        assert not pool.fit_many(walks(2), 1, 4, ["fitted_theta"]).dropped


def test_close_ends_every_process_and_may_be_called_again() -> None:
    others = {child.pid for child in multiprocessing.active_children()}
    pool = FittedPool(2)
    pool.fit_many(walks(4), 1, 4, ["fitted_theta"])
    pool.close()
    pool.close()
    assert {child.pid for child in multiprocessing.active_children()} == others
    with pytest.raises(FitsEnded):
        pool.fit_many(walks(1), 1, 4, ["fitted_theta"])


def test_closing_does_not_wait_for_the_work_under_way() -> None:
    pool = FittedPool(1)
    ended: list[type[BaseException]] = []

    def work() -> None:
        try:
            pool.fit_many(walks(400, 200), 12, 4, SLOW)
        except FitsEnded as closed:
            ended.append(type(closed))

    runner = threading.Thread(target=work)
    runner.start()
    while not any(worker.chunk for worker in list(pool._workers)):
        time.sleep(0.001)
    pool.close()
    runner.join()
    assert ended == [FitsEnded]
    assert not pool._workers


def test_an_interrupt_of_the_caller_leaves_no_process_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    others = {child.pid for child in multiprocessing.active_children()}
    with FittedPool(1) as pool:
        monkeypatch.setattr(pool, "_listen", interrupted)
        with pytest.raises(KeyboardInterrupt):
            pool.fit_many(walks(1), 1, 4, ["fitted_theta"])
        assert {child.pid for child in multiprocessing.active_children()} == others


def test_a_pool_whose_owner_is_killed_leaves_no_process() -> None:
    """The worker sees its pipe close, however its owner ended."""
    program = """
import sys
from priceindex.forecast.fitted.workers import FittedPool
pool = FittedPool(1)
pool.warm()
print(pool._workers[0].pid, flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        worker = Path(f"/proc/{int(owner.stdout.readline())}")
        owner.kill()
        owner.wait()
        while _runs(worker):
            time.sleep(0.01)


def _runs(process: Path) -> bool:
    """Whether a process of /proc is there and no zombie."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_importing_the_pool_loads_neither_statsmodels_nor_scipy_nor_pandas() -> None:
    program = (
        "import sys, priceindex.forecast.fitted.joined, priceindex.forecast.reconciliation.reconciling;"
        "print([name for name in ('statsmodels', 'scipy', 'pandas') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
