"""The keys trace codes are made with, generation by generation.

One 32-byte secret gives the three keys of a generation, each under a label of its own: none of them
says anything about another. A code prints its generation as its first character.
"""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

SECRET_BYTES: Final = 32
MOST_VERSIONS: Final = 32
"""As many as the version character tells apart."""


@dataclass(frozen=True, slots=True, repr=False)
class KeyVersion:
    """One generation of code keys: the version character it prints, and its three 256-bit keys."""

    number: int
    permutation_key: bytes
    tag_key: bytes
    pin_key: bytes

    @classmethod
    def from_secret(cls, number: int, secret: bytes) -> "KeyVersion":
        """Derive the keys from one 32-byte secret (HMAC-SHA-256 under three labels)."""
        if len(secret) != SECRET_BYTES:
            msg = f"a code secret is {SECRET_BYTES} bytes, not {len(secret)}"
            raise ValueError(msg)
        return cls(
            number,
            hmac.digest(secret, b"daodi code permutation v1", "sha256"),
            hmac.digest(secret, b"daodi code tag v1", "sha256"),
            hmac.digest(secret, b"daodi code pin v1", "sha256"),
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
        if not 0 < len(secrets) <= MOST_VERSIONS:
            msg = f"between 1 and {MOST_VERSIONS} code secrets are possible, not {len(secrets)}"
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
