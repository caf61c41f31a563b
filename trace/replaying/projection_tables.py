"""Which tables of the trace are projections of logged statements, and which are not and why.

A rebuild makes the former again, row for row, and leaves the latter as they are. A test proves that every
table of the trace stands in exactly one of the two.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Table
from sqlmodel import SQLModel

NOT_PROJECTED: Final[Mapping[str, str]] = {
    "trace_disclosure": "private values: the log holds their digests only; kept beside it and erasable",
    "trace_delivery": "how a step was handed in: the party's own id and what it left out are in no statement",
    "trace_scan": "scans are nobody's statement",
    "trace_scan_mark": "what scans add up to is nobody's statement either",
    "trace_pin": "attempts at a PIN are nobody's statement",
    "trace_order": "the counter that numbers statements; its last number is the highest there is",
    "trace_code_order": "how codes were ordered: the party's own id for an order is in no statement",
    "trace_code_tile": "hashes of code batches: made with the secret code keys, which a rebuild does without",
    "trace_code_serial": "the counter of serials; numbers handed out and not used are skipped",
}
"""By table, why no statement says it."""


_COUNTERS: Final = frozenset({"trace_code_serial"})
"""Tables that applying a statement moves on though they are no projections."""


def counters() -> tuple[Table, ...]:
    """Return the tables that are hidden during a rebuild, so that it leaves them as they are."""
    return tuple(SQLModel.metadata.tables[name] for name in sorted(_COUNTERS))


def projected() -> tuple[Table, ...]:
    """Return every table of the trace that is a projection, those referred to before those that refer."""
    return tuple(
        table
        for table in SQLModel.metadata.sorted_tables
        if table.name.startswith("trace_") and table.name not in NOT_PROJECTED
    )
