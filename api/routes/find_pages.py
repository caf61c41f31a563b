"""Finding a node of a family by name or pinyin: one match leads to its page, several are listed."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.publication.node_search import search
from api.publication.overview import family_of, overview_of
from api.routes.index_pages import Name, release_named
from api.routes.pages import PAGE
from api.web.index_page import node_lines
from api.web.site import Reader, page
from priceindex.classification import Level

router = APIRouter(include_in_schema=False)

LISTED: Final = 60
_LONGEST: Final = 40


@router.api_route("/index/{named}/find", methods=PAGE)
def find_page(
    named: Name,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    asked: Annotated[str, Query(max_length=10_000)] = "",
) -> Response:
    """Show what matches; a single match, or a single herb among them, is gone to at once."""
    typed, language = asked.strip()[:_LONGEST], language_of(request)
    with station.database.read() as session:
        release = release_named(session, named, station.clock())
        if release is None:
            return page(request, "no_index.html", status=404)
        found = search(overview_of(session, release), typed)
    herbs = [each for each in found if each.level is Level.HERB]
    exact = [each for each in herbs if each.node == typed] or herbs
    only = found if len(found) == 1 else exact
    if len(only) == 1:
        reader, one = Reader.of(request), only[0]
        address = reader.link(f"/index/{release.family}", level=one.level.value, node=one.node)
        return RedirectResponse(address, status_code=303)
    parts = {
        "asked": typed,
        "lines": node_lines(found[:LISTED], language),
        "count": len(found),
        "most": LISTED,
        "release": release,
        "name": family_of(release).words(language),
    }
    return page(request, "find.html", wide=True, parts=parts)
