"""Published values as rows of one table, and that table as CSV and as Parquet."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import duckdb
import numpy as np

from api.publication.value_columns import COLUMNS, COUNT_NAMES, NAMES, Column, Kind
from api.web.csv_body import Cell, csv_body
from api.web.formats import local
from priceindex.calendar import day_number
from priceindex.releases.observations import Observation
from priceindex.releases.series import NOT_COUNTED

PARQUET: Final = "application/vnd.apache.parquet"
FEWEST_DIGITS: Final = 4
"""Decimals of a value, unless its family publishes more."""
_SQL: Final[Mapping[Kind, str]] = {
    Kind.TEXT: '"{0}"::VARCHAR',
    Kind.DAY: "DATE '1970-01-01' + \"{0}\"::INTEGER",
    Kind.MOMENT: 'make_timestamptz("{0}"::BIGINT * 1000)',
    Kind.DECIMAL: '"{0}"::DECIMAL(24,{1})',
    Kind.COUNT: 'nullif("{0}", {2})::INTEGER',
    Kind.BASIS_POINTS: 'nullif("{0}", {2})::INTEGER',
}
"""How a column is typed; moments are stored as UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueLine:
    """One published value with all that is said about it."""

    family: str
    level: str
    node: str
    frequency: str
    period: date
    """First day of the period."""
    value: Decimal | None
    """Index points; None where too much was imputed to publish one."""
    status: str
    vintage: int
    release: str
    method: str
    published_ms: int
    counts: tuple[int, ...]
    """In the order of `COUNT_NAMES`; `NOT_COUNTED` where a release of an older form did not tell it."""

    withdrawn: bool = False
    """From this vintage on the period is in the index no more."""

    def cells(self) -> tuple[Cell, ...]:
        """Return the value's row: days and moments as ISO 8601 text, decimals as they were published."""
        return (
            self.family,
            self.level,
            self.node,
            self.frequency,
            self.period.isoformat(),
            self.value,
            self.status,
            self.vintage,
            self.release,
            self.method,
            iso_moment(self.published_ms),
            *(None if count == NOT_COUNTED else count for count in self.counts),
        )


def value_line(family: str, level: str, node: str, frequency: str, told: Observation) -> ValueLine:
    """Return an observation of a series as a row."""
    return ValueLine(
        family=family,
        level=level,
        node=node,
        frequency=frequency,
        period=told.point.day,
        value=told.point.value,
        status=told.status,
        vintage=told.vintage,
        release=told.release_id,
        method=told.method_id,
        published_ms=told.published_ms,
        counts=tuple(getattr(told.point, name) for name in COUNT_NAMES),
        withdrawn=told.withdrawn,
    )


def iso_moment(at_ms: int) -> str:
    """Write a moment in UTC (RFC 3339).

    >>> iso_moment(1_725_318_000_123)
    '2024-09-02T23:00:00.123Z'
    """
    return local(at_ms, 0).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def values_csv(lines: Iterable[ValueLine]) -> bytes:
    """Return values as CSV (RFC 4180) that spreadsheet programs open without running anything."""
    return csv_body(NAMES, (line.cells() for line in lines))


def values_parquet(lines: Sequence[ValueLine], facts: Mapping[str, str]) -> bytes:
    """Return values as a Parquet file with typed columns; `facts` become its key-value metadata.

    One thread and fixed order: the same values always give the same bytes, so that their ETag holds.
    """
    arrays = {column.name: _array(column, lines) for column in COLUMNS}
    digits = _digits(lines)
    picked = ", ".join(
        f'{_SQL[column.kind].format(column.name, digits, NOT_COUNTED)} AS "{column.name}"'
        for column in COLUMNS
    )
    with tempfile.TemporaryDirectory(prefix="daodi-parquet-") as folder:
        path = Path(folder) / "values.parquet"
        with duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False}) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.register("arrays", arrays)
            told = ", ".join(f"'{_quoted(key)}': '{_quoted(text)}'" for key, text in facts.items())
            connection.execute(
                f"COPY (SELECT {picked} FROM arrays) TO '{_quoted(str(path))}' "  # noqa: S608  names are ours, texts are quoted
                f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{told}}})"
            )
        return path.read_bytes()


def _digits(lines: Iterable[ValueLine]) -> int:
    """Return how many decimals the values were published with, at least four."""
    exponents = [line.value.as_tuple().exponent for line in lines if line.value is not None]
    return max([FEWEST_DIGITS, *(-each for each in exponents if isinstance(each, int))])


def _quoted(text: str) -> str:
    """Return a text as it stands between single quotes in SQL."""
    return text.replace("'", "''")


def _array(column: Column, lines: Sequence[ValueLine]) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
    """Return one column as an array; whole numbers as such, everything else as text."""
    if column.name in COUNT_NAMES:
        place = COUNT_NAMES.index(column.name)
        return np.array([line.counts[place] for line in lines], dtype=np.int64)
    if column.kind is Kind.DAY:
        return np.array([day_number(line.period) for line in lines], dtype=np.int64)
    if column.kind is Kind.MOMENT:
        return np.array([line.published_ms for line in lines], dtype=np.int64)
    if column.kind is Kind.DECIMAL:
        texts = [None if line.value is None else format(line.value, "f") for line in lines]
        return np.array(texts, dtype=object)
    if column.kind is Kind.COUNT:
        return np.array([line.vintage for line in lines], dtype=np.int64)
    return np.array([getattr(line, column.name) for line in lines], dtype=object)
