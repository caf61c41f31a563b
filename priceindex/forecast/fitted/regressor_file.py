"""The CSV outside regressors are handed in by: name, period, value, and since when the value was known.

A period is a day `2025-03-21`, a month `2025-03` or a year `2025`: a planting area is told for a year, a
temperature for a month, the day of a policy for itself. Headings may be Chinese: 名称, 时期, 数值, 已知日.
"""

import calendar
import datetime
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NoReturn

from ledger.errors import Location
from priceindex.calendar import day_number
from priceindex.feeds.csv_grid import csv_grid
from priceindex.feeds.grid import Grid
from priceindex.forecast.forecast_errors import RegressorsMalformed

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("name", "名称"),
    "period": ("period", "时期"),
    "value": ("value", "数值"),
    "known": ("known", "已知日"),
}
"""Each column with the headings it may have; `known` may be absent."""
MOST_ROWS: Final = 100_000
MOST_NAMES: Final = 12
"""Regressors at once: more cannot be estimated from series as short as these."""
LONGEST_NAME: Final = 60
_PERIOD: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressorValue:
    """One value of one regressor."""

    name: str
    first: int
    """First day of its period, a day number."""
    last: int
    value: float
    known: int
    """The day from which it could be used: the last of its period where the file does not say."""


def read_values(body: bytes, file: str) -> dict[str, list[RegressorValue]]:
    """The values of each regressor by its name, oldest first; names in the order of the file.

    Raises `RegressorsMalformed`, or what `csv_grid` raises for bytes that are no CSV.
    """
    found: dict[str, list[RegressorValue]] = defaultdict(list)
    for place, (row, value) in enumerate(_rows(csv_grid(body, file))):
        found[value.name].append(value)
        if place >= MOST_ROWS or len(found) > MOST_NAMES:
            zh, en = (
                f"超过 {MOST_ROWS} 行或 {MOST_NAMES} 个变量",
                f"over {MOST_ROWS} rows or {MOST_NAMES} names",
            )
            _refuse(file, row, zh, en)
    for name, values in found.items():
        values.sort(key=lambda each: each.first)
        if any(one.last >= other.first for one, other in pairwise(values)):
            _refuse(file, None, f"“{name}”有重叠的时期", f"periods of “{name}” overlap")
    if not found:
        _refuse(file, None, "没有数据行", "there are no rows")
    return dict(found)


def _rows(grid: Grid) -> Iterator[tuple[int, RegressorValue]]:
    heading = [cell.strip().lower() for cell in grid.heading]
    places = {
        column: next((place for place, cell in enumerate(heading) if cell in names), None)
        for column, names in COLUMNS.items()
    }
    absent = [column for column, place in places.items() if place is None and column != "known"]
    if absent:
        _refuse(grid.name, 1, f"缺少列 {absent[0]}", f"the column {absent[0]} is missing")
    for row, cells in grid.rows:
        told = {
            column: cells[place].strip()
            for column, place in places.items()
            if place is not None and place < len(cells)
        }
        yield row, _value(told, grid.name, row)


def _value(told: dict[str, str], file: str, row: int) -> RegressorValue:
    name = told.get("name", "")
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        _refuse(file, row, "变量名为空、过长或含控制字符", "the name is empty, too long or not printable")
    try:
        value = float(told.get("value", ""))
        first, last = span(told.get("period", ""))
        known = span(told["known"])[1] if told.get("known") else last
    except ValueError as fault:
        at = Location(file=file, row=row)
        zh, en = "时期或数值无法读取", "a period or value cannot be read"
        raise RegressorsMalformed(at=at, fault_zh=zh, fault_en=en) from fault
    if not math.isfinite(value):
        _refuse(file, row, "数值不是有限数", "the value is not finite")
    return RegressorValue(name=name, first=first, last=last, value=value, known=known)


def span(text: str) -> tuple[int, int]:
    """First and last day number of a day, month or year; raises ValueError.

    >>> span("1970-02"), span("1970-02-03"), span("1970")
    ((31, 58), (33, 33), (0, 364))
    """
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day = (int(part or 0) for part in found.groups())
    first = datetime.date(year, month or 1, day or 1)
    last = first.replace(month=month or 12)
    last = last.replace(day=day or calendar.monthrange(year, last.month)[1])
    return day_number(first), day_number(last)


def _refuse(file: str, row: int | None, zh: str, en: str) -> NoReturn:
    raise RegressorsMalformed(at=Location(file=file, row=row), fault_zh=zh, fault_en=en)
