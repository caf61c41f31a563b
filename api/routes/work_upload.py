"""Uploading a file of steps from the workbench: xlsx, CSV or the national system's XML, with a row report."""

import base64
from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from api.callers import Caller, Clerk, TheStation
from api.errors import TooBusy
from api.importing import StepsTaken, take_in_steps
from api.languages import language_of
from api.portion_errors import InterruptedThere
from api.routes.pages import PAGE
from api.web.csv_body import csv_body
from api.web.taken_in import Took, recorded_page, recorded_path
from api.web.words import Words, words_in
from api.web.work_frame import work_page
from ledger.errors import DaodiError, Language, ManyFaults
from trace.errors import StoppedThere
from trace.vocabulary import Stage

router = APIRouter(prefix="/workbench/upload", include_in_schema=False)

_AREA: Final = "upload"
_SHOWN: Final = 200
"""Faults on the page; the CSV has more of them."""
_REPORTED: Final = 5000
"""Faults in the CSV, which travels inside the page."""
_HEADINGS: Final = ("file", "row", "field", "value", "fault", "message", "remedy")


@router.api_route("", methods=PAGE)
def upload_page(request: Request, caller: Clerk) -> Response:
    """Ask for a file."""
    return _drawn(request, caller, (), None)


@router.post("")
def file_sent(
    request: Request,
    caller: Clerk,
    station: TheStation,
    file: Annotated[UploadFile, File()],
    proceed: Annotated[bool, Form()] = False,
) -> Response:
    """Take a file in, or say row by row what is wrong with it."""
    given = (file.filename or "upload").replace("\\", "/").rpartition("/")[2][-100:]
    party = caller.party or request.query_params.get("party")
    try:
        taken = take_in_steps(
            station, file.file.read(), given, proceed=proceed, allow=caller.must_speak_for, party=party
        )
    except TooBusy:
        raise
    except ManyFaults as several:
        return _drawn(request, caller, several.faults, None)
    except InterruptedThere as fault:
        return _drawn(request, caller, (fault,), None, wrong=503)
    except DaodiError as fault:
        return _drawn(request, caller, (fault,), None)
    if taken.faults:
        return _drawn(request, caller, taken.faults, taken)
    return RedirectResponse(recorded_path(request, caller, "/workbench/upload/recorded", Took.of(taken)), 303)


@router.api_route("/recorded", methods=PAGE)
def file_recorded(request: Request, caller: Clerk, took: Annotated[Took, Query()]) -> Response:
    """Say what became of the file."""
    return recorded_page(request, caller, took, _AREA)


def _drawn(
    request: Request,
    caller: Caller,
    faults: Sequence[DaodiError],
    taken: StepsTaken | None,
    wrong: int = 422,
) -> Response:
    language = language_of(request)
    words = words_in(language)
    note = _what_stands(words, faults, taken)
    faults = [fault for fault in faults if not isinstance(fault, StoppedThere)]
    rows = [_row(fault, language) for fault in faults[:_REPORTED]]
    parts = {
        "rows": rows[:_SHOWN],
        "count": len(faults),
        "shown": _SHOWN,
        "reported": _REPORTED,
        "note": note,
        "report": _report(rows) if rows else "",
        "took": Took.of(taken) if taken else None,
        "stages": tuple(Stage),
    }
    said = words("upload.some_recorded", n=taken.accepted) if taken else ""
    return work_page(
        request,
        caller,
        "work_upload.html",
        area=_AREA,
        status=wrong if rows else 200,
        parts=parts,
        said=said,
    )


def _what_stands(words: Words, faults: Sequence[DaodiError], taken: StepsTaken | None) -> str:
    """Say what of a faulty file was recorded."""
    if taken is not None:
        return words("upload.written.some")
    stopped = next((fault for fault in faults if isinstance(fault, StoppedThere | InterruptedThere)), None)
    if stopped is None:
        return words("upload.written.nothing")
    said = {"n": stopped.parts["count"], "rows": stopped.parts["rows"]}
    if isinstance(stopped, InterruptedThere):
        return words("upload.written.interrupted", **said)
    return words("upload.written.stopped", **said)


def _row(fault: DaodiError, language: Language) -> dict[str, str]:
    at = fault.at
    return {
        "file": at.file or "",
        "row": str(at.row or ""),
        "field": at.field or "",
        "value": at.value or "",
        "fault": fault.key(),
        "message": fault.message(language),
        "remedy": fault.remedy(language),
    }


def _report(rows: Sequence[dict[str, str]]) -> str:
    """Return the report as an address of its own: nothing of a refused file is kept for a later download."""
    body = csv_body(_HEADINGS, [[row[name] for name in _HEADINGS] for row in rows])
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(body).decode()
