"""Taking in files: steps from a spreadsheet, quotes from a table.

A file of quotes, and one of up to 500 steps, is taken in whole or not at all; with `proceed` its good rows
are, and the others come back.
"""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, UploadFile
from pydantic import BaseModel, Field

from api.callers import Clerk, Feeder, TheStation
from api.errors import NotYourSource, RequestTooLarge, ScopeMissing, TokenMissing, TokenRefused, TooBusy
from api.importing import take_in_quotes, take_in_steps
from api.languages import language_of
from api.portion_errors import InterruptedThere
from api.problems import problems
from ledger.errors import DaodiError, Language
from trace.errors import FileTooLong, MissingColumn, StoppedThere, UnreadableFile

router = APIRouter(prefix="/v1/imports", tags=["imports"])

Proceed = Annotated[bool, Query(description="Take in the good rows of a file that has bad ones.")]
Source = Annotated[
    str,
    Query(pattern=r"^[a-z][a-z0-9-]{0,39}$", description="Short name of who says so.", examples=["yt1998"]),
]


class RowFault(BaseModel):
    """One thing wrong with one row."""

    file: str | None
    row: int | None = Field(description="Row as the spreadsheet counts it: the heading row is 1.")
    field: str | None
    value: str | None
    key: str = Field(description="Slug of the fault.")
    message: str
    remedy: str

    @classmethod
    def of(cls, fault: DaodiError, language: Language) -> "RowFault":
        """Return a fault in words."""
        at = fault.at
        return cls(
            file=at.file,
            row=at.row,
            field=at.field,
            value=at.value,
            key=fault.key(),
            message=fault.message(language),
            remedy=fault.remedy(language),
        )


class ImportedFinding(BaseModel):
    """A rule a step broke without being refused."""

    code: str
    message: str


class StepsReport(BaseModel):
    """What became of a file of steps."""

    accepted: int = Field(description="Steps recorded.")
    flagged: int = Field(description="Of these, steps with findings.")
    duplicates: int = Field(description="Steps recorded before; nothing was written again.")
    rejected: int = Field(description="Rows not taken in.")
    parties: int = Field(description="Parties the workbook registered.")
    places: int = Field(description="Places the workbook registered.")
    codes: list[str] = Field(description="Trace codes activated.")
    findings: list[ImportedFinding]
    faults: list[RowFault] = Field(description="Every fault, in the order of the rows.")


class QuotesReport(BaseModel):
    """What became of a file of quotes."""

    accepted: int
    flagged: int = Field(description="Taken in, and marked for a person to look at.")
    quarantined: int = Field(description="Kept out of every index until a person decides.")
    rejected: int
    duplicates: int
    faults: list[RowFault] = Field(description="Every fault, in the order of the rows.")


@router.post(
    "/steps",
    summary="Import a spreadsheet of steps",
    status_code=HTTPStatus.CREATED,
    response_model=StepsReport,
    responses=problems(
        TokenMissing,
        TokenRefused,
        ScopeMissing,
        UnreadableFile,
        MissingColumn,
        RequestTooLarge,
        FileTooLong,
        StoppedThere,
        TooBusy,
        InterruptedThere,
    ),
)
def import_steps(
    file: UploadFile,
    request: Request,
    caller: Clerk,
    station: TheStation,
    *,
    proceed: Proceed = False,
) -> StepsReport:
    """Take in an .xlsx, .csv or .xml of steps, with Chinese or English headings.

    A token bound to one party may only bring that party's rows. Up to 500 rows are taken whole or not at all.
    A larger file is looked at first and then written 200 rows at a time, so that nobody waits for it; where a
    portion is at fault, the first of the errors (`stopped-there`) says which rows stand, and the mended file
    may be sent again whole; where the writing is cut off, `interrupted-there` (503) says it.
    """
    taken = take_in_steps(
        station, file.file.read(), _name(file), proceed=proceed, allow=caller.must_speak_for
    )
    language = language_of(request)
    return StepsReport(
        accepted=taken.accepted,
        flagged=taken.flagged,
        duplicates=taken.duplicates,
        rejected=taken.rejected,
        parties=taken.parties,
        places=taken.places,
        codes=list(taken.codes),
        findings=[
            ImportedFinding(code=each.rule.code, message=each.message(language)) for each in taken.findings
        ],
        faults=[RowFault.of(fault, language) for fault in taken.faults],
    )


@router.post(
    "/mofcom",
    summary="Import XML with the fields of the national system",
    status_code=HTTPStatus.CREATED,
    response_model=StepsReport,
    responses=problems(
        TokenMissing,
        TokenRefused,
        ScopeMissing,
        UnreadableFile,
        RequestTooLarge,
        FileTooLong,
        StoppedThere,
        TooBusy,
        InterruptedThere,
    ),
)
def import_mofcom(
    file: UploadFile,
    request: Request,
    caller: Clerk,
    station: TheStation,
    *,
    proceed: Proceed = False,
) -> StepsReport:
    """Take in 种植, 药材, 饮片 and stock messages as XML, as a spreadsheet is; rows are lines of the file.

    Entities, document types and external references are refused. The schema is described in
    docs/mofcom-xml.md.
    """
    return import_steps(file, request, caller, station, proceed=proceed)


@router.post(
    "/quotes",
    summary="Import a table of quotes",
    status_code=HTTPStatus.CREATED,
    response_model=QuotesReport,
    responses=problems(
        TokenMissing,
        TokenRefused,
        ScopeMissing,
        NotYourSource,
        UnreadableFile,
        MissingColumn,
        RequestTooLarge,
    ),
)
def import_quotes(
    file: UploadFile,
    request: Request,
    caller: Feeder,
    station: TheStation,
    source: Source,
    *,
    proceed: Proceed = False,
) -> QuotesReport:
    """Take in a file of quotes; the raw file is archived, and importing it again adds nothing.

    A token bound to one source may only bring that source's quotes.
    """
    caller.must_speak_as(source)
    taken = take_in_quotes(
        station, file.file.read(), _name(file), source, proceed=proceed, submitter=caller.person
    )
    language = language_of(request)
    return QuotesReport(
        accepted=taken.accepted,
        flagged=taken.flagged,
        quarantined=taken.quarantined,
        rejected=taken.rejected,
        duplicates=taken.duplicates,
        faults=[RowFault.of(fault, language) for fault in taken.faults],
    )


def _name(file: UploadFile) -> str:
    """Return the last part of the name the sender gave the file, shortened; it only goes into messages."""
    given = (file.filename or "upload").replace("\\", "/").rpartition("/")[2]
    return given[-100:]
