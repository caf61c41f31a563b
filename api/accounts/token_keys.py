"""The Ed25519 keys of short tokens, in a file of the key folder: made at first need, rotated by command.

The newest signs; an older one is believed until the tokens it signed have expired. The file is read again
whenever it changed, so that every worker follows a rotation at once.
"""

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from api.errors import SecretFileDamaged
from api.key_files import read_private, write_private

TOKEN_KEYS: Final = "short-tokens.json"  # noqa: S105  a file's name
"""Name of the file: a JSON list, the key in use last, each a JWK (RFC 8037) and when it was made."""
LONGEST_MS: Final = 600_000
"""How long a short token may live."""
ALGORITHM: Final = "Ed25519"
"""The fully specified name of EdDSA with this curve (RFC 9864)."""


@dataclass(frozen=True, slots=True)
class TokenKey:
    """One signing key."""

    made_ms: int
    jwk: OKPKey


class TokenKeys:
    """The keys as the file has them now."""

    def __init__(self, folder: Path) -> None:
        """Read nothing yet: a service nobody asks for short tokens has no such keys."""
        self._path = folder / TOKEN_KEYS
        self._seen: tuple[int, int] | None = None
        self._keys: tuple[TokenKey, ...] = ()

    def __call__(self) -> Sequence[TokenKey]:
        """Return the keys, the one in use last; none before the first was made.

        Raises `SecretExposed` or `SecretFileDamaged`.
        """
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return ()
        seen = (status.st_ino, status.st_mtime_ns)
        if seen != self._seen:
            self._keys, self._seen = _read(self._path), seen
        return self._keys

    def in_use(self, now_ms: int) -> OKPKey:
        """Return the key to sign with, made now where there is none."""
        if not self():
            # Another worker may have been quicker: then its key is the one in use.
            with contextlib.suppress(FileExistsError):
                write_private(self._path, _written([_made(now_ms)]))
        return self()[-1].jwk

    def rotate(self, now_ms: int) -> str:
        """Put a new key into use and return its id; keys whose last tokens have expired are dropped."""
        keys = [*self(), _made(now_ms)]
        kept = [each for each, after in pairwise(keys) if now_ms - after.made_ms < LONGEST_MS]
        beside = self._path.with_suffix(".new")
        beside.unlink(missing_ok=True)
        write_private(beside, _written([*kept, keys[-1]]))
        beside.replace(self._path)
        return str(keys[-1].jwk.kid)

    def believed(self) -> KeySet:
        """Return the public keys that tokens are checked with."""
        return KeySet([OKPKey.import_key(each.jwk.as_dict(private=False)) for each in self()])


def _made(now_ms: int) -> TokenKey:
    fresh = OKPKey.generate_key("Ed25519")
    parameters = {"kid": fresh.thumbprint(), "use": "sig", "alg": ALGORITHM}
    return TokenKey(now_ms, OKPKey.import_key({**fresh.as_dict(private=True), **parameters}))


def _written(keys: Sequence[TokenKey]) -> bytes:
    listed = [{"made_ms": key.made_ms, "jwk": key.jwk.as_dict(private=True)} for key in keys]
    return json.dumps(listed).encode()


def _read(path: Path) -> tuple[TokenKey, ...]:
    raw = read_private(path)
    try:
        return tuple(
            TokenKey(int(each["made_ms"]), OKPKey.import_key(each["jwk"])) for each in json.loads(raw)
        )
    except (ValueError, KeyError, TypeError, JoseError):
        raise SecretFileDamaged(file=path) from None
