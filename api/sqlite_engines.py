"""The SQLite side of the database: one write connection, readers that cannot write, durable settings."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

_WRITER = (
    "PRAGMA journal_mode=WAL",
    # NORMAL loses acknowledged commits when the power fails (docs/decisions, embedded default).
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # What is deleted is overwritten with zeros: erased private values must not linger in free pages.
    "PRAGMA secure_delete=ON",
    # Up to 64 MiB of pages: with SQLite's 2 the indices of a million quotes are read again and again.
    "PRAGMA cache_size=-65536",
)
_READER = (
    "PRAGMA query_only=ON",
    # All checkpoints happen on the write connection: the WAL-reset bug needs a second one.
    "PRAGMA wal_autocheckpoint=0",
    "PRAGMA foreign_keys=ON",
)

_SCRATCH = ("PRAGMA temp_store=FILE", "PRAGMA wal_autocheckpoint=0", "PRAGMA foreign_keys=ON")


def write_engine(path: Path, busy_timeout_ms: int) -> Engine:
    """Return an engine of exactly one connection, whose transactions take the write lock at once."""
    connect = _connector(path, "rwc", busy_timeout_ms, _WRITER)
    return _engine(connect, pool=1, begin="BEGIN IMMEDIATE")


def read_engine(path: Path, busy_timeout_ms: int, pool: int) -> Engine:
    """Return an engine of up to `pool` connections that refuse every write."""
    connect = _connector(path, "rw", busy_timeout_ms, _READER)
    return _engine(connect, pool=pool, begin="BEGIN")


def scratch_engine(path: Path, busy_timeout_ms: int) -> Engine:
    """Return an engine for temporary tables beside those of a database; they lie in a file of their own.

    `query_only` would refuse temporary tables too, so that its user has to roll back.
    """
    connect = _connector(path, "rw", busy_timeout_ms, _SCRATCH)
    return _engine(connect, pool=1, begin="BEGIN")


def _connector(
    path: Path, mode: str, busy_timeout_ms: int, pragmas: tuple[str, ...]
) -> Callable[[], sqlite3.Connection]:
    address = f"file:{quote(str(path))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address, uri=True, isolation_level=None, check_same_thread=False, timeout=busy_timeout_ms / 1000
        )
        for pragma in pragmas:
            connection.execute(pragma).close()
        return connection

    return connect


def _engine(connect: Callable[[], sqlite3.Connection], *, pool: int, begin: str) -> Engine:
    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=30,
        hide_parameters=True,
    )

    # Python's sqlite3 begins transactions late and never before a SAVEPOINT: we begin them ourselves
    # (SQLAlchemy, "Serializable isolation / Savepoints / Transactional DDL").
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
