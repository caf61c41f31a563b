"""Codes looked up: at once where the database is a file, together where it is a server.

A row of a file is read in less time than a thread takes to be asked for it. Of a server, what is asked while
one query runs shares the next: one thread reads, no request waits for a connection of its own, however many
there are, and none stops the others. Either way, whoever asks after a commit of this process was acknowledged
is answered from a snapshot after it.
"""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple, TypeAlias

from api.database import Database
from api.record_stamp import STAMP, Stamp, StampOnSqlite
from trace.coding.codes_now import CodeNow, code_now, codes_beside

_MOST_TOGETHER: Final = 256


class Reading(NamedTuple):
    """One code as a snapshot shows it."""

    now: CodeNow | None
    """None where the serial was never issued."""
    stamp: Stamp
    commits: int
    """Commits of this process before the snapshot."""
    read_at: float
    """Seconds of `time.monotonic` just before it."""


_Asked: TypeAlias = "tuple[int, asyncio.Future[Reading]]"


class FileLookups:
    """Reads codes of an SQLite file by a connection of its own; for one thread at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pooled = database.read_engine.raw_connection()
        reader = self._pooled.driver_connection
        if not isinstance(reader, sqlite3.Connection):
            raise TypeError
        self._reader = reader
        self._stamp = StampOnSqlite(reader)

    def read(self, serial: int) -> Reading:
        """Return a code as a snapshot begun after this call shows it; raises what the driver raises.

        The stamp is no younger than the code: together they name a page drawn from both, or none at all.
        """
        commits, read_at = self._database.commits, time.monotonic()
        stamp = self._stamp.now()
        return Reading(code_now(self._reader, serial), stamp, commits, read_at)

    def close(self) -> None:
        """Give the connection back."""
        self._pooled.close()


class ServerLookups:
    """Reads codes of a PostgreSQL server for the requests of one event loop at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # A statement alone is a snapshot of its own: no transaction to begin and to end.
        self._engine = database.read_engine.execution_options(isolation_level="AUTOCOMMIT")
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
            done = loop.run_in_executor(self._reader, self._read, serials, time.monotonic())
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
        with self._engine.connect() as connection:
            found = codes_beside(connection, serials, STAMP)
        never: tuple[CodeNow | None, Stamp] = (None, ())
        return {
            serial: Reading(*(found.get(serial) or never), commits=commits, read_at=read_at)
            for serial in serials
        }
