"""The way of a pack by its code, and of a lot by its number."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.callers import Anyone, TheStation
from api.errors import TooManyRequests
from api.languages import language_of
from api.problems import problems
from api.routes.lookup import look_up
from api.routes.story_answer import StoryAnswer
from api.web.conditional import conditional_model
from ledger import log
from trace.errors import ForgedCode, MalformedCode, UnknownLot
from trace.steps import LOT_PATTERN
from trace.story import story_of_lot

router = APIRouter(prefix="/v1", tags=["trace"])

TraceCode = Annotated[
    str,
    Path(
        max_length=200,
        description="Trace code 追溯码; hyphens and case do not matter.",
        examples=["7Q2MA-XKPD4-R9TWE-3HZCB"],
    ),
]
LotNumber = Annotated[str, Path(pattern=LOT_PATTERN, description="Lot number 批次.", examples=["BS-24-0001"])]


@router.get(
    "/codes/{code}",
    summary="Read the story of a pack",
    response_model=StoryAnswer,
    responses=problems(MalformedCode, ForgedCode, TooManyRequests),
)
def read_code(code: TraceCode, request: Request, caller: Anyone, station: TheStation) -> Response:
    """Return every recorded step of the pack's lots, oldest first, with the verdict on its code.

    A verdict says what the record holds, and no more: a code that matches can still be a copy. The
    answer carries an `ETag` that changes with every step, recall and scan.
    """
    found = look_up(station, code, caller)
    return conditional_model(request, StoryAnswer.of(found.story, language_of(request), found.indices))


@router.get(
    "/lots/{lot}",
    summary="Read the story of a lot",
    response_model=StoryAnswer,
    responses=problems(UnknownLot),
)
def read_lot(lot: LotNumber, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return every recorded step of a lot 批次 and of the lots it was made from, oldest first."""
    with station.database.read() as session:
        found = story_of_lot(session, lot)
        indices = log.indices(session, found.statements)
    return conditional_model(request, StoryAnswer.of(found, language_of(request), indices))
