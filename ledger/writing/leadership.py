"""Who of several processes drains the outbox: a lock that saves work and guards nothing.

The log is safe without it: its state moves by compare-and-swap, and of two sequencers one loses.
"""

import contextlib
from collections.abc import Callable
from typing import Final, Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

LOCK: Final = 0x6C6561646572
"""Key of the PostgreSQL session advisory lock: the bytes of ``leader``."""


class Leadership(Protocol):
    """Says whether this process is the one that drains."""

    def held(self) -> bool:
        """Say whether this process leads now, after trying to; never waits for another."""
        ...

    def release(self) -> None:
        """Let another process lead."""
        ...


class AloneLeader:
    """Leads always: the one process that may write an SQLite database."""

    def held(self) -> bool:
        """Say yes."""
        return True

    def release(self) -> None:
        """Do nothing: nobody waits."""


class AdvisoryLeader:
    """Leads while its own connection holds a session advisory lock (PostgreSQL, section 13.3.5).

    The server gives the lock up when that connection ends: with the process, with the server, or when the
    network between them is gone for longer than its keepalives. A leader that was paused meanwhile
    notices when it next asks; what it did in between, the compare-and-swap judged.
    """

    def __init__(self, connect: Callable[[], Connection]) -> None:
        """`connect` opens a connection that commits by itself, so that the lock holds no transaction open."""
        self._connect = connect
        self._connection: Connection | None = None

    def held(self) -> bool:
        """Say whether the lock is ours: asked of the server every time, and taken if it is free.

        An unreachable server makes nobody leader; the sequencer's own work will say what is wrong.
        """
        try:
            if self._connection is None:
                self._connection = self._connect()
            return self._holds(self._connection)
        except DBAPIError:
            self.release()
            return False

    def release(self) -> None:
        """End the connection, and with it the lock."""
        connection, self._connection = self._connection, None
        if connection is not None:
            # Ended rather than handed back to a pool: a pooled connection would go on holding the lock.
            with contextlib.suppress(DBAPIError):
                connection.invalidate()
            connection.close()

    def _holds(self, connection: Connection) -> bool:
        if connection.execute(_HELD, {"key": LOCK}).scalar():
            return True
        return bool(connection.execute(_TRY, {"key": LOCK}).scalar())


# The key of a lock on one bigint stands in two halves of 32 bits (PostgreSQL, section 53.12).
_HELD = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = (CAST(:key AS bigint) >> 32) AND objid = (CAST(:key AS bigint) & 4294967295)"
    " AND objsubid = 1)"
)
_TRY = text("SELECT pg_try_advisory_lock(CAST(:key AS bigint))")
