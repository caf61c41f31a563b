"""How private values and their keys are sealed: AES-256-GCM (NIST SP 800-38D), bound to where they stand.

A value is sealed under the data key of its subject, a data key under a wrapping key that is not in the
database. The associated data names the row, so a ciphertext moved to another row does not open there.
Pure: keys and randomness come in as arguments. docs/ledger-format.md fixes the bytes.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger.canonical import canonical
from ledger.clock import Randomness
from ledger.private.disclosure import Disclosure
from ledger.private.private_errors import SealBroken

KEY_SIZE: Final = 32
NONCE_SIZE: Final = 12
"""Bytes; drawn anew for every sealing. A data key seals few values, far from 2^32 (SP 800-38D, 8.3)."""

_VERSION: Final = b"\x01"
_BLOCK: Final = 64
"""A value's length is rounded up to this many bytes, so that it tells little."""
_FILL: Final = b"."
"""Stands in no base64url, so the padding comes off again."""


@dataclass(frozen=True, slots=True)
class WrappingKey:
    """A key that data keys are sealed under; it lives in the key folder, never in the database."""

    raw: bytes = field(repr=False)
    """32 random bytes."""

    @property
    def key_id(self) -> str:
        """Names the key beside what it wraps: 16 hex digits that say nothing about the key itself."""
        return hashlib.sha256(b"daodi/wrapping-key/v1\n" + self.raw).hexdigest()[:16]


def seal_value(key: bytes, disclosure: Disclosure, statement_id: str, randomness: Randomness) -> bytes:
    """Return the sealed disclosure of one field of a statement."""
    encoded = disclosure.encoded.encode("ascii")
    padded = encoded + _FILL * (-len(encoded) % _BLOCK)
    return _seal(key, padded, _value_place(statement_id, disclosure.name), randomness)


def open_value(key: bytes, sealed: bytes, statement_id: str, name: str) -> Disclosure:
    """Return the disclosure sealed for this field of this statement; raises `SealBroken`."""
    padded = _open(key, sealed, _value_place(statement_id, name), f"{statement_id} · {name}")
    return Disclosure(padded.rstrip(_FILL).decode("ascii"))


def wrap(by: WrappingKey, subject: str, data_key: bytes, randomness: Randomness) -> bytes:
    """Return the data key of `subject`, sealed under a wrapping key."""
    return _seal(by.raw, data_key, _key_place(by, subject), randomness)


def unwrap(by: WrappingKey, subject: str, wrapped: bytes) -> bytes:
    """Return the data key of `subject`; raises `SealBroken`."""
    return _open(by.raw, wrapped, _key_place(by, subject), subject)


def _seal(key: bytes, plain: bytes, place: bytes, randomness: Randomness) -> bytes:
    nonce = randomness(NONCE_SIZE)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, place)


def _open(key: bytes, sealed: bytes, place: bytes, what: str) -> bytes:
    version, nonce, ciphertext = sealed[:1], sealed[1 : 1 + NONCE_SIZE], sealed[1 + NONCE_SIZE :]
    if version != _VERSION or len(nonce) != NONCE_SIZE:
        raise SealBroken(what=what)
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, place)
    except InvalidTag as error:
        raise SealBroken(what=what) from error


def _value_place(statement_id: str, name: str) -> bytes:
    return canonical(["daodi/private-value/v1", statement_id, name])


def _key_place(by: WrappingKey, subject: str) -> bytes:
    return canonical(["daodi/data-key/v1", by.key_id, subject])
