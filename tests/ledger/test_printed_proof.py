"""Printed proofs: every receipt has one printed form, and it gives that receipt back."""

import json
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import log as reading
from ledger.entry import Entry, Statement, sign_statement
from ledger.errors import BadProof, DaodiError
from ledger.keyring.registration import registration
from ledger.manifests.manifest import path as manifest_path
from ledger.manifests.manifest import sign_manifest
from ledger.proofs import base45
from ledger.proofs.bundle import Receipt, verify_receipt
from ledger.proofs.printed_errors import MalformedPrintedProof, NotPrintable, PrintedProofTooLarge
from ledger.proofs.printed_phrases import PHRASES, restore, shorten
from ledger.proofs.printed_proof import MAX_BYTES, fitted, from_text, pack, to_text, unpack
from ledger.witnessing.cosignature import CosignerKey
from ledger.witnessing.policy import Group, Policy, Witness
from tests.ledger.bits import flipped
from tests.ledger.small_log import AT_MS, GROWER, ORIGIN, STRANGER, VKEY, SmallLog, signed, statement
from tests.ledger.wide_tree import WITNESSES, wide_receipt

TRUSTED = Policy.of_log(VKEY)
REGISTERED = Entry(
    signed=sign_statement(registration(GROWER.public, "91341600MA2MRYJ17X", AT_MS), ORIGIN, GROWER),
    seq=0,
    prev="0" * 64,
)
EVENT = {
    "@context": [
        "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        {"tcm": "https://ns.daodi.example/tcm/"},
    ],
    "bizLocation": {"id": f"https://{ORIGIN}/place/WORKS-07"},
    "bizStep": "tcm:paozhi",
    "disposition": "active",
    "eventID": "urn:uuid:4f25d3ec-04f8-4b25-a11f-2803932e35d4",
    "eventTime": "2026-09-02T12:00:00.000+08:00",
    "eventTimeZoneOffset": "+08:00",
    "inputQuantityList": [
        {"epcClass": f"https://{ORIGIN}/lot/BS-24-0001-M", "quantity": 600000, "uom": "GRM"}
    ],
    "outputQuantityList": [
        {"epcClass": f"https://{ORIGIN}/lot/YP-24-0001", "quantity": 550000, "uom": "GRM"}
    ],
    "readPoint": {"id": f"https://{ORIGIN}/place/WORKS-07"},
    "recordTime": "2026-09-02T05:00:00.000+00:00",
    "tcm:fields": {"method": "切薄片", "standard": "中国药典2020年版"},
    "tcm:lots": [{"lot": f"https://{ORIGIN}/lot/YP-24-0001"}],
    "tcm:party": f"https://{ORIGIN}/party/91341602MA8Q123487",
    "tcm:stage": "paozhi",
    "type": "TransformationEvent",
}
STEP = Entry(
    signed=sign_statement(
        Statement(
            id="urn:uuid:4f25d3ec-04f8-4b25-a11f-2803932e35d4",
            kind="step",
            subject="lot/YP-24-0001",
            at_ms=AT_MS,
            public={"event": EVENT},
            digests=tuple(f"{letter}" * 42 + "A" for letter in "abcd"),
            refs=("urn:uuid:c7e7fb29-c3f9-4692-8b50-74faee0fb045",),
        ),
        ORIGIN,
        GROWER,
    ),
    seq=4,
    prev="ab" * 32,
)
"""A step of the size that steps have: about 1,500 bytes as a leaf."""


def far_apart(size: int, witnesses: int) -> Receipt:
    """A receipt whose two entries share as little of the tree as they can."""
    return wide_receipt(size, (size * 5 // 8, STEP), (size // 3, REGISTERED), witnesses=witnesses)


@cache
def small() -> bytes:
    """A printed proof in a tree of six."""
    return pack(wide_receipt(6, (4, STEP), (1, REGISTERED), witnesses=1))


def test_every_receipt_of_a_real_log_comes_back_and_verifies(log_of_two: SmallLog) -> None:
    log_of_two.grow(20)
    with log_of_two.read() as session:
        for index in range(22):
            statement_id = reading.entry_at(session, index).entry.statement.id
            receipt = reading.receipt(session, statement_id)
            text = to_text(pack(receipt))
            assert len(text) < len(receipt.to_text())
            assert from_text(text) == receipt
            found = verify_receipt(from_text(text + "\n"), TRUSTED)
            assert found.entry.statement.id == statement_id


@settings(max_examples=60)
@given(
    size=st.integers(2, 2**40),
    places=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    witnesses=st.integers(0, 4),
    text=st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cf")), max_size=60),
    phrases=st.lists(st.sampled_from(PHRASES), max_size=4),
)
def test_any_receipt_comes_back(
    size: int, places: tuple[float, float], witnesses: int, text: str, phrases: list[str]
) -> None:
    index, registered = (min(int(place * size), size - 1) for place in places)
    public = {"said": text, "phrases": [phrase.replace("\n", "") for phrase in phrases]}
    said = Statement(id="s", kind="step", subject="lot/1", at_ms=AT_MS, public=public)
    entry = Entry(signed=sign_statement(said, ORIGIN, GROWER), seq=0, prev="0" * 64)
    if index == registered:
        registered = 0 if index else 1
    receipt = wide_receipt(size, (index, entry), (registered, REGISTERED), witnesses=witnesses)
    assert unpack(pack(receipt)) == receipt


def test_an_entry_under_a_manifest_comes_back_and_verifies() -> None:
    statements = [statement(f"s{number}", grams=number) for number in range(5)]
    manifest = sign_manifest(statements, ORIGIN, GROWER, "manifest/1", AT_MS)
    member = Entry(signed=manifest.statements[3], seq=0, prev="0" * 64)
    vouching = Entry(signed=manifest.signed, seq=0, prev="0" * 64)
    path = tuple(manifest_path(manifest.digests(), 3))
    receipt = wide_receipt(99, (60, member), (1, REGISTERED), (55, vouching), path, witnesses=2)
    back = from_text(to_text(pack(receipt)))
    assert back == receipt
    assert verify_receipt(back, TRUSTED).entry.statement.id == "s3"


@pytest.mark.parametrize("witnesses", [0, 1, 2, 3])
@pytest.mark.parametrize("size", [10**3, 10**4, 10**5, 10**6, 10**7, 10**8])
def test_the_proof_of_a_step_fits_one_code(size: int, witnesses: int) -> None:
    """The table of docs/ledger-format.md: each tenfold log adds a few hashes, each witness its line."""
    receipt = far_apart(size, witnesses)
    raw = pack(receipt)
    assert len(STEP.leaf_bytes) > 1500
    assert len(to_text(raw)) <= 4296  # ISO/IEC 18004, table 7: version 40, level L, alphanumeric
    assert verify_receipt(unpack(raw), TRUSTED).index == receipt.index


def test_every_single_bit_that_is_changed_is_refused() -> None:
    raw = pack(wide_receipt(2, (1, REGISTERED)))
    verify_receipt(unpack(raw), TRUSTED)
    for bit in range(8 * len(raw)):
        with pytest.raises(DaodiError):
            verify_receipt(unpack(flipped(raw, bit)), TRUSTED)


def test_a_changed_bit_in_any_byte_of_the_longest_kind_is_refused() -> None:
    raw = small()
    verify_receipt(unpack(raw), TRUSTED_WITH_ONE)
    for place in range(len(raw)):
        with pytest.raises(DaodiError):
            verify_receipt(unpack(flipped(raw, 8 * place + place % 8)), TRUSTED_WITH_ONE)


def test_every_changed_character_of_the_text_is_refused() -> None:
    text = to_text(small())
    for place in range(0, len(text), 4):  # three characters make a group: each place of one comes up
        letter = text[place]
        other = base45.ALPHABET[(base45.ALPHABET.find(letter) + 7) % 45]
        with pytest.raises(DaodiError):
            verify_receipt(from_text(text[:place] + other + text[place + 1 :]), TRUSTED_WITH_ONE)


@pytest.mark.parametrize("cut", [1, 2, 3, 100])
def test_a_scan_that_lost_or_gained_something_is_refused(cut: int) -> None:
    raw, text = small(), to_text(small())
    for changed in (raw[:-cut], raw[cut:], raw + bytes(cut)):
        with pytest.raises(MalformedPrintedProof):
            unpack(changed)
    for line in (text[:-cut], text[cut:], f" {text}", f"{text} ", text.lower(), f"{text}\n\n"):
        with pytest.raises(MalformedPrintedProof):
            from_text(line)


@settings(max_examples=200)
@given(raw=st.binary(max_size=400))
def test_arbitrary_bytes_are_refused_and_nothing_else_happens(raw: bytes) -> None:
    for prefix in (b"", small()[:2], small()[: len(small()) // 2]):
        with pytest.raises(MalformedPrintedProof):
            unpack(prefix + raw)


@settings(max_examples=200)
@given(raw=st.binary(max_size=80))
def test_base45_has_one_text_for_each_value(raw: bytes) -> None:
    assert base45.decode(base45.encode(raw)) == raw


@pytest.mark.parametrize("text", ["A", "AAAA", "aa", ":::", "::", "GGW", "é12"])
def test_base45_refuses_what_it_does_not_write(text: str) -> None:
    with pytest.raises(ValueError, match="not base45"):
        base45.decode(text)


@pytest.mark.parametrize(
    "short",
    [b"\x03\xff", b"\x03", b"\x00abc", b"\x02abc", b"urn:uuid:", f"https://{ORIGIN}/".encode(), b"\xff"],
)
def test_a_text_has_one_short_form(short: bytes) -> None:
    with pytest.raises(MalformedPrintedProof):
        restore(short, ORIGIN)


def test_every_phrase_is_worth_its_place() -> None:
    assert len(set(PHRASES)) == len(PHRASES) < 256
    for phrase in PHRASES:
        assert restore(shorten(phrase, ORIGIN), ORIGIN) == phrase
        assert len(shorten(phrase, ORIGIN)) < len(phrase)


WATCHERS = tuple(
    Witness(f"w{number}", CosignerKey(*pair))
    for number, pair in enumerate((name, key.public) for name, key in WITNESSES)
)
TRUSTED_WITH_ONE = Policy(TRUSTED.logs, WATCHERS[:1], (), "w0")


def test_witnesses_beyond_the_quorum_give_way_where_room_is_short() -> None:
    public = json.loads(json.dumps({"event": EVENT, "more": "白芍" * 60}))
    said = replace(STEP.statement, public=public)
    entry = Entry(signed=sign_statement(said, ORIGIN, GROWER), seq=4, prev="ab" * 32)
    receipt = wide_receipt(10**7, (6 * 10**6, entry), (3 * 10**6, REGISTERED), witnesses=4)
    assert len(pack(receipt)) > MAX_BYTES
    two = Policy(TRUSTED.logs, WATCHERS, (Group("two", 2, ("w0", "w1", "w2", "w3")),), "two")
    raw = fitted(receipt, two)
    assert len(raw) <= MAX_BYTES
    assert 2 <= len(verify_receipt(unpack(raw), two).checkpoint.cosigned) < 4
    every = Policy(TRUSTED.logs, WATCHERS, (Group("all", 4, ("w0", "w1", "w2", "w3")),), "all")
    with pytest.raises(PrintedProofTooLarge):
        to_text(fitted(receipt, every))


def test_what_has_no_printed_form_is_said() -> None:
    receipt = far_apart(100, 0)
    note = receipt.checkpoint_text
    with pytest.raises(NotPrintable):
        pack(replace(receipt, checkpoint_text=note + "\u2014 other.example " + "AAAAAAAAAA==\n"))
    with pytest.raises(NotPrintable):
        pack(replace(receipt, registration=replace(receipt.registration, index=receipt.index)))  # type: ignore[type-var]
    with pytest.raises(BadProof):
        pack(replace(receipt, index=receipt.index - 1))
    foreign = Entry(signed=sign_statement(statement("x"), ORIGIN, STRANGER), seq=0, prev="0" * 64)
    with pytest.raises(NotPrintable):
        pack(wide_receipt(100, (60, foreign), (3, REGISTERED)))
    extended = note.replace("\n\n", "\nextension line\n\n", 1)
    with pytest.raises(NotPrintable):
        pack(replace(receipt, checkpoint_text=extended))


def test_it_proves_what_the_receipt_proves_and_no_more() -> None:
    unsigned = Entry(signed=replace(signed("a"), signature=bytes(64)), seq=0, prev="0" * 64)
    late = wide_receipt(100, (3, STEP), (60, REGISTERED))
    for receipt in (wide_receipt(100, (60, unsigned), (3, REGISTERED)), late):
        with pytest.raises(DaodiError):
            verify_receipt(unpack(pack(receipt)), TRUSTED)
