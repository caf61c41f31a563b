"""A thread that looks now and then whether something is due, and has it done."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import structlog
from sqlmodel import Session

from api.looking import Looking

_log = structlog.get_logger(__name__)


class DueClock:
    """Looks into the database every few seconds; asks for no lock while nothing is due."""

    def __init__(
        self,
        name: str,
        read: Callable[[], AbstractContextManager[Session]],
        is_due: Callable[[Session], bool],
        act: Callable[[], object],
        *,
        seconds: float,
    ) -> None:
        """Prepare; `name` is the thread's, `act` does what is due, through the one writer."""
        self._name = name
        self._read = read
        self._is_due = is_due
        self._act = act
        self._looking = Looking(self.look, name, seconds=seconds)

    def start(self) -> None:
        """Begin to look in a thread of its own."""
        self._looking.start()

    def close(self) -> None:
        """End the thread; what it is doing is finished first."""
        self._looking.close()

    def look(self) -> None:
        """Do what is due; a failure is logged and waits for the next look."""
        try:
            with self._read() as session:
                due = self._is_due(session)
            if due:
                self._act()
        except Exception:  # noqa: BLE001  the thread must outlive any one failure; the fault is logged
            _log.exception("due_failed", thread=self._name)
