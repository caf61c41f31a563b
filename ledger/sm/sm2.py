"""SM2 signatures (GB/T 32918.2-2016) in plain Python.

Meant for verifying and for small deployments: **not constant-time**. Where OpenSSL has SM2,
`ledger.sm.libcrypto` signs and verifies instead, some twenty times faster.

A signature is r || s, 32 bytes each, big-endian. What is signed is e = SM3(Z || message), Z being
the hash of the identity, the curve and the public key (section 5.5).
"""

from collections.abc import Iterator
from typing import Final

from ledger.sm.curve import BASE, ORDER, A, B, Point, added, multiple
from ledger.sm.sm3 import hmac_sm3, sm3

IDENTITY: Final = b"1234567812345678"
"""The identity GM/T 0009-2012, section 10, has one use when parties agreed on none."""
SCALAR_SIZE: Final = 32
SIGNATURE_SIZE: Final = 64


def public_point(secret: int) -> tuple[int, int]:
    """Return the public key of `secret`, 1 … order - 2."""
    return _affine(multiple(secret, BASE))


def digest_of(message: bytes, x: int, y: int, identity: bytes = IDENTITY) -> int:
    """Return e, the number that is signed: SM3(Z || message)."""
    length = (8 * len(identity)).to_bytes(2, "big")
    fixed = b"".join(_bytes(number) for number in (A, B, BASE.x, BASE.y, x, y))
    return int.from_bytes(sm3(sm3(length + identity + fixed) + message), "big")


def sign(secret: int, message: bytes, identity: bytes = IDENTITY) -> bytes:
    """Return the 64-byte signature of `message`; the same message always gives the same.

    The nonce is that of RFC 6979, section 3.2, with SM3: whoever has the same randomness twice would give
    the key away, so none is asked for.
    """
    digest = digest_of(message, *public_point(secret), identity)
    tried = (signed_with(secret, digest, nonce) for nonce in _nonces(secret, digest))
    return next(signature for signature in tried if signature is not None)


def signed_with(secret: int, digest: int, nonce: int) -> bytes | None:
    """Return section 6.1 with this nonce, 1 … order - 1; None when it takes another one."""
    r = (digest + _affine(multiple(nonce, BASE))[0]) % ORDER
    s = pow(1 + secret, -1, ORDER) * (nonce - r * secret) % ORDER
    if r == 0 or r + nonce == ORDER or s == 0:
        return None
    return _bytes(r) + _bytes(s)


def verifies(x: int, y: int, message: bytes, signature: bytes, identity: bytes = IDENTITY) -> bool:
    """Tell whether `signature` is that of the key (x, y), a point on the curve (section 7.1)."""
    return accepts(x, y, digest_of(message, x, y, identity), signature)


def accepts(x: int, y: int, digest: int, signature: bytes) -> bool:
    """Tell whether `signature` is that of the key (x, y) over the number `digest`."""
    if len(signature) != SIGNATURE_SIZE:
        return False
    r, s = (int.from_bytes(half, "big") for half in (signature[:SCALAR_SIZE], signature[SCALAR_SIZE:]))
    total = (r + s) % ORDER
    if not (0 < r < ORDER and 0 < s < ORDER) or total == 0:
        return False
    point = added(multiple(s, BASE), multiple(total, Point(x, y, 1))).affine()
    return point is not None and (digest + point[0]) % ORDER == r


def _nonces(secret: int, digest: int) -> Iterator[int]:
    """Give numbers 1 … order - 1 that nobody without the secret can tell from random ones."""
    seed = _bytes(secret) + _bytes(digest % ORDER)
    value, key = b"\x01" * SCALAR_SIZE, bytes(SCALAR_SIZE)
    for step in (b"\x00", b"\x01"):
        key = hmac_sm3(key, value + step + seed)
        value = hmac_sm3(key, value)
    while True:
        value = hmac_sm3(key, value)
        nonce = int.from_bytes(value, "big")
        if 0 < nonce < ORDER:
            yield nonce
        key = hmac_sm3(key, value + b"\x00")
        value = hmac_sm3(key, value)


def _affine(point: Point) -> tuple[int, int]:
    """Return the coordinates of a point that is not infinity: no multiple below the order is."""
    found = point.affine()
    if found is None:
        raise ZeroDivisionError
    return found


def _bytes(number: int) -> bytes:
    return number.to_bytes(SCALAR_SIZE, "big")
