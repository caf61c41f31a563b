"""Trace codes: a bijection that prints, reads back, tolerates people and names its batch."""

import hashlib
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.merkle import leaf_hash, node_hash
from trace.coding.code_keys import CodeKeys
from trace.coding.code_tree import batch_root
from trace.coding.trace_code import (
    ALPHABET,
    LENGTH,
    SERIALS,
    decode,
    encode,
    encode_many,
    grouped,
    normalise,
    read_code,
    serials_of,
    values_of,
)
from trace.errors import ForgedCode, MalformedCode, SerialOutOfRange

KEYS = CodeKeys.from_secrets([b"\x01" * 32])
LOOK_ALIKES = set("ILOU")


@settings(max_examples=60)
@given(st.integers(min_value=0, max_value=SERIALS - 1))
def test_every_serial_is_read_back_from_its_code(serial: int) -> None:
    code = encode(serial, KEYS)
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    assert decode(code, KEYS) == serial


def test_a_hundred_thousand_codes_hold_no_duplicate() -> None:
    codes = encode_many(0, 100_000, KEYS)
    assert len(set(codes)) == 100_000


def test_codes_made_in_bulk_are_those_made_one_by_one_across_block_borders() -> None:
    codes = encode_many(65_500, 100, KEYS)
    assert codes == [encode(serial, KEYS) for serial in range(65_500, 65_600)]
    assert [decode(code, KEYS) for code in codes] == list(range(65_500, 65_600))


def test_no_code_is_made_for_no_serial() -> None:
    assert encode_many(5, 0, KEYS) == []


@pytest.mark.parametrize(("first", "count"), [(-1, 1), (SERIALS, 1), (SERIALS - 1, 2)])
def test_a_serial_that_does_not_fit_is_refused(first: int, count: int) -> None:
    with pytest.raises(SerialOutOfRange):
        encode_many(first, count, KEYS)


def test_the_first_and_the_last_serial_have_codes() -> None:
    assert [decode(encode(serial, KEYS), KEYS) for serial in (0, SERIALS - 1)] == [0, SERIALS - 1]


def test_a_code_uses_no_look_alike_letters() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not LOOK_ALIKES & set(ALPHABET)


def test_people_may_write_a_code_as_they_like() -> None:
    code = encode(12_345, KEYS)
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    spoken = code.replace("1", "l").replace("0", "o")
    for written in (
        grouped(code),
        code.lower(),
        f"  {grouped(code).replace('-', ' ')}\n",
        full_width,
        spoken,
    ):
        assert normalise(written) == code
        assert decode(written, KEYS) == 12_345


def test_a_code_is_printed_in_four_groups_of_five() -> None:
    assert [len(group) for group in grouped(encode(1, KEYS)).split("-")] == [5, 5, 5, 5]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "0"),
        ("ABC", "3"),
        ("A" * 21, "21"),
        ("U" * 20, "U"),
        ("追" * 20, "追"),
        ("%2e" * 6, "%"),
        ("A" * 10_000, "20"),
    ],
)
def test_what_cannot_be_a_code_is_told_why_in_both_languages(text: str, said: str) -> None:
    with pytest.raises(MalformedCode) as refused:
        normalise(text)
    assert said in refused.value.message("zh")
    assert said in refused.value.message("en")
    assert refused.value.at.field == "code"
    assert len(refused.value.at.value or "") <= 64


def test_rotation_keeps_every_printed_code_valid() -> None:
    rotated = CodeKeys.from_secrets([b"\x01" * 32, b"\x02" * 32])
    old, new = encode(7, KEYS), encode(7, rotated)
    assert (old[0], new[0]) == ("0", "1")
    assert decode(old, rotated) == decode(new, rotated) == 7
    with pytest.raises(ForgedCode):
        decode(new, KEYS)


def test_other_keys_do_not_know_our_codes() -> None:
    with pytest.raises(ForgedCode):
        decode(encode(7, KEYS), CodeKeys.from_secrets([b"\x03" * 32]))


@pytest.mark.parametrize("secrets", [[], [b"short"], [b"\x00" * 32] * 33])
def test_keys_need_one_to_32_secrets_of_32_bytes(secrets: list[bytes]) -> None:
    with pytest.raises(ValueError, match="32"):
        CodeKeys.from_secrets(secrets)


def test_keys_are_drawn_from_the_given_randomness_and_never_shown() -> None:
    keys = CodeKeys.generate(random.Random(1).randbytes)
    assert decode(encode(3, keys), keys) == 3
    assert keys.current.tag_key.hex() not in repr(keys)
    assert str(keys.current.tag_key) not in repr(keys)


def test_a_batch_of_codes_is_named_by_its_rfc_6962_root() -> None:
    a, b, c = encode_many(0, 3, KEYS)
    leaves = [hashlib.sha256(b"\x00" + code.encode()).digest() for code in (a, b, c)]
    left = hashlib.sha256(b"\x01" + leaves[0] + leaves[1]).digest()
    assert batch_root([a, b, c]) == hashlib.sha256(b"\x01" + left + leaves[2]).digest()
    assert batch_root([a, b]) == node_hash(leaf_hash(a.encode()), leaf_hash(b.encode()))
    assert batch_root([b, a]) != batch_root([a, b])


@settings(max_examples=40)
@given(
    st.lists(
        st.one_of(
            st.integers(min_value=0, max_value=SERIALS - 1).map(lambda serial: encode(serial, KEYS)),
            st.text(alphabet=ALPHABET, min_size=LENGTH, max_size=LENGTH),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_codes_are_read_by_the_million_as_they_are_one_by_one(codes: list[str]) -> None:
    def alone(code: str) -> int:
        try:
            return decode(code, KEYS)
        except (MalformedCode, ForgedCode):
            return -1

    assert serials_of(values_of(codes), KEYS).tolist() == [alone(code) for code in codes]


def test_reading_by_the_million_knows_every_generation_and_no_other() -> None:
    rotated = CodeKeys.from_secrets([b"\x01" * 32, b"\x02" * 32])
    codes = [encode(7, KEYS), encode(8, rotated), encode(9, CodeKeys.from_secrets([b"\x03" * 32]))]
    assert serials_of(values_of(codes), rotated).tolist() == [7, 8, -1]
    assert serials_of(values_of(codes), KEYS).tolist() == [7, -1, -1]


def test_a_code_says_its_stored_form_and_its_generation() -> None:
    rotated = CodeKeys.from_secrets([b"\x01" * 32, b"\x02" * 32])
    for keys, version in ((KEYS, 0), (rotated, 1)):
        found = read_code(grouped(encode(7, keys)).lower(), rotated)
        assert (found.code, found.version, found.serial) == (encode(7, keys), version, 7)


def test_older_keys_write_their_codes_again() -> None:
    rotated = CodeKeys.from_secrets([b"\x01" * 32, b"\x02" * 32])
    assert encode_many(70_000, 3, rotated, version=0) == encode_many(70_000, 3, KEYS)


def test_codes_are_made_by_the_hundred_thousand_a_second() -> None:
    # 200,000 a second is the aim on a quiet machine; a tenth of it must hold on any.
    begun = time.perf_counter()
    encode_many(0, 200_000, KEYS)
    assert time.perf_counter() - begun < 10
