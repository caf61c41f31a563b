"""The last signed checkpoint, kept in a folder beside the keys, where whoever owns only the database is not.

A checkpoint is written here before the database has it. A database that has lost what was signed, or was
set back to an older backup with its older checkpoints, is then seen to be older than its own signature.
One file for each size, the largest counts: a process that was paused and writes late can set nothing back.
"""

import os
import re
import threading
from pathlib import Path
from typing import Final

_NAME: Final = re.compile(r"checkpoint-([0-9]{19})")


class KeptHeads:
    """The newest checkpoint in `folder`, which exists. Any number of threads and processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self) -> tuple[int, str] | None:
        """Return the largest size kept and its note; None when none ever was.

        What is no UTF-8 is read as text that no key signed: a damaged file is told of like a forged one.
        """
        while sizes := self._sizes():
            size = max(sizes)
            try:
                return size, self._file(size).read_bytes().decode(errors="replace")
            except FileNotFoundError:
                continue  # a larger one has just taken its place
        return None

    def write(self, size: int, note: str) -> None:
        """Keep the `note` of a checkpoint of `size`: durable, and whole or not at all, when this returns."""
        draft = self._folder / f".checkpoint-{size:019d}.{os.getpid()}.{threading.get_ident()}.draft"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(note.encode())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._file(size))
        finally:
            draft.unlink(missing_ok=True)  # a full disk would fill up with drafts, one for each size tried
        _sync_folder(self._folder)
        for smaller in self._sizes():
            if smaller < size:
                self._file(smaller).unlink(missing_ok=True)

    def _sizes(self) -> list[int]:
        names = (_NAME.fullmatch(path.name) for path in self._folder.iterdir())
        return [int(name[1]) for name in names if name]

    def _file(self, size: int) -> Path:
        return self._folder / f"checkpoint-{size:019d}"


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
