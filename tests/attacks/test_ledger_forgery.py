"""Somebody hands the ledger forged, respelt or hostile input: nothing of it is taken for real."""

import time
from dataclasses import replace
from enum import StrEnum

import pytest
from Crypto.Hash import SHA512
from sqlmodel import Session

from ledger import log as reading
from ledger import outbox, registry
from ledger.bundle import Proven, Receipt, verify_receipt
from ledger.canonical import Rule, canonical, parse
from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.disclosure import Disclosure, conceal
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
from ledger.keys import PublicKey, SigningKey
from ledger.merkle import leaf_hash, nodes_of, prove_inclusion, root_of
from ledger.note import NoteKey, open_note
from ledger.registration import registration
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
    leaves = [entry.leaf_bytes for entry in entries]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    note = sign_checkpoint(Checkpoint(ORIGIN, 2, root_of(hashes)), LOG_KEY).text
    first, second = (tuple(prove_inclusion(index, 2, nodes_of(hashes))) for index in (0, 1))
    return Receipt(1, leaves[1], second, note, Proven(0, leaves[0], first))


def placed(said: SignedStatement) -> Entry:
    return Entry(signed=said, seq=0, prev="0" * 64)


def test_a_signature_that_only_some_verifiers_accept_passes_neither_the_gate_nor_a_receipt(
    sqlite_log: SmallLog,
) -> None:
    doubtful = with_torsion(signed("a"), GROWER)
    GROWER.public.verify(doubtful.signing_input(), doubtful.signature)  # the cofactored equation holds
    with pytest.raises(BadSignature), sqlite_log.write() as session:
        outbox.submit(session, doubtful)
    registered = placed(sign_statement(registration(GROWER.public, "邻居", AT_MS), ORIGIN, GROWER))
    assert verify_receipt(receipt_of(registered, placed(signed("a"))), VKEY).holder == "邻居"
    with pytest.raises(BadSignature):
        verify_receipt(receipt_of(registered, placed(doubtful)), VKEY)


def test_a_receipt_cannot_carry_a_registration_that_nobody_checks(sqlite_log: SmallLog) -> None:
    own = f"key.registered/{GROWER.public.key_id}"
    with sqlite_log.write() as session:
        outbox.submit(session, sign_statement(statement("release"), ORIGIN, LOG_KEY))
    sqlite_log.sequencer().drain()
    for needless in (own, "release"):
        with sqlite_log.read() as session:
            receipt = reading.receipt(session, needless)
        verify_receipt(receipt, VKEY)
        padded = replace(receipt, registration=Proven(7, b"whatever", ()))
        with pytest.raises(MalformedReceipt):
            verify_receipt(Receipt.from_text(padded.to_text()), VKEY)


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


def test_many_names_and_one_repeated_are_refused_in_a_moment() -> None:
    names = [f'"{number}":0' for number in range(100_000)]
    begun = time.process_time()
    with pytest.raises(NotCanonical) as refused:
        parse(f"{{{','.join([*names, names[-1]])}}}".encode())
    assert refused.value.rule == Rule.DUPLICATE_KEY
    assert time.process_time() - begun < 2


def test_half_a_character_in_a_note_or_its_name_is_refused_like_any_other_fault() -> None:
    trusted = NoteKey.from_vkey(VKEY)
    note = sign_checkpoint(Checkpoint(ORIGIN, 0, bytes(32)), LOG_KEY).text
    with pytest.raises(MalformedNote):
        open_note(note.replace("\n\n", "\n\ud800\n\n"), trusted)
    with pytest.raises(BadKeyName):
        NoteKey("log\ud800", LOG_KEY.public)
    with pytest.raises(BadKeyName):
        NoteKey.from_vkey(VKEY.replace("log", "log\udcff", 1))


@pytest.mark.postgresql
@pytest.mark.parametrize("integrated", [False, True])
def test_a_race_with_one_id_never_gives_two_of_it_nor_blocks_the_subject(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch, integrated: bool
) -> None:
    """The rival commits after the gate asked whether the id is taken."""
    log = SmallLog(postgresql_url)
    admit = outbox._admit

    def overtaken(session: Session, said: SignedStatement) -> PublicKey:
        key = admit(session, said)
        monkeypatch.setattr(outbox, "_admit", admit)
        log.submit("a", subject="lot/rival")
        if integrated:
            log.sequencer().drain()
        return key

    monkeypatch.setattr(outbox, "_admit", overtaken)
    with pytest.raises(DuplicateStatement):
        log.submit("a", subject="lot/1")
    log.submit("b", subject="lot/1")
    log.sequencer().drain()
    report, waiting = log.audit(), log.value("SELECT count(*) FROM ledger_pending")
    log.engine.dispose()
    assert (report.ok, report.entries, waiting) == (True, 4, 0)
