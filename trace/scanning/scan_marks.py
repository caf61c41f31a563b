"""Keeping scans, and the running sum of each code's: one row read for a page, whatever was scanned before.

Scans come in by thousands while pages are answered by the same interpreter. So a whole batch goes to the
database as one text in a statement of its own, three in all: their rows are made there, and Python's lock is
free meanwhile.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import CursorResult, delete, select, text
from sqlmodel import Session, col

from trace.scanning.scan_sums import ScanSum, sum_with
from trace.scanning.scan_tables import ScanMarkRow, ScanRow
from trace.scanning.scans import NEVER, PlainScan, Scan, ScanState
from trace.tables import table_of

_MARK: Final = table_of(ScanMarkRow)
_ONE: Final = select(
    *(_MARK.c[name] for name in ("count", "first_ms", "last_ms", "first_city", "cities", "devices", "copied"))
)
_MOST_TOGETHER: Final = 5000
"""Scans in one statement: a bound on its memory."""
LOCK: Final = int.from_bytes(b"scans", "big")
"""Key of the PostgreSQL advisory lock of whoever adds scans: the bytes of ``scans``."""

_SCANS: Final = """
INSERT INTO trace_scan (serial, at_ms, city, device, network)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
  json_extract(value, '$[3]'), json_extract(value, '$[4]')
FROM json_each(:batch)
"""
_COPIED: Final = "COPY trace_scan (serial, at_ms, city, device, network) FROM STDIN"
_KNOWN: Final = {
    "sqlite": """
SELECT json_group_array(json_array(serial, count, first_ms, last_ms, first_city, cities, devices, copied))
FROM trace_scan_mark WHERE serial IN (SELECT value FROM json_each('[' || :serials || ']'))
""",
    "postgresql": """
SELECT CAST(json_agg(json_build_array(
  serial, count, first_ms, last_ms, first_city, cities, devices, copied)) AS text)
FROM trace_scan_mark WHERE serial = ANY(CAST('{' || :serials || '}' AS bigint[]))
""",
}
_REPLACED: Final = """
ON CONFLICT (serial) DO UPDATE SET count = excluded.count, first_ms = excluded.first_ms,
  last_ms = excluded.last_ms, first_city = excluded.first_city, cities = excluded.cities,
  devices = excluded.devices, copied = excluded.copied
"""
_SUMS: Final = {
    "sqlite": """
INSERT INTO trace_scan_mark (serial, count, first_ms, last_ms, first_city, cities, devices, copied)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
  json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'),
  json_extract(value, '$[6]'), json_extract(value, '$[7]')
FROM json_each(:batch) WHERE true
"""
    + _REPLACED,
    "postgresql": """
INSERT INTO trace_scan_mark (serial, count, first_ms, last_ms, first_city, cities, devices, copied)
SELECT CAST(value->>0 AS bigint), CAST(value->>1 AS integer), CAST(value->>2 AS bigint),
  CAST(value->>3 AS bigint), value->>4, value->>5, value->>6, CAST(value->>7 AS boolean)
FROM json_array_elements(CAST(:batch AS json))
"""
    + _REPLACED,
}


def add_scans(session: Session, scans: Sequence[PlainScan]) -> int:
    """Write scans and add them to the sums of their codes, in a few statements.

    Returns how many codes look copied that did not before.
    """
    portions = (scans[start : start + _MOST_TOGETHER] for start in range(0, len(scans), _MOST_TOGETHER))
    return sum(_add(session, [Scan._make(scan) for scan in portion]) for portion in portions)


def scan_state(session: Session, serial: int) -> ScanState:
    """Return what the scans of a code add up to; `NEVER` when there was none."""
    row = session.connection().execute(_ONE.where(_MARK.c.serial == serial)).one_or_none()
    return NEVER if row is None else ScanSum(*row).state


def forget_scans(session: Session, before_ms: int) -> int:
    """Delete single scans older than `before_ms`; their sums stay. Returns how many."""
    gone = session.connection().execute(delete(ScanRow).where(col(ScanRow.at_ms) < before_ms))
    return gone.rowcount


def _add(session: Session, scans: Sequence[Scan]) -> int:
    by_serial: dict[int, list[Scan]] = {}
    for scan in scans:
        by_serial.setdefault(scan.serial, []).append(scan)
    known = _known(session, sorted(by_serial))
    _keep(session, scans)
    sums = {serial: sum_with(known.get(serial), some) for serial, some in sorted(by_serial.items())}
    rows = [(serial, *each) for serial, each in sums.items()]
    _run(session, _SUMS[_dialect(session)], batch=orjson.dumps(rows).decode())
    copied = (serial for serial, each in sums.items() if each.copied)
    return sum(serial not in known or not known[serial].copied for serial in copied)


def _known(session: Session, serials: Sequence[int]) -> Mapping[int, ScanSum]:
    """Return the sums there are, and let no other process change them before this one has."""
    if _dialect(session) == "postgresql":
        _run(session, "SELECT pg_advisory_xact_lock(:lock)", lock=LOCK)
    told = _run(session, _KNOWN[_dialect(session)], serials=",".join(map(str, serials))).scalar_one()
    return {serial: ScanSum(*columns) for serial, *columns in orjson.loads(told or "[]")}


def _keep(session: Session, scans: Sequence[Scan]) -> None:
    if _dialect(session) == "sqlite":
        _run(session, _SCANS, batch=orjson.dumps([tuple(scan) for scan in scans]).decode())
        return
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(_COPIED) as copy:
        for scan in scans:
            copy.write_row(scan)


def _run(session: Session, statement: str, **values: object) -> CursorResult[Any]:
    return session.connection().execute(text(statement), values)


def _dialect(session: Session) -> str:
    return session.connection().dialect.name
