"""A table of one's own as CSV: period, product, price and, where known, quantity."""

import csv
import io
import math

from ledger.errors import Location
from priceindex.calculator.calculator_errors import TableColumns, TableNumber
from priceindex.feeds.csv_grid import decode_text
from priceindex.multilateral.coded_panel import CodedPanel, code_panel

_NEEDED = ("period", "product", "price")


def read_table(content: bytes, name: str) -> CodedPanel:
    """Read a CSV into a panel; periods are ordered as numbers where all of them are numbers, else as text.

    Raises `UnreadableFile`, `TableColumns`, `TableNumber`, `ObservedTwice`.
    """
    rows = list(csv.DictReader(io.StringIO(decode_text(content, name), newline="")))
    found = list(rows[0]) if rows else []
    if any(column not in found for column in _NEEDED):
        raise TableColumns(at=Location(file=name), name=name, found=", ".join(map(str, found))[:200] or "—")
    periods = [row["period"] for row in rows]
    numbered = all(period.lstrip("-").isdigit() for period in periods)
    quantities = None
    if "quantity" in found:
        quantities = [_number(row, "quantity", name, place) for place, row in enumerate(rows, 2)]
    return code_panel(
        [int(period) for period in periods] if numbered else periods,
        [row["product"] for row in rows],
        [_number(row, "price", name, place) for place, row in enumerate(rows, 2)],
        quantities,
    )


def _number(row: dict[str, str], column: str, name: str, place: int) -> float:
    written = (row[column] or "").strip()
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        at = Location(file=name, row=place, field=column, value=written[:40])
        raise TableNumber(at=at, name=name, row=place, column=column, value=written[:40] or "—")
    return value
