"""Politeness towards a host: two requests at once at most, and a pause between two beginnings."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

AT_ONCE: Final = 2
PAUSE_S: Final = 1.0
"""Least seconds between two beginnings; up to as many again are added by chance."""


@dataclass(slots=True)
class _Host:
    """What one host is asked now."""

    places: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(AT_ONCE))
    order: threading.Lock = field(default_factory=threading.Lock)
    next_s: float = 0.0


class HostTurns:
    """Gives turns to ask a host; shared by all feeds of a process. Safe between threads."""

    def __init__(
        self,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
        chance: Callable[[], float],
        *,
        pause_s: float = PAUSE_S,
    ) -> None:
        """`monotonic` gives seconds, `chance` a number from 0 up to 1."""
        self._monotonic = monotonic
        self._sleep = sleep
        self._chance = chance
        self._pause_s = pause_s
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Hold one of the host's two places while the block runs, begun after its pause."""
        with self._lock:
            one = self._hosts.setdefault(host, _Host())
        with one.places:
            with one.order:
                wait = one.next_s - self._monotonic()
                if wait > 0:
                    self._sleep(wait)
                one.next_s = self._monotonic() + self._pause_s * (1 + self._chance())
            yield
