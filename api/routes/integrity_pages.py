"""The page of a party: its stars, every component of its score, and the statements behind them."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.routes.pages import PAGE
from api.web.integrity_page import integrity_parts
from api.web.site import page
from api.web.words import words_in
from trace.errors import UnknownParty
from trace.integrity.evidence_statements import behind
from trace.integrity.periods import period
from trace.integrity.scoring import scores_of
from trace.integrity.source_trust import trusted_as_source
from trace.parties import party

router = APIRouter(include_in_schema=False)


@router.api_route("/parties/{uscc}", methods=PAGE)
def party_page(
    uscc: Annotated[str, Path(max_length=10_000)],
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> Response:
    """Show a party's integrity; 404 for one that is not registered."""
    try:
        with station.database.read() as session:
            known = party(session, uscc)
            history = scores_of(session, uscc)
            found = behind(session, uscc, period(history[0].period)) if history else {}
            trust = trusted_as_source(session, uscc, station.clock())
    except UnknownParty:
        return page(request, "no_party.html", status=404)
    words = words_in(language_of(request))
    return page(request, "party.html", parts=integrity_parts(known, history, found, trust, words))
