"""The thread that watches prices: after each release, and every day, since prices grow stale by the day."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import Final

import structlog
from sqlmodel import Session

from api.looking import Looking
from ledger.clock import Clock
from ledger.errors import DaodiError

LOOK_SECONDS: Final = 30.0
CLOSE_SECONDS: Final = 10.0
REST_MS: Final = 10 * 60 * 1000
"""How long a family that could not be watched waits: a look adds up all traced stocks."""
_log = structlog.get_logger(__name__)


class WarningClock:
    """Looks twice a minute whether a family's newest release was watched today, and what became due."""

    def __init__(
        self,
        read: Callable[[], AbstractContextManager[Session]],
        watch_due: Callable[[Collection[str]], list[tuple[str, Exception | None]]],
        daily: Callable[[], object],
        clock: Clock,
    ) -> None:
        """Prepare; `watch_due` looks at the families but those given, `daily` escalates and digests."""
        self._read = read
        self._watch_due = watch_due
        self._daily = daily
        self._clock = clock
        self._resting: dict[str, int] = {}
        """Families that failed, and until when they wait for the next try."""
        self._looking = Looking(self.look, "daodi-warnings", seconds=LOOK_SECONDS)

    def start(self) -> None:
        """Begin to look in a thread of its own."""
        self._looking.start()

    def close(self) -> None:
        """End the thread; what it is writing is finished first."""
        self._looking.close(CLOSE_SECONDS)

    def look(self) -> None:
        """Watch what was not watched yet; a failure is logged and waits, and what is due daily is done."""
        for part in (self._watch, self._due_daily):
            try:
                part()
            except Exception:  # noqa: BLE001  the thread must outlive any one failure; the fault is logged
                _log.exception("warnings_failed")

    def _watch(self) -> None:
        from api.warning_work import unwatched  # draws in the rules: only where wanted

        now_ms = self._clock()
        self._resting = {named: until for named, until in self._resting.items() if until > now_ms}
        with self._read() as session:
            waiting = set(unwatched(session, now_ms)) - self._resting.keys()
        for family, fault in self._watch_due(frozenset(self._resting)) if waiting else []:
            if fault is not None:
                self._resting[family] = now_ms + REST_MS
            _tell(family, fault)

    def _due_daily(self) -> None:
        from api.warning_work import any_warning  # as above

        with self._read() as session:
            warned = any_warning(session)
        if warned:
            self._daily()


def _tell(family: str, fault: Exception | None) -> None:
    if fault is None:
        _log.info("family_watched", family=family)
    elif isinstance(fault, DaodiError):
        _log.warning("family_not_watched", family=family, reason=fault.message("en"))
    else:
        _log.error("family_not_watched", family=family, exc_info=fault)
