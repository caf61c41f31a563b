"""Somebody owns the database and edits it through SQL: the audit names what they did, and where."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import log as reading
from ledger.audits.faults import (
    ActorNotRegistered,
    AuditFault,
    ChainBroken,
    CheckpointFalse,
    EntryAltered,
    EntryMissing,
    EntrySignatureBad,
    HashAltered,
    IdRepeated,
    StateFalse,
)
from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.entry import GENESIS, Entry, parse_leaf, sign_statement
from ledger.errors import WrongLog
from ledger.merkle import Frontier, leaf_hash, root_of
from ledger.note import NoteKey
from ledger.proofs.bundle import verify_receipt
from ledger.tree.tiles import extend
from ledger.witnessing.policy import Policy
from ledger.writing import outbox, outbox_store
from tests.ledger.small_log import GROWER, LOG_KEY, ORIGIN, STRANGER, VKEY, SmallLog, signed, statement

SIZE = 300


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed log of 300 entries over seven lots: one full tile and a partial one, two checkpoints."""
    path = tmp_path_factory.mktemp("log") / "log.sqlite"
    log = SmallLog(f"sqlite:///{path}")
    log.grow(100)
    with log.write() as session:
        for number in range(100, SIZE - 2):
            outbox.submit(session, signed(f"s{number}", f"lot/{number % 7}", grams=number))
    log.sequencer().drain()
    assert log.audit().ok
    log.engine.dispose()
    return path


@pytest.fixture
def log(template: Path, tmp_path: Path) -> Iterator[SmallLog]:
    """A copy of that log to tamper with."""
    copy = shutil.copy(template, tmp_path / "log.sqlite")
    log = SmallLog(f"sqlite:///{copy}")
    yield log
    log.engine.dispose()


def faults(log: SmallLog, *kinds: type[AuditFault]) -> list[int]:
    """Indices of the faults of these kinds."""
    return [fault.index for fault in log.audit().faults if type(fault) in kinds]


def found(log: SmallLog) -> set[tuple[type[AuditFault], int]]:
    return {(type(fault), fault.index) for fault in log.audit().faults}


def leaf_at(log: SmallLog, index: int) -> bytes:
    leaf = log.value("SELECT leaf FROM ledger_entry WHERE entry_index = :index", index=index)
    assert isinstance(leaf, bytes)
    return leaf


def put_leaf(log: SmallLog, index: int, leaf: bytes) -> None:
    """Write a leaf with its matching hash column."""
    log.sql(
        "UPDATE ledger_entry SET leaf = :leaf, leaf_hash = :hash WHERE entry_index = :index",
        leaf=leaf,
        hash=leaf_hash(leaf),
        index=index,
    )


def rebuild_tiles(log: SmallLog) -> bytes:
    """Make tiles and state agree with the entries again, as a careful forger would; return the root."""
    with log.read() as session:
        size = reading.size(session)
        hashes = [leaf_hash(leaf_at(log, index)) for index in range(size)]
    for (level, index), joined in extend(Frontier(), hashes, lambda *_: b"").items():
        log.sql(
            "UPDATE ledger_tile SET hashes = :h WHERE level = :l AND tile_index = :i",
            h=joined,
            l=level,
            i=index,
        )
    log.sql("UPDATE ledger_state SET root = :root", root=root_of(hashes))
    return root_of(hashes)


def test_a_changed_gram_is_found_at_its_entry(log: SmallLog) -> None:
    forged = leaf_at(log, 150).replace(b'"grams":148', b'"grams":149')
    log.sql("UPDATE ledger_entry SET leaf = :leaf WHERE entry_index = 150", leaf=forged)
    expected = {(EntryAltered, 150), (EntrySignatureBad, 150), (ChainBroken, 157), (CheckpointFalse, 300)}
    assert found(log) == expected | {(StateFalse, 300)}


def test_a_changed_gram_with_hashes_tiles_and_state_made_to_fit_is_still_found(log: SmallLog) -> None:
    put_leaf(log, 150, leaf_at(log, 150).replace(b'"grams":148', b'"grams":149'))
    rebuild_tiles(log)
    assert found(log) == {(EntrySignatureBad, 150), (ChainBroken, 157), (CheckpointFalse, 300)}


def test_the_operator_with_every_key_still_contradicts_the_signed_checkpoints(log: SmallLog) -> None:
    """The service keeps the parties' keys for now, so it can sign anew; the old heads cannot be unsaid."""
    entry = parse_leaf(leaf_at(log, 299))
    said = statement(entry.statement.id, entry.statement.subject, grams=1)
    forged = Entry(signed=sign_statement(said, ORIGIN, GROWER), seq=entry.seq, prev=entry.prev)
    put_leaf(log, 299, forged.leaf_bytes)
    with log.read() as session:
        kept = reading.checkpoint(session).text
    root = rebuild_tiles(log)
    assert found(log) == {(CheckpointFalse, 300)}
    log.sql(
        "UPDATE ledger_checkpoint SET note = :note WHERE size = 300",
        note=sign_checkpoint(Checkpoint(ORIGIN, 300, root), [LOG_KEY]).text,
    )
    assert log.audit().ok  # nothing inside the database contradicts it any more …
    report = log.audit(kept=(kept,))  # … but a checkpoint somebody kept does
    assert [(type(fault), fault.index) for fault in report.faults] == [(CheckpointFalse, 300)]


def test_a_stored_hash_changed_alone_is_found(log: SmallLog) -> None:
    log.sql("UPDATE ledger_entry SET leaf_hash = :zero WHERE entry_index = 7", zero=bytes(32))
    assert found(log) == {(EntryAltered, 7)}


@pytest.mark.parametrize(("level", "place", "index"), [(0, 9, 9), (0, 255, 255), (1, 0, 0)])
def test_a_tile_hash_changed_alone_is_found(log: SmallLog, level: int, place: int, index: int) -> None:
    query = "SELECT hashes FROM ledger_tile WHERE level = :level AND tile_index = 0"
    hashes = log.value(query, level=level)
    assert isinstance(hashes, bytes)
    forged = bytearray(hashes)
    forged[place * 32 + 31] ^= 1
    log.sql(
        "UPDATE ledger_tile SET hashes = :hashes WHERE level = :level AND tile_index = 0",
        hashes=bytes(forged),
        level=level,
    )
    assert found(log) == {(HashAltered, index)}


def test_a_missing_or_invented_tile_is_found(log: SmallLog) -> None:
    log.sql("DELETE FROM ledger_tile WHERE level = 0 AND tile_index = 1")
    log.sql("INSERT INTO ledger_tile (level, tile_index, hashes) VALUES (0, 2, :h)", h=bytes(32))
    assert found(log) == {(HashAltered, 256), (HashAltered, SIZE)}


def test_a_leaf_edited_as_text_is_found_like_any_other(log: SmallLog) -> None:
    """SQLite's replace() turns the bytes it edits into text."""
    log.sql("UPDATE ledger_entry SET leaf = replace(leaf, '148', '149') WHERE entry_index = 150")
    log.sql("UPDATE ledger_tile SET hashes = 'text' WHERE level = 0 AND tile_index = 1")
    assert {(EntryAltered, 150), (EntrySignatureBad, 150), (HashAltered, 256)} <= found(log)


def test_two_entries_swapped_are_both_found(log: SmallLog) -> None:
    for old, new in ((40, -1), (41, 40), (-1, 41)):
        log.sql("UPDATE ledger_entry SET entry_index = :new WHERE entry_index = :old", old=old, new=new)
    assert {40} <= set(faults(log, HashAltered))
    assert CheckpointFalse in {kind for kind, _ in found(log)}


def test_two_entries_of_one_lot_swapped_break_its_chain_there(log: SmallLog) -> None:
    for old, new in ((40, -1), (47, 40), (-1, 47)):
        log.sql("UPDATE ledger_entry SET entry_index = :new WHERE entry_index = :old", old=old, new=new)
    assert faults(log, ChainBroken)[:2] == [40, 47]


def test_a_deleted_entry_is_found_at_its_index(log: SmallLog) -> None:
    log.sql("DELETE FROM ledger_entry WHERE entry_index = 60")
    assert found(log) == {(EntryMissing, 60), (ChainBroken, 67)}


def test_a_cut_off_tail_is_found_at_its_first_index(log: SmallLog) -> None:
    log.sql("DELETE FROM ledger_entry WHERE entry_index >= 290")
    assert faults(log, EntryMissing) == list(range(290, 300))
    assert log.audit().entries == 290


def test_a_log_cut_back_to_an_older_checkpoint_is_found_by_who_kept_the_newer(log: SmallLog) -> None:
    with log.read() as session:
        kept = reading.checkpoint(session).text
        old = int(str(log.value("SELECT min(size) FROM ledger_checkpoint")))
        leaves = [leaf_hash(leaf_at(log, index)) for index in range(old)]
    log.sql("DELETE FROM ledger_entry WHERE entry_index >= :old", old=old)
    log.sql("DELETE FROM ledger_checkpoint WHERE size > :old", old=old)
    log.sql("DELETE FROM ledger_tile")
    for (level, index), joined in extend(Frontier(), leaves, lambda *_: b"").items():
        log.sql(
            "INSERT INTO ledger_tile (level, tile_index, hashes) VALUES (:l, :i, :h)",
            l=level,
            i=index,
            h=joined,
        )
    log.sql("UPDATE ledger_state SET size = :old, root = :root", old=old, root=root_of(leaves))
    assert log.audit().ok
    report = log.audit(kept=(kept,))
    missing = [fault.index for fault in report.faults if isinstance(fault, EntryMissing)]
    assert missing[0] == old
    assert len(missing) == SIZE - old


def test_an_entry_added_behind_the_log_is_found(log: SmallLog) -> None:
    log.sql(
        "INSERT INTO ledger_entry (entry_index, statement_id, subject, seq, leaf_hash, leaf) "
        "SELECT 300, 'new', 'lot/new', 0, leaf_hash, leaf FROM ledger_entry WHERE entry_index = 5"
    )
    assert found(log) == {(EntryMissing, 300)}


def test_a_statement_by_an_unregistered_key_is_found(log: SmallLog) -> None:
    entry = parse_leaf(leaf_at(log, 299))
    forged = sign_statement(entry.statement, ORIGIN, STRANGER)
    put_leaf(log, 299, Entry(signed=forged, seq=entry.seq, prev=entry.prev).leaf_bytes)
    assert (ActorNotRegistered, 299) in found(log)


def test_a_key_used_before_its_registration_is_found(log: SmallLog) -> None:
    for old, new in ((1, -1), (9, 1), (-1, 9)):
        log.sql("UPDATE ledger_entry SET entry_index = :new WHERE entry_index = :old", old=old, new=new)
    assert 1 in faults(log, ActorNotRegistered)


def test_a_log_that_does_not_begin_with_its_own_key_is_found(log: SmallLog) -> None:
    for old, new in ((0, -1), (1, 0), (-1, 1)):
        log.sql("UPDATE ledger_entry SET entry_index = :new WHERE entry_index = :old", old=old, new=new)
    assert 0 in faults(log, ActorNotRegistered)


def test_an_id_used_twice_is_found_at_the_second(log: SmallLog) -> None:
    put_leaf(log, 200, leaf_at(log, 100))
    assert faults(log, IdRepeated) == [200]


def test_a_column_that_contradicts_its_leaf_is_found(log: SmallLog) -> None:
    log.sql("UPDATE ledger_entry SET subject = 'lot/other' WHERE entry_index = 33")
    assert found(log) == {(EntryAltered, 33)}


def test_an_entry_made_for_another_log_is_found(log: SmallLog) -> None:
    entry = parse_leaf(leaf_at(log, 299))
    foreign = sign_statement(entry.statement, "log.example/anguo", GROWER)
    put_leaf(log, 299, Entry(signed=foreign, seq=entry.seq, prev=entry.prev).leaf_bytes)
    assert (EntryAltered, 299) in found(log)


def test_bytes_that_are_no_entry_are_found(log: SmallLog) -> None:
    put_leaf(log, 20, b"{}")
    assert (EntryAltered, 20) in found(log)


def test_a_checkpoint_the_log_did_not_sign_is_found(log: SmallLog) -> None:
    with log.read() as session:
        root = reading.checkpoint(session).root
    forged = sign_checkpoint(Checkpoint(ORIGIN, 300, root), [STRANGER]).text
    log.sql("UPDATE ledger_checkpoint SET note = :note WHERE size = 300", note=forged)
    assert found(log) == {(CheckpointFalse, 300)}


def test_a_checkpoint_moved_to_another_size_is_found(log: SmallLog) -> None:
    log.sql("UPDATE ledger_checkpoint SET size = 299 WHERE size = 300")
    assert found(log) == {(CheckpointFalse, 299)}


@pytest.mark.parametrize("size", [290, 300])
def test_a_changed_state_is_found(log: SmallLog, size: int) -> None:
    log.sql("UPDATE ledger_state SET size = :size, root = :zero", size=size, zero=bytes(32))
    assert found(log) == {(StateFalse, size)}


def test_every_fault_is_said_in_both_languages(log: SmallLog) -> None:
    log.sql("DELETE FROM ledger_entry WHERE entry_index = 60")
    for fault in log.audit().faults:
        assert str(fault.index) in fault.message("zh")
        assert str(fault.index) in fault.message("en")
        assert fault.remedy("zh")
        assert fault.remedy("en")


def test_receipts_handed_out_before_outlive_the_database(log: SmallLog) -> None:
    with log.read() as session:
        receipt = reading.receipt(session, "s100")
    log.sql("DELETE FROM ledger_entry")
    log.sql("DELETE FROM ledger_tile")
    assert verify_receipt(receipt, Policy.of_log(VKEY)).entry.statement.id == "s100"


HUGE = 2**60


@pytest.mark.parametrize(
    ("change", "kind", "index"),
    [
        ("UPDATE ledger_state SET size = :huge", EntryMissing, None),
        ("INSERT INTO ledger_checkpoint (size, note) VALUES (:huge, 'note')", EntryMissing, None),
        ("UPDATE ledger_state SET size = :huge + 1", EntryMissing, None),
        ("UPDATE ledger_entry SET entry_index = :huge WHERE entry_index = 299", EntryMissing, 299),
        (
            "INSERT INTO ledger_tile (level, tile_index, hashes) VALUES (1000000000, 0, x'00')",
            HashAltered,
            300,
        ),
        ("INSERT INTO ledger_tile (level, tile_index, hashes) VALUES (-1, 0, x'00')", HashAltered, 300),
        ("INSERT INTO ledger_tile (level, tile_index, hashes) VALUES (0, -1, x'00')", HashAltered, 300),
    ],
)
def test_an_absurd_size_or_place_is_named_and_not_counted_to(
    log: SmallLog, change: str, kind: type[AuditFault], index: int | None
) -> None:
    if ":huge + 1" in change:
        log.sql("UPDATE ledger_entry SET entry_index = :huge WHERE entry_index = 299", huge=HUGE)
    log.sql(change, **({"huge": HUGE} if ":huge" in change else {}))
    named = faults(log, kind)
    assert (SIZE if index is None else index) in named
    assert len(named) < 5 * 256


def test_a_tile_with_a_hash_too_many_is_found(log: SmallLog) -> None:
    log.sql("UPDATE ledger_tile SET hashes = hashes || x'00' WHERE level = 0 AND tile_index = 0")
    log.sql(
        "UPDATE ledger_tile SET hashes = hashes || :more WHERE level = 0 AND tile_index = 1", more=bytes(32)
    )
    assert found(log) == {(HashAltered, 256), (HashAltered, 300)}


@pytest.mark.parametrize(
    "change", ["origin = 'log.example/evil'", f"vkey = '{NoteKey(ORIGIN, STRANGER.public).to_vkey()}'"]
)
def test_a_log_that_gives_itself_out_for_another_is_found(log: SmallLog, change: str) -> None:
    log.sql(f"UPDATE ledger_state SET {change}")  # noqa: S608  fixed words
    assert found(log) == {(StateFalse, SIZE)}


def test_a_changed_name_makes_the_sequencer_neither_hold_what_is_good_nor_log_what_is_foreign(
    log: SmallLog,
) -> None:
    log.submit("good")
    log.sql("UPDATE ledger_state SET origin = 'log.example/evil'")
    foreign = sign_statement(statement("foreign", "lot/new"), "log.example/evil", GROWER)
    with pytest.raises(WrongLog), log.write() as session:
        outbox.submit(session, foreign)
    with log.write() as session:
        outbox_store.place(session, [Entry(signed=foreign, seq=0, prev=GENESIS)], {})
    assert log.sequencer().drain() == 1
    assert log.value("SELECT statement_id FROM ledger_entry WHERE entry_index = 300") == "good"
    assert log.value("SELECT fault FROM ledger_pending WHERE statement_id = 'foreign'") == "columns"


@pytest.mark.parametrize("column", ["seq", "subject", "statement_id", "leaf", "leaf_hash"])
@pytest.mark.parametrize("value", ["'text'", "x'ff'", "9223372036854775807", "-1", "1.5"])
def test_a_waiting_row_of_odd_types_stops_nobody_else(log: SmallLog, column: str, value: str) -> None:
    """SQLite stores any value in any column."""
    log.submit("poison", "after", subject="lot/2")
    log.submit("fine", subject="lot/3")
    log.sql(f"UPDATE ledger_pending SET {column} = {value} WHERE statement_id = 'poison'")  # noqa: S608  fixed words
    log.sequencer().drain()
    assert log.value("SELECT statement_id FROM ledger_entry WHERE entry_index = 300") == "fine"
    assert log.value("SELECT count(*) FROM ledger_pending WHERE fault IS NOT NULL") == 2
    assert log.audit().ok


def test_a_history_rewritten_with_its_checkpoints_gone_is_seen_by_who_kept_one(log: SmallLog) -> None:
    """Nothing in the database contradicts it then, so the sequencer signs: docs/trust.md says so."""
    with log.read() as session:
        kept = reading.checkpoint(session).text
    leaves = [leaf_at(log, index) for index in range(SIZE - 1)]
    for table in ("checkpoint", "tile", "entry", "pending"):
        log.sql(f"DELETE FROM ledger_{table}")  # noqa: S608  fixed words
    log.sql("UPDATE ledger_state SET size = 0, root = :root", root=root_of([]))
    for leaf in leaves:
        said = parse_leaf(leaf)
        log.sql(
            "INSERT INTO ledger_pending (statement_id, subject, seq, leaf_hash, leaf) "
            "VALUES (:i, :s, :n, :h, :l)",
            i=said.statement.id,
            s=said.statement.subject,
            n=said.seq,
            h=leaf_hash(leaf),
            l=leaf,
        )
    assert log.sequencer().drain() == SIZE - 1
    assert log.audit().ok
    assert {type(fault) for fault in log.audit(kept=(kept,)).faults} == {
        EntryMissing,
        CheckpointFalse,
        StateFalse,
    }
