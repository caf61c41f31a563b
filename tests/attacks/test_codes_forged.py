"""What an attacker tries with trace codes: guessing, tampering, mistyping, predicting."""

import random
from itertools import pairwise

import numpy as np
import pytest

from trace.coding.code_keys import CodeKeys
from trace.coding.permutation import permute, tags
from trace.coding.trace_code import (
    ALPHABET,
    LENGTH,
    _print,
    check_values,
    decode,
    encode_many,
    normalise,
    serials_of,
    values_of,
)
from trace.errors import ForgedCode, MalformedCode

KEYS = CodeKeys.from_secrets([bytes(range(32))])
CODES = encode_many(1_000_000, 1_000, KEYS)


def _check_of(body: str) -> str:
    """The check character by its definition: sum of values times powers of 2 in GF(32), x^5 + x^2 + 1."""
    total = 0
    for place, letter in enumerate(body):
        value = ALPHABET.index(letter)
        for _ in range(LENGTH - 1 - place):
            value = (value << 1) ^ (0b100101 if value & 0b10000 else 0)
        total ^= value
    return ALPHABET[total]


def test_the_check_character_is_the_sum_its_definition_asks_for() -> None:
    assert [_check_of(code[:-1]) for code in CODES[:100]] == [code[-1] for code in CODES[:100]]


def test_none_of_two_million_well_formed_guesses_meets_one_of_a_million_codes() -> None:
    """By the function that reads codes in bulk, which another test holds equal to `decode`."""
    guess = np.random.default_rng(20)
    for _ in range(4):
        values = guess.integers(0, 32, size=(500_000, LENGTH), dtype=np.uint8)
        values[:, 0] = 0
        values[:, -1] = check_values(values[:, :-1])
        serials = serials_of(values, KEYS)
        assert not ((serials >= 0) & (serials < 1_000_000)).any()


def test_none_of_ten_thousand_well_formed_guesses_is_read() -> None:
    guess = random.Random(20)
    for _ in range(10_000):
        body = "0" + "".join(guess.choices(ALPHABET, k=LENGTH - 2))
        with pytest.raises(ForgedCode):
            decode(body + _check_of(body), KEYS)


def test_every_single_wrong_character_is_a_typing_error() -> None:
    for code in CODES[:10]:
        for place in range(LENGTH):
            for letter in set(ALPHABET) - {code[place]}:
                with pytest.raises(MalformedCode):
                    normalise(code[:place] + letter + code[place + 1 :])


def test_every_swap_of_two_different_neighbours_is_a_typing_error() -> None:
    swapped = [
        code[:place] + second + first + code[place + 2 :]
        for code in CODES[:200]
        for place, (first, second) in enumerate(pairwise(code))
        if first != second
    ]
    assert len(swapped) > 3_000
    for text in swapped:
        with pytest.raises(MalformedCode):
            normalise(text)


def test_a_tampered_code_with_a_mended_check_character_is_forged() -> None:
    change = random.Random(21)
    for code in CODES:
        place = change.randrange(1, LENGTH - 1)
        letter = change.choice(sorted(set(ALPHABET) - {code[place]}))
        body = code[:place] + letter + code[place + 1 : -1]
        with pytest.raises(ForgedCode):
            decode(body + _check_of(body), KEYS)


def test_a_code_relabelled_with_another_key_version_is_forged() -> None:
    rotated = CodeKeys.from_secrets([bytes(range(32)), b"\x07" * 32])
    for letter in "1Z":
        body = letter + CODES[0][1:-1]
        with pytest.raises(ForgedCode):
            decode(body + _check_of(body), rotated)


def test_a_number_above_64_bits_is_forged_not_wrapped() -> None:
    body = CODES[0][0] + "Z" + CODES[0][2:-1]
    with pytest.raises(ForgedCode):
        decode(body + _check_of(body), KEYS)


def test_a_number_65_bits_long_does_not_pass_for_its_last_64() -> None:
    """A genuine code whose first digit of the number got the 65th bit, its check character mended."""
    genuine = next(code for code in CODES if ALPHABET.index(code[1]) < 16)
    body = genuine[0] + ALPHABET[ALPHABET.index(genuine[1]) + 16] + genuine[2:-1]
    code = body + _check_of(body)
    assert serials_of(values_of([genuine, code]), KEYS).tolist() == [decode(genuine, KEYS), -1]
    with pytest.raises(ForgedCode):
        decode(code, KEYS)


def test_the_tag_and_number_parts_of_two_codes_cannot_be_mixed() -> None:
    for first, second in pairwise(CODES[:200]):
        body = first[:14] + second[14:-1]
        with pytest.raises(ForgedCode):
            decode(body + _check_of(body), KEYS)


def test_a_right_tag_on_a_number_that_is_no_serial_is_forged() -> None:
    number = random.Random(22)
    numbers = np.array([number.getrandbits(64) for _ in range(100)], dtype=np.uint64)
    for row in _print(numbers, KEYS.current):  # as if a guess had met the tag: one in 33 million does
        with pytest.raises(ForgedCode):
            decode("".join(ALPHABET[value] for value in row), KEYS)


def test_codes_in_a_row_look_unrelated() -> None:
    codes = encode_many(0, 20_000, KEYS)
    values = np.array([[ALPHABET.index(letter) for letter in code] for code in codes])
    counts = np.array([np.bincount(values[:, place], minlength=32) for place in range(2, LENGTH - 1)])
    expected = len(codes) / 32
    chi_squared = ((counts - expected) ** 2 / expected).sum(axis=1)
    assert chi_squared.max() < 80  # 31 degrees of freedom: above 80 once in 300,000 fair draws
    same_as_next = (values[1:, 2:-1] == values[:-1, 2:-1]).mean()
    assert abs(same_as_next - 1 / 32) < 0.002
    ascending = (values[1:, 2] > values[:-1, 2]).mean()
    assert abs(ascending - 31 / 64) < 0.02


def test_one_bit_of_the_serial_changes_half_the_bits_of_the_number() -> None:
    first = np.array(
        [[ALPHABET.index(letter) for letter in code[1:14]] for code in encode_many(0, 2_000, KEYS)]
    )
    flips = [
        bin(int(a) ^ int(b)).count("1") for a, b in zip(first[::2].ravel(), first[1::2].ravel(), strict=True)
    ]
    assert abs(sum(flips) / (len(first) // 2) - 32) < 1


def test_the_bits_of_the_number_are_balanced_and_do_not_follow_one_another() -> None:
    """Each of 64 bits is set in half the codes, and says nothing about the same bit of the next serial."""
    count = 50_000
    numbers = permute(np.arange(count, dtype=np.uint64), KEYS.current)
    bits = (numbers[:, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)
    ones = bits.mean(axis=0)
    assert np.abs(ones - 0.5).max() < 5.5 * 0.5 / np.sqrt(count)  # once in 400,000 fair draws of 64 bits
    signs = bits.astype(np.int8) * 2 - 1
    following = (signs[1:] * signs[:-1]).mean(axis=0)
    assert np.abs(following).max() < 5.5 / np.sqrt(count)


def test_the_tags_of_codes_in_a_row_are_spread_evenly() -> None:
    found = tags(permute(np.arange(64_000, dtype=np.uint64), KEYS.current), KEYS.current)
    counts = np.bincount(found >> np.uint32(19), minlength=64)
    assert ((counts - 1_000) ** 2 / 1_000).sum() < 150  # 63 degrees of freedom: once in 10^8 fair draws


def test_who_knows_codes_and_their_serials_predicts_no_other() -> None:
    """Differences of numbers of neighbouring serials repeat no more than those of drawn ones would."""
    numbers = permute(np.arange(200_000, dtype=np.uint64), KEYS.current)
    assert len(np.unique(np.diff(numbers))) == len(numbers) - 1
