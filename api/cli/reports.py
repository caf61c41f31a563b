"""The report of faulty rows: a csv file that a spreadsheet opens and a person mends by."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from api.cli import files
from api.cli.screen import Screen, sheet_of
from ledger.errors import DaodiError

_HEADS = ("head.sheet", "head.row", "head.field", "head.value", "head.fault", "head.remedy")


def write_report(path: Path, faults: Sequence[DaodiError], screen: Screen) -> None:
    """Write one line per fault; an empty report holds its heading only.

    UTF-8 with a byte order mark, because Excel reads Chinese from a csv file in no other way. Raises
    `FileUnwritable`.
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow([screen.words(head) for head in _HEADS])
    for fault in faults:
        at = fault.at
        cells = (
            sheet_of(at),
            at.row,
            at.field,
            at.value,
            fault.message(screen.language),
            fault.remedy(screen.language),
        )
        lines.writerow([_inert(cell) for cell in cells])
    files.write(path, text.getvalue().encode("utf-8-sig"))
    screen.remark("report.written", file=path)


def _inert(cell: object) -> str:
    """Write a cell so that no spreadsheet takes somebody's input for a formula (CWE-1236)."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
