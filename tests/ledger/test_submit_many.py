"""The gate for groups: order, places, one bad statement fails alone, and how little SQL it takes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from psycopg import Connection as PostgresConnection
from sqlalchemy import event

from ledger import log as reading
from ledger.entry import GENESIS, ManifestPlace, SignedStatement, sign_statement
from ledger.errors import (
    BadSignature,
    DaodiError,
    DuplicateStatement,
    LeafTooLarge,
    UnknownKey,
    WrongLog,
)
from ledger.keyring.key_errors import KeyEnded
from ledger.keyring.key_statements import revocation
from ledger.keyring.registration import registration
from ledger.manifests.manifest_errors import SignedByManifest
from ledger.writing import outbox
from ledger.writing.outbox import PendingEntry
from tests.ledger.small_log import AT_MS, GROWER, LOG_KEY, ORIGIN, STRANGER, SmallLog, signed, statement


def submit(
    log: SmallLog, said: Sequence[SignedStatement], *, checked: bool = False
) -> list[PendingEntry | DaodiError]:
    with log.write() as session:
        return outbox.submit_many(session, said, checked=checked)


def places(outcomes: Sequence[PendingEntry | DaodiError]) -> list[object]:
    return [
        (each.statement_id, each.entry.seq) if isinstance(each, PendingEntry) else type(each)
        for each in outcomes
    ]


def test_each_bad_statement_fails_alone_and_the_others_keep_their_order(log_of_two: SmallLog) -> None:
    log_of_two.submit("there")
    huge = sign_statement(statement("huge", "lot/1", note="x" * 66_000), ORIGIN, GROWER)
    group = [
        signed("a", "lot/1"),
        signed("there", "lot/1"),
        replace(signed("b", "lot/1"), signature=bytes(64)),
        signed("c", "lot/2"),
        sign_statement(statement("d", "lot/1"), "log.example/anguo", GROWER),
        sign_statement(statement("e", "lot/1"), ORIGIN, STRANGER),
        huge,
        signed("f", "lot/1"),
        signed("a", "lot/2"),
        signed("g", "lot/1"),
    ]
    outcomes = submit(log_of_two, group)
    expected = [("a", 0), DuplicateStatement, BadSignature, ("c", 0), WrongLog, UnknownKey]
    assert places(outcomes) == [*expected, LeafTooLarge, ("f", 1), DuplicateStatement, ("g", 2)]
    assert log_of_two.sequencer().drain() == 7
    with log_of_two.read() as session:
        assert list(reading.indices(session, "acfg").values()) == [3, 4, 5, 6]
        chain = reading.history(session, "lot/1")
    assert [logged.entry.seq for logged in chain] == [0, 1, 2]
    assert chain[0].entry.prev == GENESIS
    assert [logged.entry.prev for logged in chain[1:]] == [
        logged.entry.leaf_hash.hex() for logged in chain[:2]
    ]


def test_a_key_registered_in_a_group_counts_from_the_next_statement_on(log_of_two: SmallLog) -> None:
    by_stranger = [sign_statement(statement(name, "lot/1"), ORIGIN, STRANGER) for name in "ab"]
    own = sign_statement(registration(STRANGER.public, "邻居", AT_MS), ORIGIN, STRANGER)
    outcomes = submit(log_of_two, [by_stranger[0], own, by_stranger[1]])
    assert places(outcomes) == [UnknownKey, (own.statement.id, 0), ("b", 0)]
    assert log_of_two.sequencer().drain() == 4


def test_a_key_revoked_in_a_group_counts_no_longer_after_it(log_of_two: SmallLog) -> None:
    revoked = sign_statement(revocation(GROWER.public.key_id, "lost", AT_MS), ORIGIN, LOG_KEY)
    outcomes = submit(log_of_two, [signed("a"), revoked, signed("b")])
    assert places(outcomes) == [("a", 0), (revoked.statement.id, 1), KeyEnded]
    assert log_of_two.sequencer().drain() == 4
    assert places(submit(log_of_two, [signed("c")])) == [KeyEnded]


def test_signatures_checked_before_are_not_checked_again_but_all_else_is(sqlite_log: SmallLog) -> None:
    unsigned = replace(signed("a"), signature=bytes(64))
    assert places(submit(sqlite_log, [unsigned])) == [BadSignature]
    foreign = sign_statement(statement("b"), ORIGIN, STRANGER)
    assert places(submit(sqlite_log, [foreign, signed("c"), signed("c")], checked=True)) == [
        UnknownKey,
        ("c", 0),
        DuplicateStatement,
    ]


def test_a_statement_under_a_manifest_passes_only_where_the_manifest_was_checked(
    sqlite_log: SmallLog,
) -> None:
    member = replace(signed("a"), signature=ManifestPlace("manifest/1", 0))
    assert places(submit(sqlite_log, [member])) == [SignedByManifest]
    assert sqlite_log.value("SELECT count(*) FROM ledger_pending") == 2


@contextmanager
def counted(log: SmallLog) -> Iterator[list[str]]:
    """The statements the database is asked to run within the block."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        asked.append(text)

    execute = PostgresConnection.execute

    def noted(driver: Any, text: str, *rest: Any) -> Any:
        asked.append(text)
        return execute(driver, text, *rest)

    event.listen(log.engine, "before_cursor_execute", note)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PostgresConnection, "execute", noted)
        yield asked
    event.remove(log.engine, "before_cursor_execute", note)


def test_a_group_takes_as_few_statements_as_one(log_of_two: SmallLog) -> None:
    with counted(log_of_two) as one:
        submit(log_of_two, [signed("one")])
    group = [signed(f"s{number}", f"lot/{number % 97}") for number in range(1024)]
    with counted(log_of_two) as many:
        assert len(submit(log_of_two, group, checked=True)) == 1024
    assert 5 <= len(many) == len(one) <= 8


def test_an_empty_group_writes_nothing(sqlite_log: SmallLog) -> None:
    assert submit(sqlite_log, []) == []
    assert sqlite_log.value("SELECT count(*) FROM ledger_pending") == 2


def test_waiting_statements_are_counted_up_to_the_bound(log_of_two: SmallLog) -> None:
    submit(log_of_two, [signed(f"s{number}", f"lot/{number}") for number in range(8)])
    with log_of_two.read() as session:
        assert [outbox.waiting(session, limit) for limit in (1, 9, 10, 11, 4096)] == [1, 9, 10, 10, 10]
    log_of_two.sequencer().drain()
    with log_of_two.read() as session:
        assert outbox.waiting(session) == 0


@pytest.mark.parametrize("size", [65_535, 65_536])
def test_the_longest_entry_waits_and_is_logged_and_one_byte_more_is_refused(
    log_of_two: SmallLog, size: int
) -> None:
    (short,) = submit(log_of_two, [signed("a", "lot/1", note="")])
    assert isinstance(short, PendingEntry)
    frame = len(short.entry.leaf_bytes)
    outcomes = submit(log_of_two, [signed("b", "lot/2", note="x" * (size - frame)), signed("c", "lot/2")])
    assert places(outcomes) == ([("b", 0), ("c", 1)] if size == 65_535 else [LeafTooLarge, ("c", 0)])
    assert log_of_two.sequencer().drain() == (5 if size == 65_535 else 4)
