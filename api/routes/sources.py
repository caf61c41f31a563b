"""The sources of quotes and how far each is trusted, for everybody to see."""

from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api.callers import Anyone, TheStation
from api.errors import FieldWrong
from api.languages import language_of
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, page_of
from api.routes.quotes import AsOf, known_at
from api.web.conditional import conditional_model
from api.web.formats import local
from ledger.errors import Language
from priceindex.reputation.scores import SourceStanding, standings

router = APIRouter(prefix="/v1/sources", tags=["prices"])


class MeasureAnswer(BaseModel):
    """One thing a source is measured by."""

    code: str
    words: str
    share_bp: int | None = Field(description="How many of its trials went well, 0 to 10000; null: no trial.")
    trials: float = Field(description="Trials of 90 days, each halved for every 30 days it lies back.")


class SourceAnswer(BaseModel):
    """How far a source is trusted, and why."""

    source: str
    score_bp: int = Field(description="0 to 10000.")
    weight_bp: int = Field(description="Weight beside the other sources of a price; 10000 is full.")
    for_review: bool = Field(description="Whether it scores below 3000.")
    measures: list[MeasureAnswer]

    @classmethod
    def of(cls, one: SourceStanding, language: Language) -> "SourceAnswer":
        """Return a source's standing in words."""
        return cls(
            source=one.source,
            score_bp=one.score_bp,
            weight_bp=one.weight_bp,
            for_review=one.for_review,
            measures=[
                MeasureAnswer(
                    code=measure.value,
                    words=measure.words(language),
                    share_bp=round(10_000 * trials.well / trials.of) if trials.of > 0 else None,
                    trials=round(trials.of, 1),
                )
                for measure, trials in one.measures.items()
            ],
        )


class SourcesAnswer(BaseModel):
    """Every source that delivered within 90 days of the newest quote."""

    sources: list[SourceAnswer]
    as_of: datetime
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


@router.get("", summary="List sources", response_model=SourcesAnswer, responses=problems(FieldWrong))
def list_sources(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    as_of: AsOf = None,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> Response:
    """Return how timely, complete, sound and agreeing each source is, and what its price weighs."""
    as_of_ms = known_at(as_of, station.clock())
    with station.database.read() as session:
        found = standings(session, as_of_ms)
    language = language_of(request)
    shown, following = page_of(found, limit, next, lambda one: (one.source,), (str,))
    told = [SourceAnswer.of(one, language) for one in shown]
    answer = SourcesAnswer(sources=told, as_of=local(as_of_ms, 0), next=following)
    return conditional_model(request, answer)
