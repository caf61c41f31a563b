"""The types of file that are kept, each known by its first bytes: what a sender claims is not enough.

The list is short on purpose. SVG and HTML are not on it: they can act in a reader's browser.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from trace.documents.document_errors import DocumentTypeRefused, ImageTooLarge
from trace.documents.picture_sizes import picture_size

HEAD: Final = 256 * 1024
"""Bytes of a file that its type is judged by; a JPEG may carry long notes before its size."""
MOST_SIDE: Final = 20_000
MOST_PIXELS: Final = 100_000_000
_TEXT_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_CUT: Final = 4
"""Bytes a character may lose where the head is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaType:
    """A type of file we keep."""

    name: str
    """As RFC 6838 writes it."""
    suffix: str
    """Of the name it is handed out under."""
    begins: Callable[[bytes], bool]
    inline: bool = False
    """Whether a browser may show it in place; all others are handed out as downloads."""
    picture: bool = False
    video: bool = False
    text: bool = False


def _starts(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(beginnings)


def _is_text(head: bytes) -> bool:
    if b"\x00" in head or head.lstrip()[:1] == b"<":
        return False
    for encoding in _TEXT_ENCODINGS:
        for cut in range(_CUT if len(head) == HEAD else 1):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


MEDIA_TYPES: Final = (
    MediaType(name="application/pdf", suffix=".pdf", begins=_starts(b"%PDF-"), inline=True),
    MediaType(name="image/jpeg", suffix=".jpg", begins=_starts(b"\xff\xd8\xff"), inline=True, picture=True),
    MediaType(
        name="image/png", suffix=".png", begins=_starts(b"\x89PNG\r\n\x1a\n"), inline=True, picture=True
    ),
    MediaType(
        name="image/webp",
        suffix=".webp",
        begins=lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
        inline=True,
        picture=True,
    ),
    MediaType(name="video/mp4", suffix=".mp4", begins=lambda head: head[4:8] == b"ftyp", video=True),
    MediaType(
        name="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        suffix=".xlsx",
        begins=_starts(b"PK\x03\x04"),
    ),
    MediaType(name="text/csv", suffix=".csv", begins=_is_text, text=True),
    MediaType(name="application/x-ndjson", suffix=".ndjson", begins=_starts(b"{"), text=True),
)
_BY_NAME: Final = {each.name: each for each in MEDIA_TYPES}
_BINARY: Final = tuple(each for each in MEDIA_TYPES if not each.text)


def media_type(name: str) -> MediaType:
    """Return a type by its name; raises `DocumentTypeRefused`."""
    try:
        return _BY_NAME[name.partition(";")[0].strip().lower()]
    except KeyError:
        raise _refused(f"类型 {name[:60]} 不在清单中", f"{name[:60]} is not on the list") from None


def check_type(declared: str, head: bytes) -> MediaType:
    """Return the type of a file that begins with `head`, which its sender says is `declared`.

    Raises `DocumentTypeRefused` unless both are the same type, and one we keep.
    """
    said = media_type(declared)
    seen = next((each for each in _BINARY if each.begins(head)), None)
    if not head or not said.begins(head) or (said.text and not _is_text(head)) or seen not in (None, said):
        shown = seen.name if seen else "?"
        raise _refused(
            f"声明为 {said.name}，内容却像 {shown}", f"it is said to be {said.name} and looks like {shown}"
        )
    return said


def check_picture(kind: MediaType, head: bytes) -> tuple[int, int]:
    """Return width and height of a picture; raises `DocumentTypeRefused` or `ImageTooLarge`."""
    size = picture_size(kind.name, head)
    if size is None or 0 in size:
        raise _refused("读不出图片的尺寸", "the size of the picture cannot be read")
    width, height = size
    if max(size) > MOST_SIDE or width * height > MOST_PIXELS:
        raise ImageTooLarge(width=width, height=height, limit=f"{MOST_SIDE} × {MOST_PIXELS // MOST_SIDE}")
    return width, height


def check_workbook(path: Path) -> None:
    """Raise `DocumentTypeRefused` unless the file is a workbook without macros."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        names = set()
    if "xl/workbook.xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _refused("不是不含宏的 .xlsx 工作簿", "it is no .xlsx workbook without macros")


def _refused(zh: str, en: str) -> DocumentTypeRefused:
    return DocumentTypeRefused(fault_zh=zh, fault_en=en, known=", ".join(each.name for each in MEDIA_TYPES))
