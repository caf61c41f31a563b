"""Tables as CSV (RFC 4180) that spreadsheet programs open as they are meant."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

Cell: TypeAlias = str | int | Decimal | None

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
_MARK: Final = b"\xef\xbb\xbf"
"""Lets spreadsheet programs read Chinese as UTF-8."""
_FORMULA: Final = re.compile(r"(?!-\d+(\.\d+)?$)[=+\-@＝＋－＠\t\r\n]")
"""What a spreadsheet would run, in East Asian editions the full-width signs too (OWASP, CSV injection); a
negative number is none."""


def csv_body(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a whole table; text that a spreadsheet would take for a formula gets an apostrophe before it.

    >>> csv_body(["lot"], [["=1+1"], ["-1.5"], [None]]).decode("utf-8-sig").split()
    ['lot', "'=1+1", '-1.5', '""']
    """
    return _MARK + csv_lines([headings]) + csv_lines(rows)


def csv_lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return some lines of a table, for answers that are sent in parts."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
