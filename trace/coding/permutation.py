"""The numbers of trace codes: a keyed 64-bit permutation of the serial, and a keyed tag of the result.

A Feistel network over AES sends each serial to another number, so that codes issued in a row look
unrelated and none can repeat. The tag is 25 bits of a keyed AES of that number: all but one in 33
million guesses die here, before any database is asked.
"""

import threading
from typing import Final

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from numpy.typing import NDArray

from trace.coding.code_keys import KeyVersion

ROUNDS: Final = 10  # as FF1 of NIST SP 800-38G has
TAG_BITS: Final = 25

_HALF: Final = 32
_MASK: Final = 2**32 - 1
_ROUNDS_BACK: Final = [number.to_bytes(4, "little") + bytes(8) for number in reversed(range(ROUNDS))]
"""What precedes the half in the block of each round, the last round first."""


def permute(serials: NDArray[np.uint64], version: KeyVersion) -> NDArray[np.uint64]:
    """Send each serial through the Feistel network: a bijection of 64-bit numbers."""
    left, right = _halves(serials)
    for number in range(ROUNDS):
        left, right = right, left ^ _round(number, right, version)
    return _joined(left, right)


def restore_many(permuted: NDArray[np.uint64], version: KeyVersion) -> NDArray[np.uint64]:
    """Undo `permute`."""
    left, right = _halves(permuted)
    for number in reversed(range(ROUNDS)):
        left, right = right ^ _round(number, left, version), left
    return _joined(left, right)


def restore(permuted: int, version: KeyVersion) -> int:
    """Undo `permute` for one number, without the cost of arrays."""
    left, right = permuted >> _HALF, permuted & _MASK
    cipher = _of_thread(version.permutation_key)
    encrypt, number_of = cipher.update, int.from_bytes
    for block in _ROUNDS_BACK:
        left, right = right ^ (number_of(encrypt(block + left.to_bytes(4, "little")), "little") & _MASK), left
    return left << _HALF | right


def tags(permuted: NDArray[np.uint64], version: KeyVersion) -> NDArray[np.uint32]:
    """Return the tag of each permuted number: AES of one fixed-length block is a keyed function of it."""
    blocks = np.zeros((len(permuted), 4), dtype="<u4")
    blocks[:, 0] = version.number
    blocks[:, 2] = permuted >> np.uint64(_HALF)
    blocks[:, 3] = permuted & np.uint64(_MASK)
    return _encrypted(blocks, version.tag_key)[:, 0] >> np.uint32(32 - TAG_BITS)


def tag(permuted: int, version: KeyVersion) -> int:
    """Return the tag of one permuted number, without the cost of arrays."""
    block = version.number.to_bytes(4, "little") + bytes(4)
    block += (permuted >> _HALF).to_bytes(4, "little") + (permuted & _MASK).to_bytes(4, "little")
    first = _of_thread(version.tag_key).update(block)[:4]
    return int.from_bytes(first, "little") >> (32 - TAG_BITS)


def _halves(numbers: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    return (numbers >> np.uint64(_HALF)).astype("<u4"), (numbers & np.uint64(_MASK)).astype("<u4")


def _joined(left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.uint64]:
    return (left.astype(np.uint64) << np.uint64(_HALF)) | right.astype(np.uint64)


def _round(number: int, half: NDArray[np.uint32], version: KeyVersion) -> NDArray[np.uint32]:
    blocks = np.zeros((len(half), 4), dtype="<u4")
    blocks[:, 0] = number
    blocks[:, 3] = half
    return _encrypted(blocks, version.permutation_key)[:, 0]


def _encrypted(blocks: NDArray[np.uint32], key: bytes) -> NDArray[np.uint32]:
    return np.frombuffer(_aes(key).encryptor().update(blocks.tobytes()), dtype="<u4").reshape(-1, 4)


class _Encryptors(threading.local):
    """Each thread's own: whole blocks under a key leave nothing behind in what encrypted them."""

    def __init__(self) -> None:
        self.of_key: dict[bytes, CipherContext] = {}


_ENCRYPTORS: Final = _Encryptors()


def _of_thread(key: bytes) -> CipherContext:
    found = _ENCRYPTORS.of_key.get(key)
    if found is None:
        found = _ENCRYPTORS.of_key[key] = _aes(key).encryptor()
    return found


def _aes(key: bytes) -> Cipher[modes.ECB]:
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305  one block at a time, as a keyed function
