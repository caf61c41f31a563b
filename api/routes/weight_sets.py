"""Weight sets 权数: what was entered for the families that take their weights from outside."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from api.callers import Anyone, Publisher, TheStation
from api.errors import FieldWrong, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, page_of
from api.web.conditional import conditional_model
from api.web.formats import local
from api.weighing import WeightLine, WeightSetNew, entered_by
from priceindex.engine.engine_errors import WeightSetKnown
from priceindex.engine.weight_store import EnteredSet, entered
from priceindex.errors import UnknownFamily, WeightsWrong

router = APIRouter(prefix="/v1", tags=["prices"])


class WeightSetAnswer(BaseModel):
    """One entered weight set."""

    family: str
    source: str = Field(description="Who counted it.")
    first: date
    last: date
    effective: date = Field(description="First day of the month at whose end it is linked in.")
    grades: int
    sha256: str = Field(description="Digest of the canonical JSON of all members and lines.")
    entered: datetime
    lines: list[WeightLine]

    @classmethod
    def of(cls, one: EnteredSet) -> "WeightSetAnswer":
        """Return a set as it was entered."""
        weights = one.weights
        return cls(
            family=one.family,
            source=weights.source,
            first=weights.first,
            last=weights.last,
            effective=weights.effective,
            grades=len(weights.by_grade()),
            sha256=one.sha256,
            entered=local(one.entered_ms, 0),
            lines=[WeightLine(herb=line.herb, grade=line.grade, fen=line.fen) for line in weights.lines],
        )


class WeightSetsAnswer(BaseModel):
    """Every entered weight set, by family and month."""

    weight_sets: list[WeightSetAnswer]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


@router.get(
    "/weight-sets",
    summary="List the entered weight sets",
    response_model=WeightSetsAnswer,
    responses=problems(FieldWrong),
)
def list_weight_sets(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    family: Annotated[str | None, Query(max_length=40, description="Only this family's.")] = None,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> Response:
    """Return every set with its lines, source and reference period."""
    with station.database.read() as session:
        found = entered(session, family)
    shown, following = page_of(
        found, limit, next, lambda one: (one.family, one.weights.effective.isoformat()), (str, str)
    )
    told = [WeightSetAnswer.of(one) for one in shown]
    return conditional_model(request, WeightSetsAnswer(weight_sets=told, next=following))


@router.post(
    "/weight-sets",
    summary="Enter a weight set",
    status_code=HTTPStatus.CREATED,
    response_model=WeightSetAnswer,
    responses=problems(
        TokenMissing, TokenRefused, ScopeMissing, UnknownFamily, WeightsWrong, WeightSetKnown, WriterClosed
    ),
)
def enter_weight_set(new: WeightSetNew, caller: Publisher, station: TheStation) -> WeightSetAnswer:
    """Enter weights with their source and reference period; the log holds their digest.

    A set is never changed. It is linked in at the end of its month, moved to the prices of that month.
    """
    return WeightSetAnswer.of(entered_by(station, new, caller.name or ""))
