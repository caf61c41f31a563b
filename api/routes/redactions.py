"""Private values of statements: read by those entitled, and erased for good."""

from http import HTTPStatus
from typing import Annotated, cast

import structlog
from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from api.callers import Caller, Clerk, ClerkOrSupervisor, TheStation
from api.erasing import erase_values, scrub, stated_by, values_of
from api.errors import NotARegulator, NotYourParty, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.problems import problems
from api.station import Station
from api.tokens import Scope
from ledger.errors import UnknownStatement
from ledger.private.private_errors import BadReason, NoPrivateValue
from trace.errors import ErasureHeld
from trace.private_readers import EVERYTHING, REGULATORS, visible_to
from trace.private_values import PrivateValue
from trace.profiles import Visibility

_log = structlog.get_logger(__name__)
router = APIRouter(prefix="/v1/statements", tags=["privacy"])

StatementId = Annotated[
    str,
    Path(
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        examples=["urn:uuid:6f0a1f5e-5e0a-4f5b-9a70-7d7f3a1c2b3d"],
        description="Its id.",
    ),
]


class Redaction(BaseModel):
    """What to erase and why. There is no way back."""

    model_config = ConfigDict(extra="forbid")

    names: list[Annotated[str, Field(max_length=64)]] = Field(
        default_factory=list, max_length=64, description="Names of private fields; empty: all of them."
    )
    reason: str = Field(
        max_length=64,
        examples=["subject-request"],
        description="A slug, public for ever: lower-case letters, digits and hyphens. Never a name.",
    )


class RedactionAnswer(BaseModel):
    """What was erased."""

    statement_id: str
    names: list[str] = Field(description="The fields whose values are gone.")
    redaction: str = Field(description="Id of the `redacted` statement; its receipt stands at /v1/receipts.")
    journal_emptied: bool = Field(
        description="False: pages with the old ciphertext may remain in the database's journal for a while."
    )


class DisclosedField(BaseModel):
    """One private field."""

    name: str
    visibility: str = Field(description="partner or regulator.")
    value: JsonValue = Field(description="Null once it is erased.")
    disclosure: str | None = Field(description="Salt, name and value as RFC 9901 encodes them.")
    digest: str = Field(description="What the log's leaf holds.")
    erased_ms: int | None
    reason: str | None


class DisclosuresAnswer(BaseModel):
    """The private fields of a statement."""

    statement_id: str
    fields: list[DisclosedField]


@router.post(
    "/{statement_id:path}/redactions",
    summary="Erase private values of a statement",
    status_code=HTTPStatus.CREATED,
    response_model=RedactionAnswer,
    responses=problems(
        TokenMissing,
        TokenRefused,
        ScopeMissing,
        NotYourParty,
        UnknownStatement,
        NoPrivateValue,
        ErasureHeld,
        BadReason,
        WriterClosed,
    ),
)
def redact(
    statement_id: StatementId, asked: Redaction, caller: Clerk, station: TheStation
) -> RedactionAnswer:
    """Erase values, their salts and the key they were sealed under; the log keeps digests that say nothing.

    For the operator, or the party that stated it unless it or a lot concerned is on hold. Proofs stay valid.
    """
    party = _entitled(station, statement_id, caller)
    erased = erase_values(station, statement_id, asked.names, asked.reason, party)
    return RedactionAnswer(
        statement_id=erased.statement_id,
        names=list(erased.names),
        redaction=erased.redaction_id,
        journal_emptied=scrub(station.database),
    )


@router.get(
    "/{statement_id:path}/disclosures",
    summary="Read private values of a statement",
    response_model=DisclosuresAnswer,
    responses=problems(
        TokenMissing, TokenRefused, ScopeMissing, NotARegulator, NotYourParty, UnknownStatement
    ),
)
def disclosures(
    statement_id: StatementId, caller: ClerkOrSupervisor, station: TheStation
) -> DisclosuresAnswer:
    """Return the private fields the caller may read, each with the salt that proves it against the log.

    All of them for the operator, a regulator and the party that stated it. Of a step, those for partners
    too for its other side or, where it names none, for whoever holds its lots now. Every reading is noted.
    """
    allowed = _readable(station, statement_id, caller)
    found = [each for each in values_of(station, statement_id) if each.visibility in allowed]
    _log.info(
        "disclosed",
        statement=statement_id,
        to=caller.party,
        token=caller.token,
        names=[each.name for each in found],
    )
    return DisclosuresAnswer(statement_id=statement_id, fields=[_field(each) for each in found])


def _readable(station: Station, statement_id: str, caller: Caller) -> frozenset[Visibility]:
    """Return the kinds of field a caller may read; raises `NotYourParty` where there are none."""
    if caller.operates:
        return EVERYTHING
    if caller.regulator:
        return REGULATORS
    with station.database.read() as session:
        if caller.party is not None and stated_by(session, statement_id) == caller.party:
            return EVERYTHING
        allowed = visible_to(session, statement_id, caller.party or "")
    if not allowed:
        raise NotYourParty(own=caller.party or "—")
    return allowed


def _entitled(station: Station, statement_id: str, caller: Caller) -> str | None:
    """Return the party the caller acts as, or None for the operator; raises `NotYourParty`.

    A token bound to nobody may record for every party, but is nobody's: it may not read or erase.
    """
    if Scope.OPERATOR in caller.scopes:
        return None
    with station.database.read() as session:
        party = stated_by(session, statement_id)
    if caller.party != party:
        raise NotYourParty(own=caller.party or "—")
    return party


def _plain(kept: PrivateValue) -> JsonValue:
    # Read from JSON, it is plain JSON again; pydantic has a name of its own for that.
    return cast("JsonValue", kept.disclosure.value) if kept.disclosure else None


def _field(kept: PrivateValue) -> DisclosedField:
    return DisclosedField(
        name=kept.name,
        visibility=kept.visibility.value,
        value=_plain(kept),
        disclosure=kept.disclosure.encoded if kept.disclosure else None,
        digest=kept.digest,
        erased_ms=kept.erased_ms,
        reason=kept.reason,
    )
