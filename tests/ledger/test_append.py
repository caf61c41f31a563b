"""Bulk append: statements straight into the log, as if they had waited in the outbox."""

from collections.abc import Sequence

import pytest

from ledger import log as reading
from ledger import store
from ledger.entry import GENESIS, Entry, SignedStatement, sign_statement
from ledger.errors import DaodiError, DuplicateStatement, LogForked, LostRace, StatementHeld, UnknownKey
from ledger.merkle import root_of
from ledger.store import Extent
from ledger.writing import outbox
from ledger.writing.append import append_leaves, append_statements, leaf_of
from tests.ledger.small_log import ORIGIN, STRANGER, SmallLog, signed, statement


def append(log: SmallLog, said: Sequence[SignedStatement]) -> list[Entry | DaodiError]:
    with log.write() as session:
        return append_statements(session, said, checked=True)


@pytest.mark.parametrize("count", [1, 253, 254, 255, 700])
def test_appended_statements_stand_where_the_outbox_would_have_put_them(
    log_of_two: SmallLog, count: int
) -> None:
    log_of_two.sequencer().drain()
    said = [signed(f"s{number}", f"lot/{number % 5}", grams=number) for number in range(count)]
    entries = [each for each in append(log_of_two, said) if isinstance(each, Entry)]
    log_of_two.sequencer().drain()
    with log_of_two.read() as session:
        head = reading.checkpoint(session)
        first = [reading.entry_at(session, index).entry.leaf_hash for index in range(2)]
        found = reading.indices(session, [each.statement.id for each in said])
    assert found == {f"s{number}": number + 2 for number in range(count)}
    assert (head.size, head.root) == (count + 2, root_of([*first, *(each.leaf_hash for each in entries)]))
    log_of_two.submit("next", subject="lot/0")
    assert log_of_two.sequencer().drain() == 1


def test_what_the_gate_refuses_is_left_out_and_the_rest_is_in(log_of_two: SmallLog) -> None:
    log_of_two.submit("there", subject="lot/9")
    log_of_two.sequencer().drain()
    foreign = sign_statement(statement("x"), ORIGIN, STRANGER)
    outcomes = append(log_of_two, [signed("a"), signed("there"), foreign, signed("b")])
    assert [type(each) for each in outcomes] == [Entry, DuplicateStatement, UnknownKey, Entry]
    assert log_of_two.value("SELECT count(*) FROM ledger_entry") == 5
    log_of_two.sequencer().drain()


def test_nothing_is_appended_before_what_it_builds_on(log_of_two: SmallLog) -> None:
    with pytest.raises(StatementHeld):  # its key still waits in the outbox
        append(log_of_two, [signed("a")])
    log_of_two.sequencer().drain()
    log_of_two.submit("first")
    with pytest.raises(StatementHeld):  # so does the entry before it
        append(log_of_two, [signed("second")])
    assert log_of_two.value("SELECT count(*) FROM ledger_entry") == 2
    assert log_of_two.sequencer().drain() == 1
    assert [type(each) for each in append(log_of_two, [signed("second")])] == [Entry]
    log_of_two.sequencer().drain()


def test_whoever_saw_an_older_log_appends_nothing(log_of_two: SmallLog) -> None:
    with log_of_two.read() as session:
        stale = store.extent_of(session)
    log_of_two.sequencer().drain()
    leaf = leaf_of(Entry(signed=signed("a"), seq=0, prev=GENESIS))
    with pytest.raises(LostRace), log_of_two.write() as session:
        append_leaves(session, stale, [leaf])
    with pytest.raises(LogForked), log_of_two.write() as session:
        append_leaves(session, Extent(2, bytes(32)), [leaf])
    assert log_of_two.value("SELECT count(*) FROM ledger_entry") == 2


def test_a_rolled_back_append_leaves_no_trace(log_of_two: SmallLog) -> None:
    log_of_two.sequencer().drain()
    with log_of_two.read() as session:
        append_statements(session, [signed("a")], checked=True)
        session.rollback()
    with log_of_two.write() as session:
        assert outbox.submit(session, signed("a")).entry.seq == 0
    assert log_of_two.sequencer().drain() == 1
