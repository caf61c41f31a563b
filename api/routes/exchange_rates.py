"""Dated exchange rates: listed for everybody, entered by the operator with their source."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.callers import Anyone, Operator, TheStation
from api.errors import FieldWrong, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, by_time, split
from api.web.conditional import conditional_model
from priceindex.calendar import day_number
from priceindex.currency.rate import Rate
from priceindex.currency.rate_errors import MalformedRate, RateInFuture, UnknownCurrency
from priceindex.currency.rates import enter, newest_rates

router = APIRouter(prefix="/v1", tags=["prices"])

Currency = Annotated[str, Field(max_length=3, description="ISO 4217.", examples=["USD"])]


class RateNew(BaseModel):
    """What one unit of a currency was worth."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    currency: Currency
    day: date
    yuan_per_unit: str = Field(max_length=24, description="A decimal number.", examples=["7.0851"])
    source: str = Field(min_length=1, max_length=100, description="Who says so.", examples=["CFETS 中间价"])


class RateAnswer(BaseModel):
    """One rate that stands."""

    currency: Currency
    day: date
    yuan_per_unit: str
    source: str

    @classmethod
    def of(cls, rate: Rate) -> "RateAnswer":
        """Return a rate."""
        return cls(
            currency=rate.currency,
            day=rate.day,
            yuan_per_unit=str(rate.yuan_per_unit),
            source=rate.source,
        )


class RateList(BaseModel):
    """The newest rates, newest day first."""

    rates: list[RateAnswer]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


@router.get(
    "/exchange-rates",
    summary="List exchange rates",
    response_model=RateList,
    responses=problems(FieldWrong),
)
def list_rates(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> Response:
    """Return the last rates entered, by which foreign quotes are turned into renminbi."""
    with station.database.read() as session:
        found = newest_rates(session, limit + 1, by_time(next))
    shown, following = split(found, limit, lambda rate: (day_number(rate.day), rate.currency))
    return conditional_model(request, RateList(rates=[RateAnswer.of(each) for each in shown], next=following))


@router.post(
    "/exchange-rates",
    summary="Enter an exchange rate",
    status_code=HTTPStatus.CREATED,
    response_model=RateAnswer,
    responses=problems(
        TokenMissing,
        TokenRefused,
        ScopeMissing,
        FieldWrong,
        UnknownCurrency,
        MalformedRate,
        RateInFuture,
        WriterClosed,
    ),
)
def enter_rate(
    new: RateNew,
    caller: Operator,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> RateAnswer:
    """Enter what a currency was worth on a day; quotes that stand keep the rate they were taken in with."""
    now_ms = station.clock()
    kept = station.writer.submit(
        lambda session: enter(session, new.currency, new.day, new.yuan_per_unit, new.source, now_ms)
    )
    return RateAnswer.of(kept)
