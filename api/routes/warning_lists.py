"""What the operator does for the rules of early warning: watch now, and enter the lists they read."""

from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api import warning_work
from api.callers import Anyone, Operator, TheStation
from api.errors import ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.languages import language_of
from api.problems import problems
from api.routes.warning_answers import WarningAnswer
from api.warning_work import Looked
from api.web.conditional import conditional_model
from api.web.formats import local
from ledger.errors import Language
from priceindex.errors import UnknownFamily
from priceindex.forecast.track.track_errors import NoReleaseYet
from priceindex.warning.alerts.entered_lists import (
    GrainPriceNew,
    HealthHerb,
    HealthHerbNew,
    grain_prices,
    health_list,
)
from priceindex.warning.warning_errors import HealthHerbListed, HealthHerbUnknown

router = APIRouter(prefix="/v1", tags=["warnings"])
_REFUSED = (TokenMissing, TokenRefused, ScopeMissing, WriterClosed)


class WatchWish(BaseModel):
    """Which family to watch now."""

    model_config = ConfigDict(extra="forbid")

    family: str = Field(max_length=40, examples=["bozhou"])


class RuleJudged(BaseModel):
    """How far one rule could judge a family."""

    rule: str
    subjects: int
    judged: int
    withheld: dict[str, int] = Field(description="Why the others had no score.")


class WatchedAnswer(BaseModel):
    """What one look at one family found."""

    family: str
    release: str
    rules: list[RuleJudged]
    happened: dict[str, list[WarningAnswer]]

    @classmethod
    def of(cls, looked: Looked, language: Language) -> "WatchedAnswer":
        """Return what a look did."""
        return cls(
            family=looked.family,
            release=looked.release_id,
            rules=[
                RuleJudged(
                    rule=one.rule, subjects=one.subjects, judged=one.judged, withheld=dict(one.withheld)
                )
                for one in looked.outcomes
            ],
            happened={
                str(kind): [WarningAnswer.of(one, language) for one in found]
                for kind, found in looked.happened.items()
            },
        )


class HealthHerbAnswer(BaseModel):
    """A herb on the public-health list."""

    herb: str
    source: str = Field(description="The paper that lists it.")
    since: datetime


class HealthListAnswer(BaseModel):
    """The public-health list 公共卫生目录: empty until the operator enters one."""

    herbs: list[HealthHerbAnswer]

    @classmethod
    def of(cls, found: list[HealthHerb]) -> "HealthListAnswer":
        """Return the list, without who entered it."""
        herbs = [
            HealthHerbAnswer(herb=one.herb, source=one.source, since=local(one.at_ms, 0)) for one in found
        ]
        return cls(herbs=herbs)


class GrainPricesAnswer(BaseModel):
    """The price of grain by month, as the operator entered it."""

    fen_per_kg: dict[str, int] = Field(examples=[{"2026-05": 240}])


@router.post(
    "/warning-watches",
    summary="Watch a family now",
    response_model=WatchedAnswer,
    responses=problems(*_REFUSED, UnknownFamily, NoReleaseYet),
)
def watch_now(
    wish: WatchWish,
    request: Request,
    caller: Operator,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> WatchedAnswer:
    """Look at a family's newest release by every rule; again, it opens nothing twice."""
    return WatchedAnswer.of(warning_work.watch_family(station, wish.family), language_of(request))


@router.get(
    "/health-herbs",
    summary="Read the public-health list",
    response_model=HealthListAnswer,
    responses=problems(),
)
def read_health_list(request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return the herbs with lower bounds, each with its source."""
    with station.database.read() as session:
        found = health_list(session)
    return conditional_model(request, HealthListAnswer.of(found))


@router.post(
    "/health-herbs",
    summary="Put a herb on the public-health list or take it off",
    status_code=HTTPStatus.CREATED,
    response_model=HealthListAnswer,
    responses=problems(*_REFUSED, HealthHerbListed, HealthHerbUnknown),
)
def enter_health_herb(new: HealthHerbNew, caller: Operator, station: TheStation) -> HealthListAnswer:
    """Enter it with its source; the rules' bounds for the herb follow at the next look."""
    return HealthListAnswer.of(warning_work.list_health_herb(station, new, caller.person.strip()))


@router.get(
    "/grain-prices",
    summary="Read the grain prices entered",
    response_model=GrainPricesAnswer,
    responses=problems(),
)
def read_grain_prices(request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return the price of grain by month, against which herbs are held."""
    with station.database.read() as session:
        found = grain_prices(session)
    told = {f"{1970 + month // 12}-{month % 12 + 1:02d}": fen for month, fen in found.items()}
    return conditional_model(request, GrainPricesAnswer(fen_per_kg=told))


@router.post(
    "/grain-prices",
    summary="Enter the price of grain in a month",
    status_code=HTTPStatus.CREATED,
    response_model=GrainPriceNew,
    responses=problems(*_REFUSED),
)
def enter_grain_price(new: GrainPriceNew, caller: Operator, station: TheStation) -> GrainPriceNew:
    """Enter it with its source; a month entered again takes the place of what stood there."""
    warning_work.keep_grain_price(station, new, caller.person.strip())
    return new
