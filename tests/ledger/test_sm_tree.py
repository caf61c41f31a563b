"""The SM3 tree follows the log: same leaves, same form, its own hash, key and checkpoints."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from sqlmodel import Session

from ledger import log as reading
from ledger.checkpoint import Checkpoint
from ledger.errors import NotIntegratedYet, UnknownStatement
from ledger.merkle import prove_consistency, verify_consistency
from ledger.sm import sm2, store
from ledger.sm.audit import audit_tree
from ledger.sm.checkpoint import open_signed, sign
from ledger.sm.errors import SmTreeForked, SmTreeFounded, SmTreeNotFounded
from ledger.sm.follower import Follower
from ledger.sm.receipts import receipt, verify_receipt
from ledger.sm.sm3 import SM3
from ledger.store import Extent
from ledger.tree.tiles import node_reader
from ledger.writing import outbox
from ledger.writing.kept_heads import KeptHeads
from tests.ledger import plain_tree
from tests.ledger.small_log import SmallLog, signed
from tests.ledger.small_sm_tree import (
    SM_KEY,
    TRUSTED,
    follower,
    founded,
    leaves,
    published,
    root_at,
    sm_audit,
)


def test_without_a_founding_there_is_no_tree(sqlite_log: SmallLog) -> None:
    with pytest.raises(SmTreeNotFounded):
        follower(sqlite_log).run()
    founded(sqlite_log)
    with pytest.raises(SmTreeFounded):
        founded(sqlite_log)
    assert follower(sqlite_log).run() == 0  # nothing of the log is signed yet
    with pytest.raises(SmTreeNotFounded):
        published(sqlite_log)


def test_the_tree_is_that_of_rfc_6962_with_sm3(log_of_two: SmallLog) -> None:
    founded(log_of_two)
    sizes = []
    for grown in (253, 1, 1, 300):  # the log has two entries of its own: 255, 256, 257, 557
        with log_of_two.write() as session:
            begin = sum(sizes)
            said = [signed(f"s{number}", f"lot/{number % 7}") for number in range(begin, begin + grown)]
            outbox.submit_many(session, said)
        log_of_two.sequencer().drain()
        sizes.append(grown)
        assert follower(log_of_two).run() == grown + (2 if len(sizes) == 1 else 0)
        size, root, note = published(log_of_two)
        assert (size, root) == (2 + sum(sizes), root_at(log_of_two, size))
        assert open_signed(note, TRUSTED).root == root
    assert follower(log_of_two).run() == 0
    with log_of_two.read() as session:
        assert [size for size, _ in store.all_notes(session)] == [255, 256, 257, 557]
        for path, content in plain_tree.files(leaves(log_of_two), "sm3").items():
            if "entries" not in path:
                level, index = int(path.split("/")[1]), int(path.split("/")[2].removesuffix(".p"))
                assert store.stored_tile(session, level, index) == content
    assert sm_audit(log_of_two).ok


def test_key_and_checkpoint_have_the_bytes_that_signed_note_asks_for() -> None:
    """Built here from the page alone: 0xff, a longer identifier, the key; four bytes of SHA-256."""
    name = "log.example/bozhou/sm3"
    typed = b"\xff" + b"daodi/sm2-with-sm3/v1\n" + b"\x04" + SM_KEY.public.raw[1:]
    key_hash = hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4]
    assert TRUSTED.to_vkey() == f"{name}+{key_hash.hex()}+{base64.b64encode(typed).decode()}"
    note = sign(Checkpoint(name, 3, bytes(32)), SM_KEY).text
    body, _, line = note.partition("\n\n")
    assert body == f"{name}\n3\n{base64.b64encode(bytes(32)).decode()}"
    dash, signer, encoded = line.removesuffix("\n").split(" ")
    assert (dash, signer) == ("\u2014", name)
    raw = base64.b64decode(encoded)
    assert (raw[:4], len(raw)) == (key_hash, 4 + 64)
    x, y = int.from_bytes(typed[24:56], "big"), int.from_bytes(typed[56:], "big")
    assert sm2.verifies(x, y, f"{body}\n".encode(), raw[4:], b"1234567812345678")


@pytest.mark.parametrize("group", [1, 7, 100, 1024])
def test_catching_up_in_groups_gives_the_same_tree(sqlite_log: SmallLog, group: int) -> None:
    sqlite_log.grow(150)
    founded(sqlite_log)
    assert follower(sqlite_log, group).run() == 152
    assert published(sqlite_log)[:2] == (152, root_at(sqlite_log, 152))
    with sqlite_log.read() as session:
        assert len(store.all_notes(session)) == 1
    assert sm_audit(sqlite_log).ok


def test_consistency_proofs_lead_from_each_checkpoint_to_the_next(sqlite_log: SmallLog) -> None:
    founded(sqlite_log)
    for number in range(5):
        sqlite_log.submit(*(f"s{number}/{one}" for one in range(3 * number + 1)))
        sqlite_log.sequencer().drain()
        follower(sqlite_log).run()
    with sqlite_log.read() as session:
        heads = [open_signed(note, TRUSTED) for _, note in store.all_notes(session)]
        node = node_reader(store.tile_reader(session), SM3)
        for old, new in pairwise(heads):
            proof = prove_consistency(old.size, new.size, node, SM3)
            verify_consistency(old.size, new.size, old.root, new.root, proof, SM3)


def test_a_follower_that_is_told_to_stop_leaves_the_rest_for_the_next(sqlite_log: SmallLog) -> None:
    sqlite_log.grow(50)
    founded(sqlite_log)
    asked = iter([False, False, True, True])
    assert follower(sqlite_log, 10).run(lambda: next(asked)) == 20
    with pytest.raises(SmTreeNotFounded):
        published(sqlite_log)
    assert follower(sqlite_log, 10).run() == 32
    assert published(sqlite_log)[0] == 52


def test_of_two_followers_one_extends_and_neither_forks(log_of_two: SmallLog) -> None:
    log_of_two.grow(40)
    founded(log_of_two)
    other = follower(log_of_two, 5)

    @contextmanager
    def overtaken() -> Iterator[Session]:
        """A transaction before which somebody else does everything."""
        other.run()
        with log_of_two.write() as session:
            yield session

    slow = Follower(log_of_two.read, overtaken, other.origin, SM_KEY, None, 30)
    assert slow.run() == 0
    assert published(log_of_two)[:2] == (42, root_at(log_of_two, 42))
    assert sm_audit(log_of_two).ok


def test_what_was_signed_and_not_committed_is_taken_up(sqlite_log: SmallLog, tmp_path: Path) -> None:
    kept = KeptHeads(tmp_path)
    sqlite_log.grow(20)
    founded(sqlite_log)
    follower(sqlite_log, kept=kept).run()
    note = published(sqlite_log)[2]
    sqlite_log.sql("DELETE FROM ledger_sm_checkpoint")  # the commit after the signature never came
    assert follower(sqlite_log, kept=kept).run() == 0
    assert published(sqlite_log)[2] == note


def test_a_tree_older_than_its_signature_is_not_signed_on(sqlite_log: SmallLog, tmp_path: Path) -> None:
    kept = KeptHeads(tmp_path)
    founded(sqlite_log)
    sqlite_log.grow(20)
    follower(sqlite_log, kept=kept).run()
    sqlite_log.submit("a", "b", "c")
    sqlite_log.sequencer().drain()
    follower(sqlite_log, kept=kept).run()
    note = published(sqlite_log)[2]
    # An older copy of the tree comes back; the log's own entries are those of before.
    sqlite_log.sql("DELETE FROM ledger_sm_checkpoint WHERE size = 25")
    with sqlite_log.write() as session:
        store.swap_extent(session, store.extent_of(session), Extent(22, root_at(sqlite_log, 22)))
    head = sqlite_log.value("SELECT note FROM ledger_checkpoint WHERE size = 25")
    sqlite_log.sql("DELETE FROM ledger_checkpoint WHERE size = 25")
    with pytest.raises(SmTreeForked, match="older copy"):
        follower(sqlite_log, kept=kept).run()
    # Once the log has the same entries again, the tree comes to the signed root and goes on.
    sqlite_log.sql("INSERT INTO ledger_checkpoint (size, note) VALUES (25, :note)", note=head)
    assert follower(sqlite_log, kept=kept).run() == 3
    assert published(sqlite_log)[2] == note


def test_a_receipt_under_the_sm3_tree_needs_its_key_alone(log_of_two: SmallLog) -> None:
    founded(log_of_two)
    log_of_two.grow(300)
    follower(log_of_two).run()
    with log_of_two.read() as session:
        for statement in ("s0", "s299", "s17"):
            made = receipt(session, statement)
            found = verify_receipt(type(made).from_text(made.to_text()), TRUSTED)
            assert found.entry.statement.id == statement
            assert found.holder == "91341600MA2MRYJ17X"
            assert found.checkpoint.origin.endswith("/sm3")
        log_own = reading.entry_at(session, 0).entry.statement.id
        assert verify_receipt(receipt(session, log_own), TRUSTED).index == 0
        with pytest.raises(UnknownStatement):
            receipt(session, "nothing")
    log_of_two.submit("late")
    log_of_two.sequencer().drain()
    with log_of_two.read() as session, pytest.raises(NotIntegratedYet):
        receipt(session, "late")


@pytest.mark.damages_log
def test_an_audit_names_what_is_wrong_where(log_of_two: SmallLog) -> None:
    founded(log_of_two)
    log_of_two.grow(300)
    follower(log_of_two).run()
    assert sm_audit(log_of_two).ok
    tile = log_of_two.value("SELECT hashes FROM ledger_sm_tile WHERE level = 0 AND tile_index = 1")
    assert isinstance(tile, bytes | memoryview)
    changed = bytearray(tile)
    changed[32 * 3] ^= 1
    log_of_two.sql(
        "UPDATE ledger_sm_tile SET hashes = :hashes WHERE level = 0 AND tile_index = 1", hashes=bytes(changed)
    )
    assert [(fault.key(), fault.index) for fault in sm_audit(log_of_two).faults] == [("hash-altered", 259)]
    log_of_two.sql("DELETE FROM ledger_sm_tile WHERE level = 0 AND tile_index = 1")
    assert [(fault.key(), fault.index) for fault in sm_audit(log_of_two).faults] == [("hash-altered", 256)]
    log_of_two.sql("UPDATE ledger_sm_state SET root = :root", root=bytes(32))
    assert [fault.key() for fault in sm_audit(log_of_two).faults] == ["hash-altered", "state-false"]
    log_of_two.sql("UPDATE ledger_sm_checkpoint SET note = replace(note, '302', '301')")
    assert "checkpoint-false" in [fault.key() for fault in sm_audit(log_of_two).faults]
    log_of_two.sql("DELETE FROM ledger_entry WHERE entry_index = 300")
    assert ("entry-missing", 300) in [(fault.key(), fault.index) for fault in sm_audit(log_of_two).faults]


def test_a_static_tree_is_audited_like_a_database(sqlite_log: SmallLog) -> None:
    from ledger.audits.log_source import StaticTree

    founded(sqlite_log)
    sqlite_log.grow(299)
    follower(sqlite_log).run()
    size, root, note = published(sqlite_log)
    files = plain_tree.files(leaves(sqlite_log), "sm3") | {"checkpoint": note.encode()}
    report = audit_tree(StaticTree(files.get), TRUSTED)
    assert (report.ok, report.entries, report.root) == (True, size, root)
    wrong = plain_tree.files(leaves(sqlite_log)) | {"checkpoint": note.encode()}
    assert {fault.key() for fault in audit_tree(StaticTree(wrong.get), TRUSTED).faults} == {"hash-altered"}
