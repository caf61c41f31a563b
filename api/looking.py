"""A thread that looks now and then whether something is due."""

import threading
from collections.abc import Callable
from typing import Final

LOOK_SECONDS: Final = 60.0
"""How often it looks where nothing else is said."""


class Looking:
    """Calls `look` now and then until closed; `look` deals with its own failures."""

    def __init__(self, look: Callable[[], object], name: str, *, seconds: float = LOOK_SECONDS) -> None:
        """Prepare; `name` is the thread's, `seconds` the time between two looks."""
        self._seconds = seconds
        self._look = look
        self._name = name
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look in a thread of its own, for the first time after the first wait."""
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def close(self, wait_s: float | None = None) -> None:
        """End the thread; what it is doing is finished first, or left behind after `wait_s`."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(wait_s)

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            self._look()
