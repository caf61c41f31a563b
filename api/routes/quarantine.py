"""The quarantine desk 隔离报价核定台: quotes the screening set aside, and what people decide about them."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Self, cast

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.callers import TheStation, Verifier
from api.deciding import QuoteFilter, decide_quotes, desk_quotes
from api.errors import FieldWrong, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.languages import language_of
from api.problems import problems
from api.routes.paging import Limit, Next, read_cursor, split
from api.routes.quotes import QuoteAnswer
from api.web.formats import local
from ledger.errors import Language
from ledger.plain_text import PlainText
from priceindex import book
from priceindex.errors import UnknownQuote
from priceindex.intake.desk import MOST, QuoteKey, Verdict
from priceindex.intake.desk_errors import NothingToDecide, OwnQuote, ReasonTooShort, TooManyToDecide
from priceindex.intake.rejected import rejected
from priceindex.intake.rules.registry import RULES
from priceindex.quotes import Cell, Status, StoredQuote

router = APIRouter(prefix="/v1/quarantine", tags=["prices"])

Word = Annotated[str | None, Query(max_length=60)]


class MetRule(BaseModel):
    """A screening rule a quote met."""

    code: str
    words: str

    @classmethod
    def of(cls, code: str, language: Language) -> "MetRule":
        """Return a rule in words; a code we no longer have stands for itself."""
        rule = RULES.get(code)
        if rule is None:
            return cls(code=code, words=code)
        return cls(code=code, words=rule.zh if language == "zh" else rule.en)


class DeskQuote(BaseModel):
    """One quote of the desk."""

    quote: QuoteAnswer
    met: list[MetRule]
    submitter: str | None = Field(description="Who handed it in; another person must decide.")
    collection_point: str | None
    collector: str | None
    archive_sha256: str | None = Field(description="Digest of the raw body it was read from.")

    @classmethod
    def of(cls, stored: StoredQuote, language: Language) -> "DeskQuote":
        """Return a stored quote for whoever decides about it."""
        return cls(
            quote=QuoteAnswer.of(stored),
            met=[MetRule.of(code, language) for code in stored.rules],
            submitter=stored.submitter,
            collection_point=stored.collection_point,
            collector=stored.collector,
            archive_sha256=stored.archive_sha256,
        )


class DeskPage(BaseModel):
    """Quotes waiting, newest day first."""

    quotes: list[DeskQuote]
    next: str | None


class RejectedLine(BaseModel):
    """A row no quote could be made of."""

    source: str
    row: int | None
    field: str | None
    value: str | None
    rule: str = Field(description="Slug of the fault.")
    archive_sha256: str | None
    recorded: datetime


class RejectedLines(BaseModel):
    """Rejected rows, the newest first."""

    rows: list[RejectedLine]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


class Named(BaseModel):
    """Names one quote."""

    model_config = ConfigDict(extra="forbid")

    herb: str = Field(max_length=40)
    grade: str = Field(max_length=40)
    origin: str = Field(default="", max_length=40)
    market: str = Field(max_length=40)
    day: date
    source: str = Field(max_length=40)


class Filtered(BaseModel):
    """Names every quote a filter meets."""

    model_config = ConfigDict(extra="forbid")

    status: Status = Status.QUARANTINED
    herb: str | None = Field(default=None, max_length=40)
    market: str | None = Field(default=None, max_length=40)
    source: str | None = Field(default=None, max_length=40)
    rule: str | None = Field(default=None, max_length=60)
    first: date | None = None
    last: date | None = None


class Decision(BaseModel):
    """What a person decides, about which quotes and why."""

    model_config = ConfigDict(extra="forbid")

    verdict: Verdict
    reason: PlainText = Field(max_length=500, description="At least five characters.")
    quotes: list[Named] | None = Field(default=None, max_length=MOST, description="Either these,")
    filter: Filtered | None = Field(default=None, description="or every quote this filter meets.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.quotes is None) == (self.filter is None):
            raise ValueError("give either quotes or filter")
        return self

    def chosen(self) -> list[QuoteKey] | QuoteFilter:
        """Return what the decision is about."""
        if self.filter is not None:
            return QuoteFilter(**self.filter.model_dump())
        return [
            QuoteKey(Cell(one.herb, one.grade, one.origin, one.market), one.day, one.source)
            for one in self.quotes or []
        ]


class DecisionAnswer(BaseModel):
    """A decision that was written."""

    verdict: Verdict
    quotes: int
    rules: dict[str, int] = Field(description="Rules the quotes had met, with how many.")
    statement_id: str = Field(description="Its statement in the log; the receipt stands at /v1/receipts.")


@router.get(
    "",
    summary="List quotes set aside",
    response_model=DeskPage,
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, FieldWrong),
)
def list_quarantine(
    request: Request,
    caller: Verifier,  # noqa: ARG001  declares who may call
    station: TheStation,
    status: Status = Status.QUARANTINED,
    herb: Word = None,
    market: Word = None,
    source: Word = None,
    rule: Word = None,
    first: date | None = None,
    last: date | None = None,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the parameter's public name
) -> DeskPage:
    """Return the quotes that wait for a person, with the rules they met and who handed them in."""
    after = None if next is None else cast("book.Place", read_cursor(next, (int, int, str)))
    chosen = QuoteFilter(
        status=status, herb=herb, market=market, source=source, rule=rule, first=first, last=last
    )
    with station.database.read() as session:
        found = desk_quotes(session, chosen, limit + 1, after=after)
        shown, following = split(found, limit, lambda quote: book.place(session, quote))
    language = language_of(request)
    return DeskPage(quotes=[DeskQuote.of(quote, language) for quote in shown], next=following)


@router.get(
    "/rejected",
    summary="List rows no quote could be made of",
    response_model=RejectedLines,
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, FieldWrong),
)
def list_rejected(
    caller: Verifier,  # noqa: ARG001  declares who may call
    station: TheStation,
    source: Word = None,
    rule: Word = None,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the parameter's public name
) -> RejectedLines:
    """Return rejected rows, the newest first, with the digest of the body they stand in."""
    after = None if next is None else cast("tuple[int]", read_cursor(next, (int,)))
    with station.database.read() as session:
        found = rejected(session, source=source, rule=rule, limit=limit + 1, after=after)
    shown, following = split(found, limit, lambda row: (row.number,))
    return RejectedLines(
        rows=[
            RejectedLine(
                source=row.source,
                row=row.row,
                field=row.field,
                value=row.value,
                rule=row.rule,
                archive_sha256=row.archive_sha256,
                recorded=local(row.recorded_ms, 0),
            )
            for row in shown
        ],
        next=following,
    )


@router.post(
    "/decisions",
    summary="Release or reject quotes",
    status_code=HTTPStatus.CREATED,
    response_model=DecisionAnswer,
    responses=problems(
        TokenMissing,
        TokenRefused,
        ScopeMissing,
        UnknownQuote,
        OwnQuote,
        ReasonTooShort,
        NothingToDecide,
        TooManyToDecide,
        WriterClosed,
    ),
)
def decide_on_quotes(decision: Decision, caller: Verifier, station: TheStation) -> DecisionAnswer:
    """Let quotes into the index or keep them out, with a reason; all of them or none.

    Whoever handed a quote in may not release it. Each decision is a further revision, known from now on.
    """
    done = decide_quotes(station, decision.chosen(), decision.verdict, decision.reason, caller.person)
    return DecisionAnswer(
        verdict=done.verdict, quotes=done.quotes, rules=dict(done.rules), statement_id=done.statement_id
    )
