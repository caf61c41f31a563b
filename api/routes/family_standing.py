"""The standing of an index family, and when its releases are due."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from api import releasing
from api.callers import Anyone, Operator, TheStation
from api.errors import ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.languages import language_of
from api.problems import problems
from api.routes.release_life_answer import CalendarAnswer, DueAnswer, StandingAnswer, StandingHistory
from api.web.conditional import MATCH_HEADER, conditional_model, require_match
from api.web.precondition_errors import ChangedMeanwhile
from ledger.errors import Language
from ledger.plain_text import PlainText
from priceindex.calendar import china_day
from priceindex.errors import TrialTooShort, UnknownFamily
from priceindex.families import family as family_named
from priceindex.releases import standing
from priceindex.releases.publication_calendar import AHEAD_DAYS, closed_days, due_moments
from priceindex.releases.release_errors import StandingRefused
from priceindex.releases.standing import Standing

router = APIRouter(prefix="/v1", tags=["prices"])

FamilyId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,30}$", description="Index family.")]
_REFUSED = (TokenMissing, TokenRefused, ScopeMissing, WriterClosed)
RULE: Final = (
    "到期日为各期最后一天；落在已登记的停发日（如春节、国庆放假）的，顺延至其后第一个非停发日，时刻不变",
    "due on the last day of the period; on a day entered as closed (春节, 国庆) it moves to the first day "
    "after it that is not, at the same hour",
)


class StandingNew(BaseModel):
    """What a family becomes."""

    model_config = ConfigDict(extra="forbid")

    standing: Standing
    reason: PlainText = Field(min_length=1, max_length=500, description="In words the public reads.")


class ClosedDays(BaseModel):
    """Days on which nothing is published."""

    model_config = ConfigDict(extra="forbid")

    days: list[date] = Field(min_length=1, max_length=60)
    reason: PlainText = Field(min_length=1, max_length=200, examples=["春节放假（国务院办公厅通知）"])


class ClosedAnswer(BaseModel):
    """The days entered as closed, in order."""

    days: dict[date, str]


@router.get(
    "/families/{family}/standing",
    summary="Read the standing of a family",
    response_model=StandingHistory,
    responses=problems(UnknownFamily),
)
def read_standing(family: FamilyId, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return whether a family is on trial, official, suspended or terminated, since when and why.

    Its `ETag` is what a declaration names.
    """
    family_named(family)
    with station.database.read() as session:
        told = _read(session, family, request, station.clock())
    return conditional_model(request, told)


@router.post(
    "/families/{family}/standing",
    summary="Declare the standing of a family",
    status_code=HTTPStatus.CREATED,
    response_model=StandingAnswer,
    responses=problems(*_REFUSED, UnknownFamily, StandingRefused, TrialTooShort, ChangedMeanwhile),
    openapi_extra={"parameters": [MATCH_HEADER]},
)
def declare_standing(
    family: FamilyId, new: StandingNew, request: Request, caller: Operator, station: TheStation
) -> StandingAnswer:
    """Make a family official after its trial, suspend it, resume it or end it; logged with the reason."""
    person, now_ms = releasing.person_of(caller), station.clock()

    def check(session: Session) -> None:
        require_match(request, lambda: _read(session, family, request, now_ms))

    done = releasing.declare(station, family, new.standing, new.reason, person, check=check)
    return StandingAnswer.of(done, language_of(request))


@router.get(
    "/families/{family}/calendar",
    summary="Read the publication calendar of a family",
    response_model=CalendarAnswer,
    responses=problems(UnknownFamily),
)
def read_calendar(family: FamilyId, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return when the releases of the coming year are due."""
    chosen = family_named(family)
    today = china_day(station.clock())
    with station.database.read() as session:
        closed = closed_days(session)
    found = due_moments(chosen.publication, today, today + timedelta(days=AHEAD_DAYS), closed)
    due = [DueAnswer.of(each) for each in found]
    return conditional_model(
        request, CalendarAnswer(family=family, rule=_rule(language_of(request)), due=due)
    )


@router.post(
    "/closed-days",
    summary="Enter days on which nothing is published",
    status_code=HTTPStatus.CREATED,
    response_model=ClosedAnswer,
    responses=problems(*_REFUSED),
)
def enter_closed_days(new: ClosedDays, caller: Operator, station: TheStation) -> ClosedAnswer:
    """Enter public holidays once they are announced: what is due on them moves to the first open day."""
    releasing.close_days(station, new.days, new.reason, releasing.person_of(caller))
    with station.database.read() as session:
        return ClosedAnswer(days=closed_days(session))


def _read(session: Session, family: str, request: Request, now_ms: int) -> StandingHistory:
    language = language_of(request)
    told = StandingAnswer.of(standing.standing_of(session, family, now_ms), language)
    lines = [StandingAnswer.of(each, language) for each in standing.standings(session, family, now_ms)]
    return StandingHistory(**told.model_dump(), history=lines)


def _rule(language: Language) -> str:
    zh, en = RULE
    return zh if language == "zh" else en
