"""Recalls on the desk: the list with its clocks, one recall, reminding, and closing it by two persons."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlmodel import Session

from api import holding
from api.callers import Caller, Supervisor, TheStation
from api.languages import language_of
from api.routes.desk_sending import led_on, sent
from api.routes.pages import PAGE
from api.routes.recalls import ClosingAsked
from api.station import Station
from api.web.desk_asked import asked_of
from api.web.desk_frame import desk_page
from api.web.desk_recalls import class_name, clocks, drills_table, holders_table, recalls_table
from api.web.desk_table import paged, turned
from api.web.desk_typed import Typed, checked, faults_in, said_of
from api.web.words import words_in
from api.web.work_frame import reader_of
from ledger.errors import DaodiError
from trace.lineages.lineage_graph import party_names
from trace.recalls.hold_listing import drills, recalls
from trace.recalls.notices import notices_of
from trace.recalls.recall_progress import progress_of

router = APIRouter(include_in_schema=False)

RecallId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]
_DRILLS = 20


@router.api_route("/desk/recalls", methods=PAGE)
def recalls_page(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Show recalls, the newest first, and the mock recalls held last."""
    asked, words = asked_of(request, station.clock()), words_in(language_of(request))
    reader = reader_of(request, caller)
    with station.database.read() as session:
        found = recalls(session, only_open=False, after=None, offset=asked.start, limit=asked.limit)
        held = drills(session, _DRILLS)
    table = recalls_table(paged(found, asked), station.clock(), reader, words)
    tables = (turned(table, len(found), asked, reader), drills_table(held, words))
    return desk_page(
        request,
        caller,
        asked,
        "recalls",
        template="desk_recalls.html",
        tables=tables,
        said=said_of(request, words),
    )


@router.api_route("/desk/recalls/{recall}", methods=PAGE)
def recall_page(recall: RecallId, request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Show a recall with its clocks, its holders, and what can be done; raises `UnknownRecall`."""
    return _shown(recall, request, caller, station, Typed({}))


@router.post("/desk/recalls/{recall}")
async def recall_acted(
    recall: RecallId, request: Request, caller: Supervisor, station: TheStation
) -> Response:
    """Remind the late, ask for the recall to be closed, or close it as the second of two."""

    def answer(typed: Typed) -> Response:
        try:
            done = _act(recall, typed, caller, station)
        except DaodiError as fault:
            return _shown(recall, request, caller, station, typed, fault)
        return led_on(request, caller, f"/desk/recalls/{recall}", done)

    return await sent(request, station, answer)


def _act(recall: str, typed: Typed, caller: Caller, station: Station) -> str:
    """Do what was asked; returns the key of what to say. Raises what `api.holding` raises, `ManyFaults`."""
    person = holding.person_of(caller)
    if typed["act"] == "remind":
        return "reminded" if holding.remind_holders(station, recall, person) else "nobody_late"
    if typed["act"] == "close":
        with station.database.read() as session:
            wanted = progress_of(session, recall).recall.asked_state
        confirmed = typed["state"] if typed["state"] in ("completed", "lifted") else wanted
        holding.close(station, recall, person, "lifted" if confirmed == "lifted" else "completed")
        return "recall_closed"
    asked = checked(ClosingAsked, {"state": typed["state"] or None, "report": typed["report"] or None})
    holding.ask_closing(station, recall, asked.state, asked.report, person)
    return "closing_asked"


def _shown(
    recall: str,
    request: Request,
    caller: Caller,
    station: Station,
    typed: Typed,
    fault: DaodiError | None = None,
) -> Response:
    asked, words = asked_of(request, station.clock()), words_in(language_of(request))
    reader = reader_of(request, caller)
    with station.database.read() as session:
        found = progress_of(session, recall)
        told = [row for row, _ in notices_of(session, recall)]
        names = _names(session, [each.holder for each in found.holders], found.recall.responsible)
    parts = {
        "found": found,
        "class_name": class_name(found.recall.recall_class, words),
        "responsible": names.get(found.recall.responsible, found.recall.responsible),
        "clocks": clocks(found.recall, station.clock(), words),
        "typed": typed,
    }
    return desk_page(
        request,
        caller,
        asked,
        "recalls",
        template="desk_recall.html",
        tables=(holders_table(found, told, names, reader, words),),
        faults=() if fault is None else faults_in(fault),
        parts=parts,
        said=said_of(request, words),
    )


def _names(session: Session, holders: list[str], responsible: str) -> dict[str, str]:
    return party_names(session, sorted({each for each in (*holders, responsible) if each}))
