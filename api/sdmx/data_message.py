"""Values as SDMX-CSV 2.1: every dimension, the measure and the attributes, one observation a line.

The file carries no byte-order mark, as its readers are programs; text that a spreadsheet would run is
guarded as in every other CSV of ours. A value that was not published is `NaN`.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from api.publication.value_columns import COUNTS
from api.publication.value_table import ValueLine, iso_moment
from api.sdmx.structure import AGENCY, ATTRIBUTES, DIMENSIONS, FLOW, FREQUENCIES, MEASURE, VERSION
from api.web.csv_body import Cell, csv_lines

MEDIA_TYPE: Final = "application/vnd.sdmx.data+csv;version=2.1.0"
HEADINGS: Final = (
    "STRUCTURE",
    "STRUCTURE_ID",
    "ACTION",
    *(each.id for each in DIMENSIONS),
    MEASURE.id,
    *(each.id for each in ATTRIBUTES),
)
REPLACE: Final = "R"
"""What stands for the asked period now replaces what the reader has."""
MERGE: Final = "M"
"""Only what changed is here: merge it into what the reader has."""

DELETE: Final = "D"


def data_csv(lines: Iterable[ValueLine], action: str) -> bytes:
    """Return values as one SDMX-CSV data message; `action` is `REPLACE` or `MERGE`.

    A period that left the index is told with the action `D`, as the standard asks of `updatedAfter`.
    """
    flow = ("dataflow", f"{AGENCY}:{FLOW}({VERSION})")
    return csv_lines([HEADINGS]) + csv_lines(
        (*flow, DELETE if line.withdrawn else action, *_observation(line)) for line in lines
    )


def time_period(frequency: str, first: date) -> str:
    """Write a period as SDMX does: a day, an ISO week or a month.

    >>> [time_period(frequency, date(2025, 12, 29)) for frequency in ("day", "week", "month")]
    ['2025-12-29', '2026-W01', '2025-12']
    """
    if frequency == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02d}"
    return first.isoformat()[:7] if frequency == "month" else first.isoformat()


def _observation(line: ValueLine) -> tuple[Cell, ...]:
    return (
        FREQUENCIES[line.frequency],
        line.family,
        line.level,
        line.node,
        time_period(line.frequency, line.period),
        "NaN" if line.value is None else line.value,
        line.status,
        line.vintage,
        line.release,
        line.method,
        iso_moment(line.published_ms).removesuffix("Z"),
        *line.cells()[-len(COUNTS) :],
    )
