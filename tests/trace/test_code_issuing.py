"""Codes in bulk: one statement, one run, a root every code leads to, whatever the size of the batch."""

from threading import Thread
from time import sleep

import pytest
from sqlmodel import Session, select

from ledger.canonical import parse
from ledger.merkle import leaf_hash, root_of, verify_inclusion
from ledger.tables import PendingRow
from trace.coding.batch_reading import batch_state, batches
from trace.coding.code_keys import CodeKeys
from trace.coding.code_listing import codes_of_batch, codes_of_ranges
from trace.coding.code_reading import code_state
from trace.coding.code_tables import CodeRunRow, CodeTileRow
from trace.coding.code_tree import batch_root, code_tree
from trace.coding.code_words import CodeStatus, Level
from trace.coding.issuing import Issuer
from trace.coding.membership import membership
from trace.coding.serials import pass_serials, take_serials
from trace.coding.trace_code import SERIALS, decode, encode, encode_many
from trace.errors import SerialOutOfRange, UnknownCode, UnknownCodeBatch

from .season import COOP, GROWER, MAKER, at, founded, recorder

OLD, NEW = bytes(32), b"\x01" * 32
KEYS = CodeKeys.from_secrets([OLD])
ROTATED = CodeKeys.from_secrets([OLD, NEW])


def issuer(keys: CodeKeys = KEYS) -> Issuer:
    return Issuer(declarer=recorder().declarer, code_keys=keys)


def issued_statements(session: Session) -> list[dict]:
    leaves = map(parse, session.exec(select(PendingRow.leaf).order_by(PendingRow.pending_id)))
    return [leaf for leaf in leaves if isinstance(leaf, dict) and leaf["kind"] == "codes.issued"]


def test_a_batch_is_one_statement_one_run_and_the_root_of_its_codes(database_url: str) -> None:
    with founded(database_url) as session:
        batch = issuer().issue(session, MAKER, 1000, at(1), Level.BOX)
        [statement] = issued_statements(session)
        assert statement["public"] == {
            "count": 1000,
            "first_serial": 0,
            "key_version": 0,
            "level": "box",
            "nth": statement["public"]["nth"],
            "party": MAKER,
            "root": batch_root(encode_many(0, 1000, KEYS)).hex(),
        }
        [run] = session.exec(select(CodeRunRow)).all()
        assert (run.first_serial, run.last_serial, run.status) == (0, 999, "reserved")
        assert batch.batch_id == statement["public"]["root"]


@pytest.mark.parametrize("count", [1, 255, 256, 257, 65_536, 65_537, 70_000])
def test_the_root_is_that_of_rfc_6962_and_every_path_leads_to_it(count: int) -> None:
    """The reference: the plain tree over all leaves, from `ledger.merkle`."""
    with founded("sqlite://") as session:
        batch = issuer().issue(session, MAKER, count, at(1))
        codes = encode_many(0, count, KEYS)
        assert bytes.fromhex(batch.batch_id) == root_of(leaf_hash(code.encode()) for code in codes)
        for place in {0, 1 % count, count // 2, 255 % count, 256 % count, 65_536 % count, count - 1}:
            shown = membership(session, codes[place], KEYS)
            assert (shown.place, shown.count, shown.issued) == (place, count, batch.statement_id)
            root = bytes.fromhex(batch.batch_id)
            verify_inclusion(leaf_hash(codes[place].encode()), place, count, shown.path, root)


def test_what_is_kept_of_a_batch_is_far_less_than_a_byte_a_code() -> None:
    with founded("sqlite://") as session:
        issuer().issue(session, MAKER, 100_000, at(1))
        assert sum(len(row.hashes) for row in session.exec(select(CodeTileRow))) < 100_000 / 7


def test_progress_adds_up_to_the_count() -> None:
    told: list[int] = []
    code_tree(5, 150_000, KEYS.current, told.append)
    assert sum(told) == 150_000
    assert len(told) == 3


def test_batches_follow_one_another_without_gap_or_overlap(database_url: str) -> None:
    with founded(database_url) as session:
        counts = (7, 1, 300)
        made = [issuer().issue(session, MAKER, count, at(1)) for count in counts]
        assert [batch.first_serial for batch in made] == [0, 7, 8]
        assert take_serials(session, 1) == sum(counts)


def test_serials_reserved_and_never_issued_are_given_to_nobody(database_url: str) -> None:
    with founded(database_url) as session:
        lost = take_serials(session, 50)
        batch = issuer().issue(session, MAKER, 2, at(1))
        assert (lost, batch.first_serial) == (0, 50)
        assert take_serials(session, 5) == 52
        issuer().issue(session, MAKER, 2, at(1))
        for serial in (49, 52, 56, 59):
            with pytest.raises(UnknownCode):
                code_state(session, encode(serial, KEYS), KEYS)
        assert code_state(session, encode(57, KEYS), KEYS).serial == 57


def test_the_counter_never_goes_back(database_url: str) -> None:
    with founded(database_url) as session:
        pass_serials(session, 10)
        pass_serials(session, 4)
        assert take_serials(session, 1) == 10


def test_no_more_serials_are_given_than_codes_can_carry(database_url: str) -> None:
    with founded(database_url) as session:
        pass_serials(session, SERIALS - 1)
        assert take_serials(session, 1) == SERIALS - 1
        with pytest.raises(SerialOutOfRange):
            take_serials(session, 1)


def test_a_batch_keeps_the_keys_it_was_made_with() -> None:
    with founded("sqlite://") as session:
        old = issuer().issue(session, MAKER, 3, at(1))
        new = issuer(ROTATED).issue(session, MAKER, 3, at(2))
        assert (old.key_version, new.key_version) == (0, 1)
        listed = [*codes_of_batch(old, ROTATED), *codes_of_batch(new, ROTATED)]
        assert [code[0] for code in listed] == ["0", "0", "0", "1", "1", "1"]
        assert [decode(code, ROTATED) for code in listed] == [0, 1, 2, 3, 4, 5]
        assert code_state(session, listed[0], ROTATED).batch_id == old.batch_id
        root = bytes.fromhex(old.batch_id)
        shown = membership(session, listed[1], ROTATED)
        verify_inclusion(leaf_hash(listed[1].encode()), 1, 3, shown.path, root)


def test_a_serial_printed_under_other_keys_than_its_batch_is_unknown() -> None:
    """Whoever has a newer secret cannot make second codes for packs that have one."""
    with founded("sqlite://") as session:
        issuer().issue(session, MAKER, 3, at(1))
        second = encode_many(1, 1, ROTATED)[0]
        assert decode(second, ROTATED) == 1
        with pytest.raises(UnknownCode):
            code_state(session, second, ROTATED)


def test_codes_are_written_out_by_place_and_by_serial() -> None:
    with founded("sqlite://") as session:
        issuer().issue(session, MAKER, 10, at(1))
        batch = issuer().issue(session, MAKER, 10, at(1))
        assert list(codes_of_batch(batch, KEYS, 8, 100)) == encode_many(18, 2, KEYS)
        across = list(codes_of_ranges(session, [(8, 11), (18, 40)], KEYS))
        assert across == [*encode_many(8, 4, KEYS), *encode_many(18, 2, KEYS)]


def test_a_batch_says_how_far_it_is_used_up(database_url: str) -> None:
    with founded(database_url) as session:
        batch = issuer().issue(session, MAKER, 10, at(1))
        issuer().issue(session, COOP, 5, at(1))
        state = batch_state(session, batch.batch_id, MAKER)
        assert (state.level, dict(state.counts)) == (Level.PACK, {CodeStatus.RESERVED: 10})
        assert [each.party for each in batches(session)] == [COOP, MAKER]
        assert [each.batch_id for each in batches(session, MAKER)] == [batch.batch_id]
        assert batches(session, before_serial=0) == []
        with pytest.raises(UnknownCodeBatch):
            batch_state(session, batch.batch_id, GROWER)


@pytest.mark.postgresql
def test_writers_who_come_at_once_are_given_different_serials(postgresql_url: str) -> None:
    """Nobody has issued before: there is no row yet to take turns by."""
    with founded(postgresql_url) as session:
        session.commit()
        given: list[int] = []

        def take() -> None:
            with Session(session.get_bind()) as other:
                first = take_serials(other, 10)
                sleep(0.05)
                other.commit()
                given.append(first)

        writers = [Thread(target=take) for _ in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert sorted(given) == [0, 10, 20, 30]
