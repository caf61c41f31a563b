"""Taking in files of steps, quotes, parties and places: one transaction each, whole or not at all.

With `proceed` the good rows are written and the bad ones come back as faults that know their row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from api.quoted_names import known_names
from api.station import Station
from ledger.errors import DaodiError
from priceindex import archive
from priceindex.feeds.shapes import shape_of
from priceindex.intake.taking_in import IntakeReport, raw_body, take_in_body
from trace.findings import Finding
from trace.imports import ImportReport, read_steps, take_in

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
    told: Told | None = None,
) -> StepsTaken:
    """Take in the parties, places and steps of an xlsx, csv or xml file in one transaction.

    `told` hears after every row how many of how many are done, in the writer's thread.

    Raises `ManyFaults` with every faulty row, and writes nothing, unless `proceed`; raises what is wrong with
    the file as a whole (unreadable, a column missing) in any case.
    """
    read = read_steps(body, filename)
    recorded_ms = station.clock()
    report = station.writer.submit(
        lambda session: take_in(
            session, station.recorder, read, recorded_ms, proceed=proceed, allow=allow, told=told
        )
    )
    for lot in dict.fromkeys(lot for step in report.steps for lot in step.lots):
        station.invalidation.lot_changed(lot)
    return _summed(report)


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
