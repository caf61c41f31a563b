"""Statements, their signatures, and the leaf that keeps them."""

import json
from base64 import b64decode
from dataclasses import replace
from typing import Any

import pytest

from ledger.entry import GENESIS, MAX_LEAF_SIZE, Entry, Statement, parse_leaf, sign_statement
from ledger.errors import (
    BadSignature,
    DaodiError,
    LeafTooLarge,
    MalformedLeaf,
    MalformedStatement,
    NotCanonical,
)
from ledger.keys import SigningKey
from ledger.merkle import leaf_hash

ORIGIN = "log.example/bozhou"
KEY = SigningKey.from_seed(bytes(range(32)))
STATEMENT = Statement(
    id="urn:uuid:6c84fb90-12c4-11e1-840d-7b25c5ee775a",
    kind="step",
    subject="lot/亳字240301",
    at_ms=1_735_689_600_000,
    public={"herb": "白芍", "grams": 12_500},
    digests=("b" * 43, "a" * 43),
    refs=("step-1",),
)
SIGNED = sign_statement(STATEMENT, ORIGIN, KEY)
ENTRY = Entry(signed=SIGNED, seq=3, prev="ab" * 32)

# docs/ledger-format.md, sections 2 and 3, written out by hand; only the signature is computed.
BODY = (
    '{"actor":"'
    + KEY.public.key_id
    + '","at_ms":1735689600000,"digests":["'
    + "a" * 43
    + '","'
    + "b" * 43
    + '"],'
    '"id":"urn:uuid:6c84fb90-12c4-11e1-840d-7b25c5ee775a","kind":"step","log":"log.example/bozhou",'
    '"public":{"grams":12500,"herb":"白芍"},"refs":["step-1"],"subject":"lot/亳字240301","v":1}'
).encode()


def test_the_signature_is_over_the_documented_bytes() -> None:
    message = b"daodi/statement/v1\n" + len(BODY).to_bytes(8, "big") + BODY
    assert SIGNED.signing_input() == message
    assert SIGNED.signature == KEY.sign(message)
    SIGNED.verify(KEY.public)
    SIGNED.verify(KEY.public)


def test_the_leaf_is_the_documented_bytes() -> None:
    leaf = json.loads(ENTRY.leaf_bytes)
    assert b64decode(leaf.pop("sig")) == SIGNED.signature
    assert (leaf.pop("seq"), leaf.pop("prev")) == (3, "ab" * 32)
    assert leaf == json.loads(BODY)
    assert ENTRY.leaf_hash == leaf_hash(ENTRY.leaf_bytes)


def test_a_leaf_parses_to_the_entry_it_was_made_from() -> None:
    parsed = parse_leaf(ENTRY.leaf_bytes)
    assert parsed.leaf_bytes == ENTRY.leaf_bytes
    assert parsed.statement == replace(STATEMENT, digests=("a" * 43, "b" * 43))
    parsed.signed.verify(KEY.public)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("id", "another"),
        ("kind", "release"),
        ("subject", "lot/other"),
        ("at_ms", 0),
        ("public", {"herb": "白芍", "grams": 12_501}),
        ("digests", ("a" * 43,)),
        ("refs", ()),
    ],
)
def test_no_part_of_a_statement_changes_under_its_signature(part: str, value: Any) -> None:
    changed: dict[str, Any] = {part: value}
    forged = replace(SIGNED, statement=replace(STATEMENT, **changed))
    with pytest.raises(BadSignature):
        forged.verify(KEY.public)


def test_a_statement_cannot_be_replayed_to_another_log_or_key() -> None:
    for forged in (replace(SIGNED, origin="log.example/anguo"), replace(SIGNED, actor="0" * 32)):
        with pytest.raises(BadSignature):
            forged.verify(KEY.public)


def test_every_single_byte_of_a_leaf_matters() -> None:
    leaf = ENTRY.leaf_bytes
    for place in range(len(leaf)):
        changed = bytearray(leaf)
        changed[place] ^= 1
        assert leaf_hash(bytes(changed)) != ENTRY.leaf_hash
        try:
            parse_leaf(bytes(changed)).signed.verify(KEY.public)
        except DaodiError:
            continue
        # What the party did not sign is where the writer placed the entry.
        assert any(name in leaf[max(0, place - 80) : place] for name in (b'"prev":"', b'"seq":'))


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("id", ""),
        ("id", "有"),
        ("id", "a b"),
        ("id", "x" * 201),
        ("id", "a\n"),
        ("kind", "Step"),
        ("kind", "x" * 65),
        ("subject", "lot 1"),
        ("subject", "x" * 201),
        ("at_ms", -1),
        ("at_ms", 2**53),
        ("digests", ("short",)),
        ("digests", ("a" * 42 + "=",)),
        ("refs", ("",)),
    ],
)
def test_a_part_without_its_form_is_refused_by_name(part: str, value: Any) -> None:
    changed: dict[str, Any] = {part: value}
    with pytest.raises(MalformedStatement, match=part):
        replace(STATEMENT, **changed)


def leaf_with(**members: Any) -> bytes:
    leaf = {**json.loads(ENTRY.leaf_bytes), **members}
    kept = {name: value for name, value in leaf.items() if value is not None}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "members",
    [
        {"v": 2},
        {"v": True},
        {"seq": -1},
        {"seq": "3"},
        {"seq": None},
        {"more": 1},
        {"prev": "ab"},
        {"prev": "AB" * 32},
        {"actor": "short"},
        {"sig": "!"},
        {"sig": "AAAA"},
        {"public": []},
        {"digests": ["b" * 43, "a" * 43]},
        {"digests": "a"},
        {"refs": [1]},
        {"log": 1},
    ],
)
def test_a_leaf_of_another_form_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(MalformedLeaf):
        parse_leaf(leaf_with(**members))


def test_bytes_that_are_not_canonical_are_no_leaf() -> None:
    for raw in (b"", b"[]"[:1], ENTRY.leaf_bytes + b" ", json.dumps(json.loads(ENTRY.leaf_bytes)).encode()):
        with pytest.raises(NotCanonical):
            parse_leaf(raw)
    with pytest.raises(MalformedLeaf):
        parse_leaf(b"[]")


def sized(length: int) -> Entry:
    """An entry of exactly so many leaf bytes."""
    empty = sign_statement(replace(STATEMENT, public={"note": ""}), ORIGIN, KEY)
    padding = length - len(Entry(signed=empty, seq=0, prev=GENESIS).leaf_bytes)
    padded = sign_statement(replace(STATEMENT, public={"note": "x" * padding}), ORIGIN, KEY)
    return Entry(signed=padded, seq=0, prev=GENESIS)


def test_an_entry_may_fill_a_uint16_and_not_a_byte_more() -> None:
    assert MAX_LEAF_SIZE == 2**16 - 1
    assert len(sized(65_535).leaf_bytes) == 65_535
    parse_leaf(sized(65_535).leaf_bytes)
    with pytest.raises(LeafTooLarge, match="65536"):
        _ = sized(65_536).leaf_bytes
    with pytest.raises(LeafTooLarge):
        parse_leaf(b" " * 65_536)


def test_a_public_part_outside_the_canonical_form_cannot_be_signed() -> None:
    with pytest.raises(NotCanonical) as refused:
        sign_statement(replace(STATEMENT, public={"price": 1.5}), ORIGIN, KEY)  # type: ignore[dict-item]
    assert refused.value.at.field == "/public/price"
