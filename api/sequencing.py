"""The thread that moves acknowledged statements into the log: woken by every commit, and by a timer.

It holds no truth: when it dies or lags, `/readyz` says so, and the next `drain` goes on where the last
one stopped. Of several processes on one PostgreSQL only the leader's thread drains.
"""

import threading
from collections.abc import Callable
from typing import Final

import structlog

from api.clock import monotonic_ms
from ledger.errors import DaodiError, LogForked
from ledger.witnessing.witness_errors import WitnessContradicts, WitnessKnowsMore
from ledger.writing.leadership import AloneLeader, Leadership
from ledger.writing.sequencer import Sequencer

_log = structlog.get_logger(__name__)
NOT_THE_LOG: Final = (LogForked, WitnessKnowsMore, WitnessContradicts)
"""What says that this database is not, or not all of, the log the world was shown."""
_LONGEST_REST_SECONDS = 10.0
_DRAINS_APART_MS = 400
"""Least time from the beginning of one drain to that of the next; an idle log drains at once."""


class Sequencing:
    """Runs one `Sequencer` in a thread while this process leads; `drain` may also be called by hand."""

    def __init__(
        self,
        sequencer: Sequencer,
        *,
        seconds: float,
        leadership: Leadership | None = None,
        before_first: Callable[[], object] = lambda: None,
        after_drain: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare; `seconds` is the longest rest between drains.

        `before_first` is called once, before the first drain: nothing is signed until it returns.
        `after_drain` is told of every drain, also one that failed or was left to another process.
        """
        self._sequencer = sequencer
        self._seconds = seconds
        self._leadership = leadership or AloneLeader()
        self._before_first = before_first
        self._prepared = False
        self._after_drain = after_drain
        self._turn = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._failures = 0
        self._drained_ms = monotonic_ms()
        self.refusal: DaodiError | None = None
        """Why the last drain signed nothing: the log here is not the one that was signed. None otherwise."""

    def start(self) -> None:
        """Begin to drain in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="daodi-sequencer", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Ask for a drain soon; never waits."""
        self._wake.set()

    def drain(self) -> int:
        """Integrate everything pending now, leader or not, and return how many entries that were."""
        try:
            with self._turn:
                self._prepare()
                integrated = self._sequencer.drain()
                self._drained_ms = monotonic_ms()
            self.refusal = None
        except NOT_THE_LOG as fault:
            self.refusal = fault
            raise
        finally:
            self._tell()
        return integrated

    def prepare(self) -> None:
        """Do now what has to come before the first drain, unless it is done."""
        with self._turn:
            self._prepare()

    @property
    def alive(self) -> bool:
        """Whether the thread runs; true for a station without threads."""
        return self._thread is None or self._thread.is_alive()

    @property
    def late_seconds(self) -> float:
        """Seconds since the last drain that left nothing pending, or since another process led."""
        return (monotonic_ms() - self._drained_ms) / 1000

    def close(self) -> None:
        """End the thread, drain once more and let others lead; the next start goes on after a failure."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        self._try()
        self._leadership.release()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(self._rest())
            self._wake.clear()
            begun_ms = monotonic_ms()
            self._try()
            # Every drain takes turns and syncs from the writers: what comes meanwhile shares the next one.
            self._stop.wait(max(0, begun_ms + _DRAINS_APART_MS - monotonic_ms()) / 1000)

    def _prepare(self) -> None:
        if not self._prepared:
            self._before_first()
            self._prepared = True

    def _tell(self) -> None:
        try:
            self._after_drain()
        except Exception:  # noqa: BLE001  what was drained is drained; the fault is logged
            _log.exception("after_drain_failed")

    def _rest(self) -> float:
        if not self._failures:
            return self._seconds
        rest: float = min(self._seconds * 2**self._failures, _LONGEST_REST_SECONDS)
        return rest

    def _try(self) -> None:
        try:
            if self._leadership.held():
                self.drain()
            else:
                self._drained_ms = monotonic_ms()
                self._tell()
        except Exception:  # noqa: BLE001  the thread must outlive any one failure; the fault is logged
            self._failures += 1
            _log.exception("sequencer_failed", failures=self._failures)
        else:
            self._failures = 0
