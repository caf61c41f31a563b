"""One node fitted on demand, as a page: an analysis beside the published forecast, marked as such."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.opened_series import Asked, opened
from api.publication.overview import family_of
from api.routes.forecast_pages import asked_of
from api.routes.index_pages import release_named
from api.routes.pages import PAGE
from api.web.opened_view import OpenedView, opened_view
from api.web.site import page
from api.web.words import words_in
from ledger.errors import DaodiError, Language
from priceindex.errors import UnknownNode
from priceindex.forecast.forecast_errors import FitsEnded, FitsSwitchedOff, FitTakesTooLong, NodeNotFitted

router = APIRouter(include_in_schema=False)

Name = Annotated[str, Path(max_length=10_000)]
_REFUSALS = (UnknownNode, NodeNotFitted, FitsSwitchedOff, FitTakesTooLong, FitsEnded)


@router.api_route("/index/{named}/fitted", methods=PAGE)
def fitted_page(named: Name, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Show fast and fitted models of a node side by side; the first asking takes some twenty seconds."""
    with station.database.read() as session:
        release = release_named(session, named, station.clock())
    asked = asked_of(request)
    if release is None or asked is None:
        return page(request, "no_index.html", status=404)
    language = language_of(request)
    view: OpenedView | None = None
    refusal, status = "", 200
    try:
        chosen = Asked(family=release.family, level=asked.level, node=asked.node, frequency=asked.frequency)
        view = opened_view(opened(station, chosen), words_in(language))
    except _REFUSALS as refused:
        refusal, status = _said(refused, language), 404
    parts = {
        "view": view,
        "refusal": refusal,
        "asked": asked,
        "release": release,
        "index_name": family_of(release).words(language),
    }
    return page(request, "fitted.html", status=status, wide=True, parts=parts)


def _said(refused: DaodiError, language: Language) -> str:
    return f"{refused.message(language)} {refused.remedy(language)}"
