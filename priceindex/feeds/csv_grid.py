"""CSV as a grid: UTF-8 with or without a mark, or GB18030, which holds GBK and GB 2312."""

import csv
import io
from collections.abc import Iterator

from ledger.errors import Location
from priceindex.errors import BrokenCsv, EmptyBody, UnreadableFile
from priceindex.feeds.grid import Grid


def decode_text(content: bytes, name: str) -> str:
    """Decode a body; raises `UnreadableFile` when it is neither UTF-8 nor GB18030 text.

    >>> decode_text("品名".encode("gb18030"), "a.csv")
    '品名'
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and not content.startswith(b"PK\x03\x04"):
            return text
    raise UnreadableFile(at=Location(file=name), name=name)


def csv_grid(content: bytes, name: str) -> Grid:
    """Return a CSV's heading and rows; raises `UnreadableFile`, `EmptyBody`, and `BrokenCsv` on the way."""
    rows = _numbered(csv.reader(io.StringIO(decode_text(content, name), newline="")), name)
    _, heading = next(rows, (1, []))
    if not heading:
        raise EmptyBody(at=Location(file=name), name=name)
    return Grid(name=name, heading=tuple(heading), rows=rows)


def _numbered(rows: Iterator[list[str]], name: str) -> Iterator[tuple[int, list[str]]]:
    """Give each row that is not blank, with the number a spreadsheet shows for it; raises `BrokenCsv`."""
    number = 0
    try:
        for number, row in enumerate(rows, 1):
            if any(map(str.strip, row)):
                yield number, row
    except csv.Error as fault:
        broken = number + 1
        raise BrokenCsv(at=Location(file=name, row=broken), name=name, row=broken) from fault
