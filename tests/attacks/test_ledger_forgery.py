"""Somebody hands the ledger forged, respelt or hostile input: nothing of it is taken for real."""

import threading
import time
from dataclasses import replace
from enum import StrEnum
from typing import Any

import pytest
from Crypto.Hash import SHA512
from Crypto.Signature import eddsa
from sqlmodel import Session

from ledger import log as reading
from ledger import registry
from ledger.canonical import Rule, canonical, parse
from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.entry import Entry, SignedStatement, sign_statement
from ledger.errors import (
    BadKeyName,
    BadRegistration,
    BadSignature,
    DuplicateStatement,
    MalformedDisclosure,
    MalformedNote,
    MalformedReceipt,
    MalformedStatement,
    NotCanonical,
)
from ledger.keyring.registration import registration
from ledger.keys import SigningKey
from ledger.note import NoteKey, open_note
from ledger.private.disclosure import Disclosure, conceal
from ledger.proofs.bundle import Proven, Receipt, verify_receipt
from ledger.witnessing.policy import Policy
from ledger.writing import outbox, outbox_store
from ledger.writing.outbox_store import Standing
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

ORDER = 2**252 + 27742317777372353535851937790883648493
"""Order of the group Ed25519 signs in (RFC 8032, section 5.1)."""
TORSION_TWO = (2**255 - 20).to_bytes(32, "little")
"""The point (0, -1) of order two (RFC 8032, section 5.1.2)."""


def with_torsion(said: SignedStatement, key: SigningKey) -> SignedStatement:
    """Sign again with R a point of order 2: the equation then holds only when multiplied by 8."""
    secret = SHA512.new(key.seed).digest()
    scalar = int.from_bytes(secret[:32], "little") & ~7 & (1 << 255) - 1 | 1 << 254
    challenge = SHA512.new(TORSION_TWO + key.public.raw + said.signing_input()).digest()
    response = int.from_bytes(challenge, "little") * scalar % ORDER
    return replace(said, signature=TORSION_TWO + response.to_bytes(32, "little"))


def receipt_of(*entries: Entry) -> Receipt:
    """The receipt of the second of two entries under a checkpoint the log signed all the same."""
    return HostileLog(*entries).receipt(1, 0)


def test_a_signature_that_only_some_verifiers_accept_passes_neither_the_gate_nor_a_receipt(
    sqlite_log: SmallLog,
) -> None:
    doubtful = with_torsion(signed("a"), GROWER)
    assert isinstance(doubtful.signature, bytes)
    # pycryptodome asks the cofactored equation, which holds.
    eddsa.new(eddsa.import_public_key(GROWER.public.raw), "rfc8032").verify(
        doubtful.signing_input(), doubtful.signature
    )
    with pytest.raises(BadSignature), sqlite_log.write() as session:
        outbox.submit(session, doubtful)
    registered = placed(sign_statement(registration(GROWER.public, "邻居", AT_MS), ORIGIN, GROWER))
    assert verify_receipt(receipt_of(registered, placed(signed("a"))), Policy.of_log(VKEY)).holder == "邻居"
    with pytest.raises(BadSignature):
        verify_receipt(receipt_of(registered, placed(doubtful)), Policy.of_log(VKEY))


def test_a_receipt_cannot_carry_a_registration_that_nobody_checks(sqlite_log: SmallLog) -> None:
    own = f"key.registered/{GROWER.public.key_id}"
    with sqlite_log.write() as session:
        outbox.submit(session, sign_statement(statement("release"), ORIGIN, LOG_KEY))
    sqlite_log.sequencer().drain()
    # Beside a registration there is nothing it could prove; beside the log's own entry it is read like any.
    for needless, refusal in ((own, MalformedReceipt), ("release", NotCanonical)):
        with sqlite_log.read() as session:
            receipt = reading.receipt(session, needless)
        verify_receipt(receipt, Policy.of_log(VKEY))
        padded = replace(receipt, registration=Proven(7, b"whatever", ()))
        with pytest.raises(refusal):
            verify_receipt(Receipt.from_text(padded.to_text()), Policy.of_log(VKEY))


def test_a_key_is_not_registered_for_nobody_nor_again_for_somebody_else(sqlite_log: SmallLog) -> None:
    nobody = sign_statement(registration(STRANGER.public, "", AT_MS), ORIGIN, STRANGER)
    with pytest.raises(BadRegistration), sqlite_log.write() as session:
        outbox.submit(session, nobody)
    with pytest.raises(BadRegistration), sqlite_log.write() as session:
        registry.register_key(session, GROWER, ORIGIN, AT_MS, holder="另一家")


@pytest.mark.parametrize(
    "invisible", ["\u200b", "\ufeff", "\u2060", "\u00ad", "\ufe0f", "\U000e0041", "\u3164"]
)
def test_no_second_subject_looks_like_the_first(invisible: str) -> None:
    with pytest.raises(MalformedStatement):
        statement("a", subject=f"lot/BS-24-0001{invisible}")


def test_a_truth_value_for_a_time_cannot_poison_a_subject(sqlite_log: SmallLog) -> None:
    """`true` passes every comparison of numbers, but a leaf with it is no entry."""
    with pytest.raises(MalformedStatement), sqlite_log.write() as session:
        outbox.submit(session, sign_statement(replace(statement("a"), at_ms=True), ORIGIN, GROWER))


@pytest.mark.parametrize("junk", ["=", "\n", "!", " "])
def test_a_disclosure_has_one_spelling(junk: str) -> None:
    encoded = conceal("phone", "13800000000", bytes).encoded
    for place in (0, 4, len(encoded)):
        with pytest.raises(MalformedDisclosure):
            Disclosure(encoded[:place] + junk + encoded[place:])


def test_a_name_of_an_odd_class_is_refused_before_it_is_written() -> None:
    class Name(StrEnum):
        GRAMS = "grams"

    with pytest.raises(NotCanonical) as refused:
        canonical({Name.GRAMS: 1})
    assert refused.value.rule == Rule.TYPE


def test_ten_times_the_names_and_one_repeated_cost_no_hundred_times_the_work() -> None:
    def cost(names: int) -> float:
        text = ",".join(f'"{number}":0' for number in (*range(names), names - 1))
        begun = time.thread_time()
        with pytest.raises(NotCanonical) as refused:
            parse(f"{{{text}}}".encode())
        assert refused.value.rule == Rule.DUPLICATE_KEY
        return time.thread_time() - begun

    few, many = (min(cost(names) for _ in range(3)) for names in (10_000, 100_000))
    assert many < 40 * few


def test_half_a_character_in_a_note_or_its_name_is_refused_like_any_other_fault() -> None:
    trusted = NoteKey.from_vkey(VKEY)
    note = sign_checkpoint(Checkpoint(ORIGIN, 0, bytes(32)), [LOG_KEY]).text
    with pytest.raises(MalformedNote):
        open_note(note.replace("\n\n", "\n\ud800\n\n"), [trusted])
    with pytest.raises(BadKeyName):
        NoteKey("log\ud800", LOG_KEY.public)
    with pytest.raises(BadKeyName):
        NoteKey.from_vkey(VKEY.replace("log", "log\udcff", 1))


@pytest.mark.postgresql
@pytest.mark.parametrize("integrated", [False, True])
def test_a_race_with_one_id_never_gives_two_of_it_nor_blocks_the_subject(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch, integrated: bool
) -> None:
    """The rival commits after our transaction began and before the gate asks whether the id is taken."""
    log = SmallLog(postgresql_url)
    hold = outbox_store.hold

    def overtaken(session: Session, *asked: Any) -> Standing:
        monkeypatch.setattr(outbox_store, "hold", hold)
        session.connection().exec_driver_sql("SELECT 1")
        log.submit("a", subject="lot/rival")
        if integrated:
            log.sequencer().drain()
        return hold(session, *asked)

    monkeypatch.setattr(outbox_store, "hold", overtaken)
    with pytest.raises(DuplicateStatement):
        log.submit("a", subject="lot/1")
    log.submit("b", subject="lot/1")
    log.sequencer().drain()
    report, waiting = log.audit(), log.value("SELECT count(*) FROM ledger_pending")
    log.engine.dispose()
    assert (report.ok, report.entries, waiting) == (True, 4, 0)


@pytest.mark.postgresql
def test_many_who_submit_one_id_at_once_leave_one_entry(postgresql_url: str) -> None:
    log = SmallLog(postgresql_url)
    barrier = threading.Barrier(6)
    outcomes: list[str] = []

    def submit(rival: int) -> None:
        for number in range(10):
            barrier.wait()
            try:
                log.submit(f"s{number}", subject=f"lot/{rival}")
                outcomes.append("stored")
            except DuplicateStatement:
                outcomes.append("refused")

    threads = [threading.Thread(target=submit, args=(rival,)) for rival in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log.sequencer().drain() == 12
    report, waiting = log.audit(), log.value("SELECT count(*) FROM ledger_pending")
    log.engine.dispose()
    assert (report.ok, waiting) == (True, 0)
    assert (outcomes.count("stored"), outcomes.count("refused")) == (10, 50)
