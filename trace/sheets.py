"""A spreadsheet or a CSV file as rows of text, each with the number its owner sees.

Numbers, dates and formulas come out as a person would have typed them; nothing is guessed about what
they mean. A file that is not a table we can read is refused as a whole.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Protocol

from ledger.errors import DaodiError, Location
from trace.errors import FileTooLong, UnreadableFile

MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 256
MAX_CELLS: Final = 2_000_000
MAX_UNPACKED: Final = 96 * 1024 * 1024
"""A workbook is a zip archive: what it unpacks to is bounded before it is opened."""

_CHUNK: Final = 1024 * 1024
_ROW: Final = re.compile(rb"<(?:\w+:)?row[\s/>]")
_CELL: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")
_LONGEST_TAG: Final = 64
"""No opening of a row or a cell that the patterns match is longer."""

UNCOMPUTED: Final = "\x00formula"
"""What a formula without a stored value, or with an error, reads as: never taken as empty or as text."""

_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls")
_STAND_IN: Final = re.compile(r"#([1-9]\d{0,5})", re.ASCII)
_ENCODINGS: Final = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a sheet, its empty cells left out."""

    sheet: str
    number: int
    """As the spreadsheet counts: the heading row is 1."""
    cells: Mapping[str, str]
    """By heading, as written there; "#5" in the fifth column where none stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table: its headings and its rows."""

    name: str
    """Name of the worksheet; empty for a CSV file."""
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheets(body: bytes, filename: str, most: int = MAX_ROWS) -> tuple[Sheet, ...]:
    """Return the tables of an .xlsx or .csv file; raises `UnreadableFile`.

    Raises `FileTooLong` where one has more than the `most` rows its sender may bring, headings among them.
    """
    if not zipfile.is_zipfile(io.BytesIO(body)) and not filename.lower().endswith(_WORKBOOKS):
        return (_table("", _csv_rows(body, filename), filename, most),)
    try:
        return tuple(_workbook(body, filename, most))
    except (UnreadableFile, FileTooLong):
        raise
    except Exception as error:  # openpyxl, zlib and expat raise anything
        raise _unreadable(filename, "不是有效的 .xlsx 工作簿", "it is not a valid .xlsx workbook") from error


def unnamed_place(heading: str) -> int | None:
    """Return which column a stand-in for a heading is; None for a heading that somebody wrote.

    >>> unnamed_place("#5"), unnamed_place("时间")
    (5, None)
    """
    found = _STAND_IN.fullmatch(heading)
    return int(found[1]) if found else None


def _workbook(body: bytes, filename: str, most: int) -> Iterator[Sheet]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise _unreadable(filename, "解压后超过 96 MB", "it unpacks to more than 96 MB")
        for part in archive.infolist():
            if part.filename.startswith("xl/worksheets/"):
                _hold_bounds(archive, part, filename, most)
    from openpyxl import load_workbook

    values = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
    written = load_workbook(io.BytesIO(body), read_only=True)
    try:
        for name in values.sheetnames:
            if values[name].sheet_state != "visible":
                continue  # nobody can see what it says, so nobody can have meant to send it
            pairs = zip(_cells(values[name], filename), _cells(written[name], filename), strict=True)
            yield _table(name, (_texts(value, formula) for value, formula in pairs), filename, most)
    finally:
        values.close()
        written.close()


def _hold_bounds(archive: zipfile.ZipFile, part: zipfile.ZipInfo, filename: str, most: int) -> None:
    """Refuse a sheet of too many rows or cells before openpyxl, which reads it four times, takes minutes."""
    rows = cells = 0
    kept = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            text = kept + chunk
            # An opening cut in two by the end of the chunk is counted with the next one.
            cut = text.rfind(b"<", len(text) - _LONGEST_TAG) if len(text) > _LONGEST_TAG else -1
            text, kept = (text, b"") if cut < 0 else (text[:cut], text[cut:])
            rows += len(_ROW.findall(text))
            cells += len(_CELL.findall(text))
            if rows > most:
                raise _too_many_rows(filename, most)
            if cells > MAX_CELLS:
                raise _unreadable(
                    filename, f"超过 {MAX_CELLS} 个单元格", f"it has more than {MAX_CELLS} cells"
                )


class _Streamed(Protocol):
    """What openpyxl's read-only worksheets can do; its stubs describe only the other kind."""

    def reset_dimensions(self) -> None: ...

    def iter_rows(self, *, values_only: bool) -> Iterator[tuple[object, ...]]: ...


def _cells(sheet: _Streamed, filename: str) -> Iterator[tuple[object, ...]]:
    """Go through the rows as they are, whatever size the sheet claims to have."""
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True):
        _hold_width(row, filename)
        yield row


def _texts(values: Sequence[object], written: Sequence[object]) -> list[str]:
    return [_text(value, formula) for value, formula in zip(values, written, strict=True)]


def _text(value: object, written: object) -> str:
    if value is None:
        return UNCOMPUTED if isinstance(written, str) and written.startswith("=") else ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        plain = Decimal(repr(value))
        return str(int(plain)) if plain == plain.to_integral_value() else format(plain, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    from openpyxl.cell.cell import ERROR_CODES

    if value in ERROR_CODES:
        return UNCOMPUTED
    return str(value).strip()


def _csv_rows(body: bytes, filename: str) -> Iterator[list[str]]:
    for encoding in _ENCODINGS:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        try:
            for row in csv.reader(io.StringIO(text), strict=True):
                _hold_width(row, filename)
                yield [cell.strip() for cell in row]
        except csv.Error as error:
            raise _unreadable(
                filename, "不是有效的 CSV 表格", f"it is not a valid CSV table: {error}"
            ) from error
        return
    raise _unreadable(
        filename, "编码既不是 UTF-8 也不是 GB18030", "its encoding is neither UTF-8 nor GB18030"
    )


def _table(name: str, lines: Iterable[Sequence[str]], filename: str, most: int) -> Sheet:
    headings: dict[int, str] = {}
    unnamed: dict[int, str] = {}
    rows: list[Row] = []
    for number, cells in enumerate(lines, start=1):
        if number > most:
            raise _too_many_rows(filename, most)
        if number == 1:
            headings = {place: cell for place, cell in enumerate(cells, start=1) if cell}
            continue
        filled = {place: cell for place, cell in enumerate(cells, start=1) if cell}
        unnamed |= {place: f"#{place}" for place in filled if place not in headings}
        if filled:
            named = {(headings | unnamed)[place]: cell for place, cell in filled.items()}
            rows.append(Row(sheet=name, number=number, cells=named))
    return Sheet(name=name, headings=(*headings.values(), *unnamed.values()), rows=tuple(rows))


def _hold_width(row: Sequence[object], filename: str) -> None:
    if len(row) > MAX_COLUMNS:
        raise _unreadable(filename, f"超过 {MAX_COLUMNS} 列", f"it has more than {MAX_COLUMNS} columns")


def _too_many_rows(filename: str, most: int) -> DaodiError:
    if most < MAX_ROWS:  # what a caller allows is no property of the file
        return FileTooLong(limit=most, at=Location(file=filename))
    return _unreadable(filename, f"超过 {most} 行", f"it has more than {most} rows")


def _unreadable(filename: str, zh: str, en: str) -> UnreadableFile:
    return UnreadableFile(fault_zh=zh, fault_en=en, at=Location(file=filename))
