"""The database of one process: SQLite in a file by default, PostgreSQL by address.

It opens sessions and ends transactions; what is read and written is the callers' business. Sessions
are opened and closed inside a call: never hand one to a FastAPI dependency with `yield`
(docs/decisions: transactions end at the edge).
"""

import contextlib
import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session as AnySession
from sqlalchemy.orm import UOWTransaction
from sqlmodel import Session

from api import postgresql_engines, sqlite_engines
from api.errors import DatabaseUnreachable, NotInitialised, ReadOnlyDatabase, SettingWrong, TransactionLost
from api.one_transaction import running
from api.writer_lock import WriterLock
from ledger.writing.bulk import ask_together
from ledger.writing.leadership import AdvisoryLeader, AloneLeader, Leadership
from ledger.writing.unchanged import left_unchanged

FlushWatcher: TypeAlias = Callable[[AnySession, UOWTransaction], None]
"""Looks at the new rows of a session that was just flushed, and may write further ones."""
GROUP_LOCK = 0x64616F6469
"""Key of the PostgreSQL advisory lock a group of writes holds: the bytes of ``daodi``."""


class Database:
    """Read and write sessions on one database, until `dispose`.

    With `writable` an SQLite database is locked against another writing process (`DatabaseHeld`);
    `url_served` is the HTTP address the lock file tells others. Raises `DatabaseUnsafe` for a PostgreSQL
    that may lose acknowledged commits, `DatabaseUnreachable` for one that does not answer.
    """

    def __init__(
        self,
        url: str,
        *,
        url_served: str | None = None,
        writable: bool = True,
        busy_timeout_ms: int = 5000,
        pool: int = 40,
    ) -> None:
        self.url = url
        parsed = make_url(url)
        self._busy_timeout_ms = busy_timeout_ms
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self._turn = threading.Lock() if self.is_sqlite else contextlib.nullcontext()
        self._watchers: list[FlushWatcher] = []
        self._changes = itertools.count(1)
        self.commits = 0
        """Another number after each change of the record: what was read at an earlier one may be old."""
        self._lock: WriterLock | None = None
        self._writer: Engine | None
        if self.is_sqlite:
            path = sqlite_path(url)
            self._writer, self._reader = self._open_sqlite(
                path, url_served, busy_timeout_ms, pool, writable=writable
            )
        else:
            engine = postgresql_engines.write_engine(url, pool)
            self._writer = engine if writable else None
            self._reader = postgresql_engines.read_engine(engine)
            self._scratch = engine
            self._check_postgresql(engine)

    def _open_sqlite(
        self, path: Path, url_served: str | None, busy_timeout_ms: int, pool: int, *, writable: bool
    ) -> tuple[Engine | None, Engine]:
        if not writable:
            if not path.exists():
                raise NotInitialised(folder=path.parent, missing=path.name)
            return None, sqlite_engines.read_engine(path, busy_timeout_ms, pool)
        self._lock = WriterLock(path, url_served)
        writer = sqlite_engines.write_engine(path, busy_timeout_ms)
        with writer.connect():  # creates the file, so that readers find it
            pass
        return writer, sqlite_engines.read_engine(path, busy_timeout_ms, pool)

    @staticmethod
    def _check_postgresql(engine: Engine) -> None:
        try:
            postgresql_engines.refuse_unsafe(engine)
        except DBAPIError:
            engine.dispose()
            raise DatabaseUnreachable from None
        except BaseException:
            engine.dispose()
            raise

    @property
    def write_engine(self) -> Engine:
        """The engine migrations run on; raises `ReadOnlyDatabase` in a reading process."""
        if self._writer is None:
            raise ReadOnlyDatabase
        return self._writer

    @property
    def read_engine(self) -> Engine:
        """The engine of snapshot reads."""
        return self._reader

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session on one snapshot that refuses writes; it is closed at the end of the block.

        A request answered in one transaction reads in that one, and so what it wrote itself.
        """
        answering = running()
        if answering is not None:
            yield answering
            return
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Session]:
        """Open a session on one snapshot in which temporary tables can be made; nothing of it stays."""
        if self.is_sqlite:
            engine = sqlite_engines.scratch_engine(sqlite_path(self.url), self._busy_timeout_ms)
        else:
            engine = self._scratch.execution_options(isolation_level="REPEATABLE READ")
        try:
            with Session(engine, expire_on_commit=False) as session:
                yield session
                session.rollback()
        finally:
            if self.is_sqlite:
                engine.dispose()

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session whose transaction commits when the block ends well and rolls back otherwise.

        Blocks of one process on SQLite take turns.
        """
        engine = self.write_engine
        with self._turn, Session(engine, expire_on_commit=False) as session, session.begin():
            for watcher in self._watchers:
                event.listen(session, "after_flush", watcher)
            yield session
        if not left_unchanged(session):
            self.note_change()  # before anybody is told that it is written

    def note_change(self) -> None:
        """Note that the record was changed, here or by another process that said so. Safe between threads."""
        self.commits = next(self._changes)

    def on_flush(self, watcher: FlushWatcher) -> None:
        """Have `watcher` look at what writing sessions flush, inside their transactions."""
        self._watchers.append(watcher)

    def leadership(self) -> Leadership:
        """Return the lock by which one of several processes drains; to be released before `dispose`."""
        engine = self.write_engine
        if self.is_sqlite:
            return AloneLeader()
        return AdvisoryLeader(lambda: engine.connect().execution_options(isolation_level="AUTOCOMMIT"))

    def lock_group(self, session: Session) -> None:
        """Hold back other processes' groups until this transaction ends.

        PostgreSQL only: on SQLite the transaction itself already does so.
        """
        if not self.is_sqlite:
            ask_together(session, ("SELECT pg_advisory_xact_lock(?)", (GROUP_LOCK,)))

    def require_transaction(self, session: Session) -> None:
        """Raise `TransactionLost` when SQLite has ended the transaction of `session` by itself.

        It may do so when the disk is full or fails (https://sqlite.org/lang_transaction.html, section
        "Response To Errors Within A Transaction"); what follows would then be committed on its own.
        """
        if self.is_sqlite:
            driver = session.connection().connection.dbapi_connection
            if not getattr(driver, "in_transaction", False):  # sqlite3.Connection.in_transaction
                raise TransactionLost

    def dispose(self) -> None:
        """Close every connection, readers first, and let another process write."""
        self._reader.dispose()
        if self._writer is not None:
            self._writer.dispose()
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def sqlite_path(url: str) -> Path:
    """Return the file an SQLite address names; an in-memory database is refused."""
    database = make_url(url).database
    if not database or database == ":memory:":
        raise SettingWrong(
            name="DAODI_DATABASE_URL",
            reason_zh="SQLite 数据库必须是文件",
            reason_en="an SQLite database has to be a file",
        )
    return Path(database)
