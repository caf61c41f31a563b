"""A circuit breaker: after a few failures in a row a helper that may vanish is left alone for a while."""

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Breaker:
    """Guards calls to one outside service. Safe between threads.

    After `failures` in a row calls are skipped for `rest_ms`; then one call tries again.
    """

    def __init__(self, clock_ms: Callable[[], int], *, failures: int = 3, rest_ms: int = 1000) -> None:
        self._clock_ms = clock_ms
        self._allowed = failures
        self._rest_ms = rest_ms
        self._failures = 0
        self._closed_again_ms = 0
        self._lock = threading.Lock()

    @property
    def resting(self) -> bool:
        """Whether calls are skipped now."""
        return self._clock_ms() < self._closed_again_ms

    def call(self, work: Callable[[], T], otherwise: Callable[[], T], *, expected: type[Exception]) -> T:
        """Return `work()`, or `otherwise()` while resting or when `work` raises `expected`."""
        if self.resting:
            return otherwise()
        try:
            result = work()
        except expected:
            self._failed()
            return otherwise()
        with self._lock:
            self._failures = 0
        return result

    def _failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= self._allowed:
                self._closed_again_ms = self._clock_ms() + self._rest_ms
                # One more failure after the rest is enough to rest again.
                self._failures = self._allowed - 1
