"""Sliding counts in the memory of one worker, at a microsecond each: what a flood of requests is held by.

The count of a window is that of the running one plus the share of the one before that still lies within
the last `seconds`, as `limits`' sliding window counter has it in Redis.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_FIRST_SWEEP: Final = 4096


@dataclass(slots=True)
class _Count:
    """The requests of one caller in the running window and the one before."""

    begun: float
    seconds: float
    now: int = 0
    before: int = 0

    def at(self, moment: float) -> float:
        """Move on to the window of `moment` and return the sliding count there."""
        passed = moment - self.begun
        if passed >= self.seconds:
            windows = passed // self.seconds
            self.before = self.now if windows < 2 else 0
            self.now = 0
            self.begun += windows * self.seconds
            passed = moment - self.begun
        return self.now + self.before * (1 - passed / self.seconds)


class WindowCounts:
    """Counts by bucket and caller. Safe between threads; callers unheard of for two windows are forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Count by a clock of seconds that never goes back."""
        self._clock = clock
        self._counts: dict[tuple[str, str], _Count] = {}
        self._sweep_at = _FIRST_SWEEP
        self._lock = threading.Lock()

    def hit(self, bucket: str, caller: str, amount: int, seconds: float) -> bool:
        """Count one request where fewer than `amount` were counted in the last `seconds`; say whether so."""
        with self._lock:
            moment = self._clock()
            count = self._counts.get((bucket, caller))
            if count is None:
                count = self._begun(bucket, caller, moment, seconds)
            if int(count.at(moment)) >= amount:
                return False
            count.now += 1
            return True

    def test(self, bucket: str, caller: str, amount: int) -> bool:
        """Say whether one more request would be counted."""
        with self._lock:
            count = self._counts.get((bucket, caller))
            return count is None or int(count.at(self._clock())) < amount

    def left(self, bucket: str, caller: str, amount: int) -> int:
        """Return how many more requests of a caller would be counted now."""
        with self._lock:
            count = self._counts.get((bucket, caller))
            return amount if count is None else max(0, amount - int(count.at(self._clock())))

    def wait_seconds(self, bucket: str, caller: str) -> float:
        """Return how long until the running window of a caller ends."""
        with self._lock:
            count = self._counts.get((bucket, caller))
            return 0.0 if count is None else count.begun + count.seconds - self._clock()

    def __len__(self) -> int:
        """How many callers are remembered."""
        return len(self._counts)

    def _begun(self, bucket: str, caller: str, moment: float, seconds: float) -> _Count:
        if len(self._counts) >= self._sweep_at:
            kept = {
                name: each for name, each in self._counts.items() if moment < each.begun + 2 * each.seconds
            }
            self._counts = kept
            self._sweep_at = max(_FIRST_SWEEP, 2 * len(kept))
        return self._counts.setdefault((bucket, caller), _Count(moment, seconds))
