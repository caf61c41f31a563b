"""Results kept in memory by what they were computed from, so that they can be old but never wrong."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """The `limit` results asked for last; safe between threads.

    The key must name the content, by its digest: nothing here is ever dropped for being out of date.

    >>> squares: Kept[int, int] = Kept(limit=1)
    >>> squares.get(3, lambda: 9), squares.get(3, lambda: 0)
    (9, 9)
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._found: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, key: Key) -> Value | None:
        """Return what is kept under `key`; None where nothing is."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return what is kept under `key`, or what `make` returns; two threads may both make it."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = make()
        with self._lock:
            self._found[key] = made
            while len(self._found) > self._limit:
                self._found.popitem(last=False)
        return made
