"""What an attacker tries with trace codes: guessing, tampering, mistyping, predicting."""

import random
from itertools import pairwise

import numpy as np
import pytest

from trace.codes import ALPHABET, LENGTH, CodeKeys, _print, decode, encode_many, normalise
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


def test_none_of_a_hundred_thousand_well_formed_guesses_is_accepted() -> None:
    guess = random.Random(20)
    accepted = 0
    for _ in range(100_000):
        body = "0" + "".join(guess.choices(ALPHABET, k=LENGTH - 2))
        try:
            decode(body + _check_of(body), KEYS)
        except ForgedCode:
            continue
        accepted += 1
    assert accepted == 0


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


def test_the_tag_and_number_parts_of_two_codes_cannot_be_mixed() -> None:
    for first, second in pairwise(CODES[:200]):
        body = first[:14] + second[14:-1]
        with pytest.raises(ForgedCode):
            decode(body + _check_of(body), KEYS)


def test_a_right_tag_on_a_number_that_is_no_serial_is_forged() -> None:
    number = random.Random(22)
    numbers = np.array([number.getrandbits(64) for _ in range(100)], dtype=np.uint64)
    for code in _print(numbers, KEYS.current):  # as if a guess had met the tag: one in 33 million does
        with pytest.raises(ForgedCode):
            decode(code, KEYS)


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
