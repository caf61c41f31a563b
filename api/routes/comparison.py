"""What was asked beside what was paid: the comparison of a release as JSON and as a page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.callers import Anyone, TheStation
from api.comparing import Beside, beside
from api.errors import FieldWrong, TooManyRequests
from api.languages import language_of
from api.problems import problems
from api.publication.overview import family_of
from api.routes.comparison_answer import ComparisonAnswer
from api.routes.pages import PAGE
from api.routes.parameters import known_parameters
from api.station import Station
from api.web.comparison_page import ComparisonView, comparison_csv, comparison_view
from api.web.conditional import conditional, conditional_model
from api.web.csv_body import MEDIA_TYPE
from api.web.site import page
from api.web.words import words_in
from priceindex import service
from priceindex.classification import COMPOSITE, Level
from priceindex.errors import UnknownRelease
from priceindex.releases.series import Frequency

router = APIRouter()

ReleaseId = Annotated[
    str,
    Path(max_length=100, pattern=r"^[a-z0-9-]+$", description="Release id.", examples=["bozhou-2025-12-31"]),
]
ReleaseName = Annotated[str, Path(max_length=10_000)]


@router.get(
    "/v1/releases/{release_id}/comparison",
    tags=["prices"],
    summary="Hold a release's quotes against its trades",
    response_model=ComparisonAnswer,
    responses=problems(UnknownRelease, FieldWrong, TooManyRequests),
    dependencies=[Depends(known_parameters)],
)
def read_comparison(
    release_id: ReleaseId,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    level: Annotated[Level, Query(description="Level of the tree, or cut.")] = Level.COMPOSITE,
    node: Annotated[
        str, Query(max_length=100, description="Class key, herb, herb|grade, market, origin or theme.")
    ] = COMPOSITE,
    frequency: Annotated[
        Frequency | None, Query(description="day, week or month; the coarsest of the family by default.")
    ] = None,
) -> Response:
    """Return the quote index beside the transaction index of one node, and what share of trade is quoted.

    Both indices are computed from the inputs of the release over the cells that have both quotes and
    trades; their distance is analysis and no published value. Worked out once for each release.
    """
    found = _beside(station, release_id)
    chosen = frequency or coarsest(found)
    return conditional_model(request, ComparisonAnswer.of(found, level, node, chosen, language_of(request)))


@router.api_route("/index/{release_id}/comparison", methods=PAGE, include_in_schema=False)
def comparison_page(
    release_id: ReleaseName,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> Response:
    """Show both indices of a release in one chart, and how much of the recorded trade is quoted."""
    try:
        found = _beside(station, release_id)
    except UnknownRelease:
        return page(request, "no_index.html", status=404)
    view = _view(request, found)
    return page(request, "comparison.html", wide=True, parts={"view": view, "release": found.release})


@router.api_route("/index/{release_id}/comparison.csv", methods=PAGE, include_in_schema=False)
def comparison_file(
    release_id: ReleaseName,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> Response:
    """Return both indices of a node as CSV, oldest period first."""
    try:
        found = _beside(station, release_id)
    except UnknownRelease:
        return page(request, "no_index.html", status=404)
    view = _view(request, found)
    if view.lines is None:
        return page(request, "no_index.html", status=404)
    headers = {"Content-Disposition": f'attachment; filename="{found.release.release_id}-comparison.csv"'}
    return conditional(request, comparison_csv(view.lines), MEDIA_TYPE, headers=headers)


def coarsest(found: Beside) -> Frequency:
    """Return the coarsest frequency of a release's family."""
    return family_of(found.release).values.frequencies[-1]


def _view(request: Request, found: Beside) -> ComparisonView:
    """Return what a page or file shows of the node that was asked for."""
    asked = request.query_params.get("level", ""), request.query_params.get("node", "")
    return comparison_view(found, coarsest(found), asked, words_in(language_of(request)))


def _beside(station: Station, release_id: str) -> Beside:
    """Return the comparison of a public release; raises `UnknownRelease`."""
    with station.database.read() as session:
        release = service.release(session, release_id, public_at_ms=station.clock())
    return beside(station, release)
