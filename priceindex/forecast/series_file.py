"""A table of series of one's own as CSV: series, period, value."""

import csv
import io
import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ledger.errors import Location
from priceindex.feeds.csv_grid import decode_text
from priceindex.forecast.forecast_errors import SeriesFileCell, SeriesFileColumns

if TYPE_CHECKING:
    from pandas import DataFrame

HEADINGS: Final = {"series": ("series", "数列"), "period": ("period", "期"), "value": ("value", "数值")}
"""What each column may be called."""
_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_WHOLE: Final = re.compile(r"-?[0-9]{1,9}")


def read_series(content: bytes, name: str) -> "DataFrame":
    """Read a CSV into a long frame as `priceindex.forecast.partition` takes it.

    A period is a whole number or a month YYYY-MM, which counts from January of year 0. Raises
    `UnreadableFile`, `SeriesFileColumns`, `SeriesFileCell`.
    """
    import pandas as pd

    rows = csv.DictReader(io.StringIO(decode_text(content, name), newline=""))
    columns = _columns(list(rows.fieldnames or ()), name)
    read = [
        (row[columns["series"]] or "", _period(row, columns["period"], at), _value(row, columns["value"], at))
        for at, row in _numbered(rows, name)
    ]
    return pd.DataFrame(read, columns=["series_id", "period", "value"])


def _columns(found: list[str], name: str) -> dict[str, str]:
    """Which heading stands for each column; raises `SeriesFileColumns`."""
    chosen = {
        column: heading
        for column, known in HEADINGS.items()
        for heading in found
        if heading.strip().lower() in known
    }
    if len(chosen) < len(HEADINGS):
        raise SeriesFileColumns(
            at=Location(file=name), name=name, found=", ".join(map(str, found))[:200] or "—"
        )
    return chosen


def _numbered(rows: "csv.DictReader[str]", name: str) -> Iterator[tuple[Location, dict[str, str | None]]]:
    for number, row in enumerate(rows, 2):
        yield Location(file=name, row=number), row


def _period(row: dict[str, str | None], column: str, at: Location) -> int:
    written = (row[column] or "").strip()
    month = _MONTH.fullmatch(written)
    if month:
        return int(month[1]) * 12 + int(month[2]) - 1
    if not _WHOLE.fullmatch(written):
        raise _wrong(
            at,
            column,
            written,
            "不是整数，也不是年月（2026-03）",
            "is neither a whole number nor a month (2026-03)",
        )
    return int(written)


def _value(row: dict[str, str | None], column: str, at: Location) -> float:
    written = (row[column] or "").strip()
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0.0):
        raise _wrong(at, column, written, "不是大于零的数", "is no number above zero")
    return value


def _wrong(at: Location, column: str, written: str, fault_zh: str, fault_en: str) -> SeriesFileCell:
    cell = Location(file=at.file, row=at.row, field=column, value=written[:40])
    return SeriesFileCell(
        at=cell,
        name=at.file,
        row=at.row,
        column=column,
        value=written[:40] or "—",
        fault_zh=fault_zh,
        fault_en=fault_en,
    )
