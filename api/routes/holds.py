"""Holds 冻结: placed by one authorised person, lifted by two."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api import holding
from api.callers import ClerkOrSupervisor, TheStation
from api.errors import NotARegulator, NotYourParty, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.languages import language_of
from api.problems import problems
from api.routes.paging import Limit, Next, read_cursor, split
from api.routes.vocabulary import Named
from api.web.formats import local, moment_or_none
from ledger.errors import Language
from ledger.plain_text import PlainText
from trace.errors import ForgedCode, MalformedCode, UnknownCode, UnknownFreezeTarget
from trace.recalls.hold_listing import holds_seen_by
from trace.recalls.hold_targets import HoldNew
from trace.recalls.hold_world import HoldKind, Role
from trace.recalls.recall_errors import (
    HoldLifted,
    HoldOfRecall,
    LiftNotAsked,
    NotYourGoods,
    NotYoursToLift,
    PersonForgotten,
    SamePerson,
    UnknownHold,
)
from trace.recalls.recall_tables import HoldRow

router = APIRouter(prefix="/v1", tags=["recalls"])

HoldId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$", description="Id of the hold.")]
_REFUSED = (TokenMissing, TokenRefused, ScopeMissing, NotARegulator, NotYourParty, WriterClosed)


class HoldAnswer(BaseModel):
    """A hold that was placed, asked to be lifted, or lifted."""

    hold: str = Field(description="Its id.")
    statement_id: str = Field(description="Its statement; the receipt stands at /v1/receipts/{statement_id}.")
    lots: int = Field(description="Lots it covers, or that it covered.")


class HoldListed(BaseModel):
    """One hold."""

    hold: str
    kind: Named = Field(description="What is held: party, product, lot, code or recall.")
    target: str = Field(description="USCC, herb/form/USCC, lot id, serial of a code, or id of the recall.")
    reason: str
    role: Named = Field(description="Who placed it: regulator, owner or operator.")
    party: str | None = Field(description="USCC of that regulator or owner.")
    document: str | None
    lots: int
    placed: datetime
    asked: datetime | None = Field(description="When somebody last asked for it to be lifted.")
    lifted: datetime | None
    statement_id: str

    @classmethod
    def of(cls, row: HoldRow, language: Language) -> "HoldListed":
        """Return what a row holds, in the answer's language."""
        names = set(cls.model_fields) - {"hold", "kind", "role", "placed", "asked", "lifted"}
        return cls(
            hold=row.hold_id,
            kind=Named.of(HoldKind(row.kind), language),
            role=Named.of(Role(row.role), language),
            placed=local(row.placed_ms, 0),
            asked=moment_or_none(row.asked_ms),
            lifted=moment_or_none(row.lifted_ms),
            **row.model_dump(include=names),
        )


class HoldsAnswer(BaseModel):
    """A page of holds, newest first."""

    holds: list[HoldListed]
    next: str | None


class LiftAsked(BaseModel):
    """Why a hold should be lifted."""

    model_config = ConfigDict(extra="forbid")

    reason: PlainText = Field(min_length=1, max_length=300, description="In words the public reads.")


@router.post(
    "/holds",
    summary="Place a hold",
    status_code=HTTPStatus.CREATED,
    response_model=HoldAnswer,
    responses=problems(*_REFUSED, UnknownFreezeTarget, UnknownCode, MalformedCode, ForgedCode, NotYourGoods),
)
def place_hold(new: HoldNew, caller: ClerkOrSupervisor, station: TheStation) -> HoldAnswer:
    """Freeze a party, a product, a lot or a code, with all that was made from the lots it covers.

    For a regulator, the operator, or whoever made or holds the goods. One person suffices; every scan
    shows it at once. What is frozen can be returned, destroyed, tested and stored, and nothing else.
    """
    done = holding.place(station, new, holding.person_of(caller))
    return HoldAnswer(hold=done.hold_id, statement_id=done.statement_id, lots=len(done.lots))


@router.get("/holds", summary="List holds", response_model=HoldsAnswer, responses=problems(*_REFUSED[:-1]))
def list_holds(
    request: Request,
    caller: ClerkOrSupervisor,
    station: TheStation,
    lifted: Annotated[bool, Query(description="Show those lifted too.")] = False,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> HoldsAnswer:
    """Return holds, newest first: a party's those on itself, on its goods, or placed by it; else all."""
    person, language = holding.person_of(caller), language_of(request)
    after = None if next is None else read_cursor(next, (int, str))
    with station.database.read() as session:
        found = holds_seen_by(session, person, lifted=lifted, after=after, limit=limit + 1)
    shown, more = split(found, limit, lambda row: (row.placed_ms, row.hold_id))
    return HoldsAnswer(holds=[HoldListed.of(row, language) for row in shown], next=more)


@router.post(
    "/holds/{hold}/lift-requests",
    summary="Ask for a hold to be lifted",
    status_code=HTTPStatus.CREATED,
    response_model=HoldAnswer,
    responses=problems(*_REFUSED, UnknownHold, HoldLifted, HoldOfRecall, NotYoursToLift),
)
def ask_to_lift(hold: HoldId, asked: LiftAsked, caller: ClerkOrSupervisor, station: TheStation) -> HoldAnswer:
    """Ask, as the first of two persons."""
    done = holding.ask_lifting(station, hold, asked.reason, holding.person_of(caller))
    return HoldAnswer(hold=done.hold_id, statement_id=done.statement_id, lots=len(done.lots))


@router.post(
    "/holds/{hold}/lifts",
    summary="Lift a hold",
    status_code=HTTPStatus.CREATED,
    response_model=HoldAnswer,
    responses=problems(
        *_REFUSED,
        UnknownHold,
        HoldLifted,
        HoldOfRecall,
        NotYoursToLift,
        LiftNotAsked,
        SamePerson,
        PersonForgotten,
    ),
)
def lift_hold(hold: HoldId, caller: ClerkOrSupervisor, station: TheStation) -> HoldAnswer:
    """Lift, as the second of two persons: another name and another token than who asked.

    Of a hold that a regulator placed one of the two is a regulator. What another hold covers stays frozen.
    """
    done = holding.lift_hold(station, hold, holding.person_of(caller))
    return HoldAnswer(hold=done.hold_id, statement_id=done.statement_id, lots=len(done.lots))
