"""The database of one process: durable settings, one writer, readers that cannot write."""

import multiprocessing
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api import writer_lock
from api.database import Database, sqlite_path
from api.errors import (
    DatabaseHeld,
    DatabaseUnreachable,
    DatabaseUnsafe,
    NotInitialised,
    ReadOnlyDatabase,
    SettingWrong,
)
from api.writer_lock import running_service


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, url_served="http://127.0.0.1:8000")
    with opened.write() as session:
        session.connection().execute(text("CREATE TABLE t (a INTEGER PRIMARY KEY)"))
    yield opened
    opened.dispose()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    opened = Database(sqlite_url, url_served="http://127.0.0.1:8000")
    yield opened
    opened.dispose()


def _pragma(database: Database, name: str, *, writing: bool) -> object:
    engine = database.write_engine if writing else database.read_engine
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
)
def test_the_write_connection_is_durable(sqlite: Database, pragma: str, value: object) -> None:
    """2 is FULL (sqlite.org/pragma.html#pragma_synchronous)."""
    assert _pragma(sqlite, pragma, writing=True) == value


@pytest.mark.parametrize(
    ("pragma", "value"), [("query_only", 1), ("wal_autocheckpoint", 0), ("foreign_keys", 1)]
)
def test_a_read_connection_neither_writes_nor_checkpoints(
    sqlite: Database, pragma: str, value: object
) -> None:
    assert _pragma(sqlite, pragma, writing=False) == value


def test_a_reader_cannot_write(database: Database) -> None:
    with database.read() as session, pytest.raises(DBAPIError):
        session.connection().execute(text("INSERT INTO t VALUES (1)"))


def test_a_write_commits_at_the_end_of_its_block(database: Database) -> None:
    with database.write() as session:
        session.connection().execute(text("INSERT INTO t VALUES (1)"))
    with database.read() as session:
        assert session.connection().execute(text("SELECT a FROM t")).scalars().all() == [1]


def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(DBAPIError), database.write() as session:
        session.connection().execute(text("INSERT INTO t VALUES (1), (1)"))
    with database.read() as session:
        assert session.connection().execute(text("SELECT count(*) FROM t")).scalar_one() == 0


def test_a_read_sees_one_snapshot_from_beginning_to_end(database: Database) -> None:
    with database.read() as session:
        before = session.connection().execute(text("SELECT count(*) FROM t")).scalar_one()
        with database.write() as other:
            other.connection().execute(text("INSERT INTO t VALUES (7)"))
        after = session.connection().execute(text("SELECT count(*) FROM t")).scalar_one()
    assert (before, after) == (0, 0)


def test_a_savepoint_that_fails_spares_the_rest(database: Database) -> None:
    with database.write() as session:
        session.connection().execute(text("INSERT INTO t VALUES (1)"))
        with pytest.raises(DBAPIError), session.begin_nested():
            session.connection().execute(text("INSERT INTO t VALUES (1)"))
        session.connection().execute(text("INSERT INTO t VALUES (2)"))
    with database.read() as session:
        assert session.connection().execute(text("SELECT a FROM t ORDER BY a")).scalars().all() == [1, 2]


def test_writes_of_many_threads_take_turns(database: Database) -> None:
    def add(start: int) -> None:
        for number in range(start, start + 20):
            with database.write() as session:
                session.connection().execute(text("INSERT INTO t VALUES (:a)"), {"a": number})

    threads = [threading.Thread(target=add, args=(block * 20,)) for block in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert session.connection().execute(text("SELECT count(*) FROM t")).scalar_one() == 160


@pytest.mark.usefixtures("sqlite")
def test_a_second_writer_is_refused_with_the_address_of_the_first(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DatabaseHeld) as caught:
        _open_flawed(sqlite_url, monkeypatch)
    assert "http://127.0.0.1:8000" in caught.value.message("zh")
    assert str(os.getpid()) in caught.value.message("en")
    assert "http://127.0.0.1:8000" in caught.value.remedy("en")


def _open_flawed(url: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setattr(writer_lock, "has_wal_reset_bug", lambda _: True)
    return Database(url)


def test_mended_versions_may_share_but_never_with_a_flawed_one(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_lock, "has_wal_reset_bug", lambda _: False)
    first, second = Database(sqlite_url), Database(sqlite_url)
    with pytest.raises(DatabaseHeld):
        _open_flawed(sqlite_url, monkeypatch)
    first.dispose()
    second.dispose()


def test_readers_are_welcome_beside_a_writer(sqlite: Database, sqlite_url: str) -> None:
    with sqlite.write() as session:
        session.connection().execute(text("CREATE TABLE t (a INTEGER)"))
    reader = Database(sqlite_url, writable=False)
    with reader.read() as session:
        assert session.connection().execute(text("SELECT count(*) FROM t")).scalar_one() == 0
    with pytest.raises(ReadOnlyDatabase), reader.write():
        pass
    reader.dispose()


def test_the_lock_ends_with_its_process_even_when_killed(sqlite_url: str) -> None:
    path = sqlite_path(sqlite_url)
    context = multiprocessing.get_context("spawn")
    opened = context.Event()
    process = context.Process(target=_hold, args=(sqlite_url, opened))
    process.start()
    assert opened.wait(30)
    held = running_service(path)
    process.kill()
    process.join()
    assert held is not None
    assert (held.pid, held.url) == (process.pid, "http://127.0.0.1:8123")
    assert running_service(path) is None
    Database(sqlite_url).dispose()


def _hold(url: str, opened: "multiprocessing.synchronize.Event") -> None:
    Database(url, url_served="http://127.0.0.1:8123")
    opened.set()
    threading.Event().wait(60)


def test_nobody_holds_a_database_that_does_not_exist(tmp_path: Path) -> None:
    assert running_service(tmp_path / "none.sqlite") is None


def test_reading_a_database_that_does_not_exist_asks_for_init(sqlite_url: str) -> None:
    with pytest.raises(NotInitialised):
        Database(sqlite_url, writable=False)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(SettingWrong):
        Database(url)


@pytest.mark.postgresql
@pytest.mark.parametrize("setting", ["synchronous_commit"])
def test_a_postgresql_that_may_lose_commits_is_refused(postgresql_url: str, setting: str) -> None:
    unsafe = f"{postgresql_url}{'&' if '?' in postgresql_url else '?'}options=-c%20{setting}%3Doff"
    with pytest.raises(DatabaseUnsafe) as caught:
        Database(unsafe)
    assert setting in caught.value.message("zh")
    assert caught.value.remedy("en") == f"set {setting} to on and start again"


def test_a_postgresql_that_is_away_is_said_to_be_away() -> None:
    with pytest.raises(DatabaseUnreachable):
        Database("postgresql+psycopg://nobody@127.0.0.1:1/none")


def test_the_linked_sqlite_is_recent_enough_for_wal() -> None:
    assert sqlite3.sqlite_version_info >= (3, 35)


@pytest.mark.postgresql
def test_connections_the_server_has_ended_are_not_handed_out(postgresql_url: str) -> None:
    """A restart ends every idle connection; nobody who asks afterwards may be told so."""
    database = Database(postgresql_url)
    others = (
        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    )
    with database.write() as one, database.write() as other, database.read() as third:
        for session in (one, other, third):
            session.connection().execute(text("SELECT 1"))
    with database.write() as session:
        ours = f"{others} AND datname = current_database() AND application_name = 'daodi'"
        assert session.connection().execute(text(ours)).scalar_one() == 2
    with database.write() as one, database.write() as other, database.read() as third:
        for session in (one, other, third):
            assert session.connection().execute(text("SELECT 1")).scalar_one() == 1
    database.dispose()
