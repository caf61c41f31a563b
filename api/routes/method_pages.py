"""How a family is compiled, as a page, and every version of its text: the file releases bear the hash of."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.publication.family_names import family_names
from api.routes.pages import PAGE
from api.web.conditional import IMMUTABLE, conditional
from api.web.index_method import method_parts, parameters_of
from api.web.site import not_found_page, page
from api.web.words import words_in
from priceindex.families import Family, all_families

router = APIRouter(include_in_schema=False)

_FIRST: Final = "bozhou"
"""The family shown when none is named."""
_MEDIA_TYPE: Final = "application/toml; charset=utf-8"


@router.api_route("/index/methodology", methods=PAGE)
def methodology_page(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    family: Annotated[str, Query(max_length=10_000)] = _FIRST,
    version: Annotated[str, Query(max_length=10_000)] = "",
) -> Response:
    """Show how a family is compiled: the version named, or its newest."""
    words = words_in(language_of(request))
    versions = _versions(family)
    chosen = next((each for each in versions if str(each.version) == version), versions[-1])
    with station.database.read() as session:
        names = family_names(session, words.language, station.clock())
    parts = {
        "family": chosen,
        "name": names[chosen.id],
        "parts": method_parts(chosen, words),
        "parameters": parameters_of(chosen),
        "versions": list(reversed(versions)),
        "families": sorted(names.items(), key=lambda each: each[1]),
    }
    return page(request, "methodology.html", wide=True, parts=parts)


@router.api_route("/index/methodology/{method_id}.toml", methods=PAGE)
def method_text(
    method_id: Annotated[str, Path(max_length=10_000)],
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
) -> Response:
    """Return a family's text byte for byte: its SHA-256 stands in every release made under it."""
    found = next((each for each in all_families() if each.method_id == method_id), None)
    if found is None:
        return not_found_page(request)
    headers = {"Content-Disposition": f'attachment; filename="{found.method_id}.toml"'}
    return conditional(request, found.text, _MEDIA_TYPE, cache=IMMUTABLE, headers=headers)


def _versions(asked: str) -> list[Family]:
    """Return the versions of the family named, or of the first, oldest first."""
    known = [each for each in all_families() if each.id == asked]
    return known or [each for each in all_families() if each.id == _FIRST]
