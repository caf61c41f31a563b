"""The rows of a file as they are read: what each asks for, where it stood, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from pydantic import BaseModel

from ledger.errors import DaodiError, Location, ManyFaults
from trace.columns import PARTIES, PLACES, Layout
from trace.follow_ons import Thing
from trace.other_code import OtherCodeNew
from trace.other_code_cells import other_codes_of
from trace.parties import PartyNew
from trace.places import PlaceNew
from trace.rows import read_party, read_place, read_step_row, things_named
from trace.sheets import Row
from trace.steps import StepNew

New = TypeVar("New", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow(Generic[New]):
    """One row that could be read, and where it stood."""

    at: Location
    new: New
    others: tuple[OtherCodeNew, ...] = ()
    """Codes of other systems for the lots a step makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadRow:
    """One row that could not be read, and what it would have brought about."""

    at: Location
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """Everything a file says, and every fault of its form."""

    parties: tuple[ReadRow[PartyNew], ...] = ()
    places: tuple[ReadRow[PlaceNew], ...] = ()
    steps: tuple[ReadRow[StepNew], ...] = ()
    unread: tuple[UnreadRow, ...] = ()
    faults: tuple[DaodiError, ...] = ()


class Reading:
    """What has been read of a file so far."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._parties: list[ReadRow[PartyNew]] = []
        self._places: list[ReadRow[PlaceNew]] = []
        self._steps: list[ReadRow[StepNew]] = []
        self._unread: list[UnreadRow] = []
        self._faults: list[DaodiError] = []

    def take(self, row: Row, layout: Layout, at: Location, others: tuple[OtherCodeNew, ...] = ()) -> None:
        """Read one row of a sheet of that layout, or keep what is wrong with it.

        `others` are codes of other systems that the row brings beside those in its cells.
        """
        here = replace(at, row=row.number)
        try:
            if layout is PARTIES:
                self._parties.append(ReadRow(at=here, new=read_party(row)))
            elif layout is PLACES:
                self._places.append(ReadRow(at=here, new=read_place(row)))
            else:
                new = read_step_row(row)
                self._steps.append(ReadRow(at=here, new=new, others=(*others, *other_codes_of(row, new))))
        except DaodiError as fault:
            self.refuse(row, layout, here, each_of(fault))

    def refuse(self, row: Row, layout: Layout, at: Location, faults: Sequence[DaodiError]) -> None:
        """Keep a row out for its faults, each placed where it is unless it knows its line itself."""
        here = replace(at, row=row.number)
        self._unread.append(UnreadRow(at=here, things=tuple(things_named(row, layout))))
        self._faults += placed(faults, here)

    def result(self) -> ReadResult:
        """Return all of it."""
        return ReadResult(
            parties=tuple(self._parties),
            places=tuple(self._places),
            steps=tuple(self._steps),
            unread=tuple(self._unread),
            faults=tuple(self._faults),
        )


def each_of(fault: DaodiError) -> Sequence[DaodiError]:
    """Return the faults in a fault."""
    return fault.faults if isinstance(fault, ManyFaults) else (fault,)


def placed(faults: Sequence[DaodiError], at: Location) -> Sequence[DaodiError]:
    """Tell each fault where in the file it stands; one that knows its line keeps it."""
    for each in faults:
        each.at = replace(each.at, file=at.file, row=each.at.row or at.row)
    return faults
