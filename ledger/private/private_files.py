"""Files that hold a private key: written whole and durably, opened only when private and this account's."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ledger.clock import Randomness
from ledger.errors import KeyFileDamaged, KeyFileExists, KeyFileMissing, KeyFileUnsafe
from ledger.keyring.key_errors import KeyFileForeign

KEY_SUFFIX: Final = ".key"
_LONGEST: Final = 8192


def write_new(path: Path, content: bytes, randomness: Randomness) -> None:
    """Write a new file, mode 0600; raises `KeyFileExists`. Nothing is ever overwritten."""
    with draft_beside(path, content, randomness) as draft:
        try:
            os.link(draft, path)  # unlike a rename, a link never replaces what is there
        except FileExistsError as error:
            raise KeyFileExists(name=path.name.removesuffix(KEY_SUFFIX)) from error


def check_folder(path: Path) -> None:
    """Raise `KeyFileUnsafe` or `KeyFileForeign` unless only this account may enter the folder."""
    _check_private(path, path.stat(), "700")


def read_private(path: Path) -> bytes:
    """Return a file's bytes once what was opened is known to be private and this account's.

    Raises `KeyFileMissing`, `KeyFileUnsafe`, `KeyFileForeign` or `KeyFileDamaged`.
    """
    try:
        with open(path, "rb", opener=_open_warily) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise KeyFileForeign(path=path)
            _check_private(path, found, "600")
            content = file.read(_LONGEST + 1)
    except FileNotFoundError as error:
        raise KeyFileMissing(name=path.name.removesuffix(KEY_SUFFIX)) from error
    except OSError as error:
        raise KeyFileForeign(path=path) from error
    if len(content) > _LONGEST:
        raise KeyFileDamaged(path=path)
    return content


def _open_warily(path: str, flags: int) -> int:
    # A link could lead to what somebody else keeps; a pipe could make us wait.
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _check_private(path: Path, found: os.stat_result, wanted: str) -> None:
    if found.st_uid != os.geteuid():
        raise KeyFileForeign(path=path)
    mode = stat.S_IMODE(found.st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileUnsafe(path=path, mode=f"{mode:o}", wanted=wanted)


@contextmanager
def draft_beside(target: Path, content: bytes, randomness: Randomness) -> Iterator[Path]:
    """Write `content` durably beside `target`; once the block has put it in place, so is its name."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.{randomness(4).hex()}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        yield draft
        _sync_folder(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
