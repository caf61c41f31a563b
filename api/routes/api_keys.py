"""A person's own API keys 密钥, and short tokens made from a session or a key."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.accounts import api_keys, short_token_work
from api.accounts.account_errors import BeyondOwnScopes, SignInNeeded, UnknownApiKey
from api.accounts.api_keys import LONGEST_NAME, KeyNew
from api.accounts.token_keys import LONGEST_MS
from api.callers import Anyone, Holder, TheStation
from api.errors import FieldWrong, NotARegulator, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, link_next, page_of
from api.tables import ApiTokenRow
from api.tokens import Scope
from api.web.conditional import conditional_model
from api.web.formats import moment_or_none
from priceindex.calendar import day_of

router = APIRouter(tags=["accounts"])

Prefix = Annotated[str, Path(pattern=r"^[0-9a-f]{8}$", examples=["0f3a9b1c"], description="A key's prefix.")]
_HELD = (TokenMissing, TokenRefused, ScopeMissing, NotARegulator)
_MOST_DAYS = 3650


class KeyAsked(BaseModel):
    """A key as its maker wants it."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=LONGEST_NAME, description="What the key is for.")
    scopes: list[Scope] | None = Field(
        None,
        min_length=1,
        max_length=len(Scope),
        description="Scopes among its maker's own; null: all of them.",
    )
    days: int | None = Field(
        None, ge=1, le=_MOST_DAYS, description="Days it lasts; null: as the operator set, a year by default."
    )


class ApiKeyAnswer(BaseModel):
    """One key, without its secret."""

    prefix: str
    name: str
    party: str | None
    scopes: list[str]
    own: bool = Field(description="Whether the caller's account made it.")
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_on: date | None = Field(description="The last day (UTC) it was used on; null: never.")


class ApiKeyMade(ApiKeyAnswer):
    """A new key; this answer alone shows it."""

    key: str


class TokenAsked(BaseModel):
    """A short token as it is wanted."""

    model_config = ConfigDict(extra="forbid")

    scopes: list[Scope] | None = Field(
        None,
        min_length=1,
        max_length=len(Scope),
        description="Scopes among the caller's own; null: all of them.",
    )
    seconds: int = Field(
        LONGEST_MS // 1000, ge=30, le=LONGEST_MS // 1000, description="How long it lasts, in seconds."
    )


class TokenAnswer(BaseModel):
    """A short token (RFC 6749, section 5.1)."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105  the type's name
    expires_in: int = Field(description="Seconds.")
    scope: str


class TokenKeyAnswer(BaseModel):
    """A public key that verifies short tokens (RFC 8037)."""

    kty: str
    crv: str
    x: str
    kid: str
    use: str
    alg: str


class TokenKeyList(BaseModel):
    """A JWK set (RFC 7517, section 5)."""

    keys: list[TokenKeyAnswer]


@router.get(
    "/v1/api-keys",
    summary="List API keys",
    response_model=list[ApiKeyAnswer],
    responses=problems(*_HELD, FieldWrong),
)
def list_api_keys(
    request: Request,
    response: Response,
    caller: Holder,
    station: TheStation,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> list[ApiKeyAnswer]:
    """Return the keys the caller may end, the newest first: own ones, and those issued to their party.

    A `Link` header names the following page.
    """
    found = api_keys.keys_of(station, caller)
    shown, following = page_of(found, limit, next, lambda row: (-row.created_ms, row.prefix), (int, str))
    link_next(request, response, following)
    return [ApiKeyAnswer.model_validate(_members(row, caller.token)) for row in shown]


@router.post(
    "/v1/api-keys",
    summary="Make an API key",
    status_code=HTTPStatus.CREATED,
    response_model=ApiKeyMade,
    responses=problems(*_HELD, SignInNeeded, BeyondOwnScopes, FieldWrong, WriterClosed),
)
def make_api_key(asked: KeyAsked, response: Response, caller: Holder, station: TheStation) -> ApiKeyMade:
    """Make a key for the person who is signed in with a browser; no key makes another.

    It never does more than its person may do at the time, and counts as that person where two are needed.
    """
    scopes = None if asked.scopes is None else frozenset(asked.scopes)
    key, row = api_keys.make_key(station, caller, KeyNew(asked.name, scopes, asked.days))
    response.headers["Cache-Control"] = "no-store"
    return ApiKeyMade.model_validate({**_members(row, caller.token), "key": key})


@router.post(
    "/v1/api-keys/{prefix}/revocation",
    summary="End an API key",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(*_HELD, UnknownApiKey, WriterClosed),
)
def end_api_key(prefix: Prefix, caller: Holder, station: TheStation) -> None:
    """End one of the caller's keys at once, and every short token made with it."""
    api_keys.end_key(station, caller, prefix)


@router.post(
    "/v1/tokens",
    summary="Make a short token",
    response_model=TokenAnswer,
    responses=problems(*_HELD, BeyondOwnScopes, SignInNeeded),
)
def make_short_token(
    asked: TokenAsked, response: Response, caller: Holder, station: TheStation
) -> TokenAnswer:
    """Return a signed token (JWT, Ed25519) for ten minutes at most, with the caller's scopes or fewer.

    It is refused as soon as the session or key it was made with has ended. No token makes another.
    """
    scopes = None if asked.scopes is None else frozenset(asked.scopes)
    made = short_token_work.make_token(station, caller, scopes, asked.seconds)
    response.headers["Cache-Control"] = "no-store"
    return TokenAnswer(access_token=made.token, expires_in=asked.seconds, scope=" ".join(sorted(made.scopes)))


@router.get(
    "/.well-known/jwks.json",
    summary="Read the keys of short tokens",
    response_model=TokenKeyList,
    responses=problems(),
)
def read_token_keys(request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Return the public keys short tokens are verified with: none before the first token was made."""
    keys = [key.as_dict(private=False) for key in station.people.token_keys.believed().keys]
    listed = [TokenKeyAnswer.model_validate(key) for key in keys]
    return conditional_model(request, TokenKeyList(keys=listed))


def _members(row: ApiTokenRow, account: str | None) -> dict[str, object]:
    return {
        "prefix": row.prefix,
        "name": row.name,
        "party": row.party,
        "scopes": row.scopes.split(),
        "own": row.account is not None and row.account == account,
        "created_at": moment_or_none(row.created_ms),
        "expires_at": moment_or_none(row.expires_ms),
        "revoked_at": moment_or_none(row.revoked_ms),
        "used_on": None if row.used_day is None else day_of(row.used_day),
    }
