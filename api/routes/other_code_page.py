"""The scan page for codes of other systems: shown where somebody linked one to our record."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from api.callers import Caller
from api.languages import language_of
from api.station import Station
from api.web.other_code import other_code_parts
from api.web.site import page
from api.web.words import words_in
from trace.coding.trace_code import normalise
from trace.errors import MalformedCode
from trace.links.link_reading import FoundLink, look_up_other


def other_code_page(request: Request, station: Station, asked: str, caller: Caller) -> Response | None:
    """Return the page of a code of another system; None for what is ours, or linked to nothing.

    What has the form of our own codes never comes to a query here: a guess at one of ours costs no I/O.
    Twenty digits alone are let through, as a drug trace code: one of ours in 10^10 has no letter.
    """
    if _may_be_ours(asked):
        return None
    found = _found(station, asked, caller)
    if not found:
        return None
    parts = other_code_parts(asked, found, words_in(language_of(request)))
    return page(request, "other_code.html", parts=parts)


def _may_be_ours(asked: str) -> bool:
    try:
        return not normalise(asked).isdigit()
    except MalformedCode:
        return False


def _found(station: Station, asked: str, caller: Caller) -> Sequence[FoundLink]:
    # Who has guessed too often is refused before the database is asked.
    station.limiter.require("unknown_code", caller.address)
    with station.database.read() as session:
        found = look_up_other(session, asked)
    if found:
        station.limiter.count("scan", caller.address)
    return found
