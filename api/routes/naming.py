"""Names sources write that nobody knows, and what people decide them to mean."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.callers import Anyone, TheStation, Verifier
from api.deciding import decide_about_name, end_name
from api.errors import FieldWrong, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, page_of
from api.web.formats import local, moment_or_none
from ledger.plain_text import PlainText
from priceindex.errors import PartTooLong
from priceindex.naming.aliases import Alias, AliasNew, aliases, shipped
from priceindex.naming.naming_errors import AliasExists, MeaningUnknown, NameIsKnown, UnknownAlias
from priceindex.naming.review import waiting

router = APIRouter(prefix="/v1/names", tags=["prices"])

_REFUSED = (TokenMissing, TokenRefused, ScopeMissing)
Reason = Annotated[PlainText, Field(min_length=5, max_length=500)]


class WaitingName(BaseModel):
    """A name nobody knows."""

    kind: str = Field(description="herb or market.")
    written: str
    source: str
    nearest: list[str] = Field(description="Listed names that look most like it.")
    rows: int = Field(description="Rows that wait for a decision.")
    first: datetime


class WaitingNames(BaseModel):
    """Names that wait for a decision, those most rows wait for first."""

    names: list[WaitingName]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


class AliasAnswer(BaseModel):
    """What a name means."""

    number: int = Field(description="0 for one that ships with the program.")
    kind: str
    written: str
    meant: str | None = Field(description="Null: decided to be none of ours.")
    source: str = Field(description="The one source whose word it is; empty: everybody's.")
    reason: str
    since: datetime
    ended: datetime | None

    @classmethod
    def of(cls, alias: Alias) -> "AliasAnswer":
        """Return an alias without who decided it."""
        return cls(
            number=alias.number,
            kind=alias.kind,
            written=alias.written,
            meant=alias.meant,
            source=alias.source,
            reason=alias.reason,
            since=local(alias.since_ms, 0),
            ended=moment_or_none(alias.ended_ms),
        )


class Aliases(BaseModel):
    """The aliases in force."""

    aliases: list[AliasAnswer]
    next: str | None = Field(None, description="Pass on as `next` for the following page; null on the last.")


class NameDecision(BaseModel):
    """What a person decides a name to mean."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["herb", "grade", "origin", "market"]
    written: PlainText = Field(min_length=1, max_length=40)
    meant: Annotated[PlainText, Field(min_length=1, max_length=40)] | None = Field(
        description="The listed name; null: none of ours."
    )
    source: str = Field(default="", max_length=40, description="Only in this source's mouth; empty: always.")
    reason: Reason


class NameDecisionAnswer(BaseModel):
    """What came of a decision."""

    alias: AliasAnswer
    bodies: int = Field(description="Archived bodies read again.")
    written: int = Field(description="Waiting rows that entered the book, as known from now on.")


class Ending(BaseModel):
    """Why an alias ends."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


@router.get(
    "/waiting",
    summary="List names nobody knows",
    response_model=WaitingNames,
    responses=problems(*_REFUSED, FieldWrong),
)
def list_unknown_names(
    caller: Verifier,  # noqa: ARG001  declares who may call
    station: TheStation,
    source: Annotated[str | None, Query(max_length=40)] = None,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> WaitingNames:
    """Return names that sources wrote and no list and no alias knows, with the rows that wait for each."""
    with station.database.read() as session:
        found = waiting(session, station.clock(), source=source)
    shown, following = page_of(
        found,
        limit,
        next,
        lambda name: (-name.rows, name.source, name.kind, name.written),
        (int, str, str, str),
    )
    return WaitingNames(
        names=[
            WaitingName(
                kind=name.kind,
                written=name.written,
                source=name.source,
                nearest=list(name.nearest),
                rows=name.rows,
                first=local(name.first_ms, 0),
            )
            for name in shown
        ],
        next=following,
    )


@router.get("/aliases", summary="List aliases", response_model=Aliases, responses=problems(FieldWrong))
def list_aliases(
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> Aliases:
    """Return what other names mean now: those decided by people, then those that ship with the program."""
    with station.database.read() as session:
        found = (*aliases(session, station.clock()), *shipped())
    shown, following = page_of(
        found,
        limit,
        next,
        lambda alias: (int(alias.number == 0), -alias.number, alias.kind, alias.written),
        (int, int, str, str),
    )
    return Aliases(aliases=[AliasAnswer.of(alias) for alias in shown], next=following)


@router.post(
    "/decisions",
    summary="Decide what a name means",
    status_code=HTTPStatus.CREATED,
    response_model=NameDecisionAnswer,
    responses=problems(*_REFUSED, NameIsKnown, MeaningUnknown, AliasExists, PartTooLong, WriterClosed),
)
def decide_on_name(decision: NameDecision, caller: Verifier, station: TheStation) -> NameDecisionAnswer:
    """Decide that a name means a listed one, or is none of ours; waiting rows are taken in at once.

    Their archived bodies are read again. A listed name always means itself.
    """
    done = decide_about_name(
        station,
        AliasNew(
            kind=decision.kind,
            written=decision.written,
            meant=decision.meant,
            source=decision.source,
            reason=decision.reason,
            decided_by=caller.person,
        ),
    )
    return NameDecisionAnswer(alias=AliasAnswer.of(done.alias), bodies=done.bodies, written=done.written)


@router.post(
    "/aliases/{number}/end",
    summary="End an alias",
    response_model=AliasAnswer,
    responses=problems(*_REFUSED, UnknownAlias, WriterClosed),
)
def end_alias(
    number: Annotated[int, Path(ge=1, le=2**31)], ending: Ending, caller: Verifier, station: TheStation
) -> AliasAnswer:
    """End an alias from now on; what was taken in under it stays, and can be rejected at the desk."""
    return AliasAnswer.of(end_name(station, number, by=caller.person, reason=ending.reason))
