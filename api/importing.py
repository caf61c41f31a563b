"""Taking in files of steps, quotes, parties and places: whole or not at all, as far as others can wait.

With `proceed` the good rows are written and the bad ones come back as faults that know their row.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from api.cut_off import saying_what_stands
from api.quoted_names import known_names
from api.station import Station
from ledger.errors import SOME_STAND, DaodiError, Location, ManyFaults
from priceindex import archive
from priceindex.feeds.shapes import shape_of
from priceindex.intake.taking_in import IntakeReport, raw_body, take_in_body
from trace.errors import FileTooLong, StoppedThere
from trace.findings import Finding
from trace.first_look import first_look
from trace.imports import ImportReport, read_steps, take_in, where_it_stands
from trace.portions import PORTION, WHOLE, after, file_weight, portions, steps_said, together, without
from trace.read_rows import ReadResult

Allow: TypeAlias = Callable[[str], None]
"""Raises when the caller may not speak for the party with this USCC."""


Told: TypeAlias = Callable[[int, int], None]
"""Hears how many rows of how many are done."""


def anyone(uscc: str) -> None:
    """Allow every party: the operator's own import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsTaken:
    """What became of a file of steps."""

    parties: int
    """Parties registered."""
    places: int
    """Places registered."""
    accepted: int
    """Steps written now."""
    flagged: int
    """Those of them that carry a finding."""
    duplicates: int
    """Steps the party had sent before under the same id: nothing was written for them."""
    rejected: int
    """Rows that were not written."""
    codes: tuple[str, ...]
    """Every code a packing of this file activated."""
    findings: tuple[Finding, ...]
    faults: tuple[DaodiError, ...]


def take_in_steps(
    station: Station,
    body: bytes,
    filename: str,
    *,
    proceed: bool,
    allow: Allow = anyone,
    party: str | None = None,
) -> StepsTaken:
    """Take in the parties, places and steps of an xlsx, csv or xml file while others write too.

    A file of up to `portions.WHOLE` rows is written in one transaction. A larger one is looked at first, and
    then written in portions, each whole or not at all, between which whoever else waits is served.

    `party` (a USCC) stands in a sheet of steps that has no column for it.

    Raises `ManyFaults` with every faulty row, and writes nothing, unless `proceed`; where only the writing of
    a portion can tell that it is at fault, its first fault is `StoppedThere`, which says what stands, as
    `InterruptedThere` does where the writing was cut off. Sent again, the file adds nothing twice. Raises
    what is wrong with the file as a whole (unreadable, a column missing, `FileTooLong`) and `TooBusy`.
    """
    most = station.settings.most_upload_rows
    with station.import_turns.room():
        read = read_steps(body, filename, most, party)
        weight = file_weight(read)
        if weight > most:
            raise FileTooLong(limit=most, at=Location(file=filename))
        taking = _Taking(station, allow)
        if weight <= WHOLE:
            return _summed(taking.written(read, proceed=proceed))
        return _summed(taking.good_rows(read) if proceed else taking.whole(read))


def take_in_steps_alone(
    station: Station, body: bytes, filename: str, *, proceed: bool, told: Told
) -> StepsTaken:
    """Take in a file of steps in one transaction, whatever its length: the operator's own import.

    Nobody else can write while it lasts. `told` hears after every row how many of how many are done, in the
    writer's thread. Raises as `take_in_steps` does, and never `StoppedThere`.
    """
    taking = _Taking(station, anyone)
    return _summed(taking.written(read_steps(body, filename), proceed=proceed, told=told))


@dataclass(frozen=True, slots=True)
class _Taking:
    """A file being taken in for somebody."""

    station: Station
    allow: Allow

    def written(self, read: ReadResult, *, proceed: bool, told: Told | None = None) -> ImportReport:
        """Write a file or a portion in one transaction, in its turn."""
        station = self.station
        with station.import_turns.turn():
            recorded_ms = station.clock()
            report = station.writer.submit(
                lambda session: take_in(
                    session,
                    station.recorder,
                    read,
                    recorded_ms,
                    proceed=proceed,
                    allow=self.allow,
                    told=told,
                )
            )
        for lot in dict.fromkeys(lot for step in report.steps for lot in step.lots):
            station.invalidation.lot_changed(lot)
        return report

    def whole(self, read: ReadResult) -> ImportReport:
        """Write portion after portion until one is at fault; nothing where that is plain beforehand."""
        with self.station.database.read() as session:
            if faults := first_look(session, read, self.allow, self.station.randomness):
                raise ManyFaults(faults)
        written: list[ReadResult] = []
        reports: list[ImportReport] = []
        for part in portions(read, PORTION):
            try:
                with saying_what_stands(lambda: steps_said(written)):
                    reports.append(self.written(part, proceed=False))
            except ManyFaults as several:
                if not written:
                    raise
                count, rows = steps_said(written)
                stopped = StoppedThere(count=count, rows=rows, at=Location(file=several.faults[0].at.file))
                raise ManyFaults((stopped, *several.faults), SOME_STAND) from several
            written.append(part)
        return together(reports)

    def good_rows(self, read: ReadResult) -> ImportReport:
        """Write the good rows of every portion, which knows what rows refused before would have brought."""
        written: list[ReadResult] = []
        reports: list[ImportReport] = []
        for part in portions(read, PORTION):
            refused = [row for report in reports for row in report.refused]
            with saying_what_stands(lambda: steps_said(written)):
                reports.append(self.written(after(part, refused), proceed=True))
            written.append(without(part, reports[-1].faults))
        report = together(reports)
        return replace(report, faults=tuple(sorted((*read.faults, *report.faults), key=where_it_stands)))


def take_in_quotes(
    station: Station,
    body: bytes,
    filename: str,
    source: str,
    *,
    proceed: bool,
    submitter: str | None = None,
) -> IntakeReport:
    """Archive and take in a file of quotes of the herbs and markets we list, for whoever hands it in.

    Raises `ManyFaults` with every faulty row, and writes nothing, unless `proceed`; raises what is wrong with
    the file as a whole in any case.
    """
    recorded_ms = station.clock()
    raw = raw_body(body, filename, recorded_ms)
    # In a transaction of its own: what was sent stays, also where every row of it is refused.
    station.writer.submit(lambda session: archive.keep(session, raw, shape_of(raw)))
    return station.writer.submit(
        lambda session: take_in_body(
            session,
            body,
            filename,
            source,
            recorded_ms,
            known=known_names(),
            proceed=proceed,
            submitter=submitter,
        )
    )


def _summed(report: ImportReport) -> StepsTaken:
    new = [step for step in report.steps if not step.replayed]
    return StepsTaken(
        parties=len(report.parties),
        places=len(report.places),
        accepted=report.accepted,
        flagged=report.flagged,
        duplicates=report.duplicates,
        rejected=report.rejected,
        codes=tuple(report.codes),
        findings=tuple(finding for step in new for finding in step.findings),
        faults=tuple(report.faults),
    )
