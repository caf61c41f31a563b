"""Files take turns: of all that are being taken in, one at a time hands the writer a portion.

So whoever hands in a step, a freeze or a recall meanwhile waits for two portions at most, however many files
were sent at once: the writer takes all that waits for it into one group.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from api.errors import TooBusy

MOST: Final = 8
"""Files under way in one process: each of them keeps one of the threads that answer requests."""


class ImportTurns:
    """Counts the files under way in this process and gives them turns; safe between threads."""

    def __init__(self, most: int = MOST) -> None:
        """Refuse a file beyond `most` under way."""
        self._free = threading.BoundedSemaphore(most)
        self._most = most
        self._turn = threading.Lock()

    @contextmanager
    def room(self) -> Iterator[None]:
        """Keep room for one file while the block runs; raises `TooBusy` where there is none."""
        if not self._free.acquire(blocking=False):
            raise TooBusy(waiting=self._most, limit=self._most)
        try:
            yield
        finally:
            self._free.release()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn to hand the writer a portion, and keep it while the block runs."""
        with self._turn:
            yield
