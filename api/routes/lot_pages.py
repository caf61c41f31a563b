"""The page of a lot: how it stands, and its whole way in both directions."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.callers import Anyone, TheStation
from api.languages import language_of
from api.routes.pages import PAGE
from api.web.lot_page import lot_parts
from api.web.site import page
from api.web.words import words_in
from trace.errors import UnknownLot
from trace.lineages.lineage_graph import Direction, lineage_graph
from trace.lineages.whereabouts import whereabouts

router = APIRouter(include_in_schema=False)


@router.api_route("/lots/{lot}", methods=PAGE)
def lot_page(
    lot: Annotated[str, Path(max_length=10_000)],
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> Response:
    """Show a lot's way back to seed and forward to its products; 404 for one that does not exist."""
    try:
        with station.database.read() as session:
            back = lineage_graph(session, lot, Direction.BACK)
            forward = whereabouts(session, lot, Direction.FORWARD)
    except UnknownLot:
        return page(request, "no_lot.html", status=404)
    return page(
        request, "lot.html", wide=True, parts=lot_parts(back, forward, words_in(language_of(request)))
    )
