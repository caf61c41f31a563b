"""Who calls: every route declares one of six callers by an annotated parameter.

    def record_step(new: StepNew, caller: Clerk, station: TheStation) -> Receipt: ...

`Anyone` needs no token. The others read ``Authorization: Bearer daodi_…`` and its scopes; an operator's
token allows everything. A test walks all routes and fails for one that declares none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.errors import ScopeMissing, TokenMissing
from api.station import Station
from api.tokens import Scope, check_token, require_party

_bearer = HTTPBearer(auto_error=False, description="An access token the operator issued: daodi_…")


@dataclass(frozen=True, slots=True)
class Caller:
    """The one who sent a request."""

    address: str
    """Network address, for limits only; never stored."""
    name: str | None = None
    """The token's name; None without a token."""
    party: str | None = None
    """USCC of the only party the token speaks for; None: not bound."""
    scopes: frozenset[Scope] = frozenset()

    def must_speak_for(self, party: str) -> None:
        """Raise `NotYourParty` when the token belongs to another party than `party` (a USCC)."""
        require_party(self.party, self.scopes, party)


# `async def`: FastAPI would spend a thread on each request to run it otherwise.
async def station_of(request: Request) -> Station:
    """Return the station the app was created with."""
    station: Station = request.app.state.station
    return station


TheStation = Annotated[Station, Depends(station_of)]
"""What the running process holds: database, writer, recorder, keys."""


async def _anyone(request: Request) -> Caller:
    return Caller(address=address_of(request))


def _holder_of(scope: Scope) -> Callable[..., Caller]:
    # `def`, not `async def`: it reads the database, in a session that ends inside this call.
    def holder(
        request: Request,
        station: TheStation,
        sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    ) -> Caller:
        if sent is None:
            raise TokenMissing
        with station.database.read() as session:
            found = check_token(session, sent.credentials, station.clock())
        if not found.scopes & {scope, Scope.OPERATOR}:
            raise ScopeMissing(scope=scope.value)
        return Caller(address_of(request), found.name, found.party, found.scopes)

    return holder


def presented_token(request: Request) -> str:
    """Return the bearer token a request presents, unchecked; raises `TokenMissing`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenMissing
    return token


# The scheme is a parameter only so that the description of the API names it.
async def _presented(
    request: Request,
    _sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> str:
    return presented_token(request)


def address_of(request: Request) -> str:
    """Return the caller's network address as the server settled it (trusted proxies already applied)."""
    return request.client.host if request.client else "unknown"


_clerk = _holder_of(Scope.STEPS_WRITE)
_feeder = _holder_of(Scope.QUOTES_WRITE)
_publisher = _holder_of(Scope.INDEX_PUBLISH)
_operator = _holder_of(Scope.OPERATOR)

Anyone = Annotated[Caller, Depends(_anyone)]
"""The public; no token is read."""
Clerk = Annotated[Caller, Depends(_clerk)]
"""Records steps for a party (scope ``steps:write``)."""
Feeder = Annotated[Caller, Depends(_feeder)]
"""Delivers quotes (scope ``quotes:write``)."""
Publisher = Annotated[Caller, Depends(_publisher)]
"""Computes and publishes index releases (scope ``index:publish``)."""
Operator = Annotated[Caller, Depends(_operator)]
"""Runs the service (scope ``operator``)."""

Bearer = Annotated[str, Depends(_presented)]
"""A token as it was presented, unchecked: only for what goes through `StatementLane`, which checks the
tokens of a whole group at once and asks of each what a `Clerk` must have."""

CALLERS: tuple[Callable[..., object], ...] = (_anyone, _clerk, _feeder, _publisher, _operator, _presented)
"""The dependencies of these; a route that depends on none of them fails a test."""
