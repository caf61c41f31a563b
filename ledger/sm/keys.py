"""SM2 keys: made, used, and refused when they are not points of the curve.

OpenSSL's SM2 does the work where this process has it, our own where not: both give the same verdict on
every signature. A signature is r || s, 64 bytes (docs/ledger-format.md).
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ledger.clock import Randomness
from ledger.errors import BadPublicKey, BadSignature, Said
from ledger.sm import libcrypto, sm2
from ledger.sm.curve import ORDER, P, on_curve
from ledger.sm.known_answer import Sm2

RAW_SIZE: Final = 65
_UNCOMPRESSED: Final = 0x04
_HALF: Final = sm2.SCALAR_SIZE
_GREATEST: Final = ORDER - 2
"""Largest secret (GB/T 32918.1-2016, section 6.1): with order - 1 no signature can be made."""


class PlainSm2:
    """SM2 without OpenSSL; see `ledger.sm.sm2` for what it is not."""

    name = "Python"

    def sign(self, secret: bytes, raw: bytes, message: bytes) -> bytes:  # noqa: ARG002  the form of `Sm2`
        """Return the 64-byte signature; the same message always gives the same."""
        return sm2.sign(int.from_bytes(secret, "big"), message)

    def verifies(self, raw: bytes, message: bytes, signature: bytes) -> bool:
        """Tell whether it is a signature by the key with this point, which is on the curve."""
        return sm2.verifies(*_coordinates(raw), message, signature)


PLAIN: Final = PlainSm2()


@lru_cache(maxsize=1)
def implementation() -> Sm2:
    """Return who does the work in this process."""
    return libcrypto.find() or PLAIN


@dataclass(frozen=True, slots=True)
class Sm2PublicKey:
    """An SM2 public key that is safe to trust; raises `BadPublicKey` unless it is a point of the curve.

    The curve's order is prime, so every point but infinity, which has no such form, has full order.
    """

    raw: bytes
    """04 || x || y, 65 bytes (GM/T 0009-2012, section 7.1): the one form we take."""

    def __post_init__(self) -> None:
        if len(self.raw) != RAW_SIZE or self.raw[0] != _UNCOMPRESSED:
            raise BadPublicKey(
                reason=Said(
                    "SM2 公钥应为 04 开头的 65 字节",
                    "an SM2 public key is 65 bytes, of which 04 is the first",
                )
            )
        x, y = _coordinates(self.raw)
        if max(x, y) >= P:
            raise BadPublicKey(reason=Said("编码不规范", "non-canonical encoding"))
        if not on_curve(x, y):
            raise BadPublicKey(reason=Said("不在曲线上", "not on the curve"))

    @property
    def key_id(self) -> str:
        """A short name for messages: the first 16 bytes of SHA-256 of `raw`, in hex, as for other keys."""
        return hashlib.sha256(self.raw).hexdigest()[:32]

    def verify(self, message: bytes, signature: bytes) -> None:
        """Raise `BadSignature` unless `signature` is this key's over `message` (GB/T 32918.2, 7.1)."""
        if len(signature) != sm2.SIGNATURE_SIZE or not _verifies(self.raw, message, signature):
            raise BadSignature(key=self.key_id)


@dataclass(frozen=True, slots=True, repr=False)
class Sm2SigningKey:
    """An SM2 private key; raises `BadPublicKey` unless it is 32 bytes, 1 … order - 2.

    Its text form never shows the secret.
    """

    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) != _HALF or not 0 < int.from_bytes(self.secret, "big") <= _GREATEST:
            raise BadPublicKey(reason=Said("SM2 私钥越界", "the SM2 private key is out of range"))

    @classmethod
    def generate(cls, randomness: Randomness) -> "Sm2SigningKey":
        """Make a new key from `randomness`, which must be unpredictable."""
        while True:
            drawn = randomness(_HALF)
            if 0 < int.from_bytes(drawn, "big") <= _GREATEST:
                return cls(drawn)

    @property
    def public(self) -> Sm2PublicKey:
        """The public half."""
        return _public_of(self.secret)

    def sign(self, message: bytes) -> bytes:
        """Return a 64-byte signature over `message`, checked; raises `BadSignature` if that fails.

        A computation gone wrong could show the key: what does not verify leaves nobody's hands.
        """
        public = self.public
        signature = _signed(self.secret, public.raw, message)
        public.verify(message, signature)
        return signature

    def __repr__(self) -> str:
        return f"Sm2SigningKey(key_id={self.public.key_id!r})"


def _signed(secret: bytes, raw: bytes, message: bytes) -> bytes:
    try:
        return implementation().sign(secret, raw, message)
    except libcrypto.LibraryFault:
        return PLAIN.sign(secret, raw, message)


def _verifies(raw: bytes, message: bytes, signature: bytes) -> bool:
    try:
        return implementation().verifies(raw, message, signature)
    except libcrypto.LibraryFault:
        return PLAIN.verifies(raw, message, signature)


def _coordinates(raw: bytes) -> tuple[int, int]:
    return int.from_bytes(raw[1 : 1 + _HALF], "big"), int.from_bytes(raw[1 + _HALF :], "big")


@lru_cache(maxsize=64)
def _public_of(secret: bytes) -> Sm2PublicKey:
    x, y = sm2.public_point(int.from_bytes(secret, "big"))
    return Sm2PublicKey(bytes([_UNCOMPRESSED]) + x.to_bytes(_HALF, "big") + y.to_bytes(_HALF, "big"))
