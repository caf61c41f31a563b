"""Trying a file of steps: everything the rules say of it, and nothing written.

It is taken in as it would be for good, within the writer's own transaction, and then undone, so that a
check never says other than the recording afterwards.
"""

from dataclasses import dataclass

from sqlmodel import Session

from api.importing import Allow
from api.station import Station
from ledger.errors import DaodiError
from trace.imports import ImportReport, read_steps, take_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What would become of a file."""

    accepted: int
    """Steps that would be written."""
    flagged: int
    duplicates: int
    faults: tuple[DaodiError, ...]


class _Undone(Exception):
    """Takes back what was tried; carries what it came to."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report


def try_steps(station: Station, body: bytes, filename: str, allow: Allow) -> Trial:
    """Return what would become of a file of steps; raises what is wrong with the file as a whole."""
    read, at_ms = read_steps(body, filename), station.clock()

    def work(session: Session) -> None:
        raise _Undone(take_in(session, station.recorder, read, at_ms, proceed=True, allow=allow))

    try:
        with station.import_turns.room(), station.import_turns.turn():
            station.writer.submit(work)
    except _Undone as undone:
        report = undone.report
    return Trial(
        accepted=report.accepted,
        flagged=report.flagged,
        duplicates=report.duplicates,
        faults=report.faults,
    )
