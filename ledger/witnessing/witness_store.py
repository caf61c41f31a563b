"""A witness's memory: for each log the last checkpoint it cosigned, kept before it is told to anybody.

SQLite in one file. Reading the last state, judging an offer and keeping the new state is one
transaction that holds the write lock from its beginning, so that offers take turns whatever
the number of threads and processes.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote

from ledger.errors import Said
from ledger.merkle import EMPTY_ROOT
from ledger.witnessing.witness_errors import WitnessForgot, WitnessNotSetUp

_BUSY_SECONDS: Final = 10.0
_TABLES: Final = """
CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), vkey TEXT NOT NULL);
CREATE TABLE seen (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, at_s INTEGER NOT NULL,
    note TEXT NOT NULL, line TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """The last checkpoint of one log that was cosigned."""

    size: int
    root: bytes
    at_s: int
    """When, in seconds since the epoch."""
    note: str
    """The log's note with its own signatures."""
    line: str
    """The cosignature that was answered."""

    @property
    def cosigned_note(self) -> str:
        """The note with our own line; empty when nothing was cosigned yet."""
        return self.note + self.line


NOTHING: Final = Seen(0, EMPTY_ROOT, 0, "", "")
"""What is known of a log that is enrolled and never offered anything."""


class Turn:
    """One offer's hold on what is known of a log."""

    def __init__(self, connection: sqlite3.Connection, origin: str, seen: Seen) -> None:
        self.seen = seen
        self._connection = connection
        self._origin = origin

    def keep(self, seen: Seen) -> None:
        """Remember `seen` instead; durable when the turn has ended without an error."""
        self._connection.execute(
            "UPDATE seen SET size = ?, root = ?, at_s = ?, note = ?, line = ? WHERE origin = ?",
            (seen.size, seen.root, seen.at_s, seen.note, seen.line, self._origin),
        )


class WitnessStore:
    """The memory in one SQLite file; `close` it. Safe between threads and between processes."""

    def __init__(self, path: Path) -> None:
        """Open what `create` made; raises `WitnessForgot` when the file is gone."""
        if not path.is_file():
            raise file_gone(path)
        self._lock = threading.Lock()
        self._connection = _connect(path, "rw")

    @classmethod
    def create(cls, path: Path, vkey: str) -> Self:
        """Make an empty memory for the witness of this key; raises `WitnessNotSetUp` when one is there."""
        if path.exists():
            raise WitnessNotSetUp(folder=path.parent, reason=Said("已有记忆", "a memory is there already"))
        draft = path.with_name(f".{path.name}.draft")
        draft.unlink(missing_ok=True)
        connection = _connect(draft, "rwc")
        connection.executescript(_TABLES)
        connection.execute("INSERT INTO identity VALUES (1, ?)", (vkey,))
        connection.close()
        draft.chmod(0o600)
        draft.rename(path)  # complete or absent, never half made
        return cls(path)

    @property
    def vkey(self) -> str:
        """The key of the witness whose memory this is."""
        with self._lock:
            return str(self._connection.execute("SELECT vkey FROM identity").fetchone()[0])

    def enrol(self, origin: str) -> bool:
        """Begin to remember a log of which nothing was ever cosigned; False when it is known already."""
        with self._transaction() as connection:
            done = connection.execute(
                "INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (origin, NOTHING.size, NOTHING.root, NOTHING.at_s, NOTHING.note, NOTHING.line),
            )
            return done.rowcount == 1

    @contextmanager
    def turn(self, origin: str) -> Iterator[Turn]:
        """Hold what is known of `origin`: kept for good when the block ends well, unchanged otherwise.

        Raises `WitnessForgot` when the log was never enrolled.
        """
        with self._transaction() as connection:
            yield Turn(connection, origin, _seen(connection, origin))

    def seen(self, origin: str) -> Seen:
        """Return what was cosigned last; raises `WitnessForgot` when the log was never enrolled."""
        with self._lock:
            return _seen(self._connection, origin)

    def origins(self) -> tuple[str, ...]:
        """Return the logs that are enrolled, sorted."""
        with self._lock:
            rows = self._connection.execute("SELECT origin FROM seen ORDER BY origin").fetchall()
        return tuple(str(row[0]) for row in rows)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")


def file_gone(path: Path) -> WitnessForgot:
    """Return the error of a memory whose file is not there."""
    return WitnessForgot(missing=Said(f"没有文件 {path.name}", f"the file {path.name} is gone"))


def never_enrolled(origin: str) -> WitnessForgot:
    """Return the error of a log the memory holds nothing of."""
    return WitnessForgot(missing=Said(f"没有账本 {origin} 的记录", f"it knows nothing of the log {origin}"))


def _seen(connection: sqlite3.Connection, origin: str) -> Seen:
    row = connection.execute(
        "SELECT size, root, at_s, note, line FROM seen WHERE origin = ?", (origin,)
    ).fetchone()
    if row is None:
        raise never_enrolled(origin)
    return Seen(*row)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY_SECONDS,
    )
    # A rollback journal, whose deletion is the commit: EXTRA syncs the folder after it, so that a
    # power loss cannot bring the journal, and with it the state before, back
    # (https://sqlite.org/pragma.html#pragma_synchronous).
    connection.execute("PRAGMA journal_mode=DELETE").close()
    connection.execute("PRAGMA synchronous=EXTRA").close()
    return connection
