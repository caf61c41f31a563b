"""Integration, signing, and what happens when something dies, races or was tampered with."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import Session

from ledger import log as reading
from ledger import store
from ledger.errors import DaodiError, KeyFileMissing, LogForked, NotIntegratedYet, StatementHeld, WrongLog
from ledger.keyring.log_keys import fixed
from ledger.merkle import leaf_hash, root_of, verify_consistency
from ledger.writing.sequencer import Sequencer
from tests.ledger.small_log import GROWER, LOG_KEY, ORIGIN, SmallLog


def sizes(log: SmallLog) -> list[int]:
    with log.read() as session:
        row = store.last_checkpoint(session)
        assert row is not None
        return [reading.size(session), row.size]


def test_everything_that_waits_is_integrated_in_order_and_signed(log_of_two: SmallLog) -> None:
    names = [f"s{number}" for number in range(20)]
    log_of_two.submit(*names)
    assert log_of_two.sequencer().drain() == 22
    with log_of_two.read() as session:
        assert reading.indices(session, [*names, "unknown"]) == {
            name: at + 2 for at, name in enumerate(names)
        }
        head = reading.checkpoint(session)
        leaves = [reading.entry_at(session, index).entry.leaf_hash for index in range(22)]
    assert (head.size, head.root) == (22, root_of(leaves))
    assert log_of_two.value("SELECT count(*) FROM ledger_pending") == 0
    assert log_of_two.audit().ok


def test_draining_an_empty_outbox_signs_nothing_new(log_of_two: SmallLog) -> None:
    log_of_two.sequencer().drain()
    assert log_of_two.sequencer().drain() == 0
    assert log_of_two.value("SELECT count(*) FROM ledger_checkpoint") == 1


@pytest.mark.parametrize("size", [255, 256, 257, 513])
def test_the_log_is_sound_at_the_edges_of_a_tile(sqlite_log: SmallLog, size: int) -> None:
    sqlite_log.grow(size - 2)
    assert sqlite_log.audit().ok
    sqlite_log.submit("one-more")
    sqlite_log.sequencer().drain()
    report = sqlite_log.audit()
    assert (report.ok, report.entries, report.checkpoints) == (True, size + 1, 2)


def test_every_group_gets_its_checkpoint_and_each_continues_the_last(log_of_two: SmallLog) -> None:
    log_of_two.submit(*(f"s{number}" for number in range(48)))
    assert log_of_two.sequencer(group=20).drain() == 50
    with log_of_two.read() as session:
        roots = {}
        for size in (20, 40, 50):
            note = log_of_two.value("SELECT note FROM ledger_checkpoint WHERE size = :size", size=size)
            roots[size] = str(note).split("\n")[2]
        proof = reading.consistency(session, 20, 50)
        leaves = [reading.entry_at(session, index).entry.leaf_hash for index in range(50)]
    verify_consistency(20, 50, root_of(leaves[:20]), root_of(leaves), proof)
    assert len(set(roots.values())) == 3


class Died(Exception):
    """The process is gone."""


def test_what_was_integrated_but_not_signed_is_signed_by_the_next_run(log_of_two: SmallLog) -> None:
    calls: list[None] = []

    @contextmanager
    def dies_before_signing() -> Iterator[Session]:
        calls.append(None)
        if len(calls) == 3:  # certify, integrate, certify
            raise Died
        with log_of_two.write() as session:
            yield session

    with pytest.raises(Died):
        Sequencer(dies_before_signing, ORIGIN, fixed(LOG_KEY)).drain()
    with log_of_two.read() as session:
        assert reading.size(session) == 2
        assert store.last_checkpoint(session) is None
        with pytest.raises(NotIntegratedYet):
            reading.receipt(session, f"key.registered/{GROWER.public.key_id}")
    assert log_of_two.sequencer().drain() == 0
    assert sizes(log_of_two) == [2, 2]
    assert log_of_two.audit().ok


def test_a_run_that_dies_while_integrating_leaves_everything_waiting(log_of_two: SmallLog) -> None:
    calls: list[None] = []

    @contextmanager
    def dies_at_commit() -> Iterator[Session]:
        calls.append(None)
        with log_of_two.write() as session:
            yield session
            if len(calls) == 2:
                raise Died

    with pytest.raises(Died):
        Sequencer(dies_at_commit, ORIGIN, fixed(LOG_KEY)).drain()
    assert log_of_two.value("SELECT count(*) FROM ledger_pending") == 2
    assert log_of_two.value("SELECT count(*) FROM ledger_entry") == 0
    assert log_of_two.sequencer().drain() == 2
    assert log_of_two.audit().ok


def test_a_poisoned_statement_is_set_aside_alone(log_of_two: SmallLog) -> None:
    log_of_two.submit("a", "b", subject="lot/1")
    log_of_two.submit("poison", "after", subject="lot/2")
    log_of_two.submit("c", subject="lot/3")
    log_of_two.sql("UPDATE ledger_pending SET leaf = leaf_hash WHERE statement_id = 'poison'")
    assert log_of_two.sequencer().drain() == 5
    log_of_two.submit("later", subject="lot/2")
    log_of_two.submit("d", subject="lot/3")
    assert log_of_two.sequencer().drain() == 1
    with log_of_two.read() as session:
        assert set(reading.indices(session, "abcd")) == set("abcd")
        for name in ("poison", "after", "later"):
            with pytest.raises(StatementHeld, match=name):
                reading.receipt(session, name)
    assert log_of_two.audit().ok


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE ledger_pending SET subject = 'lot/9' WHERE statement_id = 'x'", "columns"),
        ("UPDATE ledger_pending SET seq = 1 WHERE statement_id = 'x'", "columns"),
        ("UPDATE ledger_pending SET statement_id = 'logged' WHERE statement_id = 'x'", "repeated-id"),
    ],
)
def test_a_waiting_row_that_was_changed_never_enters(sqlite_log: SmallLog, change: str, reason: str) -> None:
    sqlite_log.submit("logged", subject="lot/1")
    sqlite_log.sequencer().drain()
    sqlite_log.submit("x", subject="lot/2")
    sqlite_log.sql(change)
    assert sqlite_log.sequencer().drain() == 0
    assert reason in str(sqlite_log.value("SELECT fault FROM ledger_pending"))
    assert sqlite_log.audit().ok


def test_a_waiting_leaf_edited_as_text_is_set_aside(sqlite_log: SmallLog) -> None:
    sqlite_log.submit("a")
    sqlite_log.sql("UPDATE ledger_pending SET leaf = replace(leaf, '白芍', '当归') WHERE statement_id = 'a'")
    assert sqlite_log.sequencer().drain() == 2
    assert sqlite_log.value("SELECT fault FROM ledger_pending") == "leaf-hash"


def test_a_waiting_row_that_is_no_entry_is_set_aside(sqlite_log: SmallLog) -> None:
    sqlite_log.submit("a")
    sqlite_log.sql("UPDATE ledger_pending SET leaf = '{}', leaf_hash = :h", h=leaf_hash(b"{}"))
    assert sqlite_log.sequencer().drain() == 0
    assert sqlite_log.value("SELECT fault FROM ledger_pending ORDER BY pending_id LIMIT 1") == "not-an-entry"


def test_a_statement_whose_predecessor_vanished_never_enters(sqlite_log: SmallLog) -> None:
    sqlite_log.submit("a", "b")
    sqlite_log.sql("DELETE FROM ledger_pending WHERE statement_id = 'a'")
    assert sqlite_log.sequencer().drain() == 2
    assert "chain" in str(sqlite_log.value("SELECT fault FROM ledger_pending"))


def test_what_a_key_signed_waits_outside_when_its_registration_is_poisoned(sqlite_log: SmallLog) -> None:
    sqlite_log.submit("a")
    sqlite_log.sql("UPDATE ledger_pending SET leaf = 'x' WHERE pending_id = 2")
    assert sqlite_log.sequencer().drain() == 1
    faults = "SELECT fault FROM ledger_pending WHERE pending_id = :id"
    assert [sqlite_log.value(faults, id=number) for number in (2, 3)] == ["leaf-hash", "unregistered-key"]
    assert sqlite_log.audit().ok


def test_a_waiting_leaf_rewritten_with_its_hash_does_not_match_its_columns(sqlite_log: SmallLog) -> None:
    sqlite_log.submit("a", "b")
    leaf = sqlite_log.value("SELECT leaf FROM ledger_pending WHERE statement_id = 'b'")
    assert isinstance(leaf, bytes)
    sqlite_log.sql(
        "UPDATE ledger_pending SET leaf = :leaf, leaf_hash = :hash WHERE statement_id = 'a'",
        leaf=leaf,
        hash=leaf_hash(leaf),
    )
    assert sqlite_log.sequencer().drain() == 2
    assert sqlite_log.audit().ok


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE ledger_tile SET hashes = :zeros WHERE level = 0",
        "DELETE FROM ledger_tile",
        "UPDATE ledger_state SET root = :zeros",
        "UPDATE ledger_state SET size = size - 1",
        "UPDATE ledger_checkpoint SET note = 'forged'",
        "UPDATE ledger_checkpoint SET size = size + 5",
    ],
)
@pytest.mark.damages_log
def test_nothing_is_signed_over_a_log_that_was_changed(log_of_two: SmallLog, damage: str) -> None:
    log_of_two.grow(8)
    log_of_two.submit("next")
    log_of_two.sql(
        damage, **({"zeros": bytes(320 if "tile" in damage else 32)} if ":zeros" in damage else {})
    )
    before = log_of_two.value("SELECT count(*) FROM ledger_checkpoint")
    with pytest.raises(LogForked):
        log_of_two.sequencer().drain()
    assert log_of_two.value("SELECT count(*) FROM ledger_checkpoint") == before


@pytest.mark.damages_log
def test_entries_changed_between_commit_and_signature_are_not_signed(log_of_two: SmallLog) -> None:
    """Bits flipped on their way to the disk killed real logs, so stored leaves are hashed again."""
    calls: list[None] = []

    @contextmanager
    def flips_a_bit() -> Iterator[Session]:
        calls.append(None)
        if len(calls) == 3:
            leaf = log_of_two.value("SELECT leaf FROM ledger_entry WHERE entry_index = 1")
            assert isinstance(leaf, bytes)
            flipped = bytes([*leaf[:50], leaf[50] ^ 1, *leaf[51:]])
            log_of_two.sql("UPDATE ledger_entry SET leaf = :leaf WHERE entry_index = 1", leaf=flipped)
        with log_of_two.write() as session:
            yield session

    with pytest.raises(LogForked, match="entry 1"):
        Sequencer(flips_a_bit, ORIGIN, fixed(LOG_KEY)).drain()
    with log_of_two.read() as session:
        assert store.last_checkpoint(session) is None


@pytest.mark.damages_log
def test_a_state_ahead_of_its_entries_is_not_signed(sqlite_log: SmallLog) -> None:
    sqlite_log.grow(3)
    sqlite_log.sql("UPDATE ledger_state SET size = 6")
    with pytest.raises(LogForked, match="root at size 6"):
        sqlite_log.sequencer().drain()


@pytest.mark.damages_log
def test_tiles_behind_their_entries_are_not_signed(sqlite_log: SmallLog) -> None:
    sqlite_log.grow(3)
    sqlite_log.sql("DELETE FROM ledger_checkpoint")
    sqlite_log.sql("UPDATE ledger_tile SET hashes = substr(hashes, 1, 128)")
    with pytest.raises(LogForked, match="entry 4"):
        sqlite_log.sequencer().drain()


@pytest.mark.damages_log
def test_a_backup_restored_under_a_signed_head_is_refused(log_of_two: SmallLog) -> None:
    """Entries and state come back older than the last checkpoint: extending them would fork the log."""
    log_of_two.grow(3)
    old = log_of_two.value("SELECT root FROM ledger_state")
    log_of_two.submit("lost")
    log_of_two.sequencer().drain()
    log_of_two.sql("DELETE FROM ledger_entry WHERE entry_index = 5")
    log_of_two.sql("UPDATE ledger_state SET size = 5, root = :root", root=old)
    log_of_two.submit("next", subject="lot/new")
    with pytest.raises(LogForked):
        log_of_two.sequencer().drain()


def test_a_sequencer_with_another_key_or_name_signs_nothing(sqlite_log: SmallLog) -> None:
    with pytest.raises(WrongLog):
        Sequencer(sqlite_log.write, "x", fixed(LOG_KEY)).drain()
    with pytest.raises(KeyFileMissing):
        Sequencer(sqlite_log.write, ORIGIN, fixed(GROWER)).drain()
    assert sqlite_log.value("SELECT count(*) FROM ledger_checkpoint") == 0


@pytest.mark.postgresql
def test_sequencers_at_once_cannot_fork_the_log(postgresql_url: str) -> None:
    log = SmallLog(postgresql_url)
    log.submit(*(f"s{number}" for number in range(300)))
    errors: list[DaodiError] = []
    counts: list[int] = []
    barrier = threading.Barrier(4)

    def run() -> None:
        barrier.wait()
        try:
            counts.append(log.sequencer(group=16).drain())
        except DaodiError as error:
            errors.append(error)

    def feed() -> None:
        barrier.wait()
        for number in range(100):
            log.submit(f"more-{number}", subject=f"lot/{number % 3}")

    threads = [threading.Thread(target=run) for _ in range(3)] + [threading.Thread(target=feed)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts.append(log.sequencer().drain())
    report = log.audit()
    log.engine.dispose()
    assert not errors
    assert sum(counts) == 402 == report.entries
    assert report.ok, report.faults


@pytest.mark.postgresql
def test_of_two_sequencers_with_the_same_view_one_writes_nothing(postgresql_url: str) -> None:
    """The second reads the log before the first commits and writes after: the swap stops it."""
    log = SmallLog(postgresql_url)
    log.submit("a", "b")
    entered = threading.Event()
    done = threading.Event()
    calls: list[None] = []

    @contextmanager
    def slow() -> Iterator[Session]:
        calls.append(None)
        with log.write() as session:
            if len(calls) == 2:
                store.state_of(session)
                session.connection().exec_driver_sql("SELECT pg_current_xact_id()")
                entered.set()
                assert done.wait(10)
            yield session

    counts: list[int] = []
    late = threading.Thread(target=lambda: counts.append(Sequencer(slow, ORIGIN, fixed(LOG_KEY)).drain()))
    late.start()
    assert entered.wait(10)
    assert log.sequencer().drain() == 4
    done.set()
    late.join()
    report = log.audit()
    log.engine.dispose()
    assert counts == [0]
    assert (report.ok, report.entries) == (True, 4)
