"""Fitting one node on demand 逐一拟合: fast and fitted models side by side, an analysis and no forecast."""

from fastapi import APIRouter, Depends, Request, Response

from api.callers import Anyone, TheStation
from api.errors import FieldWrong, TooManyRequests
from api.languages import language_of
from api.opened_series import Asked, opened
from api.problems import problems
from api.routes.forecasts import Every, FamilyId, OfLevel, OfNode
from api.routes.opened_answers import OpenedAnswer
from api.routes.parameters import known_parameters
from api.web.conditional import conditional_model
from priceindex.classification import COMPOSITE, Level
from priceindex.errors import UnknownFamily, UnknownNode
from priceindex.forecast.forecast_errors import FitsEnded, FitsSwitchedOff, FitTakesTooLong, NodeNotFitted
from priceindex.forecast.method import forecast_method
from priceindex.forecast.track.track_errors import NoReleaseYet

router = APIRouter(prefix="/v1", tags=["forecasts"], dependencies=[Depends(known_parameters)])


@router.get(
    "/forecasts/{family}/fitted",
    summary="Fit models to one node",
    response_model=OpenedAnswer,
    responses=problems(
        FieldWrong,
        UnknownFamily,
        UnknownNode,
        NoReleaseYet,
        NodeNotFitted,
        FitsSwitchedOff,
        FitTakesTooLong,
        FitsEnded,
        TooManyRequests,
    ),
)
def fit_node(
    family: FamilyId,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    level: OfLevel = Level.COMPOSITE,
    node: OfNode = COMPOSITE,
    frequency: Every = "week",
) -> Response:
    """Return what fast and fitted models say of one node, and how they did on its own past.

    An analysis, not a published forecast: not in the track record. The first time of asking takes some
    twenty seconds, afterwards it is kept until the next release.
    """
    found = opened(station, Asked(family=family, level=level, node=node, frequency=frequency))
    answer = OpenedAnswer.of(found, forecast_method().method_id, language_of(request))
    return conditional_model(request, answer)
