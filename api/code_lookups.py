"""Codes looked up: at once where the database is a file, together where it is a server.

A row of a file is read in less time than a thread takes to be asked for it. Either way, whoever asks after a
commit of this process was acknowledged is answered from a snapshot after it.
"""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection

from api.asked_together import AskedTogether
from api.database import Database
from api.record_stamp import STAMP, Stamp, StampOnSqlite
from trace.coding.codes_now import CodeNow, code_now, codes_beside
from trace.scanning.seen_scans import SeenScans, seen_of_many, seen_of_one


class Reading(NamedTuple):
    """One code as a snapshot shows it."""

    now: CodeNow | None
    """None where the serial was never issued."""
    stamp: Stamp
    commits: int
    """Commits of this process before the snapshot."""
    read_at: float
    """Seconds of `time.monotonic` just before it."""


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

    def scans(self, serial: int) -> SeenScans | None:
        """Return the scans of a code; None where they may be those of copied labels."""
        return seen_of_one(self._reader, serial)

    def close(self) -> None:
        """Give the connection back."""
        self._pooled.close()


class ServerLookups:
    """Reads codes of a PostgreSQL server, for the requests of one event loop at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._engine = database.read_engine
        self._connection: Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="daodi-codes")
        self._readings = AskedTogether(self._thread, self._read)
        self._seen = AskedTogether(self._thread, self._read_scans)

    async def read(self, serial: int) -> Reading:
        """Return a code as a snapshot begun after this call shows it; raises what the database raises."""
        return await self._readings.ask(serial)

    async def scans(self, serial: int) -> SeenScans | None:
        """Return the scans of a code; None where they may be those of copied labels."""
        return await self._seen.ask(serial)

    def close(self) -> None:
        """End the reading thread, and give the connection back."""
        self._thread.shutdown()
        if self._connection is not None:
            self._connection.close()

    def _opened(self) -> Connection:
        # Said of the connection: of an engine made from one with a level of its own it is not heard.
        return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def _read(self, serials: Sequence[int]) -> Mapping[int, Reading]:
        commits, read_at = self._database.commits, time.monotonic()
        with self._connected() as connection:
            found = codes_beside(connection, set(serials), STAMP)
        never: tuple[CodeNow | None, Stamp] = (None, ())
        return {
            serial: Reading(*(found.get(serial) or never), commits=commits, read_at=read_at)
            for serial in serials
        }

    def _read_scans(self, serials: Sequence[int]) -> Mapping[int, SeenScans | None]:
        with self._connected() as connection:
            driver: Any = connection.connection.driver_connection
            return seen_of_many(driver, serials)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """Keep one connection for this thread: to have one from the pool costs more than a query of these.

        A statement alone is a snapshot of its own on it: no transaction is begun and ended, and none is left
        open whose old snapshot would be seen again.
        """
        connection, self._connection = self._connection or self._opened(), None
        try:
            yield connection
            connection.rollback()  # ends nothing but what SQLAlchemy takes for a transaction
        except BaseException:
            connection.close()
            raise
        self._connection = connection
