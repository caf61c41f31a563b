"""What a page says of the scans of a code, read in the least that says it: how many, and when the first was.

Codes whose scans may be those of copied labels are left to `scan_state`, which looks at all of a code's sum.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from trace.scanning.scan_sums import surely_one

if TYPE_CHECKING:
    import psycopg

_ONE: Final = "SELECT count, first_ms, cities, devices FROM trace_scan_mark WHERE serial = ?"
_MANY: Final = (
    "SELECT count, first_ms, cities, devices, serial FROM trace_scan_mark WHERE serial = ANY(%s::bigint[])"
)


class SeenScans(NamedTuple):
    """Scans that one pack explains."""

    times: int
    first_ms: int | None


_NONE: Final = SeenScans(0, None)


def seen_of_one(reader: sqlite3.Connection, serial: int) -> SeenScans | None:
    """Return the scans of a code, None where it may have been copied; a statement kept by the driver.

    For SQLite alone, where a row by key costs less than any way to ask for it.
    """
    row = reader.execute(_ONE, (serial,)).fetchone()
    return _NONE if row is None else _seen(row)


def seen_of_many(reader: "psycopg.Connection[Any]", serials: Sequence[int]) -> Mapping[int, SeenScans | None]:
    """Return the same of each of `serials`, in one round trip of a statement the server keeps prepared."""
    rows = reader.execute(_MANY, (list(serials),), prepare=True)
    return dict.fromkeys(serials, _NONE) | {row[4]: _seen(row) for row in rows}


def _seen(row: Sequence[Any]) -> SeenScans | None:
    return SeenScans(row[0], row[1]) if surely_one(row[2], row[3]) else None
