"""Files of parties, places and steps, read row by row and taken in whole or not at all.

A file is a workbook, a CSV table, or XML with the fields of the national system (`trace.mofcom`).
Headings may be Chinese or English. Besides the columns in `columns`, the sheet of steps has one for each
profile field that is used, headed by its name or label. Every fault knows its file, row, field and value.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel
from sqlmodel import Session

from ledger.errors import DaodiError, Location, ManyFaults
from trace.columns import PARTIES, PLACES, STEPS, Layout
from trace.errors import AwaitsRow, UnreadableFile
from trace.follow_ons import KeptOut, Thing, brought_by
from trace.headings import heading_faults, layout_of, with_party
from trace.links.code_links import link_code
from trace.links.link_targets import lot_target
from trace.mofcom.reading import is_xml, read_mofcom
from trace.parties import Party, PartyNew
from trace.places import Place, PlaceNew
from trace.read_rows import Reading, ReadResult, ReadRow, UnreadRow, each_of, placed
from trace.row_ids import RowIds
from trace.rows import label_of
from trace.service import RecordedStep, Recorder
from trace.sheets import MAX_ROWS, Sheet, read_sheets
from trace.stating import Gathered
from trace.steps import StepNew

__all__ = ["ImportReport", "ReadResult", "ReadRow", "UnreadRow", "read_steps", "take_in"]

New = TypeVar("New", bound=BaseModel)
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a file."""

    parties: tuple[Party, ...]
    places: tuple[Place, ...]
    steps: tuple[RecordedStep, ...]
    faults: tuple[DaodiError, ...]
    """Of the rows that were not written; empty unless the caller chose to proceed."""
    refused: tuple[UnreadRow, ...] = ()
    """Rows that were read and not written, with what they would have brought about."""

    @property
    def accepted(self) -> int:
        """Steps written now."""
        return sum(not step.replayed for step in self.steps)

    @property
    def rejected(self) -> int:
        """Rows that were not written."""
        return len({(fault.at.file, fault.at.row) for fault in self.faults})

    @property
    def flagged(self) -> int:
        """Steps written now that carry a finding."""
        return sum(bool(step.findings) and not step.replayed for step in self.steps)

    @property
    def duplicates(self) -> int:
        """Steps the party had sent before."""
        return sum(step.replayed for step in self.steps)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code the packings of the file activated."""
        return tuple(code for step in self.steps if not step.replayed for code in step.codes)


def read_steps(
    source: Path | bytes, filename: str | None = None, most: int = MAX_ROWS, party: str | None = None
) -> ReadResult:
    """Read a file of parties, places and steps, of at most `most` rows a sheet.

    `party` (a USCC) stands in a sheet of steps that has no column for it.

    A CSV file, and a workbook with one sheet, may be of any of the three kinds: its headings tell. A file
    that begins with `<` is read as XML of the national system's fields.
    Raises `UnreadableFile` for what is no table, `FileTooLong`, and `ManyFaults` of its headings where they
    cannot be understood: no row is judged by a heading that may mean something else.
    """
    body = source.read_bytes() if isinstance(source, Path) else source
    name = filename or (source.name if isinstance(source, Path) else "")
    if is_xml(body):
        return read_mofcom(body, name)
    known = [
        (
            sheet,
            layout,
            Location(file=f"{name}［{sheet.name}］" if sheet.name else name),
        )
        for sheet, layout in _sheets(body, name, most)
    ]
    if faults := [fault for each in known for fault in heading_faults(*each, party)]:
        raise ManyFaults(faults)
    reading = Reading()
    for sheet, layout, at in known:
        for row in with_party(sheet, layout, party).rows:
            reading.take(row, layout, at)
    return reading.result()


def take_in(
    session: Session,
    recorder: Recorder,
    read: ReadResult,
    recorded_ms: int,
    *,
    proceed: bool = False,
    allow: Callable[[str], None] | None = None,
    told: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Write everything a file says, parties and places first, steps in the order of their times.

    What one party says in two or more of its statements is signed once, by a manifest (`trace.stating`).
    Each row has its own savepoint, so all faults are found at once; a row that only lacks what an
    earlier faulty row would have brought says so (`AwaitsRow`). Unless `proceed`, any fault raises
    `ManyFaults` and nothing stays written. `allow` raises where the caller may not speak for a party;
    `told` hears after each row how many of how many are done.
    """
    gathered = Gathered(recorder.randomness, recorded_ms)
    gathering = replace(recorder, stating=gathered.state)
    taking = _Taking(session, read, gathered, told)

    ids = RowIds()

    def party(row: ReadRow[PartyNew]) -> Party:
        allowed(allow, "uscc", row.new.uscc)
        return recorder.register_party(session, row.new, recorded_ms)

    def place(row: ReadRow[PlaceNew]) -> Place:
        allowed(allow, "party", row.new.party)
        return recorder.register_place(session, row.new, recorded_ms)

    def step(row: ReadRow[StepNew]) -> RecordedStep:
        allowed(allow, "party", row.new.party)
        recorded = gathering.record_step(session, ids.named(row.new), recorded_ms)
        _link(session, gathering, row, recorded_ms)
        return recorded

    with session.begin_nested():
        report = ImportReport(
            parties=taking.each(read.parties, PARTIES, party),
            places=taking.each(read.places, PLACES, place),
            steps=taking.each(sorted(read.steps, key=lambda row: row.new.time), STEPS, step),
            faults=tuple(sorted(taking.faults, key=where_it_stands)),
            refused=tuple(taking.refused),
        )
        if report.faults and not proceed:
            raise ManyFaults(report.faults)
        gathered.submit(session)
    return report


class _Taking:
    """Rows being written, each in its own savepoint; gathers the faults of those that cannot be."""

    def __init__(
        self,
        session: Session,
        read: ReadResult,
        gathered: Gathered,
        told: Callable[[int, int], None] | None,
    ) -> None:
        self.session = session
        self.told = told
        self.total = len(read.parties) + len(read.places) + len(read.steps)
        self.count = 0
        self.gathered = gathered
        self.faults = list(read.faults)
        self.refused: list[UnreadRow] = []
        self.kept_out = KeptOut()
        for row in read.unread:
            self.kept_out.keep(row.things, row.at)

    def each(
        self, rows: Sequence[ReadRow[New]], layout: Layout, write: Callable[[ReadRow[New]], Done]
    ) -> tuple[Done, ...]:
        """Write the rows that can be written and return what came of them."""
        return tuple(done for row in rows for done in self._tried(row, layout, write))

    def _tried(
        self, row: ReadRow[New], layout: Layout, write: Callable[[ReadRow[New]], Done]
    ) -> tuple[Done, ...]:
        self.count += 1
        if self.told is not None:
            self.told(self.count, self.total)
        mark = self.gathered.mark()
        try:
            with self.session.begin_nested():
                return (write(row),)
        except DaodiError as fault:
            self.gathered.back_to(mark)
            faults, cause = self.kept_out.told(each_of(fault), row.at)
            things = _things(row.new)
            self.kept_out.keep(things, cause or row.at)
            self.refused.append(UnreadRow(at=cause or row.at, things=tuple(things)))
            self.faults += placed(labelled(faults, layout, row.new), row.at)
            return ()


def _link(session: Session, recorder: Recorder, row: ReadRow[StepNew], at_ms: int) -> None:
    """State which codes other systems gave to the lots of a step."""
    for each in row.others:
        target, by = lot_target(each.lot), row.new.party
        link_code(session, recorder.declarer, each.scheme, each.code, target, by=by, at_ms=at_ms)


def allowed(allow: Callable[[str], None] | None, field: str, uscc: str) -> None:
    """Raise, with its place in the row, why the caller may not speak for a party; None allows all."""
    try:
        if allow is not None:
            allow(uscc)
    except DaodiError as fault:
        fault.at = replace(fault.at, field=field, value=uscc)
        raise


def where_it_stands(fault: DaodiError) -> tuple[bool, str, int]:
    """Return what to sort faults by: what must be mended stands before what waits for it."""
    return isinstance(fault, AwaitsRow), fault.at.file or "", fault.at.row or 0


def labelled(faults: Sequence[DaodiError], layout: Layout, new: BaseModel) -> Sequence[DaodiError]:
    """Name the column of each fault as the sheet does, not the member of a request."""
    stage = new.stage if isinstance(new, StepNew) else None
    for each in faults:
        if each.at.field:
            each.at = replace(each.at, field=label_of(each.at.field, layout, stage))
    return faults


def _things(new: BaseModel) -> list[Thing]:
    if isinstance(new, PartyNew):
        return [("party", new.uscc)]
    if isinstance(new, PlaceNew):
        return [("place", new.place_id)]
    return brought_by(new) if isinstance(new, StepNew) else []


def _sheets(body: bytes, name: str, most: int) -> list[tuple[Sheet, Layout]]:
    sheets = read_sheets(body, name, most)
    known = [(sheet, layout) for sheet in sheets if (layout := layout_of(sheet)) is not None]
    if not known:
        headings = [heading[:40] for sheet in sheets for heading in sheet.headings][:20]
        raise UnreadableFile(
            fault_zh=f"没有“主体”“地点”或“环节”表；现有列名：{'、'.join(headings) or '无'}",
            fault_en="it has no sheet of parties, places or steps; its headings are: "
            + (", ".join(headings) or "none"),
            at=Location(file=name),
        )
    return known
