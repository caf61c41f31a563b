"""A large file in portions, each of which is written by itself: others get their turn between two.

What must be known of the whole file is settled before it is parted: the order of its steps, and the ids of
rows that bring none, which count what is alike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from ledger.errors import DaodiError
from trace.imports import ImportReport
from trace.parties import PartyNew
from trace.places import PlaceNew
from trace.read_rows import ReadResult, ReadRow, UnreadRow
from trace.row_ids import RowIds
from trace.steps import StepNew

Row = TypeVar("Row")

WHOLE: Final = 500
"""Weight up to which a file is written at once, whole or not at all: about a second of writing."""
PORTION: Final = 200
"""Weight of one portion of a larger file."""

_PARTY: Final = 4
"""A party brings a key, which is made and sealed."""
_CELLS: Final = 25
"""Lots, codes or results that take about as long as a row."""
_PACKS: Final = 1000
"""Packs that take about as long as a row."""
_MOST_RANGES: Final = 6


def weight(new: PartyNew | PlaceNew | StepNew) -> int:
    """Return how long a row takes to write, in rows of one lot."""
    if isinstance(new, PartyNew):
        return _PARTY
    if isinstance(new, PlaceNew):
        return 1
    cells = sum(map(len, (new.inputs, new.outputs, new.lots, new.codes, new.results)))
    return 1 + cells // _CELLS + (new.packs or 0) // _PACKS


def file_weight(read: ReadResult) -> int:
    """Return the weight of a whole file, each row that cannot be read counted as one."""
    return len(read.unread) + sum(_weights(read))


def portions(read: ReadResult, most: int) -> Iterator[ReadResult]:
    """Return a file in parts of at most the weight `most`, or of one row, in the order they are written.

    Every part knows the rows that cannot be read, since rows of it may lack what those would have brought;
    none of them repeats the faults of those.
    """
    read = replace(read, steps=_named_in_order(read.steps))
    places_from = len(read.parties)
    steps_from = places_from + len(read.places)
    for begin, end in _cuts(_weights(read), most):
        yield ReadResult(
            parties=read.parties[begin:end],
            places=_between(read.places, begin - places_from, end - places_from),
            steps=_between(read.steps, begin - steps_from, end - steps_from),
            unread=read.unread,
        )


def after(part: ReadResult, refused: Sequence[UnreadRow]) -> ReadResult:
    """Return a part as it is written after rows of earlier ones were refused."""
    return replace(part, unread=(*part.unread, *refused))


def without(part: ReadResult, faults: Sequence[DaodiError]) -> ReadResult:
    """Return what of a part was written: its steps but those at fault."""
    gone = {(fault.at.file, fault.at.row) for fault in faults}
    return replace(part, steps=tuple(row for row in part.steps if (row.at.file, row.at.row) not in gone))


def together(reports: Sequence[ImportReport]) -> ImportReport:
    """Return what became of a file from what became of its portions."""
    return ImportReport(
        parties=tuple(each for report in reports for each in report.parties),
        places=tuple(each for report in reports for each in report.places),
        steps=tuple(each for report in reports for each in report.steps),
        faults=tuple(each for report in reports for each in report.faults),
        refused=tuple(each for report in reports for each in report.refused),
    )


def steps_said(parts: Sequence[ReadResult]) -> tuple[int, str]:
    """Return how many steps `parts` hold, and their rows in the file, the first ranges of them."""
    numbers = [row.at.row for part in parts for row in part.steps if row.at.row is not None]
    return len(numbers), ranges_of(numbers) or "–"


def ranges_of(numbers: Sequence[int]) -> str:
    """Return numbers as ranges, the first six of them.

    >>> ranges_of([4, 2, 3, 7])
    '2–4, 7'
    """
    ranges: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if ranges and number <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    said = [str(first) if first == last else f"{first}–{last}" for first, last in ranges]
    return ", ".join(said[:_MOST_RANGES]) + (" …" if len(said) > _MOST_RANGES else "")


def _weights(read: ReadResult) -> list[int]:
    return [
        *(weight(row.new) for row in read.parties),
        *(weight(row.new) for row in read.places),
        *(weight(row.new) for row in read.steps),
    ]


def _cuts(weights: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    begin = total = 0
    for place, each in enumerate(weights):
        if total and total + each > most:
            yield begin, place
            begin, total = place, 0
        total += each
    if total:
        yield begin, len(weights)


def _between(rows: tuple[Row, ...], begin: int, end: int) -> tuple[Row, ...]:
    return rows[max(0, begin) : max(0, end)]


def _named_in_order(rows: Sequence[ReadRow[StepNew]]) -> tuple[ReadRow[StepNew], ...]:
    ids = RowIds()
    return tuple(replace(row, new=ids.named(row.new)) for row in sorted(rows, key=lambda row: row.new.time))
