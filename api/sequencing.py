"""The thread that moves acknowledged statements into the log: woken by every commit, and by a timer.

It holds no truth: when it dies or lags, `/readyz` says so, and the next `drain` goes on where the last
one stopped.
"""

import threading

import structlog

from api.clock import monotonic_ms
from ledger.sequencer import Sequencer

_log = structlog.get_logger(__name__)
_LONGEST_REST_SECONDS = 10.0


class Sequencing:
    """Runs one `Sequencer` in a thread; `drain` may also be called by hand at any time."""

    def __init__(self, sequencer: Sequencer, *, seconds: float) -> None:
        self._sequencer = sequencer
        self._seconds = seconds
        self._turn = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._failures = 0
        self._drained_ms = monotonic_ms()

    def start(self) -> None:
        """Begin to drain in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="daodi-sequencer", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Ask for a drain soon; never waits."""
        self._wake.set()

    def drain(self) -> int:
        """Integrate everything pending now and return how many entries that were."""
        with self._turn:
            integrated = self._sequencer.drain()
            self._drained_ms = monotonic_ms()
            return integrated

    @property
    def alive(self) -> bool:
        """Whether the thread runs; true for a station without threads."""
        return self._thread is None or self._thread.is_alive()

    @property
    def late_seconds(self) -> float:
        """Seconds since the last drain that left nothing pending."""
        return (monotonic_ms() - self._drained_ms) / 1000

    def close(self) -> None:
        """End the thread and drain once more; a failure is logged, the next start goes on from there."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        self._try()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(self._rest())
            self._wake.clear()
            self._try()

    def _rest(self) -> float:
        if not self._failures:
            return self._seconds
        rest: float = min(self._seconds * 2**self._failures, _LONGEST_REST_SECONDS)
        return rest

    def _try(self) -> None:
        try:
            self.drain()
        except Exception:  # noqa: BLE001  the thread must outlive any one failure; the fault is logged
            self._failures += 1
            _log.exception("sequencer_failed", failures=self._failures)
        else:
            self._failures = 0
