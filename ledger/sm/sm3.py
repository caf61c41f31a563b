"""SM3 (GB/T 32905-2016): OpenSSL's where this Python has it, otherwise our own."""

import hashlib
from typing import Final

from ledger.merkle import Digest, Hasher
from ledger.sm.sm3_pure import BLOCK, Sm3


def _of_openssl() -> Hasher | None:
    """Return OpenSSL's SM3, or None where it is left out or forbidden."""
    try:
        fresh = hashlib.new("sm3")
    except ValueError:
        return None

    def hasher(content: bytes) -> Digest:
        # A copy of a fresh state costs less than half of finding the algorithm by its name.
        hashed = fresh.copy()
        hashed.update(content)
        return hashed

    return hasher


OPENSSL: Final = _of_openssl()
"""OpenSSL's SM3; None where this Python has none."""
SM3: Final[Hasher] = OPENSSL or Sm3
"""`SM3(content).digest()`, as `hashlib.sha256` is used."""


def sm3(content: bytes) -> bytes:
    """Return the 32-byte SM3 hash.

    >>> sm3(b"abc").hex()[:16]
    '66c7f0f462eeedd9'
    """
    return SM3(content).digest()


def hmac_sm3(key: bytes, message: bytes) -> bytes:
    """Return HMAC (RFC 2104) with SM3; the key is at most one block of 64 bytes."""
    padded = key.ljust(BLOCK, b"\x00")
    inner = sm3(bytes(byte ^ 0x36 for byte in padded) + message)
    return sm3(bytes(byte ^ 0x5C for byte in padded) + inner)
