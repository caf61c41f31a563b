"""PINs: derived, never stored, different from code to code, and hopeless to guess within the limits."""

from itertools import pairwise

import numpy as np
import pytest

from trace.coding.code_keys import CodeKeys
from trace.coding.pins import PIN_DIGITS, check_pin, grouped_pin, pins_of
from trace.coding.trace_code import encode, encode_many
from trace.errors import ForgedCode, MalformedCode

KEYS = CodeKeys.from_secrets([b"\x05" * 32])


def test_the_pin_of_a_code_opens_it_however_it_is_written() -> None:
    code, [pin] = encode(77, KEYS), pins_of(77, 1, KEYS.current)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in pin)
    for written in (pin, grouped_pin(pin), f" {pin} ", wide, f"{pin[:3]}-{pin[3:]}"):
        assert check_pin(code, written, KEYS)


@pytest.mark.parametrize(
    "given", ["", "0", "0000000", "000000000", "x" * 8, "１" * 8, "9" * 10_000, "\x00", "１²"]
)
def test_anything_else_does_not(given: str) -> None:
    code, [pin] = encode(77, KEYS), pins_of(77, 1, KEYS.current)
    assert given != pin
    assert not check_pin(code, given, KEYS)


def test_the_pin_of_a_neighbour_or_of_another_generation_does_not_open() -> None:
    rotated = CodeKeys.from_secrets([b"\x05" * 32, b"\x06" * 32])
    old, new = (pins_of(5, 1, version)[0] for version in rotated.versions)
    [neighbour] = pins_of(6, 1, KEYS.current)
    assert not check_pin(encode(5, KEYS), neighbour, KEYS)
    assert check_pin(encode(5, KEYS), old, rotated)
    assert check_pin(encode(5, rotated), new, rotated)
    assert not check_pin(encode(5, rotated), old, rotated)


def test_what_is_no_code_has_no_pin() -> None:
    with pytest.raises(MalformedCode):
        check_pin("nonsense", "00000000", KEYS)
    with pytest.raises(ForgedCode):
        check_pin(encode(1, CodeKeys.from_secrets([bytes(32)])), "00000000", KEYS)


def test_pins_look_drawn_by_lot() -> None:
    pins = pins_of(0, 20_000, KEYS.current)
    assert all(len(pin) == PIN_DIGITS and pin.isdecimal() for pin in pins)
    digits = np.array([[int(digit) for digit in pin] for pin in pins])
    counts = np.array([np.bincount(digits[:, place], minlength=10) for place in range(PIN_DIGITS)])
    chi_squared = ((counts - 2_000) ** 2 / 2_000).sum(axis=1)
    assert chi_squared.max() < 45  # 9 degrees of freedom: above 45 once in a million fair draws
    assert abs(np.mean([int(b) > int(a) for a, b in pairwise(pins)]) - 0.5) < 0.02
    assert len(set(pins)) > 19_980  # 2 pairs expected to meet among 20,000 of 10^8


def test_a_pin_says_nothing_that_the_code_says() -> None:
    codes, pins = encode_many(0, 1_000, KEYS), pins_of(0, 1_000, KEYS.current)
    assert not any(pin in code for code, pin in zip(codes, pins, strict=True))


def test_the_pin_key_is_shown_nowhere() -> None:
    assert KEYS.current.pin_key.hex() not in repr(KEYS)
    assert len({KEYS.current.pin_key, KEYS.current.tag_key, KEYS.current.permutation_key}) == 3
