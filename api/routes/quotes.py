"""Reading quotes 报价 as they were known at a moment."""

from datetime import date, datetime, timedelta, timezone
from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from api.callers import Anyone, TheStation
from api.errors import FieldWrong
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, page_of, read_cursor, split
from api.web.conditional import conditional_model
from api.web.formats import local
from priceindex import book
from priceindex.calendar import CHINA_OFFSET_MINUTES
from priceindex.errors import UnknownQuote
from priceindex.intake.lateness import with_lateness
from priceindex.quotes import Cell, Status, StoredQuote, Tier

router = APIRouter(prefix="/v1", tags=["prices"])

Name = Annotated[str | None, Query(max_length=40)]
Part = Annotated[str, Query(min_length=1, max_length=40)]
AsOf = Annotated[
    datetime | None, Query(description="Answer as the book stood at this moment; without it, now.")
]
CHINA = timezone(timedelta(minutes=CHINA_OFFSET_MINUTES))


class QuoteAnswer(BaseModel):
    """One price of one herb, grade, origin and market on one day."""

    herb: str = Field(examples=["白芍"])
    grade: str = Field(examples=["统片"])
    origin: str
    market: str = Field(examples=["亳州"])
    day: date
    fen_per_kg: int = Field(
        description="Fen per kilogram; of a range, its geometric middle.", examples=[4200]
    )
    low_fen_per_kg: int | None
    high_fen_per_kg: int | None
    source: str
    tier: Tier
    status: Status
    rules: list[str] = Field(description="Screening rules that spoke.")
    revision: int = Field(description="0 for what was said first; each correction adds one.")
    recorded: datetime
    late: bool = Field(description="Recorded after a release of its day was published.")
    deals: int = Field(description="Trades behind the price; 1 for a quote.")
    currency: str = Field(description="ISO 4217 code of the currency it was told in.", examples=["CNY"])
    amount: str | None = Field(description="Price per kilogram in that currency; null for yuan.")
    rate: str | None = Field(description="Yuan for one unit of it; null for yuan.")
    rate_day: date | None = Field(description="The day that rate held.")
    trend: str | None = Field(description="What the source itself says of the market.")
    decided: bool = Field(description="Whether a person decided this revision.")
    reason: str | None = Field(description="Why they did.")

    @classmethod
    def of(cls, quote: StoredQuote) -> "QuoteAnswer":
        """Return a stored quote."""
        return cls(
            herb=quote.cell.herb,
            grade=quote.cell.grade,
            origin=quote.cell.origin,
            market=quote.cell.market,
            day=quote.day,
            fen_per_kg=quote.fen_per_kg,
            low_fen_per_kg=quote.low_fen_per_kg,
            high_fen_per_kg=quote.high_fen_per_kg,
            source=quote.source,
            tier=quote.tier,
            status=quote.status,
            rules=list(quote.rules),
            revision=quote.revision,
            recorded=local(quote.recorded_ms, 0),
            late=quote.late,
            deals=quote.deals,
            currency=quote.currency,
            amount=quote.amount,
            rate=quote.rate,
            rate_day=quote.rate_day,
            trend=quote.trend,
            decided=quote.decided_by is not None,
            reason=quote.reason,
        )


class QuotePage(BaseModel):
    """Quotes in a fixed order, as known when the first page was asked for."""

    quotes: list[QuoteAnswer]
    as_of: datetime
    next: str | None = Field(description="Pass it on as `next` for the following page; null on the last.")


class QuoteHistory(BaseModel):
    """Every revision of one quote."""

    revisions: list[QuoteAnswer] = Field(description="Oldest first.")
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


@router.get("/quotes", summary="List quotes", response_model=QuotePage, responses=problems(FieldWrong))
def list_quotes(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    herb: Name = None,
    market: Name = None,
    first: Annotated[date | None, Query(description="First day.")] = None,
    last: Annotated[date | None, Query(description="Last day.")] = None,
    status: Annotated[Status | None, Query(description="Only quotes the screening judged so.")] = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the parameter's public name
) -> Response:
    """Return quotes as known at `as_of`, or when the first page was asked for.

    Later pages see no newer revision.
    """
    as_of_ms, after = (known_at(as_of, station.clock()), None) if next is None else _place(next)
    with station.database.read() as session:
        quotes = book.quotes(
            session,
            as_of_ms=as_of_ms,
            herb=herb,
            market=market,
            first=first,
            last=last,
            status=status,
            limit=limit + 1,
            after=after,
        )
        shown, following = split(
            with_lateness(session, quotes), limit, lambda quote: (as_of_ms, *book.place(session, quote))
        )
    told = [QuoteAnswer.of(quote) for quote in shown]
    return conditional_model(request, QuotePage(quotes=told, as_of=local(as_of_ms, 0), next=following))


@router.get(
    "/quotes/history",
    summary="Read every revision of one quote",
    response_model=QuoteHistory,
    responses=problems(UnknownQuote, FieldWrong),
)
def quote_history(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    herb: Part,
    grade: Part,
    market: Part,
    day: date,
    source: Part,
    origin: Annotated[str, Query(max_length=40)] = "",
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> Response:
    """Return what was said of one cell on one day, oldest first: the first word, corrections, decisions."""
    cell = Cell(herb, grade, origin, market)
    with station.database.read() as session:
        found = with_lateness(session, book.history(session, cell, day, source))
    if not found:
        raise UnknownQuote(cell=" ".join(cell), day=day, source=source)
    shown, following = page_of(found, limit, next, lambda quote: (quote.revision,), (int,))
    told = [QuoteAnswer.of(quote) for quote in shown]
    return conditional_model(request, QuoteHistory(revisions=told, next=following))


def known_at(as_of: datetime | None, now_ms: int) -> int:
    """The moment asked for in epoch milliseconds, never later than now; without a zone it is China's."""
    if as_of is None:
        return now_ms
    zoned = as_of if as_of.tzinfo else as_of.replace(tzinfo=CHINA)
    return max(0, min(int(zoned.timestamp() * 1000), now_ms))


def _place(given: str) -> tuple[int, book.Place]:
    """Read a cursor: the moment, within what can ever be meant, and the place of the last quote seen."""
    as_of_ms, *place = cast("tuple[int, int, int, str]", read_cursor(given, (int, int, int, str)))
    return min(max(as_of_ms, 0), _LATEST_MS), cast("book.Place", tuple(place))


_LATEST_MS = 253_402_300_799_000
"""The end of the year 9999, the last a date can be written of."""
