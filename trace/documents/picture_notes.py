"""Pictures without what a camera wrote beside them: position, owner, number, a small copy of the picture.

Only what is needed to show the picture is let through, and of the notes which way up it is; whatever follows
the picture's own end is left out too. Nothing is decoded and nothing drawn anew. JPEG: ITU-T T.81, B.1;
PNG: third edition, 5 and 11; WebP: RFC 9649, 2.
"""

import os
import re
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final, TypeAlias

from trace.documents.document_errors import DocumentTypeRefused
from trace.documents.picture_turn import UPRIGHT, turn_alone, turn_of

Piece: TypeAlias = bytes | tuple[int, int]
"""Bytes of ours, or from where to where those of the file go on."""

_CHUNK: Final = 256 * 1024
_EXIF: Final = b"Exif\0\0"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_START, _END, _SCAN, _NOTE = 0xD8, 0xD9, 0xDA, 0xFE
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers of a JPEG without a length."""
_APPLICATION: Final = range(0xE0, 0xF0)
_SHOWN: Final = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""Segments of applications that change how a JPEG is shown, by how they begin."""
_NEXT: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""Where the coded picture of a JPEG ends: any marker but a restart."""
_SHOWN_PNG: Final = frozenset(
    b"tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)
"""Optional chunks of a PNG that change how it is shown; what must be understood begins with a capital."""
_SHOWN_WEBP: Final = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_HAS_EXIF, _HAS_XMP = 0x08, 0x04
"""Flags of a WebP's first chunk."""
_MOST_PARTS: Final = 100_000
"""Far above what any camera writes: a file of nothing but empty parts is not looked through for long."""


def without_notes(file: BinaryIO) -> Iterator[bytes]:
    """Give a JPEG, PNG or WebP file without what stands beside the picture; any other file as it is.

    A file that is cut short stays so. Raises `DocumentTypeRefused` where its parts do not follow each other.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(12)
    pieces: list[Piece] = [(0, size)]
    if head.startswith(b"\xff\xd8\xff"):
        pieces = _jpeg(file, size)
    elif head.startswith(_PNG):
        pieces = _png(file, size)
    elif head[:4] == b"RIFF" and head[8:] == b"WEBP":
        pieces = _webp(file, size)
    for piece in pieces:
        yield from (piece,) if isinstance(piece, bytes) else _between(file, *piece)


def _between(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    file.seek(start)
    while start < end and (body := file.read(min(_CHUNK, end - start))):
        start += len(body)
        yield body


def _jpeg(file: BinaryIO, size: int) -> list[Piece]:
    kept: list[Piece] = [(0, 2)]
    place, marker = 2, 0
    for _ in _parts():
        if place >= size or marker == _END:
            break
        marker, inside = _marker(file, place)
        if marker in _BARE or marker == _END:
            kept.append((place, inside))
            place = inside
            continue
        end = inside + max(2, _number(file, inside, ">H"))
        if marker == _SCAN:
            end = _scan_end(file, end)
            kept.append((place, min(end, size)))
        else:
            kept += _of_segment(file, marker, (place, inside + 2, min(end, size)))
        place = end
    return kept


def _marker(file: BinaryIO, place: int) -> tuple[int, int]:
    """Return a marker of a JPEG and where its length stands; fill bytes may come before it."""
    file.seek(place)
    marker = 0xFF if file.read(1) == b"\xff" else _START
    while marker == 0xFF and (byte := file.read(1)):
        marker = byte[0]
    if marker == _START:
        raise _broken()
    return (_END if marker == 0xFF else marker), file.tell()


def _of_segment(file: BinaryIO, marker: int, where: tuple[int, int, int]) -> list[Piece]:
    """Return what goes on of a segment, whose marker, content and end stand `where`."""
    start, content, end = where
    if marker not in _APPLICATION and marker != _NOTE:
        return [(start, end)]
    body = b"".join(_between(file, content, end))
    shown = _SHOWN.get(marker)
    if shown is not None and body.startswith(shown):
        return [(start, end)]
    turn = turn_of(body[len(_EXIF) :]) if body.startswith(_EXIF) else UPRIGHT
    if turn == UPRIGHT:
        return []
    note = _EXIF + turn_alone(turn)
    return [b"\xff\xe1" + struct.pack(">H", 2 + len(note)) + note]


def _scan_end(file: BinaryIO, place: int) -> int:
    """Return where the coded picture that begins at `place` ends: at the next marker, or with the file."""
    file.seek(place)
    before = b""
    while body := file.read(_CHUNK):
        found = _NEXT.search(before + body)
        if found:
            return place - len(before) + found.start()
        place += len(body)
        before = body[-1:] if body.endswith(b"\xff") else b""
    return place


def _png(file: BinaryIO, size: int) -> list[Piece]:
    kept: list[Piece] = [(0, len(_PNG))]
    place, name = len(_PNG), b""
    for _ in _parts():
        if place + 8 > size or name == b"IEND":
            break
        length, name = _number(file, place, ">I"), file.read(4)
        end = min(place + 12 + length, size)
        if not name.isalpha():
            raise _broken()
        if name[:1].isupper() or name in _SHOWN_PNG:
            kept.append((place, end))
        elif name == b"eXIf" and (turn := turn_of(b"".join(_between(file, place + 8, end - 4)))) != UPRIGHT:
            told = name + turn_alone(turn)
            kept.append(struct.pack(">I", len(told) - 4) + told + struct.pack(">I", zlib.crc32(told)))
        place = end
    return kept


def _webp(file: BinaryIO, size: int) -> list[Piece]:
    size = min(size, 8 + _number(file, 4, "<I"))
    kept: list[Piece] = []
    place, turn, first = 12, UPRIGHT, b""
    for _ in _parts():
        if place >= size:
            break
        length, name = _number(file, place + 4, "<I"), _word(file, place)
        end = min(place + 8 + length + length % 2, size)
        if name == b"VP8X":
            first = b"".join(_between(file, place, end))
        elif name in _SHOWN_WEBP:
            kept.append((place, end))
        elif name == b"EXIF":
            turn = turn_of(b"".join(_between(file, place + 8, end)).removeprefix(_EXIF))
        place = end
    if first:
        note = turn_alone(turn) if turn != UPRIGHT else b""
        kept.insert(0, _flagged(first, bool(note)))
        kept += [b"EXIF" + struct.pack("<I", len(note)) + note] if note else []
    whole = 4 + sum(len(each) if isinstance(each, bytes) else each[1] - each[0] for each in kept)
    return [b"RIFF" + struct.pack("<I", whole) + b"WEBP", *kept]


def _flagged(chunk: bytes, noted: bool) -> bytes:  # noqa: FBT001  a flag of the format
    """Return a WebP's first chunk, saying of the notes what is true now."""
    flags = chunk[8] if len(chunk) > 8 else 0
    said = flags & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if noted else 0)
    return chunk[:8] + bytes((said,)) + chunk[9:]


def _parts() -> Iterator[int]:
    """Count the parts of a picture; raises `DocumentTypeRefused` where there are too many."""
    yield from range(_MOST_PARTS)
    raise _broken()


def _broken() -> DocumentTypeRefused:
    return DocumentTypeRefused(
        fault_zh="图片的结构已损坏",
        fault_en="the structure of the picture is broken",
        known="image/jpeg, image/png, image/webp",
    )


def _word(file: BinaryIO, place: int) -> bytes:
    file.seek(place)
    return file.read(4)


def _number(file: BinaryIO, place: int, form: str) -> int:
    """Return the number that stands at `place`; where the file ends before it, one that leads to the end."""
    file.seek(place)
    raw = file.read(struct.calcsize(form))
    return int(struct.unpack(form, raw)[0]) if len(raw) == struct.calcsize(form) else 0
