"""Inspections on the desk: the list, what is overdue, and entering one by a form."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api.callers import Caller, Supervisor, TheStation
from api.languages import language_of
from api.routes.desk_sending import led_on, sent
from api.routes.inspections import acting_as
from api.routes.pages import PAGE
from api.station import Station
from api.web.desk_asked import asked_of
from api.web.desk_frame import desk_page
from api.web.desk_inspections import inspections_table
from api.web.desk_table import paged, turned
from api.web.desk_typed import Typed, checked, faults_in, said_of
from api.web.words import words_in
from api.web.work_frame import reader_of
from ledger.errors import DaodiError
from trace.integrity.inspections import (
    MOST_POINTS,
    InspectionNew,
    Outcome,
    Subject,
    find,
    inspections,
    overdue,
)
from trace.supervision.party_seats import seats

router = APIRouter(include_in_schema=False)

_LINKED: Final = ("firm", "draw", "follows", "lots")
"""Boxes other pages fill in by the address."""


@router.api_route("/desk/inspections", methods=PAGE)
def inspections_page(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Show the inspections of a quarter, and before them those whose deadline is over."""
    asked, words = asked_of(request, station.clock()), words_in(language_of(request))
    reader, now_ms = reader_of(request, caller), station.clock()
    with station.database.read() as session:
        late = overdue(session, now_ms, area=asked.area)
        found = inspections(
            session, quarter=asked.quarter, area=asked.area, offset=asked.start, limit=asked.limit
        )
        known = seats(session, (each.party for each in (*late, *found)))
    table = inspections_table(paged(found, asked), known, now_ms, reader, words)
    tables = (
        inspections_table(late, known, now_ms, reader, words, overdue=True),
        turned(table, len(found), asked, reader),
    )
    return desk_page(
        request,
        caller,
        asked,
        "inspections",
        template="desk_inspections.html",
        tables=tables,
        said=said_of(request, words),
    )


@router.api_route("/desk/inspections/new", methods=PAGE)
def inspection_form(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """Ask what an inspection found; the address may fill in firm, draw, lots and what it follows up."""
    given = request.query_params
    return _asked(request, caller, station, Typed({name: [given[name]] for name in _LINKED if name in given}))


@router.post("/desk/inspections/new")
async def inspection_entered(request: Request, caller: Supervisor, station: TheStation) -> Response:
    """State what an inspection found, or show what is wrong with everything that was typed."""

    def answer(typed: Typed) -> Response:
        try:
            new, by = checked(InspectionNew, _told(typed)), acting_as(caller)
            station.writer.submit(
                lambda session: find(session, station.recorder.declarer, new, by, station.clock())
            )
        except DaodiError as fault:
            return _asked(request, caller, station, typed, fault)
        return led_on(request, caller, "/desk/inspections", "inspected")

    return await sent(request, station, answer)


def _told(typed: Typed) -> dict[str, Any]:
    """Arrange what was typed as the API takes it; raises `FieldWrong` for a deadline that is no day."""
    looked = [
        {"subject": subject.value, "outcome": typed[f"outcome_{subject.value}"]}
        for subject in Subject
        if typed[f"outcome_{subject.value}"]
    ]
    named = ("role", "inspectors", "remarks", "document", "draw", "follows")
    return {
        "party": typed["firm"],
        "subjects": looked,
        "lots": typed.lines("lots"),
        "points": 0 if typed["points"] in ("", "0") else typed.number("points"),
        "due_ms": typed.day_over_ms("due_ms"),
        **{name: typed[name] or None for name in named},
    }


def _asked(
    request: Request, caller: Caller, station: Station, typed: Typed, fault: DaodiError | None = None
) -> Response:
    words = words_in(language_of(request))
    with station.database.read() as session:
        firm = seats(session, [typed["firm"]]).get(typed["firm"])
    parts = {
        "typed": typed,
        "lots": "\n".join(typed.lines("lots")),
        "firm": firm,
        "subjects": [(each.value, each.words(words.language)) for each in Subject],
        "outcomes": [(each.value, each.words(words.language)) for each in Outcome],
        "most_points": MOST_POINTS,
    }
    return desk_page(
        request,
        caller,
        asked_of(request, station.clock()),
        "inspections",
        template="desk_inspection_new.html",
        faults=() if fault is None else faults_in(fault),
        parts=parts,
    )
