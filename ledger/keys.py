"""Ed25519 keys: made, used, and refused when they could fool a verifier.

Signatures follow RFC 8032. pycryptodome signs. Verification is the cofactorless check of
`cryptography` (OpenSSL) everywhere: whatever that accepts every other verifier accepts, so no
two verifiers can ever disagree about an entry or a checkpoint. `ledger.keyring.key_files` keeps keys.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from Crypto.PublicKey.ECC import EccKey
from Crypto.Signature import eddsa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger.clock import Randomness
from ledger.errors import BadPublicKey, BadSignature, Said

KEY_SIZE: Final = 32
SIGNATURE_SIZE: Final = 64

_PRIME: Final = 2**255 - 19
_ORDER_EIGHT: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
# The y coordinates of the eight points whose order divides 8, whatever the sign of x. Under such
# a key one constant signature verifies many messages, so it identifies nobody.
_LOW_ORDER: Final = frozenset({0, 1, _PRIME - 1, _ORDER_EIGHT, _PRIME - _ORDER_EIGHT})


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An Ed25519 public key that is safe to trust.

    Raises `BadPublicKey` when made from anything but the one encoding (RFC 8032, section
    5.1.2) of a point on the curve whose order is large: the 14 encodings of the eight
    points of small order are refused, canonical or not.
    """

    raw: bytes
    """The 32 bytes of RFC 8032, section 5.1.5."""

    def __post_init__(self) -> None:
        _check_point(self.raw)

    @property
    def key_id(self) -> str:
        """The name of this key in entries: the first 16 bytes of SHA-256 of `raw`, as 32 hex digits."""
        return hashlib.sha256(self.raw).hexdigest()[:32]

    def verify(self, message: bytes, signature: bytes) -> None:
        """Raise `BadSignature` unless `signature` is this key's over `message`.

        RFC 8032, section 5.1.7, allows two equations; this is the cofactorless one, which is the
        stricter, with S below the group order and R in its one encoding.
        """
        try:
            _verifier(self.raw).verify(signature, message)
        except InvalidSignature as error:
            raise BadSignature(key=self.key_id) from error


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """An Ed25519 private key. Its text form never shows the seed."""

    seed: bytes
    """The 32 random bytes RFC 8032, section 5.1.5, calls the private key."""

    def __post_init__(self) -> None:
        if len(self.seed) != KEY_SIZE:
            raise BadPublicKey(
                reason=Said(
                    f"私钥种子有 {len(self.seed)} 字节，应为 {KEY_SIZE}",
                    f"the seed has {len(self.seed)} bytes, not {KEY_SIZE}",
                )
            )

    @classmethod
    def generate(cls, randomness: Randomness) -> "SigningKey":
        """Make a new key from `randomness`, which must be unpredictable."""
        return cls(randomness(KEY_SIZE))

    @classmethod
    def from_seed(cls, seed: bytes) -> "SigningKey":
        """Take up a key from its 32-byte seed."""
        return cls(seed)

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return _public_of(self.seed)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature over `message`; the same message always gives the same."""
        return bytes(eddsa.new(_private_curve_key(self.seed), "rfc8032").sign(message))

    def __repr__(self) -> str:
        return f"SigningKey(key_id={self.public.key_id!r})"


@lru_cache(maxsize=4096)
def _check_point(raw: bytes) -> None:
    if len(raw) != KEY_SIZE:
        raise BadPublicKey(
            reason=Said(f"有 {len(raw)} 字节，应为 {KEY_SIZE}", f"{len(raw)} bytes, not {KEY_SIZE}")
        )
    y = int.from_bytes(raw, "little") & (1 << 255) - 1
    if y >= _PRIME:
        raise BadPublicKey(reason=Said("编码不规范", "non-canonical encoding"))
    if y in _LOW_ORDER:
        raise BadPublicKey(
            reason=Said("低阶点，任何人都能冒签", "a point of low order, under which anybody can sign")
        )
    try:
        eddsa.import_public_key(raw)
    except ValueError as error:
        raise BadPublicKey(reason=Said("不在曲线上", "not on the curve")) from error


@lru_cache(maxsize=4096)
def _verifier(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)


@lru_cache(maxsize=256)
def _private_curve_key(seed: bytes) -> EccKey:
    return eddsa.import_private_key(seed)


@lru_cache(maxsize=4096)
def _public_of(seed: bytes) -> PublicKey:
    return PublicKey(_private_curve_key(seed).public_key().export_key(format="raw"))
