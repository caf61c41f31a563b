"""Ed25519 verification so strict that every verifier agrees (RFC 8032, section 5.1.7).

RFC 8032 allows two equations. Multiplied by the cofactor 8 (pycryptodome's own `verify`), signatures pass
whose R or key carries a component of small order; without it (OpenSSL, BoringSSL and so WebCrypto) they do
not. Whatever the second accepts the first accepts too, never the other way round. Here the second is
computed: R' = [S]B - [k]A, and its encoding compared with the signature's R byte for byte, which refuses
other spellings of R as well. Keys of small order and other spellings of a key are refused beforehand.
"""

import hashlib
from functools import lru_cache
from typing import Final

from Crypto.PublicKey.ECC import EccKey
from Crypto.Signature import eddsa

_PRIME: Final = 2**255 - 19
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_BASE: Final = bytes([0x58]) + bytes([0x66]) * 31
"""The base point of RFC 8032, section 5.1, encoded."""
_ORDER_EIGHT: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_LOW_ORDER: Final = frozenset({0, 1, _PRIME - 1, _ORDER_EIGHT, _PRIME - _ORDER_EIGHT})


def safe(key: bytes) -> bool:
    """Say whether these 32 bytes may be trusted as a key: one spelling, and no point of small order.

    Whether they are a point at all shows when a signature is checked: none then holds.
    """
    y = int.from_bytes(key, "little") & ~(1 << 255)
    return len(key) == 32 and y < _PRIME and y not in _LOW_ORDER


def key_id(key: bytes) -> str:
    """Return the name of a key in entries: 32 hex digits of SHA-256 (format, section 2)."""
    return hashlib.sha256(key).hexdigest()[:32]


def holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether `signature` is over `message` by a safe `key`, by the cofactorless equation."""
    s = int.from_bytes(signature[32:], "little")
    if not safe(key) or len(signature) != 64 or s >= _ORDER:
        return False
    base, public = _curve_key(_BASE), _curve_key(key)
    if base is None or public is None:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _ORDER
    x, y = (int(each) for each in (base.pointQ * s + -public.pointQ * k).xy)
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


@lru_cache(maxsize=1024)
def _curve_key(key: bytes) -> EccKey | None:
    try:
        return eddsa.import_public_key(key)
    except ValueError:
        return None
