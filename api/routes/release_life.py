"""What two persons do to a release, what it is found wrong about, and how its values were revised."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api import releasing
from api.callers import Anyone, Publisher, TheStation
from api.errors import FieldWrong, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.languages import language_of
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, by_time, page_of, split
from api.routes.release_life_answer import (
    DraftAnswer,
    DraftsAnswer,
    NoticeAnswer,
    NoticesAnswer,
    TriangleAnswer,
)
from api.routes.releases import ReleaseId
from api.web.conditional import conditional_model
from ledger.plain_text import PlainText
from priceindex import service
from priceindex.classification import COMPOSITE, Level
from priceindex.errors import UnknownNode, UnknownRelease
from priceindex.governance.governance_errors import ChecksFailed
from priceindex.releases import drafts, notices
from priceindex.releases.drafts import Stage
from priceindex.releases.notices import NoticeNew
from priceindex.releases.release_errors import (
    DraftDecided,
    DraftDiffers,
    NamedPersonNeeded,
    NotPublishing,
    OutsideSeries,
    OwnRelease,
    UnknownDraft,
)
from priceindex.releases.series import Frequency

router = APIRouter(prefix="/v1", tags=["prices"])

_REFUSED = (TokenMissing, TokenRefused, ScopeMissing)
_FEW = 12


class Approval(BaseModel):
    """What the second person approves."""

    model_config = ConfigDict(extra="forbid")

    values_digest: str = Field(
        pattern=r"^[0-9a-f]{64}$", description="Of the values that were looked at; the draft names it."
    )


class Refusal(BaseModel):
    """Why a draft goes back."""

    model_config = ConfigDict(extra="forbid")

    reason: PlainText = Field(min_length=1, max_length=500)


@router.get(
    "/drafts",
    summary="List releases that are not public yet",
    response_model=DraftsAnswer,
    responses=problems(*_REFUSED, FieldWrong),
)
def list_drafts(
    request: Request,
    caller: Publisher,  # noqa: ARG001  declares who may call
    station: TheStation,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> DraftsAnswer:
    """Return what was made and waits for its second person or its moment; digests, no values."""
    with station.database.read() as session:
        found = drafts.drafts(session, Stage.MADE, Stage.SEALED)
    shown, following = page_of(found, limit, next, lambda one: (one.due_ms, one.release_id), (int, str))
    told = [DraftAnswer.of(each, language_of(request)) for each in shown]
    return DraftsAnswer(drafts=told, next=following)


@router.post(
    "/releases/{release_id}/approval",
    summary="Approve a release",
    response_model=DraftAnswer,
    responses=problems(
        *_REFUSED,
        UnknownDraft,
        DraftDecided,
        DraftDiffers,
        NamedPersonNeeded,
        OwnRelease,
        NotPublishing,
        ChecksFailed,
        WriterClosed,
    ),
)
def approve_release(
    release_id: ReleaseId, approval: Approval, request: Request, caller: Publisher, station: TheStation
) -> DraftAnswer:
    """Approve, as the second of two persons: another name and another token than who made it.

    Before its moment it is sealed: its digests go into the log and nobody sees a value. At its moment it
    is public for all at once.
    """
    draft, _ = releasing.approve(station, release_id, approval.values_digest, releasing.person_of(caller))
    return DraftAnswer.of(draft, language_of(request))


@router.post(
    "/releases/{release_id}/refusal",
    summary="Refuse a release",
    response_model=DraftAnswer,
    responses=problems(*_REFUSED, UnknownDraft, DraftDecided, WriterClosed),
)
def refuse_release(
    release_id: ReleaseId, refusal: Refusal, request: Request, caller: Publisher, station: TheStation
) -> DraftAnswer:
    """Send a release back with a reason, before it is approved."""
    draft = releasing.refuse(station, release_id, refusal.reason, releasing.person_of(caller))
    return DraftAnswer.of(draft, language_of(request))


@router.get(
    "/releases/{release_id}/triangle",
    summary="Read the revision triangle",
    response_model=TriangleAnswer,
    responses=problems(UnknownRelease, UnknownNode, FieldWrong),
)
def read_triangle(
    release_id: ReleaseId,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    level: Annotated[Level, Query(description="Level of the tree, or a cut.")] = Level.COMPOSITE,
    node: Annotated[str, Query(max_length=100, description="Class key, herb, or herb|grade.")] = COMPOSITE,
    frequency: Annotated[Frequency, Query(description="day, week or month.")] = "day",
    last: Annotated[int, Query(ge=1, le=400, description="How many periods.")] = _FEW,
) -> Response:
    """Return the last periods of a series in every vintage up to a release, with the mean revision."""
    with station.database.read() as session:
        release = service.release(session, release_id)
        found = service.triangle(
            session, release.family, level, node, frequency, last, as_of_ms=release.published_ms
        )
    return conditional_model(request, TriangleAnswer.of(found, level.value, node, frequency))


@router.post(
    "/releases/{release_id}/notices",
    summary="Publish a correction notice",
    status_code=HTTPStatus.CREATED,
    response_model=NoticeAnswer,
    responses=problems(*_REFUSED, UnknownRelease, UnknownNode, OutsideSeries, WriterClosed),
)
def announce_correction(
    release_id: ReleaseId, new: NoticeNew, caller: Publisher, station: TheStation
) -> NoticeAnswer:
    """Say that a published release is wrong, at once and before a correction; logged and shown with it.

    A release that corrects carries its notice itself: POST /v1/releases with a reason.
    """
    done = releasing.announce(station, release_id, new, releasing.person_of(caller))
    return NoticeAnswer.of(done)


@router.get(
    "/index-notices",
    summary="List correction notices of the indices",
    response_model=NoticesAnswer,
    responses=problems(FieldWrong),
)
def list_index_notices(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    family: Annotated[str | None, Query(max_length=40, description="Only this family.")] = None,
    release: Annotated[str | None, Query(max_length=100, description="Only this release.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> Response:
    """Return what was found wrong with published values, and what they are now; newest first."""
    with station.database.read() as session:
        found = notices.notices(
            session,
            family,
            as_of_ms=station.clock(),
            release_id=release,
            limit=limit + 1,
            after=by_time(next),
        )
    shown, following = split(found, limit, lambda one: (one.at_ms, one.notice_id))
    told = [NoticeAnswer.of(each) for each in shown]
    return conditional_model(request, NoticesAnswer(notices=told, next=following))
