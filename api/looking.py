"""A thread that looks now and then whether something is due."""

import threading
from collections.abc import Callable
from typing import Final

LOOK_SECONDS: Final = 60.0
"""How often it looks."""


class Looking:
    """Calls `look` every minute until closed; `look` deals with its own failures."""

    def __init__(self, look: Callable[[], object], name: str) -> None:
        """Prepare; `name` is the thread's."""
        self._look = look
        self._name = name
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look in a thread of its own, for the first time in a minute."""
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread; what it is doing is finished first."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            self._look()
