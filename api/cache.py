"""Rendered bodies kept in the memory of one worker, bounded by their bytes.

A key is `(lot, language, revision, view)`: a new revision is a new key, so nothing here is ever wrong, only
old and unasked for. The status of a code (active, frozen, recalled) is read anew and part of the revision.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeAlias

from ledger.errors import Language

_OVERHEAD = 200
"""Bytes one entry costs besides its body: the key, its table slot, the links of the order (CPython 3.11)."""


@dataclass(frozen=True, slots=True)
class BodyKey:
    """One rendered body: which lot, in which language, of which revision of its story."""

    lot: str
    language: Language
    revision: str
    view: str = ""
    """The query of its address: what else of the reader it was drawn for."""


Bodies: TypeAlias = "OrderedDict[BodyKey, bytes]"


class BodyCache:
    """The least recently used bodies leave first once `limit_bytes` are passed; safe between threads."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._bodies: Bodies = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: BodyKey) -> bytes | None:
        """Return the body kept under `key`, or None."""
        with self._lock:
            body = self._bodies.get(key)
            if body is not None:
                self._bodies.move_to_end(key)
            return body

    def put(self, key: BodyKey, body: bytes) -> None:
        """Keep `body`; one larger than the whole limit is not kept."""
        with self._lock:
            self._drop(key)
            if len(body) + _OVERHEAD > self._limit:
                return
            self._bodies[key] = body
            self._bytes += len(body) + _OVERHEAD
            while self._bytes > self._limit:
                self._drop(next(iter(self._bodies)))

    def forget_lot(self, lot: str) -> None:
        """Drop every body of `lot`, in every language and revision."""
        with self._lock:
            for key in [key for key in self._bodies if key.lot == lot]:
                self._drop(key)

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._bodies.clear()
            self._bytes = 0

    @property
    def used_bytes(self) -> int:
        """Bytes kept now, with what each entry costs besides its body."""
        return self._bytes

    def _drop(self, key: BodyKey) -> None:
        body = self._bodies.pop(key, None)
        if body is not None:
            self._bytes -= len(body) + _OVERHEAD
