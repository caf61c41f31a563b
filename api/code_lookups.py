"""Codes looked up together: what is asked while one query runs shares the next one.

One thread reads; no request waits for a connection of its own, however many there are, and none stops the
others. Whoever asks after a commit of this process was acknowledged is answered from a snapshot after it.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeAlias

from api.database import Database
from api.record_stamp import Stamp, stamp_of
from trace.coding.codes_now import CodeNow, codes_now

_MOST_TOGETHER: Final = 256


@dataclass(frozen=True, slots=True)
class Reading:
    """One code as a snapshot shows it."""

    now: CodeNow | None
    """None where the serial was never issued."""
    stamp: Stamp
    commits: int
    """Commits of this process before the snapshot."""
    read_at: float
    """Seconds of the loop's clock just before it."""


_Asked: TypeAlias = "tuple[int, asyncio.Future[Reading]]"


class CodeLookups:
    """Reads codes for the requests of one event loop at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="daodi-codes")
        self._waiting: list[_Asked] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._reading = False

    async def read(self, serial: int) -> Reading:
        """Return a code as a snapshot begun after this call shows it; raises what the database raises."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:  # an application may be run again, in another loop
            self._loop, self._waiting, self._reading = loop, [], False
        promise: asyncio.Future[Reading] = loop.create_future()
        self._waiting.append((serial, promise))
        if not self._reading:
            self._next(loop)
        return await promise

    def close(self) -> None:
        """End the reading thread."""
        self._reader.shutdown()

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        asked, self._waiting = self._waiting[:_MOST_TOGETHER], self._waiting[_MOST_TOGETHER:]
        self._reading = bool(asked)
        if asked:
            serials = {serial for serial, _ in asked}
            done = loop.run_in_executor(self._reader, self._read, serials, loop.time())
            done.add_done_callback(lambda told: self._tell(loop, asked, told))

    def _tell(
        self,
        loop: asyncio.AbstractEventLoop,
        asked: Sequence[_Asked],
        told: "asyncio.Future[dict[int, Reading]]",
    ) -> None:
        error = told.exception()
        for serial, promise in asked:
            if promise.done():  # its request was given up
                continue
            if error is None:
                promise.set_result(told.result()[serial])
            else:
                promise.set_exception(error)
        if loop is self._loop:
            self._next(loop)

    def _read(self, serials: set[int], read_at: float) -> dict[int, Reading]:
        commits = self._database.commits
        with self._database.read() as session:
            stamp = stamp_of(session)
            found = codes_now(session, serials)
        return {serial: Reading(found.get(serial), stamp, commits, read_at) for serial in serials}
