"""How the parts measure: repeated runs, their median and their spread."""

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spread:
    """Several measurements of one thing, in one unit."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one: a neighbour's burst on a shared machine does not move it."""
        return statistics.median(self.values)

    def text(self, unit: str = "", digits: int = 0) -> str:
        """The median, and from where to where the measurements went.

        >>> Spread((9.0, 10.0, 30.0)).text("/s")
        '10/s (9-30)'
        """
        if len(self.values) == 1:
            return f"{self.median:,.{digits}f}{unit}"
        return (
            f"{self.median:,.{digits}f}{unit} ({min(self.values):,.{digits}f}-{max(self.values):,.{digits}f})"
        )


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds that `work` took, and what it gave; the collector does not run meanwhile."""
    gc.collect()
    gc.disable()
    try:
        started = time.perf_counter()
        found = work()
        return time.perf_counter() - started, found
    finally:
        gc.enable()


def cpu_timed(work: Callable[[], T]) -> tuple[float, T]:
    """Processor seconds that `work` took in all threads, and what it gave; neighbours add none."""
    gc.collect()
    gc.disable()
    try:
        started = time.process_time()
        found = work()
        return time.process_time() - started, found
    finally:
        gc.enable()


def cpu_in_turn(works: Iterable[Callable[[], object]], runs: int) -> tuple[Spread, ...]:
    """Processor seconds of several works whose runs take turns, after one run of each that does not count."""
    listed = tuple(works)
    for work in listed:
        work()
    taken = [[cpu_timed(work)[0] for work in listed] for _ in range(runs)]
    return tuple(Spread(tuple(column)) for column in zip(*taken, strict=True))


def rates(work: Callable[[], object], count: int, runs: int) -> Spread:
    """How many of `count` things a second `work` deals with, measured `runs` times."""
    return Spread(tuple(count / timed(work)[0] for _ in range(runs)))


def rates_in_turn(works: Iterable[Callable[[], object]], count: int, runs: int) -> tuple[Spread, ...]:
    """The same for several works whose runs take turns, so that a slow spell meets them all."""
    listed = tuple(works)
    taken = [[count / timed(work)[0] for work in listed] for _ in range(runs)]
    return tuple(Spread(tuple(column)) for column in zip(*taken, strict=True))


def percentile(values: Iterable[float], share: float) -> float:
    """The least value that at least `share` of all values do not exceed (nearest rank).

    >>> percentile([1.0, 2.0, 3.0, 4.0], 0.5)
    2.0
    """
    ordered = sorted(values)
    rank = -int(-share * len(ordered) // 1)
    return ordered[max(rank - 1, 0)]
