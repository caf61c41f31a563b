"""Checks many Ed25519 signatures at once, in processes of their own.

One check costs about 0.1 ms of one core, more than everything else the log does with an entry, and
holds the interpreter's lock: so large groups are shared out to workers. What this process has
verified it remembers for a while by leaf hash, so that the sequencer need not verify it again.
"""

import multiprocessing
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain
from multiprocessing.connection import wait
from types import TracebackType
from typing import Final, Self, TypeAlias

from ledger.entry import Entry
from ledger.errors import DaodiError
from ledger.keys import PublicKey

Claim: TypeAlias = tuple[bytes, bytes, bytes]
"""The 32 bytes of a public key, a message, and what is said to be that key's signature over it."""

SMALL: Final = 16
"""Groups up to this size are checked on the spot: handing them over would take longer."""
_RUNS: Final = 3
REMEMBERED: Final = 4096
"""Entries remembered as verified, at most: four groups of the sequencer, some 20 MB."""


class SignatureChecks:
    """Checks signatures in `processes` workers until `close`; with 0 it checks in this process.

    Workers are spawned on first need, so nothing of this process is shared with them; one that dies is
    replaced and its work done again; all of them end with this process however that ends.
    """

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._gate = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._open = True

    def check(self, claims: Sequence[Claim]) -> list[bool]:
        """Say of each claim whether it holds by the cofactorless check (`PublicKey.verify`).

        Raises `BrokenProcessPool` when workers die again and again, `RuntimeError` after `close`.
        """
        if len(claims) <= SMALL or not self._processes:
            return _check_all(claims)
        share = max(SMALL, -(-len(claims) // (2 * self._processes)))
        parts = [claims[begin : begin + share] for begin in range(0, len(claims), share)]
        for run in range(1, _RUNS + 1):
            pool = self._started()
            try:
                return list(chain.from_iterable(pool.map(_check_all, parts)))
            except BrokenProcessPool:
                self._replace(pool)
                if run == _RUNS:
                    raise
        raise AssertionError  # pragma: no cover  the last run returns or raises

    def close(self) -> None:
        """End the workers. May be called again."""
        with self._gate:
            pool, self._pool, self._open = self._pool, None, False
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _started(self) -> ProcessPoolExecutor:
        with self._gate:
            if not self._open:
                raise RuntimeError("closed")
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    self._processes,
                    mp_context=multiprocessing.get_context("spawn"),
                    initializer=_end_with_parent,
                )
            return self._pool

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        with self._gate:
            if self._pool is broken:
                self._pool = None
        broken.shutdown(wait=True, cancel_futures=True)


class Verified:
    """Entries whose signatures this process has verified, by leaf hash; the oldest are forgotten first.

    A leaf hash commits to the statement, its key and its signature, so nobody who changes what the
    database keeps can make a row pass for one of these. Safe between threads.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: OrderedDict[bytes, Entry] = OrderedDict()
        self._gate = threading.Lock()

    def add(self, entries: Iterable[Entry]) -> None:
        """Remember entries."""
        with self._gate:
            self._entries.update((entry.leaf_hash, entry) for entry in entries)
            while len(self._entries) > self._limit:
                self._entries.popitem(last=False)

    def get(self, leaf_hash: bytes) -> Entry | None:
        """Return the entry of this hash, if it is remembered."""
        return self._entries.get(leaf_hash)

    def forget(self, leaf_hashes: Iterable[bytes]) -> None:
        """Drop entries that nobody will ask for again."""
        with self._gate:
            for hashed in leaf_hashes:
                self._entries.pop(hashed, None)

    def clear(self) -> None:
        """Forget all: what a process does that has just started."""
        with self._gate:
            self._entries.clear()


VERIFIED: Final = Verified(REMEMBERED)
"""This process's memory: filled at the gate, read by the sequencer."""


def _check_all(claims: Sequence[Claim]) -> list[bool]:
    return [_holds(*claim) for claim in claims]


def _holds(raw: bytes, message: bytes, signature: bytes) -> bool:
    try:
        PublicKey(raw).verify(message, signature)
    except DaodiError:
        return False
    return True


def _end_with_parent() -> None:
    """End this worker as soon as its parent is gone: a killed parent cannot say goodbye."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    wait([sentinel])
    os._exit(0)
