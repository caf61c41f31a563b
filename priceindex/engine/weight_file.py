"""A weight file: one grade a row with herb, grade and the value traded in fen."""

import csv
import io
from typing import Final

from priceindex.engine.weights import GradeTurnover
from priceindex.errors import EmptyBody, MissingColumn, UnreadableFile, WeightsWrong

_HEADINGS: Final = {
    "herb": "herb", "药材": "herb", "品种": "herb",
    "grade": "grade", "规格": "grade", "规格等级": "grade",
    "fen": "fen", "金额分": "fen",
}  # fmt: skip
_NEEDED: Final = ("herb", "grade", "fen")


def read_weight_file(body: bytes, name: str) -> tuple[GradeTurnover, ...]:
    r"""Read a CSV file in UTF-8 or GB18030 with the columns herb, grade and fen (药材, 规格, 金额分).

    Raises `UnreadableFile`, `MissingColumn`, `EmptyBody` and `WeightsWrong` for a value that is no whole
    number of fen.

    >>> read_weight_file("药材,规格,金额分\n白芍,统,300\n".encode(), "w.csv")
    (GradeTurnover(herb='白芍', grade='统', fen=300),)
    """
    rows = list(csv.reader(io.StringIO(_text(body, name), newline="")))
    if len(rows) < len(("heading", "line")):
        raise EmptyBody(name=name)
    columns = {_HEADINGS.get(cell.strip().lower(), ""): place for place, cell in enumerate(rows[0])}
    missing = [column for column in _NEEDED if column not in columns]
    if missing:
        raise MissingColumn(columns="、".join(missing), found="、".join(rows[0]))
    return tuple(_line(row, columns, number) for number, row in enumerate(rows[1:], start=2) if any(row))


def _text(body: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(name=name)


def _line(row: list[str], columns: dict[str, int], number: int) -> GradeTurnover:
    cells = [row[columns[column]].strip() if columns[column] < len(row) else "" for column in _NEEDED]
    if not (cells[0] and cells[2].isascii() and cells[2].isdecimal()):
        raise WeightsWrong(why_zh=f"第 {number} 行", why_en=f"row {number}")
    return GradeTurnover(cells[0], cells[1], int(cells[2]))
