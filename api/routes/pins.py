"""The PIN under a pack's scratch layer, for programs."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from api.callers import Anyone, TheStation
from api.errors import TooManyRequests, WriterClosed
from api.languages import language_of
from api.pin_checks import check
from api.problems import problems
from api.routes.codes import TraceCode
from api.routes.lookup import state_of_code
from api.routes.vocabulary import Named
from api.web.formats import local
from trace.errors import ForgedCode, MalformedCode

router = APIRouter(prefix="/v1", tags=["trace"])


class PinTried(BaseModel):
    """What stands under the scratch layer."""

    model_config = ConfigDict(extra="forbid")

    pin: Annotated[str, Field(min_length=1, max_length=40, description="Eight digits; spaces do not matter.")]


class PinChecked(BaseModel):
    """What the attempt came to."""

    outcome: Named = Field(description="`matches`, `wrong`, or `closed` after too many wrong attempts.")
    matched_before: int = Field(description="How often it matched before: 0 on a pack nobody opened.")
    first_match: datetime | None = Field(description="When it matched first, before this attempt.")
    attempts_left: int = Field(description="Wrong attempts left for this code today.")


@router.post(
    "/codes/{code}/pin-checks",
    summary="Check the PIN of a pack",
    response_model=PinChecked,
    responses=problems(MalformedCode, ForgedCode, TooManyRequests, WriterClosed),
)
def check_pin_of(
    code: TraceCode, tried: PinTried, request: Request, caller: Anyone, station: TheStation
) -> PinChecked:
    """Compare a PIN with the code's own. Five wrong attempts a day close the code's PIN for that day.

    A match says that this pack carries the secret that was printed with its code; if it matched before,
    somebody read it already.
    """
    known = state_of_code(station, code, caller)
    answer = check(station, known, tried.pin, caller)
    first = answer.first_match_ms
    return PinChecked(
        outcome=Named.of(answer.outcome, language_of(request)),
        matched_before=answer.matched_before,
        first_match=None if first is None else local(first, 0),
        attempts_left=answer.left,
    )
