"""Scans answered past the log of requests: told in one line for all since the last."""

import threading
from collections import Counter

import structlog

_log = structlog.get_logger(__name__)


class ScanCounts:
    """How often the scan page was answered, by status, since somebody last told."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[int] = Counter()

    def add(self, status: int) -> None:
        """Count one answer."""
        self._counts[status] += 1

    def tell(self) -> None:
        """Log one line for what was counted since the last, if anything was."""
        with self._lock:
            told, self._counts = self._counts, Counter()
        if told:
            _log.info("scans", path="/s/{code}", **{str(status): count for status, count in told.items()})
