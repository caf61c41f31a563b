"""The gate: what is admitted, what is refused, and that refusing writes nothing."""

import threading
from dataclasses import replace

import pytest

from ledger import registry
from ledger.entry import GENESIS, Statement, sign_statement
from ledger.errors import (
    BadRegistration,
    BadSignature,
    DuplicateStatement,
    LeafTooLarge,
    LogNotFounded,
    UnknownKey,
    WrongLog,
)
from ledger.keyring.registration import registration
from ledger.writing import outbox
from tests.ledger.small_log import AT_MS, GROWER, LOG_KEY, ORIGIN, STRANGER, SmallLog, signed, statement

COUNT = "SELECT count(*) FROM ledger_pending"


def test_statements_on_one_subject_are_chained_in_the_order_submitted(log_of_two: SmallLog) -> None:
    with log_of_two.write() as session:
        first = outbox.submit(session, signed("a"))
        other = outbox.submit(session, signed("b", "lot/other"))
        second = outbox.submit(session, signed("c"))
    assert (first.entry.seq, first.entry.prev) == (0, GENESIS)
    assert (other.entry.seq, other.entry.prev) == (0, GENESIS)
    assert (second.entry.seq, second.entry.prev) == (1, first.leaf_hash.hex())


def test_the_chain_goes_on_after_integration(log_of_two: SmallLog) -> None:
    log_of_two.submit("a")
    log_of_two.sequencer().drain()
    with log_of_two.write() as session:
        second = outbox.submit(session, signed("b"))
    assert second.entry.seq == 1


def test_a_rolled_back_submission_leaves_no_trace(log_of_two: SmallLog) -> None:
    with log_of_two.read() as session:
        outbox.submit(session, signed("a"))
        session.rollback()
    assert log_of_two.value(COUNT) == 2
    with log_of_two.write() as session:
        assert outbox.submit(session, signed("a")).entry.seq == 0


def test_a_second_statement_with_an_id_is_refused_before_and_after_integration(log_of_two: SmallLog) -> None:
    log_of_two.submit("a")
    with pytest.raises(DuplicateStatement, match="id a"):
        log_of_two.submit("a")
    log_of_two.sequencer().drain()
    with pytest.raises(DuplicateStatement), log_of_two.write() as session:
        outbox.submit(session, signed("a", "lot/other", herb="当归"))
    assert log_of_two.value(COUNT) == 0


def test_what_must_not_enter_the_log_is_refused_and_writes_nothing(sqlite_log: SmallLog) -> None:
    good = signed("a")
    huge = sign_statement(statement("huge", note="x" * 66_000), ORIGIN, GROWER)
    refused = [
        (replace(good, signature=bytes(64)), BadSignature),
        (replace(good, statement=statement("a", herb="当归")), BadSignature),
        (replace(good, actor=LOG_KEY.public.key_id), BadSignature),
        (sign_statement(statement("a"), "log.example/anguo", GROWER), WrongLog),
        (sign_statement(statement("a"), ORIGIN, STRANGER), UnknownKey),
        (huge, LeafTooLarge),
    ]
    for bad, error in refused:
        with pytest.raises(error), sqlite_log.write() as session:
            outbox.submit(session, bad)
    assert sqlite_log.value(COUNT) == 2


def test_an_entry_of_65535_bytes_is_kept_and_one_more_byte_is_refused(log_of_two: SmallLog) -> None:
    with log_of_two.write() as session:
        frame = len(outbox.submit(session, signed("a", note="x")).entry.leaf_bytes) - 1
        fitting = signed("b", "lot/BS-24-0002", note="x" * (65_535 - frame))
        assert len(outbox.submit(session, fitting).entry.leaf_bytes) == 65_535
    with pytest.raises(LeafTooLarge, match="65536"), log_of_two.write() as session:
        outbox.submit(session, signed("c", "lot/BS-24-0003", note="x" * (65_536 - frame)))
    assert log_of_two.sequencer().drain() == 4
    assert log_of_two.audit().ok


@pytest.mark.damages_log
def test_a_database_without_a_log_admits_nothing(sqlite_log: SmallLog) -> None:
    sqlite_log.sql("DELETE FROM ledger_state")
    with pytest.raises(LogNotFounded):
        sqlite_log.submit("a")
    with pytest.raises(LogNotFounded):
        sqlite_log.sequencer().drain()


def test_a_registered_key_may_sign_from_then_on(log_of_two: SmallLog) -> None:
    with log_of_two.write() as session:
        assert registry.register_key(session, STRANGER, ORIGIN, AT_MS, holder="邻居")
        outbox.submit(session, sign_statement(statement("a"), ORIGIN, STRANGER))
        assert registry.register_key(session, STRANGER, ORIGIN, AT_MS, holder="邻居") is None
        assert registry.holder(session, STRANGER.public.key_id) == "邻居"
        assert registry.holder(session, "0" * 32) is None
    assert log_of_two.sequencer().drain() == 4
    assert log_of_two.audit().ok


def test_a_key_can_only_be_registered_by_itself_and_under_its_own_name(sqlite_log: SmallLog) -> None:
    own = registration(STRANGER.public, "邻居", AT_MS)
    forged = [
        sign_statement(own, ORIGIN, GROWER),
        sign_statement(replace(own, subject="key/other"), ORIGIN, STRANGER),
        sign_statement(replace(own, id="other"), ORIGIN, STRANGER),
        sign_statement(replace(own, public={"key": "!"}), ORIGIN, STRANGER),
        sign_statement(replace(own, public={**own.public, "more": 1}), ORIGIN, STRANGER),
    ]
    for bad in forged:
        with pytest.raises(BadRegistration), sqlite_log.write() as session:
            outbox.submit(session, bad)
    stolen = replace(sign_statement(own, ORIGIN, STRANGER), signature=bytes(64))
    with pytest.raises(BadSignature), sqlite_log.write() as session:
        outbox.submit(session, stolen)


def test_founding_twice_changes_nothing_and_another_log_is_refused(log_of_two: SmallLog) -> None:
    with log_of_two.write() as session:
        assert registry.found(session, ORIGIN, LOG_KEY, AT_MS) is False
    with pytest.raises(WrongLog), log_of_two.write() as session:
        registry.found(session, "log.example/anguo", LOG_KEY, AT_MS)
    with pytest.raises(WrongLog), log_of_two.write() as session:
        registry.found(session, ORIGIN, GROWER, AT_MS)
    assert log_of_two.value(COUNT) == 2


@pytest.mark.postgresql
def test_writers_at_once_on_one_subject_make_one_chain(postgresql_url: str) -> None:
    log = SmallLog(postgresql_url)
    barrier = threading.Barrier(4)

    def write(worker: int) -> None:
        barrier.wait()
        for number in range(10):
            log.submit(f"w{worker}-{number}")

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log.sequencer().drain() == 42
    report = log.audit()
    log.engine.dispose()
    assert report.ok, report.faults


def test_a_statement_keeps_refs_and_digests(sqlite_log: SmallLog) -> None:
    said = Statement(
        id="a",
        kind="step",
        subject="lot/1",
        at_ms=AT_MS,
        public={},
        digests=("b" * 43, "a" * 43),
        refs=("x", "y"),
    )
    with sqlite_log.write() as session:
        kept = outbox.submit(session, sign_statement(said, ORIGIN, GROWER)).entry
    assert b'"digests":["aaa' in kept.leaf_bytes
    assert b'"refs":["x","y"]' in kept.leaf_bytes
