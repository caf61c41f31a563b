"""The thread that publishes sealed releases at their moment, for all users at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

import structlog
from sqlmodel import Session

from api.looking import Looking
from ledger.clock import Clock
from priceindex.releases.due import DueOutcome, anything_due

LOOK_SECONDS: Final = 5.0
"""A release is public this long after its moment at the latest, computing it again apart."""
_log = structlog.get_logger(__name__)


class ReleaseClock:
    """Looks every few seconds whether a sealed release is due; asks for no lock while none is."""

    def __init__(
        self,
        read: Callable[[], AbstractContextManager[Session]],
        publish_due: Callable[[], list[DueOutcome]],
        clock: Clock,
    ) -> None:
        """Prepare; `publish_due` publishes what is due, through the one writer."""
        self._read = read
        self._publish_due = publish_due
        self._clock = clock
        self._looking = Looking(self.look, "daodi-releases", seconds=LOOK_SECONDS)

    def start(self) -> None:
        """Begin to look in a thread of its own."""
        self._looking.start()

    def close(self) -> None:
        """End the thread; a release that is being published is finished first."""
        self._looking.close()

    def look(self) -> None:
        """Publish what is due; a failure is logged and waits for the next look."""
        try:
            with self._read() as session:
                if not anything_due(session, self._clock()):
                    return
            for outcome in self._publish_due():
                self._tell(outcome)
        except Exception:  # noqa: BLE001  the thread must outlive any one failure; the fault is logged
            _log.exception("release_due_failed")

    def _tell(self, outcome: DueOutcome) -> None:
        if outcome.fault is None:
            _log.info("release_published", release=outcome.release_id)
        else:
            _log.warning("release_withheld", release=outcome.release_id, reason=outcome.fault.message("en"))
