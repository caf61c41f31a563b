"""Parties 主体 and their registers: licences, staff, changes, standing, transfer, and the gates."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from api.callers import Anyone, Caller, Clerk, Supervisor, TheStation
from api.errors import (
    FieldWrong,
    NotARegulator,
    NotYourParty,
    ScopeMissing,
    TokenMissing,
    TokenRefused,
    WriterClosed,
)
from api.languages import language_of
from api.problems import problems
from api.routes.paging import Limit, Next, read_cursor, split
from api.routes.register_answers import (
    ClosedAnswer,
    Declared,
    HoldingsAnswer,
    LicenceAnswer,
    PartyAnswer,
    PartyListed,
    StaffAnswer,
)
from api.station import Station
from api.tokens import Scope
from api.web.conditional import MATCH_HEADER, conditional_model, require_match
from api.web.precondition_errors import ChangedMeanwhile
from ledger.plain_text import PlainText
from trace.errors import AlreadyRegistered, BadIdentifier, UnknownParty
from trace.parties import PartyNew
from trace.registers.changes import PartyChange, change_party
from trace.registers.holdings import holdings
from trace.registers.licences import LicenceNew, register_licence, withdraw_licence
from trace.registers.register_errors import (
    BadValidity,
    DivisionRetired,
    NothingChanged,
    StandingUnchanged,
    SuspensionNotYours,
    UnknownLicence,
    UnknownStaff,
)
from trace.registers.register_reading import parties, party_shown
from trace.registers.register_words import LicenceKind, Registered, StaffRole
from trace.registers.staff import StaffNew, end_role, register_staff
from trace.registers.standing import close, resume, suspend
from trace.registers.transfers import transfer_business
from trace.vocabulary import NodeType

router = APIRouter(prefix="/v1", tags=["registers"])

Uscc = Annotated[str, Path(pattern=r"^[0-9A-Z]{18}$", description="统一社会信用代码 of the party.")]
REFUSED = (TokenMissing, TokenRefused, ScopeMissing, NotYourParty, WriterClosed)
SUPERVISED = (*REFUSED, NotARegulator)


class Because(BaseModel):
    """Why; public for ever."""

    model_config = ConfigDict(extra="forbid")

    reason: PlainText = Field(min_length=1, max_length=200, description="Public for ever: no personal data.")


class TransferAsked(Because):
    """To whom something goes."""

    to: str = Field(min_length=18, max_length=18, description="USCC of who takes over.")


class WithdrawalAsked(Because):
    """Which licence holds no longer."""

    kind: LicenceKind
    number: PlainText = Field(min_length=1, max_length=60)
    day: date | None = Field(None, description="First day on which it holds no longer; today without one.")


class DepartureAsked(BaseModel):
    """Who left which role."""

    model_config = ConfigDict(extra="forbid")

    staff: str = Field(min_length=1, max_length=40)
    role: StaffRole
    day: date | None = Field(None, description="First day out of the role; today without one.")


class PartyList(BaseModel):
    """Parties in the order of their credit codes."""

    parties: list[PartyListed]
    next: str | None = Field(description="Pass it on as `next` for the following page.")


@router.post(
    "/parties",
    summary="Register a party",
    status_code=HTTPStatus.CREATED,
    response_model=PartyListed,
    responses=problems(*REFUSED, BadIdentifier, AlreadyRegistered, DivisionRetired),
)
def add_party(new: PartyNew, request: Request, caller: Clerk, station: TheStation) -> PartyListed:
    """Register a party and its key; the same particulars again change nothing."""
    caller.must_speak_for(new.uscc)
    _only_operators_appoint(caller, new.node_types)
    recorder, now_ms = station.recorder, station.clock()
    made = station.writer.submit(lambda session: recorder.register_party(session, new, now_ms))
    return PartyListed.of(made, language_of(request))


@router.get("/parties", summary="List parties", response_model=PartyList, responses=problems(FieldWrong))
def list_parties(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    division: Annotated[
        str, Query(pattern=r"^(\d\d){0,3}$", description="2, 4 or 6 digits of GB/T 2260.")
    ] = "",
    node_type: Annotated[NodeType | None, Query(description="What it does in the trade.")] = None,
    limit: Limit = 50,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> PartyList:
    """Return the parties of a division and node type."""
    after = "" if next is None else str(*read_cursor(next, (str,)))
    with station.database.read() as session:
        found = parties(session, division=division, node_type=node_type, after=after, limit=limit + 1)
    shown, following = split(found, limit, lambda party: (party.uscc,))
    return PartyList(parties=[PartyListed.of(each, language_of(request)) for each in shown], next=following)


@router.get(
    "/parties/{uscc}", summary="Show a party", response_model=PartyAnswer, responses=problems(UnknownParty)
)
def show_party(uscc: Uscc, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return a party with its licences, staff (roles, never names), standing, history and places.

    Its `ETag` is what a change names.
    """
    with station.database.read() as session:
        told = _read(session, uscc, request, station)
    return conditional_model(request, told)


@router.get(
    "/parties/{uscc}/holdings",
    summary="What a party holds",
    response_model=HoldingsAnswer,
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, NotYourParty),
)
def show_holdings(uscc: Uscc, caller: Clerk, station: TheStation) -> HoldingsAnswer:
    """Return the lots a party holds, its places, and what is on the way to it; for itself."""
    caller.must_speak_for(uscc)
    with station.database.read() as session:
        return HoldingsAnswer.of(holdings(session, uscc))


@router.post(
    "/parties/{uscc}/changes",
    summary="Change a party",
    status_code=HTTPStatus.CREATED,
    response_model=Declared,
    responses=problems(
        *REFUSED, UnknownParty, NothingChanged, BadValidity, BadIdentifier, DivisionRetired, ChangedMeanwhile
    ),
    openapi_extra={"parameters": [MATCH_HEADER]},
)
def amend_party(
    uscc: Uscc, new: PartyChange, request: Request, caller: Clerk, station: TheStation
) -> Declared:
    """State a new name, node types or seat; what held before is kept with its dates."""
    caller.must_speak_for(uscc)
    _only_operators_appoint(caller, new.node_types or ())
    declarer, now_ms = station.recorder.declarer, station.clock()

    def work(session: Session) -> str:
        require_match(request, lambda: _read(session, uscc, request, station))
        return change_party(session, declarer, uscc, new, at_ms=now_ms, by=by_party(caller, uscc))

    return Declared(statement_id=station.writer.submit(work))


@router.post(
    "/parties/{uscc}/licences",
    summary="Register a licence",
    status_code=HTTPStatus.CREATED,
    response_model=LicenceAnswer,
    responses=problems(*REFUSED, UnknownParty, BadValidity, AlreadyRegistered),
)
def license_party(
    uscc: Uscc, new: LicenceNew, request: Request, caller: Clerk, station: TheStation
) -> LicenceAnswer:
    """State that a party holds a licence; the same again changes nothing."""
    caller.must_speak_for(uscc)
    declarer, now_ms = station.recorder.declarer, station.clock()
    made = station.writer.submit(lambda session: register_licence(session, declarer, uscc, new, now_ms))
    return LicenceAnswer.of(made, language_of(request), now_ms)


@router.post(
    "/parties/{uscc}/licences/withdrawals",
    summary="Withdraw a licence",
    status_code=HTTPStatus.CREATED,
    response_model=Declared,
    responses=problems(*SUPERVISED, UnknownLicence, BadValidity),
)
def end_party_licence(
    uscc: Uscc, asked: WithdrawalAsked, caller: Supervisor, station: TheStation
) -> Declared:
    """State that a licence holds no longer; for a regulator, or the operator."""
    declarer, now_ms = station.recorder.declarer, station.clock()
    stated = station.writer.submit(
        lambda session: withdraw_licence(
            session,
            declarer,
            uscc,
            asked.kind,
            asked.number,
            day=asked.day,
            reason=asked.reason,
            at_ms=now_ms,
            by=by_regulator(caller),
        )
    )
    return Declared(statement_id=stated)


@router.post(
    "/parties/{uscc}/staff",
    summary="Register staff",
    status_code=HTTPStatus.CREATED,
    response_model=StaffAnswer,
    responses=problems(*REFUSED, UnknownParty, BadValidity, AlreadyRegistered),
)
def add_staff(uscc: Uscc, new: StaffNew, request: Request, caller: Clerk, station: TheStation) -> StaffAnswer:
    """State that somebody has a role; the name enters the log as a salted digest only."""
    caller.must_speak_for(uscc)
    declarer, now_ms = station.recorder.declarer, station.clock()
    made = station.writer.submit(lambda session: register_staff(session, declarer, uscc, new, now_ms))
    return StaffAnswer.of(made, language_of(request))


@router.post(
    "/parties/{uscc}/staff/departures",
    summary="End a role",
    status_code=HTTPStatus.CREATED,
    response_model=Declared,
    responses=problems(*REFUSED, UnknownStaff, BadValidity),
)
def end_staff_role(uscc: Uscc, asked: DepartureAsked, caller: Clerk, station: TheStation) -> Declared:
    """State that somebody left a role."""
    caller.must_speak_for(uscc)
    declarer, now_ms = station.recorder.declarer, station.clock()
    stated = station.writer.submit(
        lambda session: end_role(
            session, declarer, uscc, asked.staff, asked.role, day=asked.day, at_ms=now_ms
        )
    )
    return Declared(statement_id=stated)


@router.post(
    "/parties/{uscc}/suspensions",
    summary="Suspend a party",
    status_code=HTTPStatus.CREATED,
    response_model=Declared,
    responses=problems(*SUPERVISED, UnknownParty, StandingUnchanged),
)
def suspend_party(uscc: Uscc, asked: Because, caller: Supervisor, station: TheStation) -> Declared:
    """State that a party may not work from now on; goods may still be kept, tested, returned."""
    declarer, now_ms = station.recorder.declarer, station.clock()
    stated = station.writer.submit(
        lambda session: suspend(
            session,
            declarer,
            Registered.PARTY,
            uscc,
            reason=asked.reason,
            at_ms=now_ms,
            by=by_regulator(caller),
        )
    )
    return Declared(statement_id=stated)


@router.post(
    "/parties/{uscc}/resumptions",
    summary="Let a party work again",
    status_code=HTTPStatus.CREATED,
    response_model=Declared,
    responses=problems(*SUPERVISED, UnknownParty, StandingUnchanged, SuspensionNotYours),
)
def resume_party(uscc: Uscc, asked: Because, caller: Supervisor, station: TheStation) -> Declared:
    """State that a suspended party may work again."""
    declarer, now_ms = station.recorder.declarer, station.clock()
    stated = station.writer.submit(
        lambda session: resume(
            session,
            declarer,
            Registered.PARTY,
            uscc,
            reason=asked.reason,
            at_ms=now_ms,
            by=by_regulator(caller),
        )
    )
    return Declared(statement_id=stated)


@router.post(
    "/parties/{uscc}/closings",
    summary="Close a party",
    status_code=HTTPStatus.CREATED,
    response_model=ClosedAnswer,
    responses=problems(*REFUSED, UnknownParty, StandingUnchanged),
)
def close_party(uscc: Uscc, asked: Because, caller: Clerk, station: TheStation) -> ClosedAnswer:
    """State that a party is closed for good; the answer lists what it still holds."""
    caller.must_speak_for(uscc)
    declarer, now_ms = station.recorder.declarer, station.clock()
    stated, left = station.writer.submit(
        lambda session: (
            close(
                session,
                declarer,
                Registered.PARTY,
                uscc,
                reason=asked.reason,
                at_ms=now_ms,
                by=by_party(caller, uscc),
            ),
            holdings(session, uscc),
        )
    )
    return ClosedAnswer(statement_id=stated, holdings=HoldingsAnswer.of(left))


@router.post(
    "/parties/{uscc}/transfers",
    summary="Transfer a business",
    status_code=HTTPStatus.CREATED,
    response_model=Declared,
    responses=problems(*REFUSED, UnknownParty, NothingChanged, StandingUnchanged),
)
def hand_over_party(uscc: Uscc, asked: TransferAsked, caller: Clerk, station: TheStation) -> Declared:
    """State that all a party runs and holds goes to another; the party is closed from then on."""
    caller.must_speak_for(uscc)
    declarer, now_ms = station.recorder.declarer, station.clock()
    stated = station.writer.submit(
        lambda session: transfer_business(
            session, declarer, uscc, asked.to, reason=asked.reason, at_ms=now_ms, by=by_party(caller, uscc)
        )
    )
    return Declared(statement_id=stated)


def by_party(caller: Caller, uscc: str) -> str | None:
    """Return who states what a party may state of itself: the party, or None for the operator."""
    return None if caller.operates else uscc


def by_regulator(caller: Caller) -> str | None:
    """Return who states what only supervision may: the regulator, or None for the operator."""
    return caller.party if caller.regulator and not caller.operates else None


def _only_operators_appoint(caller: Caller, node_types: Sequence[NodeType]) -> None:
    """Raise `ScopeMissing` where somebody but the operator would make a party a regulator."""
    if NodeType.REGULATOR in node_types and not caller.operates:
        raise ScopeMissing(scope=Scope.OPERATOR.value)


def _read(session: Session, uscc: str, request: Request, station: Station) -> PartyAnswer:
    return PartyAnswer.shown(party_shown(session, uscc), language_of(request), station.clock())
