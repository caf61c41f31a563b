"""Quotes of tier trade, made from a week's recorded trades."""

from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.callers import Operator, TheStation
from api.errors import ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.problems import problems
from api.trade_quotes import WeekTakenIn, take_in_week
from priceindex.feeds.feed_errors import MalformedWeek, WeekNotOver

router = APIRouter(prefix="/v1", tags=["prices"])


class WeekNew(BaseModel):
    """Which week's trades to take in."""

    model_config = ConfigDict(extra="forbid")

    week: str = Field(max_length=20, description="ISO week that has ended in China.", examples=["2026-W12"])


class WeekAnswer(BaseModel):
    """What became of a week's trades."""

    week: str
    written: int = Field(description="Quotes added to the book.")
    flagged: int
    quarantined: int
    duplicates: int = Field(description="Cells whose price the book has already.")
    few_trades: int = Field(description="Cells with too few trades to publish a price of.")
    few_sellers: int = Field(description="Cells with trades enough, of too few sellers.")
    unnamed: int = Field(description="Cells without a grade, or sold outside the markets.")

    @classmethod
    def of(cls, week: str, taken: WeekTakenIn) -> "WeekAnswer":
        """Return what became of a week."""
        return cls(
            week=week,
            written=taken.report.written,
            flagged=taken.report.flagged,
            quarantined=taken.report.quarantined,
            duplicates=taken.report.duplicates,
            few_trades=taken.made.few_trades,
            few_sellers=taken.made.few_sellers,
            unnamed=taken.made.unnamed,
        )


@router.post(
    "/quotes/from-trades",
    summary="Take a week's trades in as quotes",
    status_code=HTTPStatus.CREATED,
    response_model=WeekAnswer,
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, MalformedWeek, WeekNotOver, WriterClosed),
)
def quotes_from_trades(
    asked: WeekNew,
    caller: Operator,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> WeekAnswer:
    """Take the mean price by mass of every cell traded in a week in, where enough trades hide each."""
    return WeekAnswer.of(asked.week, take_in_week(station, asked.week))
