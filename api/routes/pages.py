"""The home page, the scan page and the API documents. Each is whole without a script."""

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.publication.overview import index_name
from api.routes.lookup import NOT_OURS, Found, look_up, note_scan
from api.routes.other_code_page import other_code_page
from api.web.formats import Formats
from api.web.scan import LogState, scan_parts
from api.web.site import Reader, page
from api.web.words import words_in
from ledger.errors import Language
from priceindex import service
from trace.coding.trace_code import normalise
from trace.errors import MalformedCode
from trace.story_parts import Verdict

router = APIRouter(include_in_schema=False)

PAGE: Final = ["GET", "HEAD"]
"""Methods of a page: what may be got may be asked about (RFC 9110, section 9.1)."""

_LONGEST_ASKED: Final = 120
"""A code of ours has 20 characters and a GS1 key below a barcode up to 100; more is not carried on."""


@router.api_route("/", methods=PAGE)
def home(request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Say what this is, ask for a code, show the newest index."""
    with station.database.read() as session:
        level = newest_level(session, language_of(request))
    return page(request, "home.html", parts={"level": level})


@router.api_route("/s", methods=PAGE)
def ask(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    code: Annotated[str, Query(max_length=10_000)] = "",
) -> Response:
    """Send whoever typed a code to its page."""
    typed = _as_stored(code.strip()[:_LONGEST_ASKED])
    reader = Reader.of(request)
    return RedirectResponse(reader.link(f"/s/{quote(typed, safe='')}" if typed else "/"), status_code=303)


@router.api_route("/s/{code:path}", methods=PAGE)
def scan(code: str, request: Request, caller: Anyone, station: TheStation) -> Response:
    """Show the story of a pack, or what a code of another system was linked to.

    For every other code the same page with 404.
    """
    other = other_code_page(request, station, code, caller)
    if other is not None:
        return other
    try:
        found = look_up(station, code, caller)
    except NOT_OURS:
        return page(request, "no_code.html", status=404)
    if found.story.code is None or found.story.verdict in (None, Verdict.UNKNOWN):
        return page(request, "no_code.html", status=404)
    if request.method == "GET":
        note_scan(station, found.serial, request, caller)
    return page(request, "scan.html", parts=_parts(found, language_of(request)))


@router.api_route("/api-docs", methods=PAGE)
def api_docs(request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Document the API from its own OpenAPI description, with nothing loaded from elsewhere."""
    drawn = request.app.state.api_docs.drawn(language_of(request))
    return page(request, "api_docs.html", wide=True, parts={"operations": drawn})


def newest_level(session: Session, language: Language) -> dict[str, str] | None:
    """Return the name, value and day of the newest release for the home page; None before the first."""
    found = service.releases(session)
    if not found:
        return None
    newest = max(found, key=lambda release: (release.last_day, release.published_ms))
    formats = Formats(language)
    return {
        "name": index_name(newest, language),
        "value": formats.index(newest.headline),
        "day": formats.day(newest.last_day),
    }


def _parts(found: Found, language: Language) -> dict[str, object]:
    state = LogState(size=found.size, checkpoint=found.checkpoint, policy=found.policy)
    return scan_parts(found.story, found.indices, state, words_in(language))


def _as_stored(typed: str) -> str:
    """Return a code as it stands in addresses; what cannot be one is left as it was typed."""
    try:
        return normalise(typed)
    except MalformedCode:
        return typed
