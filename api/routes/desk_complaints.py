"""Complaints on the desk: those to decide, one with what was written of it, and the decision."""

from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Path, Request, Response

from api.callers import Caller, Supervisor, TheStation
from api.erasing import values_of
from api.languages import language_of
from api.routes.desk_sending import led_on, sent
from api.routes.inspections import acting_as
from api.routes.pages import PAGE
from api.station import Station
from api.web.desk_asked import asked_of
from api.web.desk_complaints import complaints_table
from api.web.desk_frame import desk_page
from api.web.desk_table import paged, turned
from api.web.desk_typed import Typed, checked, faults_in, said_of
from api.web.words import words_in
from api.web.work_frame import reader_of
from ledger.errors import DaodiError, UnknownStatement
from trace.integrity.complaints import POINTS, DecisionNew, complaint, decide, to_decide
from trace.private_readers import REGULATORS
from trace.supervision.party_seats import seats

_log = structlog.get_logger(__name__)
router = APIRouter(include_in_schema=False)

ComplaintId = Annotated[str, Path(max_length=64, pattern=r"^complaint-[0-9a-f]{32}$")]
_SAID: Final = ("words", "contact", "code")


@router.api_route("/desk/complaints", methods=PAGE)
def complaints_page(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Show the complaints nobody decided yet, the oldest first."""
    asked, words = asked_of(request, station.clock()), words_in(language_of(request))
    reader = reader_of(request, caller)
    with station.database.read() as session:
        found = to_decide(session, area=asked.area, offset=asked.start, limit=asked.limit)
        known = seats(session, (each.party for each in found if each.party is not None))
    table = complaints_table(paged(found, asked), known, station.clock(), reader, words)
    return desk_page(
        request,
        caller,
        asked,
        "complaints",
        tables=(turned(table, len(found), asked, reader),),
        said=said_of(request, words),
    )


@router.api_route("/desk/complaints/{complaint_id}", methods=PAGE)
def complaint_page(
    complaint_id: ComplaintId, request: Request, caller: Supervisor, station: TheStation
) -> Response:
    """Show a complaint with what was written, what the party answered, and the form of a decision."""
    return _shown(complaint_id, request, caller, station, Typed({}))


@router.post("/desk/complaints/{complaint_id}")
async def complaint_decided(
    complaint_id: ComplaintId, request: Request, caller: Supervisor, station: TheStation
) -> Response:
    """Uphold or reject a complaint; of one decided already it says so."""

    def answer(typed: Typed) -> Response:
        try:
            upheld = {"upheld": True, "rejected": False}.get(typed["outcome"])
            points = (typed.number("points") or 0) if upheld else 0
            told = {"upheld": upheld, "points": points, "reason": typed["reason"] or None}
            decision, by = checked(DecisionNew, told), acting_as(caller)
            station.writer.submit(
                lambda session: decide(
                    session, station.recorder.declarer, complaint_id, decision, by, station.clock()
                )
            )
        except DaodiError as fault:
            return _shown(complaint_id, request, caller, station, typed, fault)
        return led_on(request, caller, f"/desk/complaints/{complaint_id}", "complaint_decided")

    return await sent(request, station, answer)


def _shown(
    complaint_id: str,
    request: Request,
    caller: Caller,
    station: Station,
    typed: Typed,
    fault: DaodiError | None = None,
) -> Response:
    asked, words = asked_of(request, station.clock()), words_in(language_of(request))
    with station.database.read() as session:
        found = complaint(session, complaint_id)
        known = seats(session, () if found.party is None else (found.party,))
    parts = {
        "found": found,
        "firm": known.get(found.party or ""),
        "written": _private(station, complaint_id, caller),
        "answer": _private(station, f"{complaint_id}/answer", caller)["words"],
        "points": list(POINTS),
        "typed": typed,
    }
    return desk_page(
        request,
        caller,
        asked,
        "complaints",
        template="desk_complaint.html",
        faults=() if fault is None else faults_in(fault),
        parts=parts,
        said=said_of(request, words),
    )


def _private(station: Station, statement_id: str, caller: Caller) -> dict[str, str]:
    """Return what a regulator may read of a statement's private fields, '' for none; readings are noted."""
    found = dict.fromkeys(_SAID, "")
    try:
        values = values_of(station, statement_id)
    except UnknownStatement:
        return found
    told = {
        each.name: str(each.disclosure.value)
        for each in values
        if each.visibility in REGULATORS and each.disclosure is not None and each.name in _SAID
    }
    _log.info("disclosed", statement=statement_id, to=caller.party, token=caller.token, names=sorted(told))
    return found | told
