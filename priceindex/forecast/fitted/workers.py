"""The pool of warm processes that fit statsmodels' models, and what a run of it gives.

Nothing here waits for a fit without a limit: a chunk that takes too long and a process that dies lose
what is not yet done of their chunk, are told as dropped, and are replaced.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from types import TracebackType
from typing import Final, Self

import numpy as np

from priceindex.forecast.fitted.dropped import Dropped, DropReason
from priceindex.forecast.fitted.fit_input import FitInput, RegressorWindow
from priceindex.forecast.fitted.models import FITTED
from priceindex.forecast.fitted.process import WarmProcess, WorkerGone
from priceindex.forecast.fitted.worker import Answer, Chunk, Task
from priceindex.forecast.forecast_errors import FitsEnded
from priceindex.forecast.panel import Floats

CHUNK: Final = 50
"""Series handed to a process at once, at most."""
SECONDS_PER_CHUNK: Final = 300.0
"""A chunk of 50 series takes some 30 s of a quiet core with all models and a season of 12."""
_LOOK_UP_SECONDS: Final = 0.5
"""How soon a run notices that the pool was closed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedRun:
    """Forecasts of every series by every model, and what was dropped."""

    forecasts: Mapping[str, Floats]
    """(n, h) by model, in the unit of the values; a row of NaN where the fit was dropped."""
    dropped: tuple[Dropped, ...]
    """By row, then model in the order asked for."""
    remarks: Mapping[tuple[str, str], int]
    """How many fits the library warned about without their being dropped, by model and kind of warning."""


class FittedPool:
    """Fits in `processes` warm processes until `close`; may be asked from any thread, one at a time."""

    def __init__(self, processes: int = 1, *, seconds_per_chunk: float = SECONDS_PER_CHUNK) -> None:
        self._size = processes
        self._seconds = seconds_per_chunk
        self._gate = threading.Lock()
        self._workers: list[WarmProcess] = []
        self._open = True
        self._used = time.monotonic()

    def warm(self) -> None:
        """Start the processes now, without waiting for them to load."""
        with self._gate:
            self._filled(self._size)

    def fit_many(
        self,
        values: Floats,
        season: int,
        horizon: int,
        names: Sequence[str],
        regressors: RegressorWindow | None = None,
    ) -> FittedRun:
        """Fit every model to every series: `values` (n, T) positive, NaN in front and in gaps.

        `regressors` hold for all the series. Raises `FitsEnded` after `close`, KeyError for a name
        that is not of `models.FITTED`.
        """
        unknown = set(names) - set(FITTED)
        if unknown:
            raise KeyError(min(unknown))
        tasks = [
            Task(
                row=row,
                given=FitInput(values=each, season=season, horizon=horizon, regressors=regressors),
                models=tuple(names),
            )
            for row, each in enumerate(values)
        ]
        with self._gate:
            answers = self._run(_chunks(tasks, self._size))
            self._used = time.monotonic()
        return _gathered(answers, len(values), horizon, names)

    def close(self) -> None:
        """End the processes; a run that is under way raises `FitsEnded`. May be called again."""
        self._open = False
        with self._gate:
            self._end_all()

    def rest(self, idle_seconds: float) -> None:
        """End the processes if nothing was fitted for so long; the next fit starts them again."""
        if self._gate.acquire(blocking=False):
            try:
                if time.monotonic() - self._used >= idle_seconds:
                    self._end_all()
            finally:
                self._gate.release()

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of the processes that live."""
        return tuple(worker.pid for worker in list(self._workers) if worker.pid is not None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, chunks: deque[Chunk]) -> list[Answer | Dropped]:
        """Answers of all chunks, and what was lost of them."""
        found: list[Answer | Dropped] = []
        try:
            while chunks or self._busy():
                self._share_out(chunks, found)
                self._listen(found)
        except BaseException:
            self._end_all()  # they are in the middle of work that nobody waits for any more
            raise
        return found

    def _end_all(self) -> None:
        for worker in self._workers:
            worker.end()
        self._workers = []

    def _busy(self) -> list[WarmProcess]:
        return [worker for worker in self._workers if worker.chunk is not None]

    def _filled(self, size: int) -> None:
        """See that `size` processes live; one that ended while it had nothing to do loses nothing."""
        if not self._open:
            raise FitsEnded
        for worker in [each for each in self._workers if each.chunk is None and not each.alive]:
            self._workers.remove(worker)
            worker.end()
        while len(self._workers) < size:
            self._workers.append(WarmProcess(self._seconds))

    def _share_out(self, chunks: deque[Chunk], found: list[Answer | Dropped]) -> None:
        self._filled(min(self._size, len(chunks) + len(self._busy())))
        for worker in list(self._workers):
            if chunks and worker.chunk is None:
                try:
                    worker.give(chunks.popleft())
                except WorkerGone:
                    self._lost(worker, DropReason.WORKER_DIED, found)

    def _listen(self, found: list[Answer | Dropped]) -> None:
        """Take in what the busy processes say next, or that one of them died or ran out of time."""
        busy = {worker.connection: worker for worker in self._busy()}
        soonest = min((worker.deadline for worker in busy.values()), default=0.0)
        ready = wait(list(busy), timeout=min(_LOOK_UP_SECONDS, max(0.0, soonest - time.monotonic())))
        for connection, worker in busy.items():
            try:
                if connection in ready:
                    answer = worker.next()
                    if answer is not None:
                        found.append(answer)
                elif time.monotonic() >= worker.deadline:
                    self._lost(worker, DropReason.TIMED_OUT, found)
            except WorkerGone:
                self._lost(worker, DropReason.WORKER_DIED, found)

    def _lost(self, worker: WarmProcess, reason: DropReason, found: list[Answer | Dropped]) -> None:
        """End a process and tell what it had not done as dropped; another takes its place when needed."""
        told = {(each[0], each[1]) for each in found if not isinstance(each, Dropped)}
        for task in worker.chunk or ():
            missing = (name for name in task.models if (task.row, name) not in told)
            found.extend(Dropped(row=task.row, model=name, reason=reason) for name in missing)
        self._workers.remove(worker)
        worker.end()


def _chunks(tasks: list[Task], processes: int) -> deque[Chunk]:
    """Tasks in chunks of at most `CHUNK`, at least two for each process where there are so many."""
    size = max(1, min(CHUNK, -(-len(tasks) // (2 * processes))))
    return deque(tuple(tasks[first : first + size]) for first in range(0, len(tasks), size))


def _gathered(
    answers: Sequence[Answer | Dropped], series: int, horizon: int, names: Sequence[str]
) -> FittedRun:
    forecasts = {name: np.full((series, horizon), np.nan) for name in names}
    dropped: list[Dropped] = []
    remarks: Counter[tuple[str, str]] = Counter()
    for answer in answers:
        if isinstance(answer, Dropped):
            dropped.append(answer)
            continue
        row, name, outcome = answer
        if outcome.forecast is not None:
            forecasts[name][row] = outcome.forecast
            remarks.update((name, remark) for remark in outcome.remarks)
        elif outcome.reason is not None:
            dropped.append(Dropped(row=row, model=name, reason=outcome.reason, detail=outcome.detail))
    rank = {name: place for place, name in enumerate(names)}
    ordered = tuple(sorted(dropped, key=lambda each: (each.row, rank[each.model])))
    return FittedRun(forecasts=forecasts, dropped=ordered, remarks=dict(sorted(remarks.items())))
