"""What every store must do, run on SQLite and on PostgreSQL alike."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from ledger import store
from ledger.entry import GENESIS, Entry
from ledger.errors import LogNotFounded
from ledger.merkle import EMPTY_ROOT
from ledger.store import Extent, Leaf
from ledger.writing import bulk, outbox_store
from ledger.writing.outbox_store import Head
from tests.ledger.small_log import VKEY, SmallLog, signed

ODD = ["", "a'b", 'a"b', "a\\b", "a,b", "{a}", "[a]", "NULL", "药", "\U0001f33f", "a b\tc", "%s", "?"]
"""Texts that some way of quoting, escaping or writing arrays gets wrong."""


def leaf(name: str, seq: int = 0, subject: str = "lot/x", content: bytes = b"leaf") -> Leaf:
    return Leaf(name, subject, seq, bytes([seq]) * 32, content)


def entry(name: str, subject: str = "lot/x", seq: int = 0) -> Entry:
    return Entry(signed=signed(name, subject), seq=seq, prev=GENESIS)


def test_the_state_is_there_from_the_founding_on(log_of_two: SmallLog) -> None:
    with log_of_two.read() as session:
        assert store.extent_of(session) == Extent(0, EMPTY_ROOT)
        assert store.vkey_of(session) == VKEY == store.state_of(session).vkey


@pytest.mark.damages_log
def test_a_store_without_a_log_says_so(log_of_two: SmallLog) -> None:
    log_of_two.sql("DELETE FROM ledger_state")
    with log_of_two.read() as session:
        for ask in (store.extent_of, store.vkey_of, store.state_of):
            with pytest.raises(LogNotFounded):
                ask(session)


@pytest.mark.parametrize(
    ("old", "moved"),
    [
        (Extent(0, EMPTY_ROOT), True),
        (Extent(1, EMPTY_ROOT), False),
        (Extent(0, bytes(32)), False),
        (Extent(0, b""), False),
    ],
)
def test_the_state_moves_only_from_what_it_is(log_of_two: SmallLog, old: Extent, moved: bool) -> None:
    with log_of_two.read() as session:
        assert store.swap_state(session, old, Extent(7, b"r" * 32)) is moved
        assert store.extent_of(session) == (Extent(7, b"r" * 32) if moved else Extent(0, EMPTY_ROOT))
        assert not store.swap_state(session, old, Extent(8, b"s" * 32))
        session.rollback()


def test_entries_come_back_byte_for_byte_and_in_order(log_of_two: SmallLog) -> None:
    contents = [bytes(range(256)), b"", b"\x00", "药".encode(), b"x" * 65_535]
    rows = [leaf(f"id{number}", number, content=content) for number, content in enumerate(contents)]
    with log_of_two.read() as session:
        store.write_entries(session, 5, rows)
        found = list(store.leaves_between(session, 5, 10))
        assert found == [(index, row.leaf_hash, row.leaf) for index, row in enumerate(rows, 5)]
        assert list(store.leaves_between(session, 7, 9)) == found[2:4]
        assert store.leaves_of(session, ["id3", "id1", "none"]) == [(6, b""), (8, "药".encode())]
        assert store.logged_indices(session, ["id4", "none", "id0"]) == {"id4": 9, "id0": 5}
        wanted = [("lot/x", 0), ("lot/x", 4), ("lot/x", 5), ("lot/y", 0)]
        assert store.leaf_hashes_at(session, wanted) == {
            ("lot/x", 0): bytes(32),
            ("lot/x", 4): b"\x04" * 32,
        }
        session.rollback()


def test_more_entries_than_one_page_come_back_whole(log_of_two: SmallLog) -> None:
    count = 2 * store.PAGE + 1
    with log_of_two.read() as session:
        store.write_entries(session, 0, [leaf(f"id{n}", 0, f"lot/{n}") for n in range(count)])
        assert [index for index, *_ in store.leaves_between(session, 0, count)] == list(range(count))
        session.rollback()


@pytest.mark.parametrize("clash", [leaf("other", 0), leaf("id", 1), leaf("id", 0, "lot/y")])
def test_one_id_one_place_and_one_index_are_given_once(log_of_two: SmallLog, clash: Leaf) -> None:
    with log_of_two.read() as session:
        store.write_entries(session, 0, [leaf("id")])
        with pytest.raises(IntegrityError):
            store.write_entries(session, 1, [clash])
        session.rollback()
        store.write_entries(session, 0, [leaf("id")])
        with pytest.raises(IntegrityError):
            store.write_entries(session, 0, [leaf("third", 3, "lot/z")])
        session.rollback()
        assert store.logged_indices(session, ["id"]) == {}


def test_tiles_are_replaced_by_their_longer_successors(log_of_two: SmallLog) -> None:
    with log_of_two.read() as session:
        store.write_tiles(session, {(0, 0): b"a" * 32, (0, 1): b"b" * 32, (1, 0): b"c" * 32})
        store.write_tiles(session, {(0, 1): b"d" * 64})
        for tile in (store.tile_reader(session), store.tile_reader(session, edge_of=300)):
            assert (tile(0, 0), tile(0, 1), tile(1, 0)) == (b"a" * 32, b"d" * 64, b"c" * 32)
            assert tile(0, 2) == tile(5, 5) == b""
        session.rollback()


def test_a_reader_asks_for_a_tile_once_and_so_sees_one_state_of_it(log_of_two: SmallLog) -> None:
    with log_of_two.read() as session:
        tile = store.tile_reader(session)
        assert tile(0, 0) == b""
        store.write_tiles(session, {(0, 0): b"a" * 32})
        assert tile(0, 0) == b""
        session.rollback()


def test_a_checkpoint_is_never_replaced(log_of_two: SmallLog) -> None:
    with log_of_two.read() as session:
        assert store.last_checkpoint(session) is None
        for size, note in ((3, "three"), (9, "nine"), (5, "five"), (9, "other")):
            store.write_checkpoint(session, size, note)
        last = store.last_checkpoint(session)
        assert last is not None
        assert (last.size, last.note) == (9, "nine")
        session.rollback()


def test_waiting_rows_come_oldest_first_and_leave_when_told(log_of_two: SmallLog) -> None:
    names = [f"n{number}" for number in range(6)]
    log_of_two.sequencer().drain()
    with log_of_two.read() as session:
        outbox_store.place(session, [entry(name, f"lot/{name}") for name in names], {})
        rows = outbox_store.waiting(session, 4)
        assert [row.statement_id for row in rows] == names[:4]
        assert rows[0][1:] == (*leaf_columns(entry("n0", "lot/n0")),)
        outbox_store.forget(session, [rows[0].pending_id, rows[2].pending_id])
        outbox_store.set_aside(session, {rows[1].pending_id: "chain"})
        assert [row.statement_id for row in outbox_store.waiting(session, 9)] == ["n3", "n4", "n5"]
        assert outbox_store.held_subjects(session, ["lot/n0", "lot/n1", "lot/n3"]) == {"lot/n1"}
        assert outbox_store.count_waiting(session, 9) == 3
        assert outbox_store.hold(session, [*names, "none"], []).taken == {"n1", "n3", "n4", "n5"}
        session.rollback()


def leaf_columns(placed: Entry) -> tuple[object, ...]:
    said = placed.statement
    return (said.id, said.subject, placed.seq, placed.leaf_hash, placed.leaf_bytes)


def test_heads_are_written_and_moved_whatever_their_subjects_are_called(log_of_two: SmallLog) -> None:
    moved = {text: Head(number, f"{number:064d}") for number, text in enumerate(ODD)}
    with log_of_two.read() as session:
        assert outbox_store.hold(session, [], ODD).heads == {}
        outbox_store.place(session, [], moved)
        outbox_store.place(session, [], {"药": Head(99, "f" * 64), "new": Head(1, "0" * 64)})
        found = outbox_store.hold(session, [], [*ODD, "new", "absent"]).heads
        assert found == moved | {"药": Head(99, "f" * 64), "new": Head(1, "0" * 64)}
        session.rollback()


@pytest.mark.parametrize("text", ODD)
def test_a_list_matches_its_members_and_nothing_else(log_of_two: SmallLog, text: str) -> None:
    with log_of_two.read() as session:
        found = bulk.ask(session, "SELECT 1 FROM ledger_state WHERE origin AMONG ?", [text, *ODD])
        assert found == []
        log_of_two_origin = store.state_of(session).origin
        assert bulk.ask(session, "SELECT 1 FROM ledger_state WHERE origin AMONG ?", [text, log_of_two_origin])
        assert bulk.ask(session, "SELECT 1 FROM ledger_state WHERE origin AMONG ?", []) == []


def test_a_failed_row_is_told_as_every_other_database_error(log_of_two: SmallLog) -> None:
    """The writer's group tells a lost race from a broken statement by SQLAlchemy's classes."""
    with log_of_two.read() as session:
        with pytest.raises(IntegrityError) as told:
            outbox_store.place(session, [entry("a"), entry("a", "lot/y")], {})
        assert told.value.orig is not None
        session.rollback()
        assert count(session) == 2


def count(session: Session) -> int:
    return outbox_store.count_waiting(session, 99)
