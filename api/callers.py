"""Who calls: every route declares one of thirteen callers by an annotated parameter.

    def record_step(new: StepNew, caller: Clerk, station: TheStation) -> Receipt: ...

`Anyone` needs no token. The others read ``Authorization: Bearer daodi_…`` and its scopes; an operator's
token allows everything. A test walks all routes and fails for one that declares none.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Session

from api.errors import NotARegulator, ScopeMissing, TokenMissing
from api.station import Station
from api.tokens import Scope, check_token, require_party, require_source
from trace.errors import UnknownParty
from trace.parties import party as party_named
from trace.vocabulary import NodeType

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
    source: str | None = None
    """The only source the token delivers quotes of; None: not bound."""
    scopes: frozenset[Scope] = frozenset()
    token: str | None = None
    """Prefix of the token: tells two persons of one party apart, and is stated nowhere."""
    regulator: bool = False
    """Whether it supervises: scope ``supervise`` of a party that is registered as a regulator."""

    @property
    def operates(self) -> bool:
        """Whether it runs the service, and so may do everything."""
        return Scope.OPERATOR in self.scopes

    def must_speak_for(self, party: str) -> None:
        """Raise `NotYourParty` when the token belongs to another party than `party` (a USCC)."""
        require_party(self.party, self.scopes, party)

    def must_speak_as(self, source: str) -> None:
        """Raise `NotYourSource` when the token delivers quotes of another source than `source`."""
        require_source(self.source, self.scopes, source)

    @property
    def person(self) -> str:
        """Who it is in the records of the price desk: the token's prefix and its name."""
        return f"{self.token or ''} {self.name or ''}"


# `async def`: FastAPI would spend a thread on each request to run it otherwise.
async def station_of(request: Request) -> Station:
    """Return the station the app was created with."""
    station: Station = request.app.state.station
    return station


TheStation = Annotated[Station, Depends(station_of)]
"""What the running process holds: database, writer, recorder, keys."""


async def _anyone(request: Request) -> Caller:
    return Caller(address=address_of(request))


def _holder_of(*wanted: Scope) -> Callable[..., Caller]:
    """Return the dependency that lets in who holds one of the scopes `wanted`, or the operator's."""

    # `def`, not `async def`: it reads the database, in a session that ends inside this call.
    def holder(
        request: Request,
        station: TheStation,
        sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    ) -> Caller:
        if sent is None:
            raise TokenMissing
        with station.database.read() as session:
            found = caller_of(session, sent.credentials, station.clock(), address_of(request))
        require_scope(found, wanted)
        return found

    return holder


def caller_of(session: Session, token: str, now_ms: int, address: str = "") -> Caller:
    """Return who bears a token; raises `TokenRefused`."""
    found = check_token(session, token, now_ms)
    return Caller(
        address=address,
        name=found.name,
        party=found.party,
        source=found.source,
        scopes=found.scopes,
        token=found.prefix,
        regulator=Scope.SUPERVISE in found.scopes and _is_regulator(session, found.party),
    )


def require_scope(found: Caller, wanted: Collection[Scope]) -> None:
    """Raise `ScopeMissing` unless the caller has one of the scopes `wanted`, or the operator's.

    Raises `NotARegulator` where ``supervise`` is all that lets it in and it is bound to no regulator.
    """
    if not found.scopes & {*wanted, Scope.OPERATOR}:
        raise ScopeMissing(scope=" / ".join(scope.value for scope in wanted))
    if not (found.regulator or found.scopes & ({*wanted, Scope.OPERATOR} - {Scope.SUPERVISE})):
        raise NotARegulator(party=found.party or "—")


def _is_regulator(session: Session, uscc: str | None) -> bool:
    if uscc is None:
        return False
    try:
        return NodeType.REGULATOR in party_named(session, uscc).node_types
    except UnknownParty:
        return False


# `def`: it reads the database where a token is presented.
def _visitor(
    request: Request,
    station: TheStation,
    sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    if sent is None:
        return Caller(address=address_of(request))
    with station.database.read() as session:
        return caller_of(session, sent.credentials, station.clock(), address_of(request))


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
_verifier = _holder_of(Scope.QUOTES_DECIDE)
_publisher = _holder_of(Scope.INDEX_PUBLISH)
_supervisor = _holder_of(Scope.SUPERVISE)
_warning_reader = _holder_of(Scope.WARNINGS_READ, Scope.WARNINGS_DECIDE)
_warning_decider = _holder_of(Scope.WARNINGS_DECIDE)
_clerk_or_supervisor = _holder_of(Scope.STEPS_WRITE, Scope.SUPERVISE)
_operator = _holder_of(Scope.OPERATOR)
_holder = _holder_of(*Scope)

Anyone = Annotated[Caller, Depends(_anyone)]
"""The public; no token is read."""
Visitor = Annotated[Caller, Depends(_visitor)]
"""The public, or who presents a token of any scope: what it may see is the route's to judge."""
Clerk = Annotated[Caller, Depends(_clerk)]
"""Records steps for a party (scope ``steps:write``)."""
Feeder = Annotated[Caller, Depends(_feeder)]
"""Delivers quotes (scope ``quotes:write``)."""
Verifier = Annotated[Caller, Depends(_verifier)]
"""Decides about quotes and names others handed in (scope ``quotes:decide``)."""
Publisher = Annotated[Caller, Depends(_publisher)]
"""Computes and publishes index releases (scope ``index:publish``)."""
Supervisor = Annotated[Caller, Depends(_supervisor)]
"""A regulator 管理机构: bound to a party registered as one (scope ``supervise``), or the operator."""
WarningReader = Annotated[Caller, Depends(_warning_reader)]
"""Reads the warnings of regulators' rules (scope ``warnings:read`` or ``warnings:decide``)."""
WarningDecider = Annotated[Caller, Depends(_warning_decider)]
"""Decides about warnings (scope ``warnings:decide``)."""
ClerkOrSupervisor = Annotated[Caller, Depends(_clerk_or_supervisor)]
"""Whoever may hold or recall goods: a party its own (``steps:write``), a regulator anybody's."""
Operator = Annotated[Caller, Depends(_operator)]
"""Runs the service (scope ``operator``)."""
Holder = Annotated[Caller, Depends(_holder)]
"""Holds a token of any scope, and acts for itself alone."""

Bearer = Annotated[str, Depends(_presented)]
"""A token as it was presented, unchecked: only for what goes through `StatementLane`, which checks the
tokens of a whole group at once and asks of each what a `Clerk` must have."""

CALLERS: tuple[Callable[..., object], ...] = (
    _anyone,
    _visitor,
    _clerk,
    _feeder,
    _verifier,
    _publisher,
    _supervisor,
    _warning_reader,
    _warning_decider,
    _clerk_or_supervisor,
    _operator,
    _holder,
    _presented,
)
"""The dependencies of these; a route that depends on none of them fails a test."""
