"""What is on record now about many codes at once: one small row for each, in one query.

A scan page needs the state of its code and the sum of its scans, and nothing else of its own: what it says
of the lot is the same for every pack that shares the run's state.
"""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection, Row, TextClause, text
from sqlmodel import Session

from trace.coding.code_words import Level
from trace.scanning.scan_sums import summed
from trace.scanning.scans import NEVER, ScanState

_NOW: Final = """
SELECT asked.value AS serial, run.first_serial, run.last_serial, run.batch_id, run.status, run.status_ms,
  run.lot_id, run.pack_step, run.grams, run.activated_ms, run.holder, run.came_from, run.sold_to,
  run.in_transit_to, run.moved_ms, run.parent_serial, run.frozen, batch.party, batch.level, batch.key_version,
  mark.count AS scans, mark.first_ms, mark.last_ms, mark.cities, mark.devices, mark.first_city{more}
FROM {asked}
JOIN trace_code_run AS run ON run.first_serial =
  (SELECT max(first_serial) FROM trace_code_run WHERE first_serial <= asked.value)
JOIN trace_code_batch AS batch ON batch.batch_id = run.batch_id
LEFT JOIN trace_scan_mark AS mark ON mark.serial = asked.value{beside}
"""
_ONE: Final = _NOW.format(asked="(SELECT :serial AS value) AS asked", more="", beside="")
_ON_SQLITE: Final = text(_NOW.format(asked="json_each(:serials) AS asked", more="", beside=""))
_ARRAY: Final = "unnest(CAST(:serials AS bigint[])) AS asked(value)"
_ON_POSTGRESQL: Final = text(_NOW.format(asked=_ARRAY, more="", beside=""))
_FIRST, _LAST, _LOT, _FROZEN, _LEVEL, _KEY_VERSION, _SCANS, _MORE = 1, 2, 6, 16, 18, 19, 20, 26
"""Places of columns; those of the scans from `_SCANS` to `_MORE`."""
_STATE: Final = slice(3, 19)
"""The columns of the run and of its batch but for the serials and the key version."""
_LEVELS: Final = {level.value: level for level in Level}


class CodeNow(NamedTuple):
    """One issued code as it stands in one snapshot of the database."""

    serials: tuple[int, int]
    """The first and the last of its run."""

    state: tuple[object, ...]
    """Everything on record about the code that its neighbours in the run share."""
    level: Level
    lot: str | None
    frozen: bool
    """Whether the code itself is on hold."""
    key_version: int
    scans: ScanState


def codes_now(session: Session, serials: Collection[int]) -> Mapping[int, CodeNow]:
    """Return what is on record about each of `serials`; those never issued are left out."""
    if session.connection().dialect.name == "sqlite":
        query, asked = _ON_SQLITE, _listed(serials)
    else:
        query, asked = _ON_POSTGRESQL, list(serials)
    return {row[0]: _now(row) for row in _rows(session, query, asked) if row[_LAST] >= row[0]}


def codes_beside(
    connection: Connection, serials: Collection[int], beside: str
) -> Mapping[int, tuple[CodeNow, tuple[object, ...]]]:
    """Return the same with the one row of a query `beside` of one's own: of one snapshot, in one round trip.

    For PostgreSQL, where each statement of a transaction is a journey of its own.
    """
    rows = connection.execute(_with_row_of(beside), {"serials": list(serials)})
    return {row[0]: (_now(row), tuple(row[_MORE:])) for row in rows if row[_LAST] >= row[0]}


@cache
def _with_row_of(beside: str) -> TextClause:
    joined = f" CROSS JOIN ({beside}) AS beside"
    return text(_NOW.format(asked=_ARRAY, more=", beside.*", beside=joined))


def code_now(reader: sqlite3.Connection, serial: int) -> CodeNow | None:
    """Return the same about one code, None where it was never issued, from a statement kept by the driver.

    For SQLite alone, where a row by key costs less than any way to ask for it.
    """
    row = reader.execute(_ONE, {"serial": serial}).fetchone()
    return None if row is None or row[_LAST] < serial else _now(row)


def _listed(serials: Collection[int]) -> str | list[int]:
    return orjson.dumps(list(serials)).decode()


def _rows(session: Session, query: TextClause, asked: str | list[int]) -> list[Row[Any]]:
    return list(session.connection().execute(query, {"serials": asked}))


def _now(row: Sequence[Any]) -> CodeNow:
    """Return what a row of the query says."""
    return CodeNow(
        (row[_FIRST], row[_LAST]),
        tuple(row[_STATE]),
        _LEVELS[row[_LEVEL]],
        row[_LOT],
        bool(row[_FROZEN]),
        row[_KEY_VERSION],
        NEVER if row[_SCANS] is None else summed(*row[_SCANS:_MORE]),
    )
