"""Which keyed requests this process is answering now: the same one is refused meanwhile, not done twice."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from api.repeats.repeat_errors import RequestUnderWay
from api.repeats.request_keys import RequestKey


class UnderWay:
    """The keys of requests being answered. Safe between threads."""

    def __init__(self) -> None:
        self._keys: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    @contextmanager
    def claim(self, key: RequestKey) -> Iterator[None]:
        """Hold a key while its request is answered; raises `RequestUnderWay` where somebody holds it."""
        name = (key.caller, key.key)
        with self._lock:
            if name in self._keys:
                raise RequestUnderWay
            self._keys.add(name)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(name)
