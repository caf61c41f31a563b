"""A pasted block as its page shows it: a table whose wrong cells say what is wrong and can be mended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.pasted_blocks import Block
from api.web.step_faults import Wrong, wrongs
from ledger.errors import DaodiError, Language
from trace.columns import LAYOUTS
from trace.headings import labels
from trace.profiles import profile
from trace.quantities import narrow
from trace.vocabulary import Stage

MOST_MENDED: Final = 40
"""Wrong rows that get boxes at once: a page of more would be too long to work through."""
_FIRST: Final = 2
"""Number of the first row of a block, as faults count: the headings are row 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: what it says, and what is wrong with it."""

    name: str
    """Of its box: ``c.<row>.<column>``, both from 0."""
    heading: str
    text: str
    wrongs: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One row, with what is wrong with it as a whole."""

    number: int
    """As its reader counts: the first row below the headings is 1."""
    cells: tuple[Cell, ...]
    wrongs: tuple[Wrong, ...]
    mendable: bool
    """Whether its cells are boxes now."""

    @property
    def right(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.wrongs and not any(cell.wrongs for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A whole block."""

    headings: tuple[str, ...]
    rows: tuple[GridRow, ...]
    wrongs: tuple[Wrong, ...]
    """Of the block as a whole: its headings above all."""

    @property
    def wrong_rows(self) -> tuple[int, ...]:
        """The rows that cannot be recorded, counted from 0."""
        return tuple(at for at, row in enumerate(self.rows) if not row.right)


def grid_of(block: Block, faults: Sequence[DaodiError], language: Language) -> Grid:
    """Put each fault where it belongs: its cell, its row, or the block."""
    places = _places(block.headings)
    by_cell: dict[tuple[int, int], list[DaodiError]] = {}
    by_row: dict[int, list[DaodiError]] = {}
    general: list[DaodiError] = []
    for fault in faults:
        row = (fault.at.row or 0) - _FIRST
        column = places.get(_known(fault.at.field or ""))
        if not 0 <= row < len(block.rows):
            general.append(fault)
        elif column is None:
            by_row.setdefault(row, []).append(fault)
        else:
            by_cell.setdefault((row, column), []).append(fault)
    wrong = sorted({*by_row, *(row for row, _ in by_cell)})
    mendable = set(wrong[:MOST_MENDED])
    rows = tuple(
        GridRow(
            number=y + 1,
            cells=tuple(
                Cell(
                    name=f"c.{y}.{x}",
                    heading=block.headings[x],
                    text=text,
                    wrongs=tuple(wrongs(by_cell.get((y, x), ()), language)),
                )
                for x, text in enumerate(row)
            ),
            wrongs=tuple(wrongs(by_row.get(y, ()), language)),
            mendable=y in mendable,
        )
        for y, row in enumerate(block.rows)
    )
    return Grid(headings=block.headings, rows=rows, wrongs=tuple(wrongs(general, language)))


def mended_cells(form: Mapping[str, object]) -> dict[tuple[int, int], str]:
    """Return the cells that were typed anew, by row and column from 0.

    >>> mended_cells({"c.0.2": "5公斤", "c.x.1": "", "block": "…"})
    {(0, 2): '5公斤'}
    """
    found: dict[tuple[int, int], str] = {}
    for name, value in form.items():
        parts = name.split(".")
        if len(parts) == len(("c", "row", "column")) and parts[0] == "c" and isinstance(value, str):
            row, column = parts[1:]
            if row.isascii() and row.isdigit() and column.isascii() and column.isdigit():
                found[int(row[:6]), int(column[:6])] = value
    return found


def _places(headings: Sequence[str]) -> dict[str, int]:
    """Return the column of each name that a fault may call it by."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        for name in (_known(heading), *_names(heading)):
            found.setdefault(name, place)
    return found


def _names(heading: str) -> list[str]:
    named = [layout.label(key) for layout in LAYOUTS if (key := layout.names(heading)) is not None]
    fields = [field for stage in Stage for field in profile(stage).fields]
    named += [field.heading for field in fields if _known(heading) in labels(field)]
    return [_known(each) for each in named]


def _known(name: str) -> str:
    return narrow(name).casefold()
