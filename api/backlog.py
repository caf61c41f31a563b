"""How much may wait: beyond a bound new work is refused with 503, so that what was accepted stays prompt.

Two things pile up when the service is asked for more than it can do: works that wait for the writer, and
stored statements that wait for the sequencer.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from api.errors import TooBusy
from ledger.writing import outbox


class Backlog:
    """Counts what waits in this process; safe between threads, never asks the database by itself."""

    def __init__(self, *, most_waiting: int, most_pending: int) -> None:
        """Refuse beyond `most_waiting` works under way here or `most_pending` statements not integrated."""
        self._most_waiting = most_waiting
        self._most_pending = most_pending
        self._lock = threading.Lock()
        self._waiting = 0
        self._pending = 0

    @property
    def waiting(self) -> int:
        """Works begun and not yet ended."""
        return self._waiting

    @property
    def pending(self) -> int:
        """Statements not integrated when they were last counted, and those stored here since."""
        return self._pending

    @contextmanager
    def room(self, count: int = 1) -> Iterator[None]:
        """Keep room for `count` works while the block runs; raises `TooBusy` where there is none.

        When the block ends well, its works count as pending until `recount` looks again.
        """
        with self._lock:
            if self._waiting + count > self._most_waiting:
                raise TooBusy(waiting=self._waiting, limit=self._most_waiting)
            if self._pending + count > self._most_pending:
                raise TooBusy(waiting=self._pending, limit=self._most_pending)
            self._waiting += count
        try:
            yield
        except BaseException:
            self._ended(count, stored=0)
            raise
        self._ended(count, stored=count)

    def recount(self, session: Session) -> None:
        """Count the statements that wait for the sequencer, as far as the bound."""
        pending = outbox.waiting(session, self._most_pending)
        with self._lock:
            self._pending = pending

    def _ended(self, count: int, stored: int) -> None:
        with self._lock:
            self._waiting -= count
            self._pending += stored
