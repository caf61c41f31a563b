"""Small files of each kind that is kept, made here byte by byte."""

import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"
CSV = "时间,数值\n2024-03-01T00:00:00+08:00,18.0\n".encode()


def png(width: int = 2, height: int = 2) -> bytes:
    """A PNG that says it is that large; its pixels are never looked at."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


def jpeg(width: int, height: int) -> bytes:
    """A JPEG with a note before its frame, as cameras write it."""
    note = b"\xff\xe1" + struct.pack(">H", 1002) + bytes(1000)
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + note + frame + b"\xff\xd9"


def webp(width: int, height: int) -> bytes:
    """A WebP of the extended form (RFC 9649, 2.7)."""
    body = b"\x10\x00\x00\x00" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + body


def workbook(*names: str) -> bytes:
    """A zip archive with files of those names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


def series(count: int, *, minutes: int = 10, value: str = "18.0") -> bytes:
    """A raw series of equal readings from 2024-03-01 on, Beijing time."""
    lines = ["time,value"]
    for place in range(count):
        day, minute = divmod(place * minutes, 1440)
        lines.append(f"2024-03-{day + 1:02d}T{minute // 60:02d}:{minute % 60:02d}:00+08:00,{value}")
    return "\n".join(lines).encode() + b"\n"
