"""Spreads trials over processes and shows how far they are."""

import multiprocessing
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TextIO, TypeAlias

from crash.ground import silence
from crash.outcome import Outcome

Job: TypeAlias = tuple[Callable[..., Outcome], tuple[object, ...], int]
"""A function, its arguments, and how many trials it makes."""

_WIDTH = 40


class Bar:
    """How far a sort of trials is: a bar on a terminal, a line for every tenth elsewhere."""

    def __init__(self, sort: str, total: int, out: TextIO = sys.stderr) -> None:
        self._sort, self._total, self._out = sort, total, out
        self._done = 0
        self._begun = time.monotonic()
        self._show()

    def total(self, total: int) -> None:
        """Learn that there will be another number."""
        self._total = total

    def step(self, count: int = 1) -> None:
        """Note `count` more trials."""
        before = self._done
        self._done += count
        tenth = self._total / 10 or 1
        if self._out.isatty() or int(self._done / tenth) > int(before / tenth):
            self._show()

    def end(self) -> None:
        """End the line."""
        if self._out.isatty():
            self._out.write("\n")

    def _show(self) -> None:
        share = min(1.0, self._done / self._total) if self._total else 1.0
        bar = ("#" * round(_WIDTH * share)).ljust(_WIDTH, ".")
        line = f"{self._sort:<12} [{bar}] {self._done}/{self._total} {time.monotonic() - self._begun:.0f} s"
        self._out.write(f"\r{line}" if self._out.isatty() else f"{line}\n")
        self._out.flush()


def spread(sort: str, jobs: Sequence[Job], workers: int, bar: Bar) -> Outcome:
    """Run jobs in `workers` processes and add up what they came to."""
    outcome = Outcome(sort)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=silence) as pool:
        counts = {pool.submit(run, *given): count for run, given, count in jobs}
        for done in as_completed(counts):
            outcome.add(done.result())
            bar.step(counts[done])
    return outcome
