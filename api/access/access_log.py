"""Notes that are no part of a transaction: readings and refusals, written in batches within a second.

What cannot be noted is not shown: where too many notes wait, whoever is known is asked to come again.
"""

import threading
from collections.abc import Callable
from typing import Any, Final

import structlog

from api.access.access_errors import AccessNotNoted
from api.access.noting import Kind, note_beside, note_of
from api.asking import ASKING, Asking
from api.looking import Looking
from ledger.clock import Clock

_log = structlog.get_logger(__name__)
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_REFUSED: Final = 400
_NOT_SHOWN: Final = frozenset({403, 404})
"""What a reading of another's is answered with; the other statuses say that it was asked wrongly."""
_CANNOT: Final = 503
"""Nothing was shown and nothing done: a note of it would only fill what is full."""
FLUSH_SECONDS: Final = 1.0
MOST_WAITING: Final = 10_000


class AccessLog:
    """Hands notes to `write` every second; safe between threads."""

    def __init__(self, write: Callable[[list[dict[str, Any]]], None], clock: Clock) -> None:
        self._write = write
        self._clock = clock
        self._waiting: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._looking = Looking(self.flush, "daodi-access", seconds=FLUSH_SECONDS)

    def start(self) -> None:
        """Begin to write in a thread of its own."""
        self._looking.start()

    def close(self) -> None:
        """End the thread and write what waits."""
        self._looking.close()
        self.flush()

    def begun(self, asking: Asking, method: str) -> None:
        """Have a request that may write noted in each transaction it writes in."""
        if method not in _SAFE:
            asking.beside.append(lambda session: note_beside(session, asking, self._clock()))
        asking.room = self.require_room

    def note_command(self) -> None:
        """Have every transaction of the command that runs in this context noted."""
        asking = ASKING.get()
        if asking is not None:
            asking.beside.append(lambda session: note_beside(session, asking, self._clock()))

    def require_room(self) -> None:
        """Raise `AccessNotNoted` where so many notes wait that another could be lost."""
        if len(self._waiting) >= MOST_WAITING:
            raise AccessNotNoted

    def finished(self, asking: Asking, method: str, status: int) -> None:
        """Note what came of a request of somebody known, unless that was done where it was written."""
        if asking.caller is None or asking.noted:
            return
        kind = _kind(method, status)
        if kind is not None:
            note = note_of(asking, kind, self._clock(), status=status)
            with self._lock:
                self._waiting.append(note)

    def flush(self) -> None:
        """Write what waits; what could not be written waits on."""
        with self._lock:
            batch, self._waiting = self._waiting, []
        if not batch:
            return
        try:
            self._write(batch)
        except Exception as error:  # noqa: BLE001  the notes are kept for the next try; the fault is logged
            with self._lock:
                self._waiting = [*batch, *self._waiting]
            _log.warning("access_not_noted", notes=len(batch), error=type(error).__name__)


def _kind(method: str, status: int) -> Kind | None:
    """Tell what a finished request was; None for what need not be noted."""
    if status == _CANNOT:
        return None
    if method in _SAFE and status >= _REFUSED:
        return Kind.REFUSED if status in _NOT_SHOWN else None
    if method in _SAFE:
        return Kind.READ
    return Kind.REFUSED if status >= _REFUSED else Kind.WRITE
