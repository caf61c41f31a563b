"""Index releases: list, read, recompute from the bundle, publish."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, cast

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from api import releasing
from api.callers import Anyone, Publisher, TheStation
from api.errors import FieldWrong, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.languages import language_of
from api.problems import problems
from api.routes.paging import Limit, Next, read_cursor, split
from api.routes.release_answer import NodeAnswer, ReleaseAnswer, ReleasePage, ReleaseWhole, SeriesAnswer
from api.routes.release_life_answer import DraftAnswer
from api.web.conditional import IMMUTABLE, conditional, conditional_model
from ledger import log
from ledger.errors import Language
from ledger.plain_text import PlainText
from priceindex import service
from priceindex.classification import COMPOSITE, Level
from priceindex.errors import NothingNew, NothingQuoted, TooMuchImputed, UnknownFamily, UnknownRelease
from priceindex.governance.governance_errors import ChecksFailed
from priceindex.releases.drafts import Draft
from priceindex.releases.release_errors import (
    BehindPublished,
    NothingRevised,
    NoticeNeeded,
    NotPublishing,
    OlderKnowledge,
)
from priceindex.releases.series import Frequency
from priceindex.service import Release

router = APIRouter(prefix="/v1", tags=["prices"])

ReleaseId = Annotated[
    str,
    Path(max_length=100, pattern=r"^[a-z0-9-]+$", description="Release id.", examples=["bozhou-2025-12-31"]),
]


class ReleaseNew(BaseModel):
    """What to compute and publish."""

    model_config = ConfigDict(extra="forbid")

    family: str = Field(max_length=40, examples=["bozhou"])
    until: date | None = Field(None, description="Last day; the newest quote's day when left out.")
    reason: PlainText | None = Field(
        None,
        min_length=1,
        max_length=500,
        description="Why published values change: it makes the release a correction with a notice.",
    )


@router.get(
    "/releases",
    summary="List releases",
    response_model=ReleasePage,
    responses=problems(FieldWrong),
)
def list_releases(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    family: Annotated[str | None, Query(max_length=40, description="Only this family.")] = None,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the parameter's public name
) -> Response:
    """Return releases, newest first; every revision is a release of its own."""
    with station.database.read() as session:
        before = None if next is None else cast("tuple[int, str]", read_cursor(next, (int, str)))
        found = service.releases(session, family, before=before, limit=limit + 1)
        shown, following = split(found, limit, lambda each: (each.published_ms, each.release_id))
        answers = _answers(session, shown, language_of(request))
    return conditional_model(request, ReleasePage(releases=answers, next=following))


@router.get(
    "/releases/{release_id}",
    summary="Read a release",
    response_model=ReleaseWhole,
    responses=problems(UnknownRelease),
)
def read_release(release_id: ReleaseId, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return a release with the last value of every class, herb and grade."""
    language = language_of(request)
    with station.database.read() as session:
        found = service.release(session, release_id)
        nodes = service.nodes(session, release_id)
        answer = _answers(session, [found], language)[0]
    whole = ReleaseWhole(**answer.model_dump(), nodes=[NodeAnswer.of(node, language) for node in nodes])
    return conditional_model(request, whole)


@router.get(
    "/releases/{release_id}/values",
    summary="Read a series of a release",
    response_model=SeriesAnswer,
    responses=problems(UnknownRelease, FieldWrong),
)
def read_values(
    release_id: ReleaseId,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    level: Annotated[Level, Query(description="Level of the tree, or a cut.")] = Level.COMPOSITE,
    node: Annotated[str, Query(max_length=100, description="Class key, herb, or herb|grade.")] = COMPOSITE,
    frequency: Annotated[Frequency, Query(description="day, week or month.")] = "day",
) -> Response:
    """Return every day of one node: the composite unless another is named."""
    with station.database.read() as session:
        series = service.values(session, release_id, level, node, frequency)
    return conditional_model(request, SeriesAnswer.of(release_id, series, language_of(request)))


@router.get(
    "/releases/{release_id}/bundle",
    summary="Download the inputs of a release",
    response_class=Response,
    responses={
        200: {
            "description": "Canonical JSON, byte for byte what the digest is of.",
            "content": {"application/json": {}},
        },
        **problems(UnknownRelease),
    },
)
def read_bundle(release_id: ReleaseId, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return everything a stranger needs to compute the release again: `daodi verify FILE --receipt FILE`."""
    with station.database.read() as session:
        raw = service.bundle(session, release_id)
    named = {"Content-Disposition": f'attachment; filename="{release_id}.bundle.json"'}
    return conditional(request, raw, "application/json", cache=IMMUTABLE, headers=named)


@router.post(
    "/releases",
    summary="Compute and publish a release",
    status_code=HTTPStatus.CREATED,
    response_model=ReleaseAnswer,
    responses={
        202: {"description": "Made; another person approves it.", "model": DraftAnswer},
        **problems(
            TokenMissing,
            TokenRefused,
            ScopeMissing,
            UnknownFamily,
            NothingQuoted,
            NothingNew,
            TooMuchImputed,
            NotPublishing,
            BehindPublished,
            OlderKnowledge,
            NoticeNeeded,
            NothingRevised,
            ChecksFailed,
            WriterClosed,
        ),
    },
)
def publish_release(
    new: ReleaseNew,
    request: Request,
    caller: Publisher,
    station: TheStation,
) -> Response:
    """Compute a family from the quotes known now, store the release, and state it in the log.

    Where the family's text asks for two persons, 202: the release waits for another to approve it.
    """
    person, language = releasing.person_of(caller), language_of(request)
    made = releasing.release_or_make(station, new.family, new.until, person, new.reason)
    if isinstance(made, Draft):
        waiting = DraftAnswer.of(made, language).model_dump(mode="json")
        return JSONResponse(waiting, HTTPStatus.ACCEPTED.value, {"Location": "/v1/drafts"})
    with station.database.read() as session:
        answer = _answers(session, [made], language)[0].model_dump(mode="json")
    return JSONResponse(answer, HTTPStatus.CREATED, {"Location": f"/v1/releases/{made.release_id}"})


def _answers(session: Session, found: list[Release], language: Language) -> list[ReleaseAnswer]:
    indices = log.indices(session, [each.statement_id for each in found])
    return [ReleaseAnswer.of(each, indices.get(each.statement_id), language) for each in found]
