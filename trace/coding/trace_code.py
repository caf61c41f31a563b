"""Trace codes 追溯码: twenty characters that name one pack, that nobody can guess or forge.

    version 1 · pack number 13 · tag 5 · check 1        e.g. 0ABCD-EFGHJ-KMNPQ-RSTVW

Number and tag are keyed (`permutation`). Serials stay below 2^48, so a guess that passed the tag
would still have to decode to one: one in 65,536. The check character is a sum over GF(32) that
catches every single wrong character and every swap.

A printed code is an identifier, not a secret: anyone may copy it, and nothing here can tell.
"""

import hmac
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.errors import Location
from trace.coding.code_keys import CodeKeys, KeyVersion
from trace.coding.permutation import permute, restore, restore_many, tag, tags
from trace.errors import ForgedCode, MalformedCode, SerialOutOfRange

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O (read as 1, 1, 0) and no U."""

LENGTH: Final = 20
SERIALS: Final = 2**48
"""Serials run from 0 up to, not including, this."""
BLOCK: Final = 65_536
"""Codes worked on at once: the arrays stay within a core's cache."""

_PERMUTED: Final = 13
_TAG: Final = 5
_LONGEST_INPUT: Final = 64
_VALUE_OF: Final = {letter: value for value, letter in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_LETTERS: Final = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)


class Decoded(NamedTuple):
    """What a code names: a serial, under the keys of one generation."""

    code: str
    """As it is stored: twenty characters."""
    version: int
    serial: int


def encode(serial: int, keys: CodeKeys) -> str:
    """Return the code of `serial` under the current keys: twenty characters, no hyphens.

    Raises `SerialOutOfRange`.

    >>> code = encode(7, CodeKeys.from_secrets([bytes(32)]))
    >>> len(code), decode(code, CodeKeys.from_secrets([bytes(32)]))
    (20, 7)
    """
    return encode_many(serial, 1, keys)[0]


def encode_many(first_serial: int, count: int, keys: CodeKeys, version: int | None = None) -> list[str]:
    """Return the codes of `count` serials from `first_serial` on, hundreds of thousands a second.

    Under the keys of `version`, the current ones when None. Raises `SerialOutOfRange` when the first or
    the last of them does not fit.
    """
    key = keys.current if version is None else keys.versions[version]
    codes: list[str] = []
    for printed in print_blocks(first_serial, count, key):
        text = printed.tobytes().decode("ascii")
        codes += [text[start : start + LENGTH] for start in range(0, len(text), LENGTH)]
    return codes


def print_blocks(first_serial: int, count: int, version: KeyVersion) -> Iterator[NDArray[np.uint8]]:
    """Yield the codes of `count` serials as rows of ASCII, `BLOCK` at a time; raises `SerialOutOfRange`."""
    for end in (first_serial, first_serial + count - 1):
        if not 0 <= end < SERIALS:
            raise SerialOutOfRange(serial=end)
    for start in range(0, count, BLOCK):
        some = min(BLOCK, count - start)
        serials = np.arange(some, dtype=np.uint64) + np.uint64(first_serial + start)
        yield _LETTERS[_print(permute(serials, version), version)]


def decode(code: str, keys: CodeKeys) -> int:
    """Return the serial that `code` names, from the text alone: no database, no network.

    Case, spaces, hyphens and full-width forms do not matter; I, L and O are read as 1, 1 and 0.
    Raises `MalformedCode` for what cannot be a code (a typing error above all) and `ForgedCode`
    for what none of `keys` issued. The tag is compared in constant time.
    """
    return read_code(code, keys).serial


def read_code(code: str, keys: CodeKeys) -> Decoded:
    """Return what `code` names, as `decode` does, with its stored form and its generation of keys."""
    return read_stored(normalise(code), keys)


def read_stored(stored: str, keys: CodeKeys) -> Decoded:
    """Do the same for what `is_stored` said is a stored code; raises `ForgedCode`."""
    named = named_by(stored, keys)
    if named is None:
        raise ForgedCode(at=_at(stored))
    return named


def named_by(stored: str, keys: CodeKeys) -> Decoded | None:
    """Return what a stored code names, None for what none of `keys` issued: guesses come in floods."""
    digits = stored.translate(_TO_DIGITS)
    generation, permuted = int(digits[0], 32), int(digits[1 : 1 + _PERMUTED], 32)
    if generation >= len(keys.versions) or permuted >> 64:
        return None
    version = keys.versions[generation]
    printed = int(digits[1 + _PERMUTED : -1], 32)
    if not hmac.compare_digest(printed.to_bytes(4, "big"), tag(permuted, version).to_bytes(4, "big")):
        return None
    serial = restore(permuted, version)
    return Decoded(stored, version.number, serial) if serial < SERIALS else None


def serials_of(values: NDArray[np.uint8], keys: CodeKeys) -> NDArray[np.int64]:
    """Return the serial of each row of twenty base-32 values, -1 for what none of `keys` issued.

    What `decode` says of one code, for millions: rows with a wrong check character are -1 as well.
    """
    found = np.full(len(values), -1, dtype=np.int64)
    fits = (check_values(values[:, :-1]) == values[:, -1]) & (values[:, 1] < 16)
    for version in keys.versions:
        rows = np.flatnonzero(fits & (values[:, 0] == version.number))
        permuted = _numbers(values[rows, 1 : 1 + _PERMUTED])
        tagged = _numbers(values[rows, 1 + _PERMUTED : -1]) == tags(permuted, version)
        serials = restore_many(permuted[tagged], version)
        small = serials < np.uint64(SERIALS)
        found[rows[tagged][small]] = serials[small].astype(np.int64)
    return found


def values_of(codes: Sequence[str]) -> NDArray[np.uint8]:
    """Return one row of twenty base-32 values for each stored code."""
    rows = np.frombuffer("".join(codes).encode("ascii"), dtype=np.uint8).reshape(-1, LENGTH)
    return _VALUES[rows]


def normalise(text: str) -> str:
    """Return `text` as a code is stored: twenty upper-case characters whose check character holds.

    Raises `MalformedCode`, which says whether length, a character or the check is wrong.
    """
    if len(text) > _LONGEST_INPUT:
        raise _malformed(text, f"长度应为 {LENGTH} 位", f"it must have {LENGTH} characters")
    if is_stored(text):
        return text
    letters = [
        letter for letter in unicodedata.normalize("NFKC", text).upper() if letter not in "-‐–— \t\r\n"
    ]
    for letter in letters:
        if letter not in _VALUE_OF:
            raise _malformed(text, f"不使用字符“{letter}”", f"“{letter}” is never used in one")
    if (count := len(letters)) != LENGTH:
        raise _malformed(text, f"应为 {LENGTH} 位，实为 {count} 位", f"it has {count} characters of {LENGTH}")
    stored = "".join(ALPHABET[_VALUE_OF[letter]] for letter in letters)
    if not is_stored(stored):
        raise _malformed(text, "校验位不符，可能输错了一位", "its check character does not match")
    return stored


def is_stored(text: str) -> bool:
    """Say whether `text` is a code exactly as it is stored, its check character included.

    >>> is_stored("0ABCDEFGHJKMNPQRSTVW"), is_stored("0abcdefghjkmnpqrstvw")
    (False, False)
    """
    if len(text) != LENGTH or not text.isascii():
        return False
    left = 0
    try:
        for adds, pair in zip(_PAIR_CHECKS, _IN_PAIRS.unpack(text.encode()), strict=True):
            left ^= adds[pair]
    except KeyError:
        return False
    return not left


def grouped(code: str) -> str:
    """Return a stored code as it is printed: four groups of five.

    >>> grouped("0ABCDEFGHJKMNPQRSTVW")
    '0ABCD-EFGHJ-KMNPQ-RSTVW'
    """
    return f"{code[:5]}-{code[5:10]}-{code[10:15]}-{code[15:]}"


def check_values(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the value of the check character for each row of the nineteen values before it."""
    check = np.zeros(len(values), dtype=np.uint8)
    for place in range(LENGTH - 1):
        check ^= _CHECK[place][values[:, place]]
    return check


def _print(permuted: NDArray[np.uint64], version: KeyVersion) -> NDArray[np.uint8]:
    """The values of each permuted number's code: version, number, tag and check character."""
    values = np.empty((len(permuted), LENGTH), dtype=np.uint8)
    values[:, 0] = version.number
    tagged = tags(permuted, version).astype(np.uint64)
    for place in range(_PERMUTED):
        values[:, 1 + place] = (permuted >> np.uint64(5 * (_PERMUTED - 1 - place))) & np.uint64(31)
    for place in range(_TAG):
        values[:, 1 + _PERMUTED + place] = (tagged >> np.uint64(5 * (_TAG - 1 - place))) & np.uint64(31)
    values[:, -1] = check_values(values[:, :-1])
    return values


def _check_table() -> NDArray[np.uint8]:
    """Row i, column v: what value v at place i adds to the check character.

    v times a power of the generator of GF(32) (polynomial x^5 + x^2 + 1), another one at every
    place: so one wrong character, or two swapped, always leave a remainder.
    """
    table = np.zeros((LENGTH - 1, len(ALPHABET)), dtype=np.uint8)
    row = list(range(len(ALPHABET)))
    for place in reversed(range(LENGTH - 1)):
        row = [(value << 1) ^ (0x25 if value & 0x10 else 0) for value in row]
        table[place] = row
    return table


def _pair_checks() -> list[dict[bytes, int]]:
    """What each pair of letters adds to what is left over at each pair of places: 0 in all for a true code.

    The check character at the end takes away what the others add.
    """
    adds = [*_CHECK.tolist(), list(range(len(ALPHABET)))]
    return [
        {
            (one + two).encode(): adds[place][first] ^ adds[place + 1][second]
            for first, one in enumerate(ALPHABET)
            for second, two in enumerate(ALPHABET)
        }
        for place in range(0, LENGTH, 2)
    ]


def _value_table() -> NDArray[np.uint8]:
    """The base-32 value of each ASCII character of the alphabet."""
    table = np.zeros(128, dtype=np.uint8)
    table[_LETTERS] = np.arange(len(ALPHABET), dtype=np.uint8)
    return table


_CHECK: Final = _check_table()
_VALUES: Final = _value_table()
_IN_PAIRS: Final = struct.Struct("2s" * (LENGTH // 2))
_PAIR_CHECKS: Final = _pair_checks()
_TO_DIGITS: Final = str.maketrans(ALPHABET, "0123456789abcdefghijklmnopqrstuv")
"""From our alphabet to the one Python reads numbers to the base 32 in."""


def _numbers(values: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Read rows of base-32 digits, most significant first."""
    number = np.zeros(len(values), dtype=np.uint64)
    for place in range(values.shape[1]):
        number = (number << np.uint64(5)) | values[:, place]
    return number


def _at(code: str) -> Location:
    return Location(field="code", value=code[:_LONGEST_INPUT])


def _malformed(text: str, fault_zh: str, fault_en: str) -> MalformedCode:
    return MalformedCode(fault_zh=fault_zh, fault_en=fault_en, at=_at(text))
