"""Forecasts 预测: runs, what they say of a node, how that changed, and how it came out."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Final, Literal, cast

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, Base64Bytes, BaseModel, ConfigDict, Field
from sqlmodel import Session

from api.callers import Anyone, Publisher, TheStation
from api.errors import FieldWrong, ScopeMissing, TokenMissing, TokenRefused, TooManyRequests, WriterClosed
from api.forecasting import make_forecast
from api.kept_tracks import kept_rows, kept_track
from api.languages import language_of
from api.problems import problems
from api.publication.reading import moment_ms
from api.routes.forecast_answers import (
    ForecastAnswer,
    ForecastMade,
    ForecastPage,
    ForecastWhole,
    NodeForecastAnswer,
    VintagesAnswer,
)
from api.routes.paging import Limit, Next, read_cursor, split
from api.routes.parameters import known_parameters
from api.routes.track_answers import TrackAnswer
from api.web.conditional import IMMUTABLE, conditional, conditional_model
from api.web.csv_body import MEDIA_TYPE as CSV
from api.web.turns import Turns
from ledger import log
from ledger.errors import Language
from priceindex.classification import COMPOSITE, Level
from priceindex.errors import UnknownFamily
from priceindex.families import family as family_named
from priceindex.forecast.forecast_errors import (
    FitsEnded,
    FitsSwitchedOff,
    ForecastStands,
    RegressorIncomplete,
    RegressorsMalformed,
)
from priceindex.forecast.method import ForecastFrequency
from priceindex.forecast.track import reading
from priceindex.forecast.track.actuals import Actuals
from priceindex.forecast.track.canonical_rows import file_of
from priceindex.forecast.track.forecast_head import Forecast
from priceindex.forecast.track.shown_runs import faults_of_shown
from priceindex.forecast.track.track_errors import (
    ForecastTooLate,
    ForecastUnreadable,
    NoForecastYet,
    NoReleaseYet,
    NothingToForecast,
    UnknownForecast,
)
from priceindex.releases.release_errors import NotPublishing

router = APIRouter(prefix="/v1", tags=["forecasts"], dependencies=[Depends(known_parameters)])

FamilyId = Annotated[
    str,
    Path(max_length=40, pattern=r"^[a-z][a-z0-9-]*$", description="Family 指数系列.", examples=["bozhou"]),
]
ForecastId = Annotated[
    str,
    Path(max_length=100, pattern=r"^[a-z0-9-]+$", description="Forecast id.", examples=["bozhou-week-7"]),
]
AsOf = Annotated[
    AwareDatetime | None,
    Query(description="What was public at this moment (RFC 3339 with an offset); now when left out."),
]
OfLevel = Annotated[Level, Query(description="Level of the tree, or cut.")]
OfNode = Annotated[
    str,
    Query(
        max_length=100,
        description="Class key, herb, herb|grade, market, origin or theme; `all` for the composite.",
    ),
]
Every = Annotated[ForecastFrequency, Query(description="week: values of Fridays; month: of month ends.")]
Which = Annotated[
    Actuals, Query(description="newest: against values as they stand; first: as they were first said.")
]
JSON_LINES: Final = "application/x-ndjson"
_MAKING: Final = Turns()
"""Making one keeps a processor busy for seconds."""


class ForecastNew(BaseModel):
    """What to forecast."""

    model_config = ConfigDict(extra="forbid")

    family: str = Field(max_length=40, examples=["bozhou"])
    frequency: Literal["week", "month"] = "week"
    regressors: Base64Bytes | None = Field(
        default=None,
        description="A table of outside regressors: a CSV with the columns name, period, value and, if "
        "wanted, known, in Base64. The run names its SHA-256.",
        examples=["bmFtZSxwZXJpb2QsdmFsdWUK"],
    )


@router.get(
    "/forecasts",
    summary="List forecasts",
    response_model=ForecastPage,
    responses=problems(FieldWrong, UnknownFamily),
)
def list_forecasts(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    family: Annotated[str | None, Query(max_length=40, description="Only this family.")] = None,
    frequency: Annotated[ForecastFrequency | None, Query(description="Only week or month.")] = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the parameter's public name
) -> Response:
    """Return the forecast runs, newest first: each was committed to the log before its targets."""
    known = None if family is None else family_named(family).id
    with station.database.read() as session:
        before = None if next is None else cast("tuple[int, str]", read_cursor(next, (int, str)))
        found = reading.runs(
            session,
            as_of_ms=moment_ms(station.clock(), as_of),
            family=known,
            frequency=frequency,
            before=before,
            limit=limit + 1,
        )
        shown, following = split(found, limit, lambda each: (each.made_ms, each.forecast_id))
        places = log.indices(session, [each.statement_id for each in shown])
    answers = [ForecastAnswer.of(each, places.get(each.statement_id)) for each in shown]
    return conditional_model(request, ForecastPage(forecasts=answers, next=following))


@router.post(
    "/forecasts",
    summary="Forecast a family",
    status_code=HTTPStatus.CREATED,
    response_model=ForecastMade,
    responses={
        200: {"description": "The run of this release stood already.", "model": ForecastMade},
        **problems(
            TokenMissing,
            TokenRefused,
            ScopeMissing,
            UnknownFamily,
            NoReleaseYet,
            NothingToForecast,
            ForecastTooLate,
            NotPublishing,
            ForecastStands,
            ForecastUnreadable,
            FitsSwitchedOff,
            RegressorsMalformed,
            RegressorIncomplete,
            FitsEnded,
            TooManyRequests,
            WriterClosed,
        ),
    },
)
def make(new: ForecastNew, caller: Publisher, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Forecast from the newest release, store it and state it in the log; once for each release."""
    with _MAKING.turn():
        stored = make_forecast(station, new.family, new.frequency, new.regressors)
    run = stored.forecast
    with station.database.read() as session:
        place = log.indices(session, [run.statement_id]).get(run.statement_id)
    answer = ForecastMade(**ForecastAnswer.of(run, place).model_dump(), new=stored.new)
    status = HTTPStatus.CREATED if stored.new else HTTPStatus.OK
    named = {"Location": f"/v1/forecasts/{run.forecast_id}"}
    return JSONResponse(answer.model_dump(mode="json"), status, named)


@router.get(
    "/forecasts/{forecast}",
    summary="Read a forecast",
    response_model=ForecastWhole,
    responses=problems(UnknownForecast, ForecastUnreadable),
)
def read_forecast(forecast: ForecastId, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return what a run was made from, what its gate saw, and who was left out."""
    with station.database.read() as session:
        run, told = reading.run(session, forecast), reading.told(session, forecast)
        place = log.indices(session, [run.statement_id]).get(run.statement_id)
        faults = _faults(session, run, language_of(request))
    return conditional_model(request, ForecastWhole.whole(run, told, place, faults))


@router.get(
    "/forecasts/{forecast}/rows",
    summary="Download the rows of a forecast",
    response_class=Response,
    responses={
        200: {
            "description": "Lines of canonical JSON, byte for byte what `rows_digest` is the SHA-256 of.",
            "content": {JSON_LINES: {}},
        },
        **problems(UnknownForecast),
    },
)
def read_rows(forecast: ForecastId, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return every number of a run, as it was committed."""
    with station.database.read() as session:
        body = file_of(reading.lines(session, forecast))
    named = {"Content-Disposition": f'attachment; filename="{forecast}.jsonl"'}
    return conditional(request, body, JSON_LINES, cache=IMMUTABLE, headers=named)


@router.get(
    "/indices/{family}/forecast",
    summary="Read the newest forecast of an index",
    response_model=NodeForecastAnswer,
    responses=problems(FieldWrong, UnknownFamily, NoForecastYet, ForecastUnreadable),
)
def read_node(
    family: FamilyId,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    level: OfLevel = Level.COMPOSITE,
    node: OfNode = COMPOSITE,
    frequency: Every = "week",
    as_of: AsOf = None,
) -> Response:
    """Return the newest forecast of one node with its intervals, its baselines and its standing."""
    known, at_ms = family_named(family).id, moment_ms(station.clock(), as_of)
    language = language_of(request)
    with station.database.read() as session:
        found = reading.newest(session, known, level, node, frequency, as_of_ms=at_ms)
        faults = _faults(session, found.forecast, language)
    return conditional_model(request, NodeForecastAnswer.of(found, language, faults=faults))


@router.get(
    "/indices/{family}/forecast/vintages",
    summary="Read how the forecast of an index changed",
    response_model=VintagesAnswer,
    responses=problems(FieldWrong, UnknownFamily, NoForecastYet),
)
def read_vintages(
    family: FamilyId,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    level: OfLevel = Level.COMPOSITE,
    node: OfNode = COMPOSITE,
    frequency: Every = "week",
    target: Annotated[date | None, Query(description="Only what was said of this target day.")] = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the parameter's public name
) -> Response:
    """Return everything ever forecast of one node, or of one target of it, the oldest first."""
    known, at_ms = family_named(family).id, moment_ms(station.clock(), as_of)
    after = 0 if next is None else cast("tuple[int]", read_cursor(next, (int,)))[0]
    with station.database.read() as session:
        found = reading.vintages(session, known, level, node, frequency, as_of_ms=at_ms, target=target)
        unreadable = reading.unreadable(session, known, level, node, frequency, as_of_ms=at_ms)
    left = [each for each in found if each.forecast.ordinal > after]
    shown, following = split(left[: limit + 1], limit, lambda each: (each.forecast.ordinal,))
    language = language_of(request)
    answers = [NodeForecastAnswer.of(each, language, target) for each in shown]
    unread = [fault.message(language) for fault in unreadable]
    return conditional_model(request, VintagesAnswer(vintages=answers, unreadable=unread, next=following))


def _faults(session: Session, run: Forecast, language: Language) -> list[str]:
    return [fault.message(language) for fault in faults_of_shown(session, run)]


@router.get(
    "/track-record/{family}",
    summary="Read the track record of a family's forecasts",
    response_model=TrackAnswer,
    responses=problems(FieldWrong, UnknownFamily, TooManyRequests),
)
def read_track_record(
    family: FamilyId,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    frequency: Every = "week",
    actuals: Which = "newest",
    as_of: AsOf = None,
) -> Response:
    """Return how the forecasts did, by level and steps ahead: from stored runs and published values alone."""
    known, at_ms = family_named(family).id, moment_ms(station.clock(), as_of)
    found = kept_track(station, known, frequency, actuals, at_ms)
    return conditional_model(request, TrackAnswer.of(found, language_of(request)))


@router.get(
    "/track-record/{family}/rows",
    summary="Download every forecast beside what came",
    response_class=Response,
    responses={
        200: {"description": "One row for each forecast of one target.", "content": {"text/csv": {}}},
        **problems(FieldWrong, UnknownFamily, TooManyRequests),
    },
)
def read_track_rows(
    family: FamilyId,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    frequency: Every = "week",
    actuals: Which = "newest",
    as_of: AsOf = None,
) -> Response:
    """Return all that is needed to compute the track record again, as CSV."""
    known, at_ms = family_named(family).id, moment_ms(station.clock(), as_of)
    body = kept_rows(station, known, frequency, actuals, at_ms)
    named = {"Content-Disposition": f'attachment; filename="{known}-{frequency}-track-record.csv"'}
    return conditional(request, body, CSV, headers=named)
