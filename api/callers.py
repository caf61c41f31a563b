"""Who calls: every route declares one of fifteen callers by an annotated parameter.

    def record_step(new: StepNew, caller: Clerk, station: TheStation) -> Receipt: ...

`Anyone` needs no token. The others read ``Authorization: Bearer …``, a key or a short token, and where there
is none the session's cookie, which has the scopes of its person's roles; who operates may do everything.
A test walks all routes and fails for one that declares none.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Session

from api import asking
from api.accounts import sessions, short_tokens
from api.accounts.account_errors import (
    EnrolmentNeeded,
    FactorNeeded,
    KeyNeeded,
    SessionEnded,
    SignInNeeded,
)
from api.accounts.cookies import comes_from_here, is_safe, presented_cookie, require_own_page
from api.accounts.sessions import SignedIn, Stage
from api.errors import NotARegulator, ScopeMissing, TokenMissing, TokenRefused
from api.station import Station
from api.tokens import Scope, TokenHolder, check_token, holder_of, require_party, require_source
from ledger.errors import DaodiError
from trace.errors import UnknownParty
from trace.parties import party as party_named
from trace.vocabulary import NodeType

_bearer = HTTPBearer(
    auto_error=False,
    description="A key, daodi_…, or a short token of POST /v1/tokens; or sign in with a browser.",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """The one who sent a request."""

    address: str
    """Network address, for limits only; never stored."""
    name: str | None = None
    """The key's name, or a person's account: never a private name. None for the public."""
    party: str | None = None
    """USCC of the only party the token speaks for; None: not bound."""
    source: str | None = None
    """The only source the token delivers quotes of; None: not bound."""
    scopes: frozenset[Scope] = frozenset()
    token: str | None = None
    """Prefix of the key, or the account of the person behind key or session: tells two persons of one party
    apart, and is stated nowhere."""
    regulator: bool = False
    """Whether it supervises: scope ``supervise`` of a party that is registered as a regulator."""
    signed_in: SignedIn | None = None
    """The session of a person at a browser; None for keys and tokens."""
    key: str | None = None
    """Prefix of the key that was presented; None for others."""

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


SCOPES_OF_CALLER: Final[dict[Callable[..., object], tuple[Scope, ...]]] = {}
"""The scopes of which a caller must hold one, by its dependency; those that are not in it need none."""


def _holder_of(*wanted: Scope) -> Callable[..., Caller]:
    """Return the dependency that lets in who holds one of the scopes `wanted`, or the operator's."""

    # `def`, not `async def`: it reads the database, in a session that ends inside this call.
    def holder(
        request: Request,
        station: TheStation,
        sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    ) -> Caller:
        if sent is not None:
            found = _bearer_of(request, station, sent.credentials)
        else:
            found = _person_of(request, station, TokenMissing())
            _require_stage(found)
        asking.settled(found)
        require_scope(found, wanted)
        return found

    SCOPES_OF_CALLER[holder] = wanted
    return holder


def _bearer_of(request: Request, station: Station, token: str) -> Caller:
    """Return who bears a key or a short token; raises `TokenRefused`."""
    now_ms, address = station.clock(), address_of(request)
    with station.database.read() as session:
        if short_tokens.is_short(token):
            return _bearer_of_short(session, station, request, token, now_ms)
        holder = check_token(session, token, now_ms)
        found = _caller(session, holder, address)
    station.people.sightings.of_key(holder, now_ms)
    return found


def _bearer_of_short(session: Session, station: Station, request: Request, token: str, now_ms: int) -> Caller:
    people, issuer, address = station.people, station.settings.base_url, address_of(request)
    claims = short_tokens.check(token, people.token_keys.believed(), issuer, now_ms)
    if not request.url.path.startswith(short_tokens.MEANT_FOR):
        raise TokenRefused
    kind, _, origin = claims.made_in.partition(":")
    if kind == "key":
        holder = holder_of(session, origin, now_ms)
        whole = _caller(session, holder, address)
    else:
        signed_in = sessions.find_by_id(session, origin, now_ms, people.lifetimes)
        if signed_in is None or signed_in.stage is not Stage.FULL:
            raise TokenRefused
        whole = _caller_in(session, signed_in, address)
    if whole.token != claims.subject:
        raise TokenRefused
    operates = Scope.OPERATOR in whole.scopes
    scopes = frozenset(
        scope for scope in Scope if scope in claims.scopes and (operates or scope in whole.scopes)
    )
    regulator = whole.regulator and Scope.SUPERVISE in scopes
    return replace(whole, scopes=scopes, regulator=regulator, signed_in=None, key=None)


def _person_of(request: Request, station: Station, missing: DaodiError) -> Caller:
    """Return the person at a browser, however far the sign-in has come.

    Raises `missing` without a cookie, `SessionEnded`, `ForeignForm`.
    """
    secret = presented_cookie(request, station.settings)
    if secret is None:
        raise missing
    require_own_page(request, station.settings)
    found = _at_browser(request, station, secret)
    if found is None:
        raise SessionEnded
    return found


def _at_browser(request: Request, station: Station, secret: str) -> Caller | None:
    now_ms, people = station.clock(), station.people
    with station.database.read() as session:
        signed_in = sessions.find(session, secret, now_ms, people.lifetimes)
        if signed_in is None:
            return None
        found = _caller_in(session, signed_in, address_of(request))
    people.sightings.of_session(signed_in, now_ms)
    return found


def _require_stage(found: Caller) -> None:
    """Raise `FactorNeeded` or `EnrolmentNeeded` for a session that is not yet a whole one."""
    if found.signed_in is not None and found.signed_in.stage is Stage.CODE:
        raise FactorNeeded
    if found.signed_in is not None and found.signed_in.stage is Stage.ENROLMENT:
        raise EnrolmentNeeded


def _caller_in(session: Session, signed_in: SignedIn, address: str) -> Caller:
    scopes = signed_in.scopes
    return Caller(
        address=address,
        name=signed_in.account_id,
        party=signed_in.party,
        source=signed_in.source,
        scopes=scopes,
        token=signed_in.account_id,
        regulator=Scope.SUPERVISE in scopes and _is_regulator(session, signed_in.party),
        signed_in=signed_in,
    )


def caller_of(session: Session, token: str, now_ms: int, address: str = "") -> Caller:
    """Return who bears a key; raises `TokenRefused`."""
    return _caller(session, check_token(session, token, now_ms), address)


def _caller(session: Session, found: TokenHolder, address: str) -> Caller:
    return Caller(
        address=address,
        name=found.name,
        party=found.party,
        source=found.source,
        scopes=found.scopes,
        token=found.account or found.prefix,
        regulator=Scope.SUPERVISE in found.scopes and _is_regulator(session, found.party),
        key=found.prefix,
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


# `def`: it reads the database where something is presented.
def _visitor(
    request: Request,
    station: TheStation,
    sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    found = _bearer_of(request, station, sent.credentials) if sent is not None else _perhaps(request, station)
    if found is None:
        return Caller(address=address_of(request))
    asking.settled(found)
    return found


def _perhaps(request: Request, station: Station) -> Caller | None:
    """Return the person of a whole session; to the public's page an ended or foreign one is none."""
    secret = presented_cookie(request, station.settings)
    if secret is None or not (is_safe(request) or comes_from_here(request, station.settings)):
        return None
    found = _at_browser(request, station, secret)
    whole = found is not None and found.signed_in is not None and found.signed_in.stage is Stage.FULL
    return found if whole else None


# `def`: it reads the database.
def _arriving(request: Request, station: TheStation) -> Caller:
    found = _person_of(request, station, SignInNeeded())
    asking.settled(found)
    return found


# `def`: it reads the database.
def _person(request: Request, station: TheStation) -> Caller:
    found = _person_of(request, station, SignInNeeded())
    _require_stage(found)
    asking.settled(found)
    return found


def presented_token(request: Request) -> str:
    """Return the key a request presents, unchecked; raises `TokenMissing`, `KeyNeeded` for a short token."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenMissing
    if short_tokens.is_short(token):
        raise KeyNeeded
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

Person = Annotated[Caller, Depends(_person)]
"""A person who is signed in with a browser, and acts for their own account: no key stands in for them."""
Arriving = Annotated[Caller, Depends(_arriving)]
"""A person whose password is proven, and whose second factor may still be missing."""

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
    _person,
    _arriving,
    _presented,
)
"""The dependencies of these; a route that depends on none of them fails a test."""
