"""The first page of the workbench 工作台: what waits for the party, each with one action, and the guide."""

from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request, Response

from api.callers import Clerk, TheStation
from api.languages import language_of
from api.routes.pages import PAGE
from api.web.formats import local
from api.web.words import words_in
from api.web.work_frame import reader_of, work_page
from api.web.work_party import PartyAsked, ask_party, party_wanted
from api.web.work_tasks import guide_of, tasks_of
from trace.first_steps import first_steps
from trace.integrity.periods import Period, period
from trace.waiting import waiting

router = APIRouter(include_in_schema=False)

_AREA: Final = "waiting"


@router.api_route("/workbench", methods=PAGE)
def what_waits(request: Request, caller: Clerk, station: TheStation) -> Response:
    """Show what waits for the caller's party, and the guide until its five steps are done."""
    now_ms = station.clock()
    with station.database.read() as session:
        whose = party_wanted(session, caller, request.query_params)
        if isinstance(whose, PartyAsked):
            return ask_party(request, caller, session, _AREA, whose)
        found = waiting(session, whose.uscc, now_ms, quarter_of(local(now_ms)))
        begun = first_steps(session, whose.uscc)
    words, reader = words_in(language_of(request)), reader_of(request, caller)
    parts = {
        "found": found,
        "tasks": tasks_of(found, words, reader),
        "guide": () if begun.complete else guide_of(begun, whose, words, reader),
    }
    return work_page(request, caller, "work_waiting.html", area=_AREA, parts=parts)


def quarter_of(moment: datetime) -> Period:
    """Return the quarter a local moment falls in."""
    return period(f"{moment.year}Q{(moment.month + 2) // 3}")
