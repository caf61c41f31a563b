"""When sessions and keys were last used: noted beside the requests, once a minute or once a day each."""

import contextlib
import threading
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import or_, update
from sqlmodel import Session, col

from api.accounts.sessions import MINUTE_MS, SignedIn, seen
from api.errors import WriterClosed
from api.tables import ApiTokenRow
from api.tokens import TokenHolder

DAY_MS: Final = 86_400_000
_MOST: Final = 10_000


class Sightings:
    """Tells the writer of sessions and keys in use; nobody waits for it. Safe between threads."""

    def __init__(self, promise: Callable[[Callable[[Session], None]], Any]) -> None:
        """`promise` queues a write and returns at once."""
        self._promise = promise
        self._told: dict[str, int] = {}
        self._turn = threading.Lock()

    def of_session(self, found: SignedIn, now_ms: int) -> None:
        """Note that a session was used, where its row is a minute behind."""
        minute = now_ms // MINUTE_MS
        if now_ms - found.seen_ms >= MINUTE_MS and self._is_new(found.session_id, minute):
            self._tell(lambda session: seen(session, found.session_id, now_ms))

    def of_key(self, holder: TokenHolder, now_ms: int) -> None:
        """Note that a key was used today (UTC)."""
        day = now_ms // DAY_MS
        if (holder.used_day or 0) < day and self._is_new(holder.prefix, day):
            self._tell(lambda session: _used(session, holder.prefix, day))

    def _is_new(self, name: str, when: int) -> bool:
        with self._turn:
            if self._told.get(name) == when:
                return False
            if len(self._told) >= _MOST:
                self._told.clear()
            self._told[name] = when
            return True

    def _tell(self, work: Callable[[Session], None]) -> None:
        # A service that stops has no use for it any more: the request itself is still answered.
        with contextlib.suppress(WriterClosed):
            self._promise(work)


def _used(session: Session, prefix: str, day: int) -> None:
    earlier = or_(col(ApiTokenRow.used_day).is_(None), col(ApiTokenRow.used_day) < day)
    session.connection().execute(
        update(ApiTokenRow).where(col(ApiTokenRow.prefix) == prefix, earlier).values(used_day=day)
    )
