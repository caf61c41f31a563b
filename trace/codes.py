"""Trace codes 追溯码: twenty characters that name one pack, that nobody can guess or forge.

    version 1 · pack number 13 · tag 5 · check 1        e.g. 0ABCD-EFGHJ-KMNPQ-RSTVW

The serial is sent through a keyed 64-bit permutation (a Feistel network over AES), so that codes
issued in a row look unrelated and none can repeat. The tag is 25 bits of a keyed AES of the
result: all but one in 33 million guesses die here, before any database is asked. Serials stay
below 2^48, so a guess that passed the tag would still have to decode to one: one in 65,536. The
check character is a sum over GF(32) that catches every single wrong character and every swap.

A printed code is an identifier, not a secret: anyone may copy it, and nothing here can tell.
"""

import hmac
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from ledger.errors import Location
from ledger.merkle import leaf_hash, root_of
from trace.errors import ForgedCode, MalformedCode, SerialOutOfRange

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O (read as 1, 1, 0) and no U."""

LENGTH: Final = 20
SERIALS: Final = 2**48
"""Serials run from 0 up to, not including, this."""
SECRET_BYTES: Final = 32
ROUNDS: Final = 10  # as FF1 of NIST SP 800-38G has

_GROUP: Final = 5
_PERMUTED: Final = 13
_TAG: Final = 5
_LONGEST_INPUT: Final = 64
_HALF: Final = 32
_MASK: Final = 2**32 - 1
_BLOCK: Final = 65_536  # codes worked on at once: the arrays stay within a core's cache
_VALUE_OF: Final = {letter: value for value, letter in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_LETTERS: Final = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)


@dataclass(frozen=True, slots=True, repr=False)
class KeyVersion:
    """One generation of code keys: the version character it prints, and its two AES-256 keys."""

    number: int
    permutation_key: bytes
    tag_key: bytes

    @classmethod
    def from_secret(cls, number: int, secret: bytes) -> "KeyVersion":
        """Derive both keys from one 32-byte secret (HMAC-SHA-256 under two labels)."""
        if len(secret) != SECRET_BYTES:
            msg = f"a code secret is {SECRET_BYTES} bytes, not {len(secret)}"
            raise ValueError(msg)
        return cls(
            number,
            hmac.digest(secret, b"daodi code permutation v1", "sha256"),
            hmac.digest(secret, b"daodi code tag v1", "sha256"),
        )


@dataclass(frozen=True, slots=True, repr=False)
class CodeKeys:
    """All generations of code keys, oldest first. The last one issues, all of them are recognised."""

    versions: tuple[KeyVersion, ...]

    @classmethod
    def from_secrets(cls, secrets: Sequence[bytes]) -> "CodeKeys":
        """Build from one to 32 secrets of 32 bytes, oldest first; a secret's place is its version.

        Rotating is appending a secret. Never remove or reorder any: printed codes live for years.
        """
        if not 0 < len(secrets) <= len(ALPHABET):
            msg = f"between 1 and {len(ALPHABET)} code secrets are possible, not {len(secrets)}"
            raise ValueError(msg)
        return cls(tuple(KeyVersion.from_secret(number, secret) for number, secret in enumerate(secrets)))

    @classmethod
    def generate(cls, randomness: Callable[[int], bytes]) -> "CodeKeys":
        """Make a first generation; for keys that must be kept, draw the secret and use `from_secrets`."""
        return cls.from_secrets([randomness(SECRET_BYTES)])

    @property
    def current(self) -> KeyVersion:
        """The generation that issues new codes."""
        return self.versions[-1]


def encode(serial: int, keys: CodeKeys) -> str:
    """Return the code of `serial` under the current keys: twenty characters, no hyphens.

    Raises `SerialOutOfRange`.

    >>> code = encode(7, CodeKeys.from_secrets([bytes(32)]))
    >>> len(code), decode(code, CodeKeys.from_secrets([bytes(32)]))
    (20, 7)
    """
    return encode_many(serial, 1, keys)[0]


def encode_many(first_serial: int, count: int, keys: CodeKeys) -> list[str]:
    """Return the codes of `count` serials from `first_serial` on, hundreds of thousands a second.

    Raises `SerialOutOfRange` when the first or the last of them does not fit.
    """
    for end in (first_serial, first_serial + count - 1):
        if not 0 <= end < SERIALS:
            raise SerialOutOfRange(serial=end)
    codes: list[str] = []
    for start in range(0, count, _BLOCK):
        some = min(_BLOCK, count - start)
        serials = np.arange(some, dtype=np.uint64) + np.uint64(first_serial + start)
        codes += _print(_permute(serials, keys.current), keys.current)
    return codes


def decode(code: str, keys: CodeKeys) -> int:
    """Return the serial that `code` names, from the text alone: no database, no network.

    Case, spaces, hyphens and full-width forms do not matter; I, L and O are read as 1, 1 and 0.
    Raises `MalformedCode` for what cannot be a code (a typing error above all) and `ForgedCode`
    for what none of `keys` issued. The tag is compared in constant time.
    """
    values = _values(normalise(code))
    version = keys.versions[values[0]] if values[0] < len(keys.versions) else None
    permuted = _number(values[1 : 1 + _PERMUTED])
    tag = _number(values[1 + _PERMUTED : -1])
    if version is None or permuted >> 64:
        raise ForgedCode(at=_at(code))
    expected = int(_tags(np.array([permuted], dtype=np.uint64), version)[0])
    if not hmac.compare_digest(tag.to_bytes(4, "big"), expected.to_bytes(4, "big")):
        raise ForgedCode(at=_at(code))
    serial = _restore(permuted, version)
    if serial >= SERIALS:
        raise ForgedCode(at=_at(code))
    return serial


def normalise(text: str) -> str:
    """Return `text` as a code is stored: twenty upper-case characters whose check character holds.

    Raises `MalformedCode`, which says whether length, a character or the check is wrong.
    """
    if len(text) > _LONGEST_INPUT:
        raise _malformed(text, f"长度应为 {LENGTH} 位", f"it must have {LENGTH} characters")
    letters = [
        letter for letter in unicodedata.normalize("NFKC", text).upper() if letter not in "-‐–— \t\r\n"
    ]
    for letter in letters:
        if letter not in _VALUE_OF:
            raise _malformed(text, f"不使用字符“{letter}”", f"“{letter}” is never used in one")
    if (count := len(letters)) != LENGTH:
        raise _malformed(text, f"应为 {LENGTH} 位，实为 {count} 位", f"it has {count} characters of {LENGTH}")
    values = [_VALUE_OF[letter] for letter in letters]
    if _check(values[:-1]) != values[-1]:
        raise _malformed(text, "校验位不符，可能输错了一位", "its check character does not match")
    return "".join(ALPHABET[value] for value in values)


def grouped(code: str) -> str:
    """Return a stored code as it is printed: four groups of five.

    >>> grouped("0ABCDEFGHJKMNPQRSTVW")
    '0ABCD-EFGHJ-KMNPQ-RSTVW'
    """
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def batch_root(codes: Iterable[str]) -> bytes:
    """Return the RFC 6962 root over the stored form of `codes`, in the order they were issued.

    One ledger entry with this root registers a whole batch: any of its codes can be proved to be in it.

    >>> import hashlib
    >>> batch_root([]) == hashlib.sha256(b"").digest()
    True
    """
    return root_of(leaf_hash(code.encode()) for code in codes)


def _permute(serials: NDArray[np.uint64], version: KeyVersion) -> NDArray[np.uint64]:
    """Send each serial through the Feistel network: a bijection of 64-bit numbers."""
    left = (serials >> np.uint64(_HALF)).astype("<u4")
    right = (serials & np.uint64(_MASK)).astype("<u4")
    for number in range(ROUNDS):
        left, right = right, left ^ _round(number, right, version)
    return (left.astype(np.uint64) << np.uint64(_HALF)) | right.astype(np.uint64)


def _restore(permuted: int, version: KeyVersion) -> int:
    """Undo `_permute` for one number."""
    left, right = permuted >> _HALF, permuted & _MASK
    cipher = _aes(version.permutation_key).encryptor()
    for number in reversed(range(ROUNDS)):
        block = number.to_bytes(4, "little") + bytes(8) + left.to_bytes(4, "little")
        left, right = right ^ int.from_bytes(cipher.update(block)[:4], "little"), left
    return left << _HALF | right


def _round(number: int, half: NDArray[np.uint32], version: KeyVersion) -> NDArray[np.uint32]:
    blocks = np.zeros((len(half), 4), dtype="<u4")
    blocks[:, 0] = number
    blocks[:, 3] = half
    return _encrypted(blocks, version.permutation_key)[:, 0]


def _tags(permuted: NDArray[np.uint64], version: KeyVersion) -> NDArray[np.uint32]:
    """The 25-bit tag of each permuted number: AES of one fixed-length block is a keyed function of it."""
    blocks = np.zeros((len(permuted), 4), dtype="<u4")
    blocks[:, 0] = version.number
    blocks[:, 2] = permuted >> np.uint64(_HALF)
    blocks[:, 3] = permuted & np.uint64(_MASK)
    return _encrypted(blocks, version.tag_key)[:, 0] >> np.uint32(32 - 5 * _TAG)


def _encrypted(blocks: NDArray[np.uint32], key: bytes) -> NDArray[np.uint32]:
    return np.frombuffer(_aes(key).encryptor().update(blocks.tobytes()), dtype="<u4").reshape(-1, 4)


def _aes(key: bytes) -> Cipher[modes.ECB]:
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305  one block at a time, as a keyed function


def _print(permuted: NDArray[np.uint64], version: KeyVersion) -> list[str]:
    """Write each permuted number with version, tag and check character."""
    values = np.empty((len(permuted), LENGTH), dtype=np.uint8)
    values[:, 0] = version.number
    tags = _tags(permuted, version).astype(np.uint64)
    for place in range(_PERMUTED):
        values[:, 1 + place] = (permuted >> np.uint64(5 * (_PERMUTED - 1 - place))) & np.uint64(31)
    for place in range(_TAG):
        values[:, 1 + _PERMUTED + place] = (tags >> np.uint64(5 * (_TAG - 1 - place))) & np.uint64(31)
    values[:, -1] = 0
    for place in range(LENGTH - 1):
        values[:, -1] ^= _CHECK[place][values[:, place]]
    text = _LETTERS[values].tobytes().decode("ascii")
    return [text[start : start + LENGTH] for start in range(0, len(text), LENGTH)]


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


_CHECK: Final = _check_table()


def _check(values: Sequence[int]) -> int:
    """The value of the check character for the nineteen characters before it."""
    check = 0
    for place, value in enumerate(values):
        check ^= int(_CHECK[place, value])
    return check


def _values(code: str) -> list[int]:
    return [_VALUE_OF[letter] for letter in code]


def _number(values: Sequence[int]) -> int:
    """Read base-32 digits, most significant first."""
    number = 0
    for value in values:
        number = number << 5 | value
    return number


def _at(code: str) -> Location:
    return Location(field="code", value=code[:_LONGEST_INPUT])


def _malformed(text: str, fault_zh: str, fault_en: str) -> MalformedCode:
    return MalformedCode(fault_zh=fault_zh, fault_en=fault_en, at=_at(text))
