"""One writing process per SQLite database: a locked file beside it that names the holder.

The lock is the kernel's (flock): it ends with the process, however that ends. A process whose SQLite has
the WAL-reset bug takes it alone; processes with a mended SQLite share it, but never with a flawed one.
"""

import contextlib
import fcntl
import json
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from api.errors import DatabaseHeld
from api.sqlite_version import has_wal_reset_bug


@dataclass(frozen=True, slots=True)
class RunningService:
    """The process that writes to a database now."""

    pid: int | None
    url: str | None
    """Address of its HTTP service; None for a command, which serves nothing."""


def lock_path(database: Path) -> Path:
    """Return the path of the lock file beside `database`."""
    return database.with_name(database.name + ".writer")


class WriterLock:
    """The right of this process to write to one SQLite database, held until `release`."""

    def __init__(self, database: Path, url: str | None) -> None:
        """Take the lock or raise `DatabaseHeld` naming the process and address that has it."""
        self._file = os.open(lock_path(database), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        how = fcntl.LOCK_EX if has_wal_reset_bug(sqlite3.sqlite_version_info[:3]) else fcntl.LOCK_SH
        try:
            fcntl.flock(self._file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            other = _read_holder(database)
            raise DatabaseHeld(
                pid=other.pid or "?", address=other.url or "-", version=sqlite3.sqlite_version
            ) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, json.dumps({"pid": os.getpid(), "url": url}).encode(), 0)

    def release(self) -> None:
        """Give the lock back; another process may write from now on."""
        os.close(self._file)


def running_service(database: Path) -> RunningService | None:
    """Return who writes to `database` now, or None when nobody holds its lock.

    Commands that write ask this first and hand their work to the service.
    """
    try:
        probe = os.open(lock_path(database), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_holder(database)
    else:
        return None
    finally:
        os.close(probe)


def _read_holder(database: Path) -> RunningService:
    with contextlib.suppress(OSError, ValueError, AttributeError, TypeError):
        words = json.loads(lock_path(database).read_text("utf-8"))
        return RunningService(pid=int(words["pid"]), url=words["url"])
    return RunningService(pid=None, url=None)
