"""The wrapping keys of private values, in a file of the key folder: never in the database.

`vault.json` lists them, the one in use last. A second one stands there only while a rotation is going on.
The file is read again whenever it changed, so that a running service follows a rotation done beside it.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from api.errors import SecretFileDamaged
from api.key_files import read_private, write_private
from ledger.clock import Randomness
from ledger.private.private_cipher import KEY_SIZE, WrappingKey
from ledger.private.private_vault import Vault

VAULT_KEYS: Final = "vault.json"
"""Name of the file. Without it no private value can be read again: it belongs into the backup of the keys,
which is kept apart from the backups of the database."""


class VaultKeys:
    """The wrapping keys as the file has them now."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / VAULT_KEYS
        self._seen: tuple[int, int] | None = None
        self._keys: tuple[WrappingKey, ...] = ()

    def __call__(self) -> Sequence[WrappingKey]:
        """Return the keys, the one in use last.

        Raises `NotInitialised`, `SecretExposed` or `SecretFileDamaged`.
        """
        try:
            status = self._path.stat()
            seen = (status.st_ino, status.st_mtime_ns)
        except FileNotFoundError:
            seen = None
        if seen is None or seen != self._seen:
            self._keys, self._seen = _read(self._path), seen
        return self._keys


def open_vault(folder: Path, randomness: Randomness) -> Vault:
    """Return the vault whose wrapping keys lie in `folder`; raises as `VaultKeys` does."""
    keys = VaultKeys(folder)
    keys()
    return Vault(keys, randomness)


def make_vault_keys(folder: Path, randomness: Randomness) -> None:
    """Write the first wrapping key into `folder`, unless one is there."""
    path = folder / VAULT_KEYS
    if not path.exists():
        write_private(path, _written([WrappingKey(randomness(KEY_SIZE))]))


def add_key(folder: Path, randomness: Randomness) -> WrappingKey:
    """Put a new wrapping key behind those in the file, durably, and return it: from now on it is in use.

    Where an earlier rotation was interrupted, its new key is taken up and no other made.
    """
    path = folder / VAULT_KEYS
    keys = _read(path)
    if len(keys) == 1:
        keys = (*keys, WrappingKey(randomness(KEY_SIZE)))
        _replace(path, keys)
    return keys[-1]


def drop_old_keys(folder: Path) -> int:
    """Leave only the key in use in the file, durably; return how many were dropped.

    The old file is overwritten before it is unlinked. What a journal, a snapshot or worn flash cells keep of
    it is beyond a program: docs/operations.md says what to do about copies.
    """
    path = folder / VAULT_KEYS
    keys = _read(path)
    if len(keys) > 1:
        old = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            _replace(path, keys[-1:])
            os.pwrite(old, bytes(os.fstat(old).st_size), 0)
            os.fsync(old)
        finally:
            os.close(old)
    return len(keys) - 1


def _replace(path: Path, keys: Sequence[WrappingKey]) -> None:
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    write_private(beside, _written(keys))
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _written(keys: Sequence[WrappingKey]) -> bytes:
    return json.dumps({"wrapping_keys": [key.raw.hex() for key in keys]}).encode()


def _read(path: Path) -> tuple[WrappingKey, ...]:
    raw = read_private(path)
    try:
        keys = tuple(WrappingKey(bytes.fromhex(word)) for word in json.loads(raw)["wrapping_keys"])
    except (ValueError, KeyError, TypeError):
        raise SecretFileDamaged(file=path) from None
    if not keys or any(len(key.raw) != KEY_SIZE for key in keys):
        raise SecretFileDamaged(file=path)
    return keys
