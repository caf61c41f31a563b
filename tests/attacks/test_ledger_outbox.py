"""Somebody owns the database and puts rows into the outbox past the gate, or sets the log back."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledger import log as reading
from ledger import store
from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.entry import GENESIS, Entry, ManifestPlace, SignedStatement, sign_statement
from ledger.errors import LogForked
from ledger.keys import SigningKey
from ledger.writing import outbox, outbox_store
from ledger.writing.kept_heads import KeptHeads
from ledger.writing.signature_checks import VERIFIED, SignatureChecks
from tests.ledger.small_log import GROWER, LOG_KEY, ORIGIN, STRANGER, SmallLog, signed, statement


def slip_in(log: SmallLog, said: SignedStatement) -> None:
    """Write a row as the gate would, had it admitted `said`."""
    with log.write() as session:
        outbox_store.place(session, [Entry(signed=said, seq=0, prev=GENESIS)], {})


def fault_of(log: SmallLog, name: str) -> object:
    return log.value("SELECT fault FROM ledger_pending WHERE statement_id = :id", id=name)


@pytest.mark.parametrize("forge", ["signature", "content", "key"])
def test_a_forged_row_never_enters_and_stops_nobody_else(log_of_two: SmallLog, forge: str) -> None:
    good = signed("forged", "lot/2")
    forged = {
        "signature": replace(good, signature=bytes(64)),
        "content": replace(good, statement=statement("forged", "lot/2", herb="当归")),
        "key": replace(good, actor=LOG_KEY.public.key_id),
    }[forge]
    slip_in(log_of_two, forged)
    log_of_two.submit("honest", subject="lot/3")
    assert log_of_two.sequencer().drain() == 3
    assert fault_of(log_of_two, "forged") == "signature"
    assert log_of_two.audit().ok


def test_what_the_gate_verified_is_not_believed_for_another_content(sqlite_log: SmallLog) -> None:
    """The memory of verified entries goes by leaf hash: another content has another."""
    with sqlite_log.write() as session:
        entry = outbox.submit(session, signed("a")).entry
    assert VERIFIED.get(entry.leaf_hash) == entry
    other = Entry(signed=replace(entry.signed, statement=statement("a", herb="当归")), seq=0, prev=GENESIS)
    sqlite_log.sql(
        "UPDATE ledger_pending SET leaf = :leaf, leaf_hash = :hash WHERE statement_id = 'a'",
        leaf=other.leaf_bytes,
        hash=other.leaf_hash,
    )
    assert sqlite_log.sequencer().drain() == 2
    assert fault_of(sqlite_log, "a") == "signature"


def test_a_row_for_a_place_that_is_taken_does_not_block_the_queue_for_ever(log_of_two: SmallLog) -> None:
    """A signature covers no place: a genuine statement can be put where an entry stands already."""
    log_of_two.submit("first", subject="lot/2")
    log_of_two.sequencer().drain()
    slip_in(log_of_two, signed("second", "lot/2"))
    log_of_two.submit("honest", subject="lot/3")
    assert log_of_two.sequencer().drain() == 1
    assert fault_of(log_of_two, "second") == "chain"
    assert log_of_two.audit().ok


@pytest.mark.parametrize("raw", [STRANGER.public.raw, bytes(32), b"", b"\x01" + bytes(31)])
def test_a_key_row_exchanged_for_the_attackers_key_signs_nothing(sqlite_log: SmallLog, raw: bytes) -> None:
    VERIFIED.clear()
    said = sign_statement(statement("a"), ORIGIN, STRANGER)
    slip_in(sqlite_log, replace(said, actor=GROWER.public.key_id))
    sqlite_log.sequencer().drain()
    sqlite_log.sql("UPDATE ledger_pending SET fault = NULL")
    sqlite_log.sql("UPDATE ledger_key SET raw = :raw WHERE key_id = :id", raw=raw, id=GROWER.public.key_id)
    assert sqlite_log.sequencer().drain() == 0
    assert fault_of(sqlite_log, "a") == "signature"


def test_a_key_put_into_the_table_without_a_registration_in_the_log_counts_for_nothing(
    sqlite_log: SmallLog,
) -> None:
    sqlite_log.sql(
        "INSERT INTO ledger_key (key_id, raw, holder, log_key) VALUES (:id, :raw, '某人', false)",
        id=STRANGER.public.key_id,
        raw=STRANGER.public.raw,
    )
    with sqlite_log.write() as session:  # the gate believes its table; the sequencer only the log
        outbox.submit(session, sign_statement(statement("a"), ORIGIN, STRANGER))
    assert sqlite_log.sequencer().drain() == 2
    assert fault_of(sqlite_log, "a") == "unregistered-key"


def test_a_row_that_claims_a_manifest_without_being_under_it_never_enters(sqlite_log: SmallLog) -> None:
    slip_in(sqlite_log, replace(signed("a"), signature=ManifestPlace("manifest/none", 0)))
    assert sqlite_log.sequencer().drain() == 2
    assert fault_of(sqlite_log, "a") == "manifest"


def test_forged_rows_are_found_in_the_process_pool_too(sqlite_log: SmallLog) -> None:
    forged = [replace(signed(f"f{number}", f"lot/{number}"), signature=bytes(64)) for number in range(40)]
    for said in forged:
        slip_in(sqlite_log, said)
    with SignatureChecks(2) as checks:
        assert replace(sqlite_log.sequencer(), checks=checks).drain() == 2
    assert sqlite_log.value("SELECT count(*) FROM ledger_pending WHERE fault = 'signature'") == 40


@pytest.fixture
def backed_up(tmp_path: Path) -> Iterator[tuple[SmallLog, KeptHeads, Path]]:
    """A log with a signed head, a full copy of its database, and then a later head."""
    heads = tmp_path / "keys"
    heads.mkdir()
    kept = KeptHeads(heads)
    log = SmallLog(f"sqlite:///{tmp_path / 'log.sqlite'}")
    log.submit("a")
    log.sequencer(kept=kept).drain()
    log.engine.dispose()
    copy = Path(shutil.copy(tmp_path / "log.sqlite", tmp_path / "backup.sqlite"))
    log.submit("b", subject="lot/2")
    log.sequencer(kept=kept).drain()
    log.engine.dispose()
    yield log, kept, copy
    log.engine.dispose()


def restore(log: SmallLog, copy: Path) -> None:
    log.engine.dispose()
    shutil.copy(copy, str(log.engine.url.database))


def test_a_whole_older_backup_is_refused_thanks_to_the_head_beside_the_keys(
    backed_up: tuple[SmallLog, KeptHeads, Path],
) -> None:
    log, kept, copy = backed_up
    restore(log, copy)
    assert log.audit().ok  # from inside it looks whole
    log.submit("other", subject="lot/3")
    with pytest.raises(LogForked, match="size 4"):
        log.sequencer(kept=kept).drain()
    assert log.value("SELECT max(size) FROM ledger_checkpoint") == 3
    assert log.value("SELECT count(*) FROM ledger_entry") == 3


def test_an_older_backup_extended_to_the_same_size_is_refused_too(
    backed_up: tuple[SmallLog, KeptHeads, Path],
) -> None:
    log, kept, copy = backed_up
    restore(log, copy)
    log.submit("other", "and-another", subject="lot/3")
    log.sequencer().drain()  # a sequencer that is given no folder believes the database …
    log.submit("next", subject="lot/4")
    with pytest.raises(LogForked, match="size 4"):
        log.sequencer(kept=kept).drain()  # … one that is does not


def test_without_the_kept_head_the_same_backup_would_be_signed(
    backed_up: tuple[SmallLog, KeptHeads, Path],
) -> None:
    """What the two tests above guard against, so that they can be seen to guard."""
    log, _, copy = backed_up
    restore(log, copy)
    log.submit("other", subject="lot/3")
    assert log.sequencer().drain() == 1


def test_checkpoints_deleted_from_the_database_come_back_from_the_folder(
    backed_up: tuple[SmallLog, KeptHeads, Path],
) -> None:
    log, kept, _ = backed_up
    log.sql("DELETE FROM ledger_checkpoint")
    assert log.sequencer(kept=kept).drain() == 0
    with log.read() as session:
        assert reading.checkpoint(session).size == 4
    assert log.audit().ok


@pytest.mark.parametrize("damaged", [b"\xff\xfe\x00", b"", "\r\n"])
def test_a_head_beside_the_keys_that_was_damaged_is_named_and_nothing_is_signed(
    backed_up: tuple[SmallLog, KeptHeads, Path], damaged: bytes | str
) -> None:
    log, kept, copy = backed_up
    [file] = (copy.parent / "keys").iterdir()
    note = file.read_bytes()
    file.write_bytes(note.replace(b"\n", damaged.encode()) if isinstance(damaged, str) else damaged)
    log.submit("later")
    with pytest.raises(LogForked):
        log.sequencer(kept=kept).drain()
    file.write_bytes(note)
    assert log.sequencer(kept=kept).drain() == 1


def test_a_head_signed_by_a_stolen_name_is_no_head(backed_up: tuple[SmallLog, KeptHeads, Path]) -> None:
    """A larger checkpoint by another key, put into the database, neither counts nor is passed over."""
    log, kept, _ = backed_up
    forged = sign_checkpoint(Checkpoint(ORIGIN, 9, bytes(32)), [SigningKey.from_seed(bytes(32))])
    with log.write() as session:
        store.write_checkpoint(session, 9, forged.text)
    with pytest.raises(LogForked, match="size 9"):
        log.sequencer(kept=kept).drain()
