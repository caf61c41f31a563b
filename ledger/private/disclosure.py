"""Salted digests: commit to a value now, show it later to some, erase it for ever at need.

Exactly the disclosures of RFC 9901 (SD-JWT), section 4.2: the entry carries the digest, the
value and its salt live elsewhere. With 128 random bits of salt a digest says nothing about
its value, so deleting value and salt erases the value while every proof stays valid.
"""

import binascii
import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ledger.canonical import JsonValue, canonical, read
from ledger.clock import Randomness
from ledger.errors import DisclosureMismatch, MalformedDisclosure, NotCanonical, Said

SALT_SIZE: Final = 16
"""Bytes; RFC 9901, section 9.3, recommends 128 bits."""


@dataclass(frozen=True)
class Disclosure:
    """One value with its name and salt, in the encoding its digest was made from.

    Raises `MalformedDisclosure` unless `encoded` is base64url of a JSON array [salt, name, value].
    """

    encoded: str
    """The disclosure as RFC 9901 hands it around. Whoever has it knows the value."""

    def __post_init__(self) -> None:
        if len(self._parts) != 3 or not all(isinstance(part, str) for part in self._parts[:2]):
            raise MalformedDisclosure(reason=Said("应有三项：盐、名称、值", "three parts: salt, name, value"))

    @property
    def salt(self) -> str:
        """The salt, base64url."""
        return str(self._parts[0])

    @property
    def name(self) -> str:
        """What the value is called."""
        return str(self._parts[1])

    @property
    def value(self) -> JsonValue:
        """The value itself."""
        return self._parts[2]

    @property
    def digest(self) -> str:
        """What the entry carries: base64url(SHA-256(encoded)) (RFC 9901, section 4.2.3)."""
        return _base64url(hashlib.sha256(self.encoded.encode("ascii")).digest())

    @cached_property
    def _parts(self) -> Sequence[JsonValue]:
        try:
            padded = self.encoded.encode("ascii") + b"=" * (-len(self.encoded) % 4)
            raw = urlsafe_b64decode(padded)
            parts = read(raw)
        except NotCanonical as error:
            raise MalformedDisclosure(reason=error) from error
        except (binascii.Error, UnicodeEncodeError) as error:
            raise MalformedDisclosure(reason=Said("不是 base64url", "not base64url")) from error
        if _base64url(raw) != self.encoded:  # the decoder passes over characters of no alphabet
            raise MalformedDisclosure(reason=Said("不是 base64url", "not base64url"))
        if not isinstance(parts, list):
            raise MalformedDisclosure(reason=Said("不是数组", "not an array"))
        return parts


def conceal(name: str, value: JsonValue, randomness: Randomness) -> Disclosure:
    """Return the disclosure of `value` under a fresh salt; put its `digest` into the statement.

    `randomness` must be unpredictable: with a guessable salt a phone number can be found by
    trying all of them. Raises `NotCanonical` when the value breaks a rule of the canonical form.
    """
    salt = _base64url(randomness(SALT_SIZE))
    return Disclosure(_base64url(canonical([salt, name, value])))


def decoy(randomness: Randomness) -> str:
    """Return a digest of nothing, to hide how many values there are (RFC 9901, section 4.2.7)."""
    return _base64url(hashlib.sha256(randomness(32)).digest())


def check(disclosure: Disclosure, digests: Collection[str]) -> None:
    """Raise `DisclosureMismatch` unless an entry with these digests committed to this very disclosure."""
    if disclosure.digest not in digests:
        raise DisclosureMismatch(name=disclosure.name)


def _base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
