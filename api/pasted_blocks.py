"""A block 粘贴块 copied out of a spreadsheet: its headings and rows, whatever was copied with them.

Spreadsheet programs copy cells with tabs between them, and in quotes what holds a tab or a new line. A
block without headings has the columns of its stage's template in their order. What every row of a block
would repeat, its stage and its party, may be left out.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.errors import Location
from trace.columns import PARTIES, PLACES, STEPS
from trace.errors import UnreadableFile
from trace.headings import labels
from trace.profiles import profile
from trace.quantities import narrow
from trace.vocabulary import Stage

MOST_ROWS: Final = 500
MOST_COLUMNS: Final = 60
NAME: Final = "粘贴块"
_TELLING: Final = 2
"""How many known headings make a line one of headings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Headings, and rows that are all as wide."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def to_csv(self) -> bytes:
        """Return it as the file that `trace.imports.read_steps` reads: row n of the block is row n + 1."""
        return _written(self, ",").encode()

    def to_text(self) -> str:
        """Return it as a spreadsheet would copy it."""
        return _written(self, "\t")

    def mended(self, cells: Mapping[tuple[int, int], str]) -> "Block":
        """Return it with cells replaced, each named by row and column from 0; what it has not is ignored."""
        rows = tuple(
            tuple(cells.get((y, x), cell).strip() for x, cell in enumerate(row))
            for y, row in enumerate(self.rows)
        )
        return Block(headings=self.headings, rows=rows)

    def only(self, numbers: Sequence[int]) -> "Block":
        """Return its headings with some of its rows, counted from 0."""
        return Block(headings=self.headings, rows=tuple(self.rows[number] for number in numbers))


def read_block(text: str, stage: Stage | None, party: str | None) -> Block:
    r"""Read what was pasted; `stage` and `party` (a USCC) stand for the columns it lacks.

    Raises `UnreadableFile` for nothing, for too much, and for a block without headings whose stage is not
    said.

    >>> read_block("环节\t时间\n采收\t2024-03-01", None, "9").rows
    (('采收', '2024-03-01', '9'),)
    """
    lines = _lines(text)
    if _are_headings(lines[0]):
        headings, rows = lines[0], lines[1:]
    elif stage is None:
        raise _unreadable(
            "第一行不是列名，请连同列名一起复制，或先选择环节",
            "its first line has no headings: copy them too, or choose the stage",
        )
    else:
        headings, rows = template_headings(stage), lines
    if not rows:
        raise _unreadable("只有列名，没有内容", "it has headings and no rows")
    return _completed(list(headings), rows, stage, party)


def template_headings(stage: Stage) -> list[str]:
    """Return the headings of the template of a stage, in its order."""
    return [*(column.label for column in STEPS.columns), *(each.heading for each in profile(stage).fields)]


def _lines(text: str) -> list[list[str]]:
    delimiter = "\t" if "\t" in text else ","
    read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        lines = [[cell.strip() for cell in line] for line in read]
    except csv.Error as error:  # a cell beyond what the csv module reads: an unclosed quote, mostly
        raise _unreadable(
            "有一个单元格过长：引号可能没有成对",
            "it has a cell that is far too long: a quote may be unclosed",
        ) from error
    lines = [line for line in lines if any(line)]
    if not lines:
        raise _unreadable("没有内容", "there is nothing in it")
    if len(lines) > MOST_ROWS + 1:
        raise _unreadable(
            f"超过 {MOST_ROWS} 行，请分次粘贴或上传文件",
            f"it has more than {MOST_ROWS} rows: paste it in parts, or upload a file",
        )
    if max(map(len, lines)) > MOST_COLUMNS:
        raise _unreadable(f"超过 {MOST_COLUMNS} 列", f"it has more than {MOST_COLUMNS} columns")
    return lines


def _are_headings(line: Sequence[str]) -> bool:
    known = {label for stage in Stage for field in profile(stage).fields for label in labels(field)}
    found = sum(
        any(layout.names(cell) for layout in (STEPS, PARTIES, PLACES)) or narrow(cell).casefold() in known
        for cell in line
        if cell
    )
    return found >= min(_TELLING, sum(map(bool, line)))


def _completed(
    headings: list[str], rows: Sequence[Sequence[str]], stage: Stage | None, party: str | None
) -> Block:
    wide = max(len(headings), *(len(row) for row in rows))
    headings += [""] * (wide - len(headings))
    added = _left_out(headings, stage, party)
    return Block(
        headings=(*headings, *added),
        rows=tuple((*row, *[""] * (wide - len(row)), *added.values()) for row in rows),
    )


def _left_out(headings: Sequence[str], stage: Stage | None, party: str | None) -> dict[str, str]:
    """Return the columns a block of steps lacks and what every row would say in them."""
    known = {STEPS.names(heading) for heading in headings}
    of_another_kind = {PARTIES.names(each) for each in headings} & {"uscc", "node_types"}
    if of_another_kind or ("stage" not in known and stage is None):
        return {}
    said = {"stage": stage.zh if stage else None, "party": party}
    return {STEPS.label(key): value for key, value in said.items() if value and key not in known}


def _written(block: Block, delimiter: str) -> str:
    text = io.StringIO()
    table = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    table.writerows([block.headings, *block.rows])
    return text.getvalue()


def _unreadable(zh: str, en: str) -> UnreadableFile:
    return UnreadableFile(fault_zh=zh, fault_en=en, at=Location(file=NAME))
