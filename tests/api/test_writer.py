"""The one writer: groups, savepoints, results only after the commit."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from api.database import Database
from api.errors import WriteInterrupted, WriterClosed
from api.writer import Writer


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    with opened.write() as session:
        session.connection().execute(text("CREATE TABLE t (a BIGINT PRIMARY KEY, word TEXT)"))
    yield opened
    opened.dispose()


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    opened = Writer(database)
    yield opened
    opened.close()


def _add(number: int, word: str = "") -> Callable[[Session], int]:
    def work(session: Session) -> int:
        session.connection().execute(text("INSERT INTO t VALUES (:a, :w)"), {"a": number, "w": word})
        return number

    return work


def _stored(database: Database) -> list[int]:
    with database.read() as session:
        return list(session.connection().execute(text("SELECT a FROM t ORDER BY a")).scalars())


@contextmanager
def _held(writer: Writer) -> Iterator[None]:
    """Keep the writing thread busy, so that everything handed in meanwhile forms one group."""
    go = threading.Event()
    started = threading.Event()

    def wait(session: Session) -> None:
        session.connection()
        started.set()
        go.wait(10)

    promise = writer.promise(wait)
    started.wait(10)
    yield
    go.set()
    promise.result(10)


def test_a_work_is_durable_when_its_result_comes_back(database: Database, writer: Writer) -> None:
    assert writer.submit(_add(5)) == 5
    assert _stored(database) == [5]


def test_each_of_many_threads_gets_its_own_result(database: Database, writer: Writer) -> None:
    """A late-bound closure in the group once gave 31 of 32 callers nothing."""
    with ThreadPoolExecutor(32) as pool:
        results = list(pool.map(lambda number: writer.submit(_add(number)), range(400)))
    assert results == list(range(400))
    assert _stored(database) == list(range(400))


def test_waiting_works_share_one_commit(database: Database, writer: Writer) -> None:
    commits: list[int] = []
    event.listen(database.write_engine, "commit", lambda _: commits.append(1))
    with _held(writer):
        promises = [writer.promise(_add(number)) for number in range(100)]
    assert [promise.result(10) for promise in promises] == list(range(100))
    assert len(commits) == 2


def test_a_group_is_never_larger_than_its_size(database: Database) -> None:
    writer = Writer(database, group_size=10)
    commits: list[int] = []
    event.listen(database.write_engine, "commit", lambda _: commits.append(1))
    with _held(writer):
        promises = [writer.promise(_add(number)) for number in range(25)]
    for promise in promises:
        promise.result(10)
    writer.close()
    assert len(commits) == 1 + 3


def test_a_bad_work_fails_alone(database: Database, writer: Writer) -> None:
    with _held(writer):
        promises = [writer.promise(_add(number)) for number in (1, 2, 2, 3)]
    assert [promise.result(10) for promise in (*promises[:2], promises[3])] == [1, 2, 3]
    assert isinstance(promises[2].exception(10), DBAPIError)
    assert _stored(database) == [1, 2, 3]


def test_nothing_of_a_bad_work_stays(database: Database, writer: Writer) -> None:
    def half(session: Session) -> None:
        _add(1)(session)
        raise ValueError("second thoughts")

    with pytest.raises(ValueError, match="second thoughts"):
        writer.submit(half)
    assert writer.submit(_add(2)) == 2
    assert _stored(database) == [2]


def test_a_text_with_nul_poisons_only_its_own_work(database: Database, writer: Writer) -> None:
    with _held(writer):
        before, poison, after = (
            writer.promise(_add(1)),
            writer.promise(_add(2, "\0")),
            writer.promise(_add(3)),
        )
    assert (before.result(10), after.result(10)) == (1, 3)
    if not database.is_sqlite:
        assert isinstance(poison.exception(10), DBAPIError)


def test_a_failed_commit_fails_everyone_in_the_group(database: Database, writer: Writer) -> None:
    def refuse(_: object) -> None:
        raise OSError("disk full")

    event.listen(database.write_engine, "commit", refuse)
    with pytest.raises(WriteInterrupted):
        writer.submit(_add(1))
    event.remove(database.write_engine, "commit", refuse)
    assert writer.submit(_add(2)) == 2
    assert _stored(database) == [2]


def test_a_transaction_sqlite_ended_by_itself_fails_the_whole_group(sqlite_url: str) -> None:
    """As with a full disk: what came before is gone, and what comes after must not be committed alone."""
    database = Database(sqlite_url)
    with database.write() as session:
        session.connection().execute(text("CREATE TABLE t (a BIGINT PRIMARY KEY, word TEXT)"))
    writer = Writer(database)

    def end_it(session: Session) -> None:
        session.connection().exec_driver_sql("ROLLBACK")

    with _held(writer):
        promises = [writer.promise(work) for work in (_add(1), end_it, _add(3))]
    assert [type(promise.exception(10)) for promise in promises] == [WriteInterrupted] * 3
    assert _stored(database) == []
    assert writer.submit(_add(4)) == 4
    assert _stored(database) == [4]
    writer.close()
    database.dispose()


def test_nobody_hears_of_success_before_the_commit(database: Database, writer: Writer) -> None:
    at_commit: list[bool] = []
    promises = []
    event.listen(
        database.write_engine, "commit", lambda _: at_commit.extend(promise.done() for promise in promises)
    )
    with _held(writer):
        promises.extend(writer.promise(_add(number)) for number in range(5))
    for promise in promises:
        promise.result(10)
    assert not any(at_commit[-5:])


def test_the_sequencer_is_told_after_every_commit_and_its_failure_harms_no_one(database: Database) -> None:
    told: list[int] = []

    def tell() -> None:
        told.append(len(_stored(database)))
        raise RuntimeError("the sequencer fell over")

    writer = Writer(database, tell)
    writer.submit(_add(1))
    writer.submit(_add(2))
    writer.close()
    assert told == [1, 2]


def test_closing_commits_what_waits_and_refuses_what_comes(database: Database) -> None:
    writer = Writer(database)
    with _held(writer):
        promises = [writer.promise(_add(number)) for number in range(300)]
        closing = threading.Thread(target=writer.close)
        closing.start()
    closing.join(20)
    assert not writer.alive
    assert [promise.result(0) for promise in promises] == list(range(300))
    assert _stored(database) == list(range(300))
    with pytest.raises(WriterClosed):
        writer.submit(_add(999))


@pytest.mark.postgresql
def test_groups_of_two_processes_do_not_interleave(postgresql_url: str) -> None:
    """Each group holds one advisory lock, so a reader in a second writer waits for the first to commit."""
    first, second = Database(postgresql_url), Database(postgresql_url)
    with first.write() as session:
        session.connection().execute(text("CREATE TABLE t (a BIGINT PRIMARY KEY, word TEXT)"))
    one, two = Writer(first), Writer(second)
    with _held(one):
        early = one.promise(_add(1))
        late = two.promise(
            lambda session: session.connection().execute(text("SELECT count(*) FROM t")).scalar_one()
        )
        with pytest.raises(TimeoutError):
            late.result(0.2)
    assert early.result(10) == 1
    assert late.result(10) in {0, 1}
    for writer in (one, two):
        writer.close()
    for database in (first, second):
        database.dispose()


@pytest.fixture
def shared_rows(postgresql_url: str) -> Iterator[Database]:
    opened = Database(postgresql_url)
    with opened.write() as session:
        session.connection().execute(text("CREATE TABLE t (a BIGINT PRIMARY KEY, word TEXT)"))
        session.connection().execute(text("INSERT INTO t VALUES (101, ''), (102, '')"))
    yield opened
    opened.dispose()


def _write_word(session: Session, number: int, word: str) -> None:
    session.connection().execute(text("UPDATE t SET word = :w WHERE a = :a"), {"a": number, "w": word})


@pytest.mark.postgresql
def test_a_group_that_loses_a_deadlock_is_run_again_whole(shared_rows: Database) -> None:
    """Another process locks two rows in the other order; PostgreSQL ends the group's transaction."""
    crossed = threading.Barrier(2, timeout=10)
    runs: list[int] = []

    def rival() -> None:
        with shared_rows.write() as session:
            # The group shall be the one that waits long enough to be ended.
            session.connection().execute(text("SET LOCAL deadlock_timeout = '60s'"))
            _write_word(session, 102, "rival")
            crossed.wait()
            _write_word(session, 101, "rival")

    def ours(session: Session) -> int:
        runs.append(1)
        if len(runs) > 1:
            # Else the rival may wake too late and cross the second run as well.
            other.join(10)
        _write_word(session, 101, "ours")
        if len(runs) == 1:
            crossed.wait()
        _write_word(session, 102, "ours")
        return len(runs)

    writer = Writer(shared_rows)
    other = threading.Thread(target=rival)
    other.start()
    with _held(writer):
        promises = [writer.promise(work) for work in (_add(1), ours, _add(2))]
    assert [promise.result(20) for promise in promises] == [1, 2, 2]
    writer.close()
    assert _stored(shared_rows) == [1, 2, 101, 102]


@pytest.mark.postgresql
@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_group_that_always_loses_is_given_up_and_the_writer_goes_on(
    shared_rows: Database, state: str
) -> None:
    runs: list[int] = []

    def loses(session: Session) -> None:
        runs.append(1)
        session.connection().exec_driver_sql(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$")

    writer = Writer(shared_rows)
    with pytest.raises(WriteInterrupted):
        writer.submit(loses)
    assert len(runs) == 5
    assert writer.submit(_add(1)) == 1
    writer.close()
