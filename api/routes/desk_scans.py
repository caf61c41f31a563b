"""One trace code on the desk: every scan of it that is kept, whose it is, and what can be done from there."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.callers import Supervisor, TheStation
from api.languages import language_of
from api.routes.pages import PAGE
from api.web.desk_asked import asked_of
from api.web.desk_frame import desk_page
from api.web.desk_scans import city_cell, one_code_table
from api.web.words import words_in
from trace.coding.code_reading import code_state
from trace.coding.trace_code import grouped, normalise
from trace.scanning.scan_tables import ScanMarkRow
from trace.supervision.code_scans import scans_of_code
from trace.supervision.party_seats import seats

router = APIRouter(include_in_schema=False)


@router.api_route("/desk/scans/{code}", methods=PAGE)
def code_page(
    code: Annotated[str, Path(max_length=64)], request: Request, caller: Supervisor, station: TheStation
) -> Response:
    """Show the scans of a code; raises `MalformedCode`, `ForgedCode`, `UnknownCode`."""
    asked, words = asked_of(request, station.clock()), words_in(language_of(request))
    with station.database.read() as session:
        state = code_state(session, normalise(code), station.code_keys)
        scans = scans_of_code(session, state.serial)
        mark = session.get(ScanMarkRow, state.serial)
        known = seats(session, (state.party,))
    parts = {
        "code": state.code,
        "written": grouped(state.code),
        "state": state,
        "firm": known.get(state.party),
        "mark": mark,
        "first_city": city_cell(None if mark is None else mark.first_city, words).text,
    }
    return desk_page(
        request,
        caller,
        asked,
        "scans",
        template="desk_code.html",
        tables=(one_code_table(scans, words),),
        parts=parts,
    )
