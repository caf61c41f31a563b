"""Documents on the disk, each under its SHA-256: written whole and durably, never overwritten.

`<folder>/ab/cd/abcd…`: two levels of folders, so that none grows large. A file is hashed while it streams
in and again before any byte of it is handed out.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from ledger.clock import Randomness
from trace.documents.document_errors import (
    DocumentDamaged,
    DocumentTooLarge,
    UnknownDocument,
)
from trace.documents.media_types import (
    HEAD,
    MediaType,
    check_picture,
    check_type,
    check_workbook,
    media_type,
)
from trace.documents.references import SHA256

CHUNK: Final = 256 * 1024
_DRAFTS: Final = "drafts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file that is on the disk, and what it is."""

    sha256: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A file that came in whole and was checked, not yet kept under its name."""

    path: Path
    kept: Kept


@contextmanager
def draft_document(
    folder: Path, body: Iterable[bytes], declared: str, *, limit: int, randomness: Randomness
) -> Iterator[Draft]:
    """Stream a body to the disk, hash and check it; gone after the block unless `settle` kept it.

    `limit` is the longest it may be, in bytes. Raises `DocumentTypeRefused`, `DocumentTooLarge` or
    `ImageTooLarge`. Memory holds the head of the file and one chunk.
    """
    media_type(declared)
    drafts = folder / _DRAFTS
    drafts.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = drafts / randomness(16).hex()
    try:
        digest, size, head = _written(path, body, limit)
        kind = check_type(declared, head)
        width, height = _checked(kind, head, path)
        yield Draft(
            path=path,
            kept=Kept(sha256=digest, media_type=kind.name, size=size, width=width, height=height),
        )
    finally:
        path.unlink(missing_ok=True)


def settle(folder: Path, draft: Draft) -> Kept:
    """Keep a draft under its hash; what is there already stays and must be the same: `DocumentDamaged`."""
    target = document_path(folder, draft.kept.sha256)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.link(draft.path, target)  # unlike a rename, a link never replaces what is there
    except FileExistsError:
        with open_document(folder, draft.kept.sha256):
            return draft.kept
    for above in (target.parent, target.parent.parent, folder):
        _sync_folder(above)
    return draft.kept


def keep_document(folder: Path, body: bytes, declared: str, *, limit: int, randomness: Randomness) -> Kept:
    """Check a body and keep it under its hash; raises what `draft_document` and `settle` raise."""
    with draft_document(folder, (body,), declared, limit=limit, randomness=randomness) as draft:
        return settle(folder, draft)


@contextmanager
def open_document(folder: Path, sha256: str) -> Iterator[BinaryIO]:
    """Open a kept file, hashed anew; raises `UnknownDocument` or `DocumentDamaged`."""
    path = document_path(folder, sha256)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise UnknownDocument(sha256=sha256) from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode) or _digest(file) != sha256:
            raise DocumentDamaged(sha256=sha256)
        file.seek(0)
        yield file


def remove_document(folder: Path, sha256: str) -> bool:
    """Delete the bytes of a document for good; say whether there were any."""
    path = document_path(folder, sha256)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    _sync_folder(path.parent)
    return True


def document_path(folder: Path, sha256: str) -> Path:
    """Return where a document stands; raises `UnknownDocument` for what is no hash."""
    if not SHA256.fullmatch(sha256):
        raise UnknownDocument(sha256=sha256[:64])
    return folder / sha256[:2] / sha256[2:4] / sha256


def chunks(file: BinaryIO) -> Iterator[bytes]:
    """Give what a file holds, piece by piece."""
    while piece := file.read(CHUNK):
        yield piece


def _written(path: Path, body: Iterable[bytes], limit: int) -> tuple[str, int, bytes]:
    hashed, size, head = hashlib.sha256(), 0, b""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in body:
            size += len(piece)
            if size > limit:
                raise DocumentTooLarge(limit=limit)
            if len(head) < HEAD:
                head += piece[: HEAD - len(head)]
            hashed.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(descriptor)
    return hashed.hexdigest(), size, head


def _checked(kind: MediaType, head: bytes, path: Path) -> tuple[int, int] | tuple[None, None]:
    if kind.picture:
        return check_picture(kind, head)
    if kind.name.endswith("spreadsheetml.sheet"):
        check_workbook(path)
    return None, None


def _digest(file: BinaryIO) -> str:
    hashed = hashlib.sha256()
    for piece in chunks(file):
        hashed.update(piece)
    return hashed.hexdigest()


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
