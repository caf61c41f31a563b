"""The clock that publishes sealed releases at their moment, for all users at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

import structlog
from sqlmodel import Session

from api.due_clock import DueClock
from ledger.clock import Clock
from priceindex.releases.due import DueOutcome, anything_due

LOOK_SECONDS: Final = 5.0
"""A release is public this long after its moment at the latest, computing it again apart."""
_log = structlog.get_logger(__name__)


def release_clock(
    read: Callable[[], AbstractContextManager[Session]],
    publish_due: Callable[[], list[DueOutcome]],
    clock: Clock,
) -> DueClock:
    """Return what looks whether a sealed release is due; `publish_due` publishes, through the one writer."""

    def publish() -> None:
        for outcome in publish_due():
            _tell(outcome)

    return DueClock(
        "daodi-releases", read, lambda session: anything_due(session, clock()), publish, seconds=LOOK_SECONDS
    )


def _tell(outcome: DueOutcome) -> None:
    if outcome.fault is None:
        _log.info("release_published", release=outcome.release_id)
    else:
        _log.warning("release_withheld", release=outcome.release_id, reason=outcome.fault.message("en"))
