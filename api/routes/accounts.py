"""Accounts of people 账号, for the operator: made and invited, given roles, locked, reset and ended."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from api.accounts import administering
from api.accounts.account_errors import (
    AccountEnded,
    RoleNeedsParty,
    RolesMissing,
    ShownNameWrong,
    SignInNameTaken,
    SignInNameWrong,
    UnknownAccount,
)
from api.accounts.account_tables import AccountRow
from api.accounts.accounts import AccountNew, named
from api.accounts.administering import Invited
from api.accounts.roles import AccountRole
from api.callers import Caller, Operator, TheStation
from api.errors import FieldWrong, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.key_request_errors import SamePersonAgain
from api.key_requests import is_console
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, link_next, page_of
from api.station import Station
from api.web.conditional import MATCH_HEADER, conditional_model, require_match
from api.web.formats import moment_or_none
from api.web.precondition_errors import ChangedMeanwhile
from trace.errors import BadIdentifier

router = APIRouter(prefix="/v1/accounts", tags=["accounts"])

AccountName = Annotated[
    str,
    Path(min_length=3, max_length=60, examples=["acct-0f3a9b1c2d"], description="Its id or sign-in name."),
]
_WRITING = (TokenMissing, TokenRefused, ScopeMissing, WriterClosed)
_HELD = (*_WRITING, UnknownAccount, AccountEnded)
_SECRET = {"Cache-Control": "no-store"}


class AccountAsked(BaseModel):
    """Whom an account is for and what the person may do."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(
        max_length=60, examples=["bozhou.clerk-2"], description="What the person signs in with."
    )
    shown: str = Field(
        max_length=60, description="The person's name, as their own pages greet them. Private."
    )
    roles: list[AccountRole] = Field(min_length=1, max_length=len(AccountRole))
    party: str | None = Field(
        None,
        max_length=18,
        examples=["91341600MA2MRYJ17X"],
        description="USCC of the party the person acts for.",
    )
    source: str | None = Field(
        None, max_length=40, description="The one source of quotes the person delivers; null: any."
    )


class RolesAsked(BaseModel):
    """Every role an account is to have."""

    model_config = ConfigDict(extra="forbid")

    roles: list[AccountRole] = Field(min_length=1, max_length=len(AccountRole))


class ResetAsked(BaseModel):
    """What of an account is to be set anew."""

    model_config = ConfigDict(extra="forbid")

    factor: bool = Field(
        default=False, description="Whether the second factor is taken too: for a lost authenticator."
    )


class AccountAnswer(BaseModel):
    """One account; no name of a person leaves the service here."""

    account: str = Field(examples=["acct-0f3a9b1c2d"])
    name: str = Field(description="The sign-in name.")
    roles: list[AccountRole]
    party: str | None
    source: str | None
    second_factor: bool = Field(description="Whether one is enrolled.")
    has_password: bool = Field(description="False until the invitation was used.")
    created_at: datetime
    locked_at: datetime | None
    waits: bool = Field(
        description="Whether it is locked until another operator than the one who asked unlocks it."
    )
    ended_at: datetime | None


class InvitationAnswer(AccountAnswer):
    """An account, and where there is one the link its person sets a password with: shown now, never again."""

    link: str | None = Field(description="Null where another operator gets it, who unlocks the account.")
    link_until: datetime | None


@router.get(
    "",
    summary="List accounts",
    response_model=list[AccountAnswer],
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, FieldWrong),
)
def list_accounts(
    request: Request,
    response: Response,
    caller: Operator,  # noqa: ARG001  declares who may call
    station: TheStation,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> list[AccountAnswer]:
    """Return every account, oldest first, ended ones too; a `Link` header names the following page."""
    found = administering.everyone(station)
    shown, following = page_of(found, limit, next, lambda row: (row.created_ms, row.account_id), (int, str))
    link_next(request, response, following)
    return [account_answer(row) for row in shown]


@router.post(
    "",
    summary="Make an account",
    status_code=HTTPStatus.CREATED,
    response_model=InvitationAnswer,
    responses=problems(
        *_WRITING,
        SignInNameTaken,
        SignInNameWrong,
        ShownNameWrong,
        RolesMissing,
        RoleNeedsParty,
        BadIdentifier,
    ),
)
def make_account(
    asked: AccountAsked,
    response: Response,
    caller: Operator,
    station: TheStation,
) -> InvitationAnswer:
    """Make an account for one person and return a link, good once, with which the person sets a password.

    A regulator's, publisher's or operator's account waits, locked and without a link, until another operator
    unlocks it.
    """
    new = AccountNew(
        name=asked.name,
        shown=asked.shown,
        roles=frozenset(asked.roles),
        party=asked.party,
        source=asked.source,
    )
    response.headers.update(_SECRET)
    return invitation_answer(administering.add(station, new, by=_asking(station, caller)))


@router.get(
    "/{account}",
    summary="Show an account",
    response_model=AccountAnswer,
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, UnknownAccount),
)
def show_account(account: AccountName, request: Request, caller: Operator, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return one account; its `ETag` is what a change of its roles names."""
    with station.database.read() as session:
        told = account_answer(named(session, account))
    return conditional_model(request, told, cache="private, no-cache")


@router.post(
    "/{account}/roles",
    summary="Set an account's roles",
    response_model=AccountAnswer,
    responses=problems(*_HELD, RolesMissing, RoleNeedsParty, ChangedMeanwhile),
    openapi_extra={"parameters": [MATCH_HEADER]},
)
def give_roles(
    account: AccountName,
    asked: RolesAsked,
    request: Request,
    caller: Operator,
    station: TheStation,
) -> AccountAnswer:
    """Give an account these roles and no others: sessions, keys and tokens follow with their next request.

    With regulator, publisher or operator added it loses its password and keys and waits, locked, until
    another operator unlocks it.
    """
    by, roles = _asking(station, caller), frozenset(asked.roles)

    def check(session: Session) -> None:
        require_match(request, lambda: account_answer(named(session, account)))

    return account_answer(administering.give_roles(station, account, roles, by=by, check=check))


@router.post(
    "/{account}/locks", summary="Lock an account", response_model=AccountAnswer, responses=problems(*_HELD)
)
def lock_account(account: AccountName, caller: Operator, station: TheStation) -> AccountAnswer:  # noqa: ARG001  declares who may call
    """Keep an account out at once: its sessions end, its keys and tokens are refused until it is unlocked."""
    return account_answer(administering.lock(station, account))


@router.post(
    "/{account}/unlocks",
    summary="Unlock an account",
    response_model=InvitationAnswer,
    responses=problems(*_HELD, SamePersonAgain),
)
def unlock_account(
    account: AccountName, response: Response, caller: Operator, station: TheStation
) -> InvitationAnswer:
    """Let an account in again, whether an operator locked it or failed sign-ins did.

    What waits for a second operator is unlocked by another than asked for it, who gets the link.
    """
    response.headers.update(_SECRET)
    return invitation_answer(administering.unlock(station, account, by=_asking(station, caller)))


@router.post(
    "/{account}/resets",
    summary="Reset an account's password",
    response_model=InvitationAnswer,
    responses=problems(*_HELD),
)
def reset_account(
    account: AccountName,
    asked: ResetAsked,
    response: Response,
    caller: Operator,
    station: TheStation,
) -> InvitationAnswer:
    """Take an account's password, and on request its second factor; end its sessions and keys.

    The answer has a new link; a regulator's, publisher's or operator's account waits for another operator.
    """
    response.headers.update(_SECRET)
    by = _asking(station, caller)
    return invitation_answer(administering.reset(station, account, factor=asked.factor, by=by))


@router.post(
    "/{account}/end", summary="End an account", response_model=AccountAnswer, responses=problems(*_HELD)
)
def end_account(account: AccountName, caller: Operator, station: TheStation) -> AccountAnswer:  # noqa: ARG001  declares who may call
    """End an account for good: sessions and keys with it; the person's name and secrets are erased."""
    return account_answer(administering.end(station, account))


def account_answer(row: AccountRow) -> AccountAnswer:
    """Return an account as it is answered, here and at the console."""
    return AccountAnswer.model_validate(_members(row))


def invitation_answer(done: Invited) -> InvitationAnswer:
    """Return an account and its link as they are answered, here and at the console."""
    return InvitationAnswer.model_validate(
        {**_members(done.account), "link": done.link, "link_until": moment_or_none(done.expires_ms)}
    )


def _asking(station: Station, caller: Caller) -> str | None:
    """Return who asks, None for the machine's own console, which may act alone."""
    return None if is_console(station, caller) else caller.person


def _members(row: AccountRow) -> dict[str, object]:
    return {
        "account": row.account_id,
        "name": row.name,
        "roles": row.roles.split(),
        "party": row.party,
        "source": row.source,
        "second_factor": row.factor_ms is not None,
        "has_password": row.password is not None,
        "created_at": moment_or_none(row.created_ms),
        "locked_at": moment_or_none(row.locked_ms),
        "waits": row.asked_by is not None,
        "ended_at": moment_or_none(row.ended_ms),
    }
