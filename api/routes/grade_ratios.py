"""Grade ratios 等级比价: what one grade of a herb costs per unit of another, month by month."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from api.callers import Anyone, TheStation
from api.errors import FieldWrong
from api.problems import problems
from api.publication.reading import moment_ms
from api.routes.indices import AsOf
from api.routes.parameters import known_parameters
from api.routes.seasonal import ratio
from api.web.conditional import conditional_model
from priceindex.quality.grade_pairs import GradePair, PairMonth, grade_pairs
from priceindex.quality.grade_prices import herb_prices
from priceindex.quality.grade_ratios import CAP, MONTHS

router = APIRouter(prefix="/v1", tags=["prices"], dependencies=[Depends(known_parameters)])

_MOST_MONTHS: Final = 120


class RatioAnswer(BaseModel):
    """The ratio as of one month."""

    month: date = Field(description="First day of the month.")
    ratio: str | None = Field(description="Price of `other` over that of `grade`.", examples=["1.5000"])
    matched: int = Field(description="Pairs of prices it is the median of: one origin in one month each.")
    capped: bool = Field(description="Whether the cap held it back.")

    @classmethod
    def of(cls, told: PairMonth) -> "RatioAnswer":
        """Return the ratio of a month."""
        return cls(
            month=told.month,
            ratio=ratio(told.ratio.ratio),
            matched=told.ratio.matched,
            capped=told.ratio.capped,
        )


class PairAnswer(BaseModel):
    """Two grades of one herb at one market."""

    market: str = Field(examples=["亳州"])
    grade: str = Field(examples=["统"])
    other: str = Field(examples=["选"])
    months: list[RatioAnswer] = Field(description="Oldest first.")

    @classmethod
    def of(cls, pair: GradePair, months: int) -> "PairAnswer":
        """Return the last months of a pair."""
        shown = [RatioAnswer.of(each) for each in pair.months[-months:]]
        return cls(market=pair.market, grade=pair.grade, other=pair.other, months=shown)


class GradeRatioAnswer(BaseModel):
    """Every pair of grades of a herb of which prices of one origin and month were quoted."""

    herb: str = Field(examples=["白芍"])
    window_months: int = Field(description="How far back matched prices are looked for.")
    cap: str = Field(description="Largest change of a ratio from one month to the next.", examples=["0.05"])
    pairs: list[PairAnswer]


@router.get(
    "/grade-ratios",
    summary="List grade ratios",
    response_model=GradeRatioAnswer,
    responses=problems(FieldWrong),
)
def list_grade_ratios(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    herb: Annotated[str, Query(max_length=40, min_length=1, description="Herb 药材.", examples=["白芍"])],
    market: Annotated[str | None, Query(max_length=40, description="Only this market.")] = None,
    months: Annotated[int, Query(ge=1, le=_MOST_MONTHS, description="The last months of each pair.")] = 12,
    as_of: AsOf = None,
) -> Response:
    """Return the ratio of each pair: the median of matched price ratios over twelve months, with a cap.

    A change of grade is no change of price: `price × ratio` is what a price of `grade` comes to in `other`.
    """
    with station.database.read() as session:
        found = herb_prices(session, herb, as_of_ms=moment_ms(station.clock(), as_of), market=market)
    pairs = [PairAnswer.of(pair, months) for pair in grade_pairs(found)]
    answer = GradeRatioAnswer(herb=herb, window_months=MONTHS, cap=str(CAP), pairs=pairs)
    return conditional_model(request, answer)
