"""The few DER structures (X.690) that SM2 keys and signatures travel in between us and other tools."""

from typing import Final

from ledger.sm.sm2 import SCALAR_SIZE, SIGNATURE_SIZE

EC_KEY: Final = bytes.fromhex("06072a8648ce3d0201")
"""id-ecPublicKey, 1.2.840.10045.2.1 (RFC 5480)."""
CURVE: Final = bytes.fromhex("06082a811ccf5501822d")
"""sm2p256v1, 1.2.156.10197.1.301 (GM/T 0006)."""

_SEQUENCE, _INTEGER, _BITS, _OCTETS, _TAGGED_1 = 0x30, 0x02, 0x03, 0x04, 0xA1
_VERSION: Final = {number: bytes([_INTEGER, 1, number]) for number in (0, 1)}
_ALGORITHM: Final = bytes([_SEQUENCE, len(EC_KEY + CURVE)]) + EC_KEY + CURVE
_HALF: Final = SCALAR_SIZE


def public_key(raw: bytes) -> bytes:
    """Return SubjectPublicKeyInfo (RFC 5480) of the point 04 || x || y."""
    return _of(_SEQUENCE, _ALGORITHM, _of(_BITS, b"\x00", raw))


def private_key(secret: bytes, raw: bytes) -> bytes:
    """Return ECPrivateKey (RFC 5915) of a secret and its point, without the curve."""
    return _of(_SEQUENCE, _VERSION[1], _of(_OCTETS, secret), _of(_TAGGED_1, _of(_BITS, b"\x00", raw)))


def wrapped_private_key(secret: bytes, raw: bytes) -> bytes:
    """Return PrivateKeyInfo (RFC 5958), which names the curve."""
    return _of(_SEQUENCE, _VERSION[0], _ALGORITHM, _of(_OCTETS, private_key(secret, raw)))


def signature(joined: bytes) -> bytes:
    """Return r || s as SEQUENCE { INTEGER r, INTEGER s } (GM/T 0009-2012, section 7.3)."""
    return _of(_SEQUENCE, _integer(joined[:_HALF]), _integer(joined[_HALF:]))


def joined_signature(encoded: bytes) -> bytes | None:
    """Return r || s of a signature in its one encoding; None for any other bytes."""
    halves = []
    at = 2
    for _ in range(2):
        length = encoded[at + 1] if len(encoded) > at + 1 else 0
        halves.append(int.from_bytes(encoded[at + 2 : at + 2 + length], "big"))
        at += 2 + length
    if any(half >> 8 * _HALF for half in halves):
        return None
    joined = b"".join(half.to_bytes(_HALF, "big") for half in halves)
    return joined if len(joined) == SIGNATURE_SIZE and signature(joined) == encoded else None


def _integer(unsigned: bytes) -> bytes:
    number = int.from_bytes(unsigned, "big")
    return _of(_INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _of(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    # None of these structures reaches 256 bytes.
    length = bytes([len(content)]) if len(content) < 0x80 else bytes([0x81, len(content)])
    return bytes([tag]) + length + content
