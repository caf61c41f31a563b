"""The clock that has the digest of the notes of access stated in the log once a day."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from sqlmodel import Session

from api.access.access_digests import digest_due
from api.due_clock import DueClock
from ledger.clock import Clock

LOOK_SECONDS: Final = 300.0


def access_clock(
    read: Callable[[], AbstractContextManager[Session]], state: Callable[[], object], clock: Clock
) -> DueClock:
    """Return what looks every five minutes whether a digest is due; `state` states it."""
    return DueClock(
        "daodi-access-digest", read, lambda session: digest_due(session, clock()), state, seconds=LOOK_SECONDS
    )
