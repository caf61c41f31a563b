"""Secrets in files of the service's folder: made once by `init`, readable by their owner only."""

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from api.errors import NotInitialised, SecretExposed, SecretFileDamaged
from trace.coding.code_keys import CodeKeys

CODE_KEYS = "codes.json"
"""Name of the file of trace code secrets, oldest first: appended to, never rewritten shorter."""

_OWNER_ONLY = 0o077


def make_private_folder(folder: Path) -> None:
    """Create `folder` and the folders above it; only its owner may enter it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def write_private(path: Path, content: bytes) -> None:
    """Write a new file only its owner may read; raises `FileExistsError` when it exists.

    The file appears whole or not at all, whenever the process dies, and stays through a loss of power.
    """
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".draft")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        os.link(draft, path)  # unlike a rename, a link never replaces what is there
    finally:
        Path(draft).unlink()
    _sync_folder(path.parent)


def read_private(path: Path) -> bytes:
    """Read a secret file; raises `NotInitialised` when absent, `SecretExposed` when others may read it."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise NotInitialised(folder=path.parent, missing=path.name) from None
    if mode & _OWNER_ONLY:
        raise SecretExposed(file=path, mode=oct(mode & 0o777))
    return path.read_bytes()


def make_code_keys(folder: Path, randomness: Callable[[int], bytes]) -> None:
    """Write the first secret of the trace codes into `folder`, unless one is there."""
    path = folder / CODE_KEYS
    if not path.exists():
        write_private(path, json.dumps({"secrets": [randomness(32).hex()]}).encode())


def load_code_keys(folder: Path) -> CodeKeys:
    """Read the trace code secrets; raises `SecretFileDamaged` when they are not what `init` wrote."""
    path = folder / CODE_KEYS
    raw = read_private(path)
    try:
        secrets = [bytes.fromhex(word) for word in json.loads(raw)["secrets"]]
        return CodeKeys.from_secrets(secrets)
    except (ValueError, KeyError, TypeError):
        raise SecretFileDamaged(file=path) from None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
