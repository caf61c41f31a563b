"""Parties' own keys 密钥: registered, rotated and revoked by statements their holders sign themselves."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api import key_service
from api.callers import Anyone, Caller, Clerk, Operator, TheStation
from api.errors import FieldWrong, NotYourParty, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.key_request_errors import SecondPersonFirst
from api.key_requests import require_console
from api.problems import problems
from api.routes.paging import MOST, Limit, Next, link_next, page_of
from api.station import Station
from api.tokens import Scope
from ledger.entry import SignedStatement
from ledger.errors import (
    BadPublicKey,
    BadRegistration,
    BadSignature,
    DuplicateStatement,
    MalformedLeaf,
    MalformedStatement,
    NotCanonical,
    Said,
    UnknownKey,
    WrongLog,
)
from ledger.keyring.key_errors import KeyEnded, KeyStatementRefused, NoSuchKey, NotALogKey
from ledger.keyring.key_reading import KnownKey, Standing, keys_of, known_key
from ledger.keyring.key_statements import REGISTERED, REVOKED, ROTATED, Reason, key_change
from ledger.keyring.registration import holder_of, registration_id
from ledger.note import encode_base64
from ledger.writing.submission import submission_of
from trace.errors import BadIdentifier
from trace.identifiers import check_uscc

router = APIRouter(prefix="/v1", tags=["ledger"])

KeyId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", examples=["24f6ed6acbfe1009c030d7ca567c33ca"])]
Uscc = Annotated[str, Path(min_length=18, max_length=18, examples=["91341600MA2MRYJ17X"])]


class KeyStatementSent(BaseModel):
    """A signed key statement: an entry's members without its place (docs/ledger-format.md, section 7)."""

    model_config = ConfigDict(extra="forbid", strict=True)

    v: int = Field(ge=1, le=1, description="Version of the format.")
    log: str = Field(max_length=200, description="Name of the log it is meant for; signed.")
    id: str = Field(max_length=200, description="`<kind>/<key id>`.")
    kind: str = Field(pattern=r"^key\.(registered|rotated|revoked)$")
    subject: str = Field(max_length=200, description="`key/<key id>`.")
    at_ms: int = Field(ge=0, le=2**53 - 1, description="When the holder speaks: epoch milliseconds, UTC.")
    actor: str = Field(pattern="^[0-9a-f]{32}$", description="Id of the signing key.")
    public: dict[str, Any] = Field(description="What section 7 lists under the kind.")
    digests: list[str] = Field(max_length=0)
    refs: list[str] = Field(max_length=0)
    sig: str = Field(max_length=100, description="Ed25519 signature of the other members, base64.")


class RevocationAsked(BaseModel):
    """Asks the operator's log key to revoke a key whose holder cannot sign any more."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


class KeyAnswer(BaseModel):
    """A key, whose it is, and between which log indices its signature counts."""

    key_id: str = Field(description="First 16 bytes of SHA-256 of the public key, in hex.")
    algorithm: str = "Ed25519"
    key: str = Field(description="The 32 bytes of the public key, base64.")
    holder: str = Field(description="Whom it was registered for.")
    state: Standing
    log_key: bool = Field(description="Whether it is, or was, a key of the log itself.")
    from_index: int | None = Field(description="Index of its registration: it counts at higher ones.")
    until_index: int | None = Field(description="Index of the statement that ended it; null while it counts.")
    successor: str | None = Field(description="The key it was rotated to.")
    reason: str | None = Field(description="Why it was revoked.")
    registered_by: str = Field(description="Its registration; the receipt stands at /v1/receipts/{id}.")


_REFUSED = (
    TokenMissing, TokenRefused, ScopeMissing, NotYourParty, MalformedLeaf, MalformedStatement, NotCanonical,
    WrongLog, BadSignature, UnknownKey, KeyEnded, KeyStatementRefused, DuplicateStatement, WriterClosed,
)  # fmt: skip


@router.get(
    "/keys",
    summary="List the keys of a holder",
    response_model=list[KeyAnswer],
    responses=problems(FieldWrong),
)
def list_keys(
    holder: Annotated[str, Query(min_length=1, max_length=200, examples=["91341600MA2MRYJ17X"])],
    request: Request,
    response: Response,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    limit: Limit = MOST,
    next: Next = None,  # noqa: A002  the name of every page mark
) -> list[KeyAnswer]:
    """Return every key ever registered for a holder, those that count first.

    A `Link` header names the following page.
    """
    with station.database.read() as session:
        found = keys_of(session, holder)
    shown, following = page_of(
        found,
        limit,
        next,
        lambda known: (
            int(known.standing is not Standing.ACTIVE),
            -(known.from_index or 0),
            known.key.key_id,
        ),
        (int, int, str),
    )
    link_next(request, response, following)
    return [_answer(known) for known in shown]


@router.post(
    "/keys",
    summary="Register a key of your own",
    status_code=HTTPStatus.CREATED,
    response_model=KeyAnswer,
    responses=problems(*_REFUSED, BadRegistration, BadPublicKey, BadIdentifier),
)
def register_key(sent: KeyStatementSent, caller: Clerk, station: TheStation) -> KeyAnswer:
    """Register a key by a `key.registered` statement that it signs itself: the signature proves possession.

    The holder is the caller's party. The same statement again changes nothing.
    """
    signed = _submitted(sent, REGISTERED)
    _must_hold(caller, holder_of(signed.statement))
    return _answer(key_service.take_in(station, signed))


@router.get(
    "/keys/{key_id}",
    summary="Read a key's life",
    response_model=KeyAnswer,
    responses=problems(NoSuchKey),
)
def read_key_state(key_id: KeyId, caller: Anyone, station: TheStation) -> KeyAnswer:  # noqa: ARG001  declares who may call
    """Return whose key it is and between which indices of the log its signature counts."""
    with station.database.read() as session:
        return _answer(known_key(session, key_id))


@router.post(
    "/keys/{key_id}/rotations",
    summary="Replace a key by its successor",
    status_code=HTTPStatus.CREATED,
    response_model=KeyAnswer,
    responses=problems(*_REFUSED, NoSuchKey),
)
def rotate_key(key_id: KeyId, sent: KeyStatementSent, caller: Clerk, station: TheStation) -> KeyAnswer:
    """End a key by a `key.rotated` statement that it signs itself and that names its registered successor."""
    _must_own(caller, station, key_id)
    return _answer(key_service.take_in(station, _about(_submitted(sent, ROTATED), key_id)))


@router.post(
    "/keys/{key_id}/revocations",
    summary="Revoke a key",
    status_code=HTTPStatus.CREATED,
    response_model=KeyAnswer,
    responses=problems(*_REFUSED, NoSuchKey, NotALogKey),
)
def revoke_key(
    key_id: KeyId, sent: KeyStatementSent | RevocationAsked, caller: Clerk, station: TheStation
) -> KeyAnswer:
    """End a key for good: by a `key.revoked` statement that it signs itself, or by the operator's log key.

    An operator sends `{"reason": …}` for a key that was lost; nothing brings a revoked key back.
    """
    if isinstance(sent, KeyStatementSent):
        _must_own(caller, station, key_id)
        return _answer(key_service.take_in(station, _about(_submitted(sent, REVOKED), key_id)))
    if Scope.OPERATOR not in caller.scopes:
        raise ScopeMissing(scope=Scope.OPERATOR.value)
    return _answer(key_service.revoke_by_log(station, key_id, sent.reason.value))


@router.post(
    "/custody/{party}/rotations",
    summary="Renew the key held for a party",
    status_code=HTTPStatus.CREATED,
    response_model=KeyAnswer,
    responses=problems(
        TokenMissing, TokenRefused, ScopeMissing, SecondPersonFirst, BadIdentifier, WriterClosed
    ),
)
def renew_custody(party: Uscc, caller: Operator, station: TheStation) -> KeyAnswer:
    """Make a new key for a party that has none of its own, and let it follow the old one."""
    require_console(station, caller)
    return _answer(key_service.renew_custody(station, check_uscc(party)))


def _submitted(sent: KeyStatementSent, kind: str) -> SignedStatement:
    signed = submission_of(sent.model_dump())
    if signed.statement.kind != kind:
        raise KeyStatementRefused(
            key=signed.actor, why=Said(f"此处只接受 {kind}", f"only {kind} is taken in here")
        )
    return signed


def _about(signed: SignedStatement, key_id: str) -> SignedStatement:
    if key_change(signed).key_id != key_id:
        raise KeyStatementRefused(key=key_id, why=Said("陈述是关于另一把密钥的", "it is about another key"))
    return signed


def _must_hold(caller: Caller, holder: str) -> None:
    """Raise unless the caller may register keys for `holder`: a party, unless the operator asks."""
    caller.must_speak_for(holder)
    if Scope.OPERATOR not in caller.scopes:
        check_uscc(holder)


def _must_own(caller: Caller, station: Station, key_id: str) -> None:
    with station.database.read() as session:
        caller.must_speak_for(known_key(session, key_id).holder)


def _answer(known: KnownKey) -> KeyAnswer:
    return KeyAnswer(
        key_id=known.key.key_id,
        key=encode_base64(known.key.raw),
        holder=known.holder,
        state=known.standing,
        log_key=known.log_key,
        from_index=known.from_index,
        until_index=known.until_index,
        successor=known.successor,
        reason=known.reason,
        registered_by=registration_id(known.key.key_id),
    )
