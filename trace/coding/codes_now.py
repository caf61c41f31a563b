"""What is on record now about many codes at once: one small row for each, in one query.

A scan page needs the state of its code and the sum of its scans, and nothing else of its own: what it says
of the lot is the same for every pack that shares the run's state.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Row, TextClause, text
from sqlmodel import Session

from trace.coding.code_words import Level
from trace.scanning.scan_marks import summed
from trace.scanning.scans import NEVER, ScanState

_NOW: Final = """
SELECT asked.value AS serial, run.last_serial, run.batch_id, run.status, run.status_ms, run.lot_id,
  run.pack_step, run.grams, run.activated_ms, run.holder, run.came_from, run.sold_to, run.in_transit_to,
  run.moved_ms, run.parent_serial, run.frozen, batch.party, batch.level, batch.key_version,
  mark.count AS scans, mark.first_ms, mark.last_ms, mark.cities, mark.devices, mark.first_city
FROM {asked}
JOIN trace_code_run AS run ON run.first_serial =
  (SELECT max(first_serial) FROM trace_code_run WHERE first_serial <= asked.value)
JOIN trace_code_batch AS batch ON batch.batch_id = run.batch_id
LEFT JOIN trace_scan_mark AS mark ON mark.serial = asked.value
"""
_ON_SQLITE: Final = text(_NOW.format(asked="json_each(:serials) AS asked"))
_ON_POSTGRESQL: Final = text(_NOW.format(asked="unnest(CAST(:serials AS bigint[])) AS asked(value)"))
_STATE: Final = slice(2, 18)
"""The columns of the run and of its batch but for the serials and the key version."""


@dataclass(frozen=True, slots=True)
class CodeNow:
    """One issued code as it stands in one snapshot of the database."""

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
    return {row.serial: _now(row) for row in _rows(session, query, asked) if row.last_serial >= row.serial}


def _listed(serials: Collection[int]) -> str | list[int]:
    return orjson.dumps(list(serials)).decode()


def _rows(session: Session, query: TextClause, asked: str | list[int]) -> list[Row[Any]]:
    return list(session.connection().execute(query, {"serials": asked}))


def _now(row: Row[Any]) -> CodeNow:
    scans = NEVER
    if row.scans is not None:
        scans = summed(row.scans, row.first_ms, row.last_ms, row.cities, row.devices, row.first_city)
    return CodeNow(
        state=tuple(row)[_STATE],
        level=Level(row.level),
        lot=row.lot_id,
        frozen=bool(row.frozen),
        key_version=row.key_version,
        scans=scans,
    )
