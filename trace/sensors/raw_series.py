"""Reading a raw series: CSV with the columns time and value, or one JSON object a line.

Line by line, so that a file of a million readings needs no more memory than one of ten.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import BinaryIO, Final

import orjson

from ledger.errors import Location
from trace.documents.document_errors import SeriesWrong
from trace.sensors.sensing import Quantity
from trace.sensors.series import Reading, Summary, summed_up
from trace.sensors.sums import MILLIONTHS
from trace.steps import event_ms

_HEADINGS: Final = ({"time", "时间"}, {"value", "数值"})
_VALUE: Final = re.compile(r"-?\d{1,9}(\.\d{1,6})?", re.ASCII)
_LONGEST_LINE: Final = 400
_YEARS: Final = range(1971, 3000)
MOST_READINGS: Final = 2_000_000


def summary_of_file(file: BinaryIO, media_type: str, quantity: Quantity) -> Summary:
    """Sum up a raw series from an open file of type text/csv or application/x-ndjson.

    Raises `SeriesWrong` at the first line that is no reading.
    """
    lines = iter(partial(file.readline, _LONGEST_LINE + 1), b"")
    raw = RawSeries(lines, media_type)
    return replace(summed_up(raw, quantity), offset_minutes=raw.offset_minutes)


class RawSeries:
    """A raw series as it is read; knows after the first reading with which offset it was written."""

    def __init__(self, lines: Iterable[bytes], media_type: str) -> None:
        """Read from the lines of a file of that type; nothing is read yet."""
        self._cells = _csv_cells(lines) if media_type == "text/csv" else _json_cells(lines)
        self.offset_minutes = 0

    def __iter__(self) -> Iterator[Reading]:
        """Give the readings in the order of the file; raises `SeriesWrong` at the first bad line.

        Times must carry their offset and increase; values are decimals of at most six places.
        """
        last_ms: int | None = None
        for count, (row, time, value) in enumerate(self._cells):
            if count >= MOST_READINGS:
                raise _wrong(row, f"超过 {MOST_READINGS} 个读数", f"more than {MOST_READINGS} readings")
            moment = _moment(row, time)
            if last_ms is None:
                self.offset_minutes = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
            at_ms = event_ms(moment)
            if last_ms is not None and at_ms <= last_ms:
                raise _wrong(row, "时间没有递增", "its time does not increase")
            last_ms = at_ms
            yield Reading(at_ms, _millionths(row, value))
        if last_ms is None:
            raise _wrong(1, "没有读数", "it has no reading")


def _csv_cells(lines: Iterable[bytes]) -> Iterator[tuple[int, str, str]]:
    for row, line in enumerate(lines, start=1):
        text = _text(row, line)
        cells = [cell.strip() for cell in next(csv.reader([text]), [])]
        if row == 1:
            if len(cells) != len(_HEADINGS) or not all(
                cell.lower() in names for cell, names in zip(cells, _HEADINGS, strict=True)
            ):
                raise _wrong(row, "表头不是“时间,数值”", "its headings are not time,value")
            continue
        if cells and len(cells) != len(_HEADINGS):
            raise _wrong(row, "不是两列", "it has not two columns")
        if cells:
            yield row, cells[0], cells[1]


def _json_cells(lines: Iterable[bytes]) -> Iterator[tuple[int, str, str]]:
    for row, line in enumerate(lines, start=1):
        if not (text := _text(row, line)):
            continue
        try:
            said = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise _wrong(row, "不是 JSON", "it is not JSON") from error
        if not isinstance(said, dict) or not said.keys() >= {"time", "value"}:
            raise _wrong(row, "缺 time 或 value", "time or value is missing")
        if not isinstance(said["value"], str | int) or isinstance(said["value"], bool):
            raise _wrong(row, 'value 请写成文本，如 "18.4"', 'write value as text, such as "18.4"')
        yield row, str(said["time"]), str(said["value"])


def _text(row: int, line: bytes) -> str:
    if len(line) > _LONGEST_LINE:
        raise _wrong(row, "太长", "it is too long")
    try:
        return line.decode("utf-8-sig" if row == 1 else "utf-8").strip()
    except UnicodeDecodeError:
        raise _wrong(row, "不是 UTF-8", "it is not UTF-8") from None


def _moment(row: int, text: str) -> datetime:
    zh, en = f"时间“{text[:40]}”无效或没有时区", f"its time “{text[:40]}” is wrong or has no offset"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _wrong(row, zh, en) from None
    if moment.tzinfo is None or moment.year not in _YEARS:
        raise _wrong(row, zh, en)
    return moment


def _millionths(row: int, text: str) -> int:
    if not _VALUE.fullmatch(text):
        raise _wrong(row, f"数值“{text[:40]}”不是数", f"its value “{text[:40]}” is no number")
    return int(Decimal(text) * MILLIONTHS)


def _wrong(row: int, zh: str, en: str) -> SeriesWrong:
    return SeriesWrong(row=row, fault_zh=zh, fault_en=en, at=Location(row=row))
