"""The thread that has the digest of the notes of access stated in the log once a day."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

import structlog
from sqlmodel import Session

from api.access.access_digests import digest_due
from api.looking import Looking
from ledger.clock import Clock

_log = structlog.get_logger(__name__)
LOOK_SECONDS: Final = 300.0


class AccessClock:
    """Looks every five minutes whether a day has passed since the last digest."""

    def __init__(
        self,
        read: Callable[[], AbstractContextManager[Session]],
        state: Callable[[], object],
        clock: Clock,
    ) -> None:
        """Prepare; `state` states the digest of what is new."""
        self._read = read
        self._state = state
        self._clock = clock
        self._looking = Looking(self.look, "daodi-access-digest", seconds=LOOK_SECONDS)

    def start(self) -> None:
        """Begin to look in a thread of its own."""
        self._looking.start()

    def close(self) -> None:
        """End the thread; what it is writing is finished first."""
        self._looking.close()

    def look(self) -> None:
        """State the digest where it is due; a failure is logged, and tried again at the next look."""
        try:
            with self._read() as session:
                due = digest_due(session, self._clock())
            if due:
                self._state()
        except Exception:  # noqa: BLE001  the thread must outlive any one failure; the fault is logged
            _log.exception("access_digest_failed")
