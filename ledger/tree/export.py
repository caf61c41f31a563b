"""Writes the published tree into a folder that any file server can serve and any tlog client follow.

A file once written is never changed: one that is there with the same bytes is kept, one with other bytes
stops the export. Each file appears whole or not at all, and the checkpoint last, so whoever reads the
folder at any moment finds everything its checkpoint covers.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlmodel import Session

from ledger import log
from ledger.checkpoint import SignedCheckpoint, parse_checkpoint
from ledger.errors import DaodiError, Said
from ledger.note import split_note
from ledger.tree.static_tree import paths_of, tree_bytes
from ledger.tree.tile_errors import ExportDiffers, ExportForeign, ExportUnwritable

CHECKPOINT: Final = "checkpoint"
KEY_FILE: Final = "vkey"


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did."""

    size: int
    """Entries the folder's checkpoint covers."""
    written: int
    """Files written."""
    kept: int
    """Files that were there already, with the same bytes."""


def count_files(size: int) -> int:
    """Return how many tiles and bundles a tree of `size` entries has.

    >>> count_files(257)
    5
    """
    return sum(1 for _ in paths_of(size))


def export(
    session: Session, folder: Path, head: SignedCheckpoint, done: Callable[[], None] = lambda: None
) -> Exported:
    """Write the tree under `head`, the published checkpoint of `session`, into `folder`.

    `done` is called after each tile and bundle. Partial tiles of earlier exports stay. Raises `ExportDiffers`
    for a file with other bytes, `ExportForeign` when the folder's checkpoint is another log's or larger,
    `TileAltered`, or `ExportUnwritable` with the system's reason. It may be run again after any of them.
    """
    _refuse_foreign(folder, head)
    written = kept = 0
    for path in paths_of(head.size):
        new = _put(folder / str(path), tree_bytes(session, path, head.size))
        written, kept = written + new, kept + (not new)
        done()
    # These two are replaced: the log may change its key, and it grows.
    _replace(folder / KEY_FILE, log.vkey(session).encode() + b"\n")
    _replace(folder / CHECKPOINT, head.text.encode())
    return Exported(head.size, written + 2, kept)


def _refuse_foreign(folder: Path, head: SignedCheckpoint) -> None:
    """Refuse a folder whose checkpoint this log's published one cannot continue."""
    there = _read(folder / CHECKPOINT)
    if there is None:
        return
    try:
        text, _ = split_note(there.decode())
        found = parse_checkpoint(text)
    except (DaodiError, UnicodeDecodeError) as error:
        reason = error if isinstance(error, DaodiError) else Said("不是 UTF-8 文本", "it is not UTF-8 text")
        raise ExportForeign(folder=folder, reason=reason) from error
    if found.origin != head.origin or found.size > head.size:
        reason = Said(f"{found.origin}，{found.size} 条", f"{found.origin}, {found.size} entries")
        raise ExportForeign(folder=folder, reason=reason)


def _put(file: Path, content: bytes) -> bool:
    """Write a file that never changes; False when it is there already. Raises `ExportDiffers`."""
    there = _read(file)
    if there is None:
        _replace(file, content)
        return True
    if there != content:
        raise ExportDiffers(file=file)
    return False


def _read(file: Path) -> bytes | None:
    with _named(file):
        try:
            return file.read_bytes()
        except FileNotFoundError:
            return None


def _replace(file: Path, content: bytes) -> None:
    """Write a file so that even after a power cut it has all its bytes or is not there."""
    with _named(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".draft-", delete=False) as draft:
            try:
                draft.write(content)
                draft.flush()
                os.fsync(draft.fileno())
                Path(draft.name).chmod(0o644)
                Path(draft.name).replace(file)
            except BaseException:
                Path(draft.name).unlink(missing_ok=True)
                raise


@contextmanager
def _named(file: Path) -> Iterator[None]:
    """Say which file it was when the system refuses."""
    try:
        yield
    except OSError as error:
        english = error.strerror or type(error).__name__
        raise ExportUnwritable(file=file, reason=Said(english, english)) from error
