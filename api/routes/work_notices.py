"""Notices of recalls to one's own party: read, acknowledged; and the remarks made on its steps."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api import holding
from api.callers import Caller, Clerk, TheStation
from api.errors import NotYourParty
from api.routes.pages import PAGE
from api.routes.paging import read_cursor, split
from api.routes.work_waiting import quarter_of
from api.web.formats import local
from api.web.work_frame import reader_of, work_page
from api.web.work_party import PartyAsked, ask_party, party_wanted
from trace.recalls.notices import mark_read, notices_to
from trace.stored_findings import findings
from trace.supervision.late_steps import late_or_missing

router = APIRouter(include_in_schema=False)

_AREA: Final = "waiting"
_SHOWN: Final = 100
_PAGE: Final = 30
Uuid = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]


@router.api_route("/workbench/notices", methods=PAGE)
def notices_page(request: Request, caller: Clerk, station: TheStation) -> Response:
    """List what the party was told of recalls, newest first."""
    with station.database.read() as session:
        whose = party_wanted(session, caller, request.query_params)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
        found = notices_to(session, whose.uscc, _SHOWN)
    parts = {"notices": found, "now_ms": station.clock(), "own": caller.party is not None}
    return work_page(request, caller, "work_notices.html", area=_AREA, parts=parts)


@router.post("/workbench/notices/{notice}/read")
async def notice_read(notice: Uuid, request: Request, caller: Clerk, station: TheStation) -> Response:
    """Keep that the party has read a notice; raises `UnknownNotice` for another's."""
    person, at_ms = holding.person_of(caller), station.clock()

    def work() -> None:
        station.writer.submit(lambda session: mark_read(session, notice, person.party, at_ms))

    return await _done(work, request, caller)


@router.post("/workbench/recalls/{recall}/acknowledge")
async def recall_acknowledged(recall: Uuid, request: Request, caller: Clerk, station: TheStation) -> Response:
    """State that the party knows of a recall; raises `UnknownRecall`, `NotARecallHolder`."""
    if caller.party is None:
        raise NotYourParty(own="—")
    person = holding.person_of(caller)
    return await _done(lambda: holding.acknowledge_recall(station, recall, person), request, caller)


@router.api_route("/workbench/findings", methods=PAGE)
def findings_page(request: Request, caller: Clerk, station: TheStation) -> Response:
    """List what was flagged of the party's steps, newest first, late ones of this quarter above."""
    asked, now_ms = request.query_params, station.clock()
    before = int(str(read_cursor(asked["next"], (int,))[0])) if "next" in asked else None
    with station.database.read() as session:
        whose = party_wanted(session, caller, asked)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
        found = findings(session, party=whose.uscc, before_ms=before, limit=_PAGE + 1)
        late = late_or_missing(session, quarter_of(local(now_ms)), party=whose.uscc, limit=_SHOWN)
    shown, more = split(found, _PAGE, lambda each: [each.found_ms])
    onward = reader_of(request, caller).link("/workbench/findings", next=more) if more else ""
    parts = {"found": shown, "late": () if before else late, "next": onward}
    return work_page(request, caller, "work_findings.html", area=_AREA, parts=parts)


async def _done(work: Callable[[], object], request: Request, caller: Caller) -> Response:
    await run_in_threadpool(work)
    return RedirectResponse(reader_of(request, caller).link("/workbench/notices"), HTTPStatus.SEE_OTHER)
