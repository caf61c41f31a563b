"""From the quote book to Parquet, year by year: rows stream through, and a file appears whole or not."""

import datetime
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

import duckdb
import numpy as np
from sqlalchemy import func, select
from sqlmodel import Session, col

from priceindex.book import cells_by_id
from priceindex.calendar import day_number, day_of
from priceindex.history.duck import DuckLimits, opened
from priceindex.history.history_errors import HistoryAhead, NoHistory
from priceindex.history.layout import (
    COLUMNS,
    MANIFEST,
    History,
    Manifest,
    Names,
    YearFile,
    history_in,
    year_file,
)
from priceindex.quotes import USABLE, Cell
from priceindex.tables import QuoteRow

_CHUNK: Final = 50_000
_READ: Final = (
    "cell_id", "day", "source", "revision", "fen_per_kg", "low_fen_per_kg", "high_fen_per_kg", "tier",
    "status", "rules", "deals", "recorded_ms",
)  # fmt: skip
_MAYBE: Final = frozenset({"low_fen_per_kg", "high_fen_per_kg", "deals"})
_TEXTS: Final = frozenset({"source", "tier", "status", "rules"})
_NONE: Final = -1
"""Stands for a missing whole number on the way to DuckDB: prices and counts are positive."""
_KEY: Final = "cell_id, day, source"
_WHOLE: Final = f"""
    SELECT *, revision = max(revision) OVER (PARTITION BY {_KEY}) AS standing
    FROM read JOIN cells USING (cell_id)"""  # noqa: S608  made of constants alone
_TAKEN: Final = {
    "day": "DATE '1970-01-01' + day::INTEGER",
    **{name: f"nullif({name}, {_NONE})" for name in ("low_fen_per_kg", "high_fen_per_kg")},
    "deals": f"CASE WHEN deals = {_NONE} THEN 1 ELSE deals END",
}
_PICKED: Final = ", ".join(f"({_TAKEN.get(name, name)})::{kind} AS {name}" for name, kind in COLUMNS.items())
_COPY: Final = f"""
    COPY (SELECT {_PICKED} FROM ({_WHOLE}) ORDER BY day, herb, grade, origin, market, source, revision)
    TO $file (FORMAT parquet, COMPRESSION zstd)"""  # noqa: S608  made of constants alone
_WITHHELD: Final = f"SELECT count(*) FROM ({_WHOLE}) WHERE standing AND NOT list_contains($usable, status)"  # noqa: S608  as above

Progress = Callable[[int, int], None]
"""Called after each year with the year and the rows written so far."""


def write_history(
    session: Session,
    folder: Path,
    as_of_ms: int,
    limits: DuckLimits | None = None,
    progress: Progress = lambda _year, _rows: None,
) -> History:
    """Export every revision recorded at or before `as_of_ms`, one file a year, and the manifest last.

    A file is written beside its place and moved there whole, so that a reader never sees half of one.
    Raises `HistoryAhead` where the folder already knows a later moment.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _refuse_going_back(folder, as_of_ms)
    (folder / MANIFEST).unlink(missing_ok=True)
    years: list[YearFile] = []
    sources: set[str] = set()
    with opened(folder, limits or DuckLimits()) as connection:
        cells = cells_by_id(session)
        _register(connection, cells)
        for year in _years(session, as_of_ms):
            years.append(_write_year(connection, session, folder, year, as_of_ms))
            sources |= _sources(connection)
            progress(year, sum(each.rows for each in years))
    manifest = Manifest(as_of_ms=as_of_ms, names=_names(cells.values(), sources), years=tuple(years))
    part = folder / f"{MANIFEST}.part"
    part.write_text(manifest.model_dump_json(), encoding="utf-8")
    _move(part, folder / MANIFEST)
    return history_in(folder)


def _refuse_going_back(folder: Path, as_of_ms: int) -> None:
    try:
        there = history_in(folder)
    except NoHistory:
        return
    if there.as_of_ms > as_of_ms:
        raise HistoryAhead(folder=folder, there=there.as_of_ms, asked=as_of_ms)


def _years(session: Session, as_of_ms: int) -> range:
    known = col(QuoteRow.recorded_ms) <= as_of_ms
    asked = select(func.min(QuoteRow.day), func.max(QuoteRow.day)).where(known)
    found = session.connection().execute(asked).one()
    first, last = cast("tuple[int | None, int | None]", tuple(found))
    return range(0) if first is None or last is None else range(day_of(first).year, day_of(last).year + 1)


def _register(connection: duckdb.DuckDBPyConnection, cells: Mapping[int, Cell]) -> None:
    columns: dict[str, np.ndarray[Any, Any]] = {"cell_id": np.array(list(cells), dtype=np.int64)}
    for name in Cell._fields:
        columns[name] = np.array([getattr(cell, name) for cell in cells.values()], dtype=object)
    connection.register("cells", columns)


def _names(cells: Collection[Cell], sources: Collection[str]) -> Names:
    herb, grade, origin, market = (tuple(sorted({cell[place] for cell in cells})) for place in range(4))
    return Names(herb=herb, grade=grade, origin=origin, market=market, source=tuple(sorted(sources)))


def _write_year(
    connection: duckdb.DuckDBPyConnection, session: Session, folder: Path, year: int, as_of_ms: int
) -> YearFile:
    """Write one year's file and say what is in it."""
    connection.execute("CREATE OR REPLACE TEMP TABLE read (" + ", ".join(map(_typed, _READ)) + ")")
    rows = 0
    for chunk in _rows(session, year, as_of_ms):
        connection.register("chunk", _columns(chunk))
        connection.execute("INSERT INTO read SELECT * FROM chunk")
        connection.unregister("chunk")
        rows += len(chunk)
    file = year_file(folder.resolve(), year)
    file.parent.mkdir(exist_ok=True)
    part = file.with_suffix(".part")
    connection.execute(_COPY, {"file": str(part)})
    _move(part, file)
    withheld = connection.execute(_WITHHELD, {"usable": [str(status) for status in USABLE]}).fetchall()
    return YearFile(year=year, rows=rows, withheld=withheld[0][0])


def _sources(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {str(row[0]) for row in connection.execute("SELECT DISTINCT source FROM read").fetchall()}


def _typed(name: str) -> str:
    return f"{name} {'VARCHAR' if name in _TEXTS else 'BIGINT'}"


def _rows(session: Session, year: int, as_of_ms: int) -> Iterator[Sequence[Sequence[Any]]]:
    first, after = (day_number(datetime.date(at, 1, 1)) for at in (year, year + 1))
    asked = (
        select(*(col(getattr(QuoteRow, name)) for name in _READ))
        .where(col(QuoteRow.day) >= first, col(QuoteRow.day) < after, col(QuoteRow.recorded_ms) <= as_of_ms)
        .execution_options(yield_per=_CHUNK)
    )
    yield from session.connection().execute(asked).partitions()


def _columns(rows: Sequence[Sequence[Any]]) -> dict[str, np.ndarray[Any, Any]]:
    columns = dict(zip(_READ, zip(*rows, strict=True), strict=True))
    return {name: _array(name, values) for name, values in columns.items()}


def _array(name: str, values: Sequence[Any]) -> np.ndarray[Any, Any]:
    if name in _TEXTS:
        return np.array(values, dtype=object)
    if name in _MAYBE:
        values = [_NONE if value is None else value for value in values]
    return np.array(values, dtype=np.int64)


def _move(part: Path, whole: Path) -> None:
    """Put a file in its place with its bytes on the disk first."""
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(whole)
