"""An xlsx workbook as grids: every visible sheet that says something.

A workbook is a zip archive of XML. What it unpacks to and how many rows and cells it has is bounded before
openpyxl, which takes minutes over a hostile one, opens it. Numbers and dates come out as a person would
have typed them; a formula nobody computed is refused with its row, never taken as empty.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Protocol

from ledger.errors import Location, Said
from priceindex.errors import EmptyBody
from priceindex.feeds.feed_errors import TooManyRows, UnreadableSheet
from priceindex.feeds.grid import Grid

MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 64
MAX_CELLS: Final = 2_000_000
MAX_UNPACKED: Final = 96 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_TAG: Final = re.compile(rb"<(?:\w+:)?(row|c)[\s/>]")
_LONGEST_TAG: Final = 64
_UNCOMPUTED: Final = "#?"
"""What a formula without a stored value, or a text with a NUL, reads as: no name, price, unit or day."""


def sheet_grids(content: bytes, name: str) -> tuple[Grid, ...]:
    """Return the visible sheets that are not empty; raises `UnreadableSheet`, `TooManyRows`, `EmptyBody`."""
    try:
        grids = tuple(_grids(content, name))
    except (UnreadableSheet, TooManyRows):
        raise
    except Exception as fault:  # openpyxl, zlib and expat raise anything
        raise _unreadable(name, "不是有效的工作簿", "it is no valid workbook") from fault
    if not grids:
        raise EmptyBody(at=Location(file=name), name=name)
    return grids


def _grids(content: bytes, name: str) -> Iterator[Grid]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise _unreadable(name, "解压后超过 96 MB", "it unpacks to more than 96 MB")
        for part in archive.infolist():
            if part.filename.startswith("xl/worksheets/"):
                _hold_bounds(archive, part, name)
    from openpyxl import load_workbook

    values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    written = load_workbook(io.BytesIO(content), read_only=True)
    try:
        for sheet in values.sheetnames:
            if values[sheet].sheet_state != "visible":
                continue  # nobody can see what it says, so nobody can have meant to send it
            pairs = zip(_cells(values[sheet], name), _cells(written[sheet], name), strict=True)
            rows = [(number, _texts(*pair)) for number, pair in enumerate(pairs, start=1)]
            filled = [(number, row) for number, row in rows if any(row)]
            if filled:
                yield Grid(name=f"{name}［{sheet}］", heading=tuple(filled[0][1]), rows=filled[1:])
    finally:
        values.close()
        written.close()


def _hold_bounds(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Refuse a sheet of too many rows or cells, counted in its text and not as the sheet claims."""
    rows = cells = 0
    kept = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            text = kept + chunk
            # An opening cut in two by the end of the chunk is counted with the next one.
            cut = text.rfind(b"<", len(text) - _LONGEST_TAG) if len(text) > _LONGEST_TAG else -1
            text, kept = (text, b"") if cut < 0 else (text[:cut], text[cut:])
            for tag in _TAG.findall(text):
                rows += tag == b"row"
                cells += tag == b"c"
            if rows > MAX_ROWS:
                raise TooManyRows(at=Location(file=name), name=name, limit=MAX_ROWS)
            if cells > MAX_CELLS:
                raise _unreadable(name, f"超过 {MAX_CELLS} 个单元格", f"it has more than {MAX_CELLS} cells")


class _Streamed(Protocol):
    """What openpyxl's read-only worksheets can do; its stubs describe only the other kind."""

    def reset_dimensions(self) -> None: ...

    def iter_rows(self, *, values_only: bool) -> Iterator[tuple[object, ...]]: ...


def _cells(sheet: _Streamed, name: str) -> Iterator[tuple[object, ...]]:
    """Go through the rows as they are, whatever size the sheet claims to have."""
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True):
        if len(row) > MAX_COLUMNS:
            raise _unreadable(name, f"超过 {MAX_COLUMNS} 列", f"it has more than {MAX_COLUMNS} columns")
        yield row


def _texts(values: Sequence[object], written: Sequence[object]) -> list[str]:
    return [_text(value, formula) for value, formula in zip(values, written, strict=True)]


def _text(value: object, written: object) -> str:
    if value is None:
        return _UNCOMPUTED if isinstance(written, str) and written.startswith("=") else ""
    if isinstance(value, float):
        # A binary float is shown by Excel with 15 digits; repr gives the shortest decimal that means it.
        number = Decimal(repr(value))
        return str(int(number)) if number == number.to_integral_value() else format(number, "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    return text if "\x00" not in text else _UNCOMPUTED


def _unreadable(name: str, zh: str, en: str) -> UnreadableSheet:
    return UnreadableSheet(at=Location(file=name), name=name, why=Said(zh=zh, en=en))
