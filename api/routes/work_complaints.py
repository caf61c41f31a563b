"""Complaints against one's own party: read with their words, and answered, by a page of the workbench."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api.callers import Caller, Clerk, TheStation
from api.erasing import values_of
from api.errors import NotYourParty
from api.languages import language_of
from api.routes.complaints import Reply
from api.routes.pages import PAGE
from api.station import Station
from api.web.step_faults import Wrong
from api.web.work_ask import read_model, small_wrongs
from api.web.work_frame import reader_of, work_page
from api.web.work_party import PartyAsked, ask_party, party_wanted
from ledger.errors import DaodiError
from trace.integrity.complaints import answer, complaints
from trace.profiles import Visibility

router = APIRouter(include_in_schema=False)

_AREA: Final = "waiting"
_SHOWN: Final = 100
_LONGEST: Final = 1_100
ComplaintId = Annotated[str, Path(pattern=r"^complaint-[0-9a-f]{32}$")]


@router.api_route("/workbench/complaints", methods=PAGE)
def complaints_page(request: Request, caller: Clerk, station: TheStation) -> Response:
    """List the complaints against the party, newest first, with a box to answer each that is open."""
    return _shown(request, caller, station, ())


@router.post("/workbench/complaints/{complaint_id}/answer")
async def complaint_answered(
    complaint_id: ComplaintId, request: Request, caller: Clerk, station: TheStation
) -> Response:
    """State the party's answer; raises `UnknownComplaint` for one about another party."""
    if caller.party is None:
        raise NotYourParty(own="—")
    party = caller.party
    async with request.form(max_fields=5, max_files=0) as form:
        words = str(form.get("words") or "").strip()[:_LONGEST]

    def work() -> Response:
        try:
            reply = read_model(Reply, {"words": words})
            station.writer.submit(
                lambda session: answer(
                    session, station.recorder.declarer, complaint_id, reply.words, party, station.clock()
                )
            )
        except DaodiError as fault:
            return _shown(request, caller, station, small_wrongs(fault, (), language_of(request)), words)
        address = reader_of(request, caller).link("/workbench/complaints")
        return RedirectResponse(address, HTTPStatus.SEE_OTHER)

    return await run_in_threadpool(work)


def _shown(
    request: Request,
    caller: Caller,
    station: Station,
    wrongs: list[Wrong] | tuple[()],
    typed: str = "",
) -> Response:
    with station.database.read() as session:
        whose = party_wanted(session, caller, request.query_params)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
        found = complaints(session, uscc=whose.uscc, limit=_SHOWN)
    parts = {
        "complaints": [(each, _words(station, each.complaint_id)) for each in found],
        "wrongs": wrongs,
        "typed": typed,
        "own": caller.party is not None,
    }
    status = 422 if wrongs else 200
    return work_page(request, caller, "work_complaints.html", area=_AREA, status=status, parts=parts)


def _words(station: Station, complaint_id: str) -> str:
    """Return what was written, which its party may read; empty once it is erased."""
    kept = (each for each in values_of(station, complaint_id) if each.visibility is Visibility.PARTNER)
    return next((str(each.disclosure.value) for each in kept if each.disclosure and each.name == "words"), "")
