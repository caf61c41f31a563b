"""Turns at what is dear to work out: one works, a few wait, the others are asked to come back.

Every waiting request holds one of the service's threads. Were all of them waiting for one answer, nothing
else would be served until it is there.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from api.errors import TooManyRequests

WAITING: Final = 4
"""Requests that may wait for another's computation, beside the one that computes."""
_COME_BACK_SECONDS: Final = 10


class Turns:
    """One at a time; safe between threads."""

    def __init__(self) -> None:
        """Begin with nobody at it."""
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        self._here = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and take it; raises `TooManyRequests` where enough wait already."""
        with self._counting:
            if self._here > WAITING:
                raise TooManyRequests(seconds=_COME_BACK_SECONDS)
            self._here += 1
        try:
            with self._lock:
                yield
        finally:
            with self._counting:
                self._here -= 1
