"""Scans wait in memory and are written in batches, off the path of the reader who scanned.

A scan is a hint against copied labels, not evidence: when the process dies the last second of them is
lost, and when the buffer is full the oldest are dropped and counted.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence

import structlog

from trace.scanning.scans import PlainScan

_log = structlog.get_logger(__name__)


class ScanLog:
    """Hands scans to `write` every `seconds` and then calls `each_time`; safe between threads."""

    def __init__(
        self,
        write: Callable[[Sequence[PlainScan]], None],
        *,
        seconds: float,
        limit: int,
        each_time: Callable[[], None] = lambda: None,
    ) -> None:
        self._write = write
        self._each_time = each_time
        self._seconds = seconds
        self._waiting: deque[PlainScan] = deque(maxlen=limit)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.dropped = 0
        """Scans lost to a full buffer or a failed write since the start."""

    def start(self) -> None:
        """Begin to write in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="daodi-scans", daemon=True)
        self._thread.start()

    def add(self, scan: PlainScan) -> None:
        """Keep `scan` for the next batch; never waits."""
        with self._lock:
            if len(self._waiting) == self._waiting.maxlen:
                self.dropped += 1
            self._waiting.append(scan)

    def flush(self) -> None:
        """Write everything that waits now; a failed batch is dropped, counted and logged."""
        with self._lock:
            batch = tuple(self._waiting)
            self._waiting.clear()
        if not batch:
            return
        try:
            self._write(batch)
        except Exception as error:  # noqa: BLE001  scans are hints: their loss must not stop the service
            self.dropped += len(batch)
            _log.warning("scans_dropped", count=len(batch), error=type(error).__name__)

    def close(self) -> None:
        """Write what waits and end the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self.flush()
        self._each_time()

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            self.flush()
            self._each_time()
