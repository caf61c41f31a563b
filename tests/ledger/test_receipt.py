"""Receipts made from a stored log and checked without it."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ledger import log as reading
from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.entry import Entry, Statement, sign_statement
from ledger.errors import (
    BadProof,
    BadRegistration,
    BadSignature,
    DaodiError,
    MalformedReceipt,
    NoCheckpointYet,
    NotIntegratedYet,
    NotSignedByLog,
    ProofOutOfRange,
    UnknownKey,
    UnknownStatement,
    WrongLog,
)
from ledger.keyring.key_errors import NotALogKey
from ledger.keyring.registration import registration
from ledger.merkle import EMPTY_ROOT, leaf_hash, verify_inclusion
from ledger.note import NoteKey
from ledger.proofs.bundle import Receipt, verify_receipt
from ledger.proofs.subject_answer import FORMAT, verify_subject
from ledger.subjects.subject_index import KIND as SUBJECTS
from ledger.subjects.subject_index import SubjectIndex
from ledger.witnessing.policy import Policy
from ledger.writing import outbox
from tests.ledger.hostile_log import HostileLog, placed
from tests.ledger.small_log import (
    AT_MS,
    GROWER,
    LOG_KEY,
    ORIGIN,
    STRANGER,
    VKEY,
    SmallLog,
    signed,
    statement,
)


@pytest.fixture
def receipt(sqlite_log: SmallLog) -> Iterator[Receipt]:
    """The receipt of entry 102 of a log of 300."""
    sqlite_log.grow(298)
    with sqlite_log.read() as session:
        yield reading.receipt(session, "s100")


def test_a_receipt_shows_who_said_what_without_the_log(log_of_two: SmallLog) -> None:
    log_of_two.grow(30)
    with log_of_two.read() as session:
        assert reading.vkey(session) == VKEY
        text = reading.receipt(session, "s9").to_text()
    verified = verify_receipt(Receipt.from_text(text), Policy.of_log(VKEY))
    assert verified.entry.statement.id == "s9"
    assert verified.entry.statement.public == {"grams": 9}
    assert (verified.index, verified.holder) == (11, "91341600MA2MRYJ17X")
    assert verified.key == GROWER.public
    assert verified.checkpoint.size == 32


def test_every_statement_has_a_receipt_that_holds(sqlite_log: SmallLog) -> None:
    sqlite_log.grow(20)
    with sqlite_log.read() as session:
        names = [f"s{number}" for number in range(20)]
        names += [f"key.registered/{key.public.key_id}" for key in (LOG_KEY, GROWER)]
        for name in names:
            receipt = reading.receipt(session, name)
            assert verify_receipt(receipt, Policy.of_log(VKEY)).entry.statement.id == name


def test_the_file_is_a_tlog_proof(receipt: Receipt) -> None:
    """c2sp.org/tlog-proof, checked with nothing but its text, base64 and the RFC 9162 verifier."""
    head, checkpoint = receipt.to_text().split("\n\n", 1)
    header, extra, index, *proof = head.split("\n")
    assert header == "c2sp.org/tlog-proof@v1"
    assert extra.startswith("extra ")
    assert index == "index 102"
    origin, size, root = checkpoint.split("\n\n")[0].split("\n")
    assert (origin, size) == (ORIGIN, "300")
    leaf = b64decode(extra.removeprefix("extra ")).split(b"\n")[1]
    hashes = [b64decode(line) for line in proof]
    verify_inclusion(leaf_hash(leaf), 102, 300, hashes, b64decode(root))


def test_a_receipt_file_reads_back_as_it_was(receipt: Receipt) -> None:
    assert Receipt.from_text(receipt.to_text()) == receipt
    bare = replace(receipt, registration=None)
    assert Receipt.from_text(bare.to_text()) == bare


def test_another_index_leaf_proof_or_checkpoint_is_refused(receipt: Receipt) -> None:
    forged = sign_checkpoint(Checkpoint(ORIGIN, 300, bytes(32)), [STRANGER]).text
    other = Entry(signed=signed("s100", grams=101), seq=14, prev="0" * 64).leaf_bytes
    changes: list[tuple[Receipt, type[DaodiError]]] = [
        (replace(receipt, index=103), BadProof),
        (replace(receipt, proof=receipt.proof[:-1]), BadProof),
        (replace(receipt, proof=(*receipt.proof[1:], receipt.proof[0])), BadProof),
        (replace(receipt, leaf_bytes=other), BadProof),
        (replace(receipt, checkpoint_text=forged), NotSignedByLog),
        (replace(receipt, registration=None), UnknownKey),
    ]
    for changed, error in changes:
        with pytest.raises(error):
            verify_receipt(changed, Policy.of_log(VKEY))


def test_a_receipt_does_not_hold_for_another_log(receipt: Receipt) -> None:
    with pytest.raises(NotSignedByLog):
        verify_receipt(receipt, Policy.of_log(NoteKey(ORIGIN, STRANGER.public).to_vkey()))
    with pytest.raises(NotSignedByLog):
        verify_receipt(receipt, Policy.of_log(NoteKey("log.example/anguo", LOG_KEY.public).to_vkey()))


REGISTERED = placed(sign_statement(registration(GROWER.public, "邻居", AT_MS), ORIGIN, GROWER))


def test_a_key_registered_after_it_signed_does_not_count() -> None:
    log = HostileLog(placed(signed("a")), REGISTERED)
    with pytest.raises(BadProof, match="after"):
        verify_receipt(log.receipt(0, 1), Policy.of_log(VKEY))
    hostile = HostileLog(REGISTERED, placed(signed("a")))
    assert verify_receipt(hostile.receipt(1, 0), Policy.of_log(VKEY)).holder == "邻居"


def test_an_included_entry_nobody_signed_does_not_count() -> None:
    unsigned = replace(signed("a"), signature=bytes(64))
    with pytest.raises(BadSignature):
        verify_receipt(HostileLog(REGISTERED, placed(unsigned)).receipt(1, 0), Policy.of_log(VKEY))


def test_a_registration_by_another_key_does_not_count() -> None:
    forged = replace(sign_statement(registration(GROWER.public, "邻居", AT_MS), ORIGIN, STRANGER))
    claimed = replace(forged, actor=GROWER.public.key_id)
    with pytest.raises(BadSignature):
        verify_receipt(HostileLog(placed(claimed), placed(signed("a"))).receipt(1, 0), Policy.of_log(VKEY))
    with pytest.raises(UnknownKey):
        verify_receipt(HostileLog(placed(forged), placed(signed("a"))).receipt(1, 0), Policy.of_log(VKEY))
    other_subject = replace(registration(GROWER.public, "邻居", AT_MS), subject="lot/1")
    relabelled = sign_statement(other_subject, ORIGIN, GROWER)
    with pytest.raises(BadRegistration):
        verify_receipt(HostileLog(placed(relabelled), placed(signed("a"))).receipt(1, 0), Policy.of_log(VKEY))


def test_an_entry_made_for_another_log_does_not_count() -> None:
    foreign = placed(sign_statement(statement("a"), "log.example/anguo", GROWER))
    with pytest.raises(WrongLog):
        verify_receipt(HostileLog(REGISTERED, foreign).receipt(1, 0), Policy.of_log(VKEY))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
        ("extra ", "Extra "),
        ("extra ", "extra !"),
        ("index 2", "index 02"),
        ("index 2", "index -2"),
        ("index 2", "index"),
        ("index 2\n", "index 2\nAAAA\n"),
        ("\n\n", "\n"),
        ("\n", "\r\n"),
    ],
)
def test_a_file_of_another_form_is_refused(receipt_file: str, old: str, new: str) -> None:
    assert old in receipt_file
    with pytest.raises(MalformedReceipt):
        Receipt.from_text(receipt_file.replace(old, new))


@pytest.mark.parametrize(
    "extra",
    [
        b"",
        b"{}",
        b"daodi-receipt@v2\n{}\n",
        b"daodi-receipt@v1\n{}",
        b"daodi-receipt@v1\n{}\n{}\n",
        b"daodi-receipt@v1\n{}\n{}\nindex \xff\n",
    ],
)
def test_an_extra_of_another_form_is_refused(receipt_file: str, extra: bytes) -> None:
    lines = receipt_file.split("\n")
    lines[1] = "extra " + b64encode(extra).decode()
    with pytest.raises(MalformedReceipt):
        Receipt.from_text("\n".join(lines))


def test_no_receipt_before_a_checkpoint_and_none_for_the_unknown(log_of_two: SmallLog) -> None:
    log_of_two.submit("a")
    with log_of_two.read() as session:
        assert reading.find(session, "a") is None
        with pytest.raises(NotIntegratedYet, match="a"):
            reading.receipt(session, "a")
    log_of_two.sequencer().drain()
    log_of_two.submit("b")
    with log_of_two.read() as session:
        assert verify_receipt(reading.receipt(session, "a"), Policy.of_log(VKEY)).index == 2
        with pytest.raises(NotIntegratedYet):
            reading.receipt(session, "b")
        with pytest.raises(UnknownStatement, match="nothing"):
            reading.receipt(session, "nothing")


def test_an_entry_signed_by_the_log_itself_needs_no_registration(sqlite_log: SmallLog) -> None:
    with sqlite_log.read() as session, pytest.raises(NoCheckpointYet):
        reading.checkpoint(session)
    with sqlite_log.write() as session:
        outbox.submit(session, sign_statement(statement("release"), ORIGIN, LOG_KEY))
    sqlite_log.sequencer().drain()
    with sqlite_log.read() as session:
        receipt = reading.receipt(session, "release")
    assert receipt.registration is None
    verified = verify_receipt(Receipt.from_text(receipt.to_text()), Policy.of_log(VKEY))
    assert (verified.holder, verified.key) == (ORIGIN, LOG_KEY.public)


def test_the_log_is_read_by_index_id_and_subject(log_of_two: SmallLog) -> None:
    log_of_two.grow(15, lots=3)
    with log_of_two.read() as session:
        found = reading.find(session, "s4")
        assert found is not None
        assert found == reading.entry_at(session, 6)
        history = reading.history(session, "lot/1")
        assert [logged.entry.statement.id for logged in history] == ["s1", "s4", "s7", "s10", "s13"]
        assert [logged.entry.seq for logged in history] == [0, 1, 2, 3, 4]
        with pytest.raises(ProofOutOfRange, match="17"):
            reading.entry_at(session, 17)
        with pytest.raises(ProofOutOfRange):
            reading.inclusion(session, 0, 18)
        with pytest.raises(ProofOutOfRange):
            reading.consistency(session, 5, 18)
        leaf = reading.entry_at(session, 5).entry.leaf_hash
        head = reading.checkpoint(session)
        verify_inclusion(leaf, 5, 17, reading.inclusion(session, 5, 17), head.root)


def test_an_index_of_subjects_that_a_party_stated_proves_nothing() -> None:
    """Its receipt holds, and so does the absence under it; but only the log may say what the log holds."""
    empty = SubjectIndex(1, 0, EMPTY_ROOT)
    said = Statement(
        id=empty.statement_id, kind=SUBJECTS, subject="log/subjects", at_ms=AT_MS, public=empty.to_public()
    )
    log = HostileLog(REGISTERED, placed(sign_statement(said, ORIGIN, GROWER)))
    made = log.receipt(1, 0)
    answer = {
        "format": FORMAT,
        "state": "absent",
        "subject": "lot/1",
        **empty.to_public(),
        "statement_id": empty.statement_id,
        "entry_index": 1,
        "receipt": made.to_text(),
    }
    verify_receipt(made, Policy.of_log(VKEY))
    with pytest.raises(NotALogKey):
        verify_subject(answer, Policy.of_log(VKEY))
