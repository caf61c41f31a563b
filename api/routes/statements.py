"""Taking in statements that their party signed itself: documents 文件 and readings 读数."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api.callers import Bearer, TheStation
from api.errors import (
    NotYourParty,
    RequestTooLarge,
    ScopeMissing,
    TokenMissing,
    TokenRefused,
    TooBusy,
    WriteInterrupted,
    WriterClosed,
)
from api.languages import language_of
from api.lean_route import LeanRoute
from api.problem_handlers import told
from api.problems import Problem, problem_of, problems
from api.routes.awaited import WAIT_HEADER, receipt_within
from api.routes.proofs import ReceiptAnswer
from api.statement_lane import TakenIn
from api.station import Station
from ledger.errors import (
    BadSignature,
    DaodiError,
    DuplicateStatement,
    Language,
    LeafTooLarge,
    MalformedLeaf,
    MalformedStatement,
    NotCanonical,
    StatementHeld,
    UnknownKey,
    WrongLog,
)
from ledger.keyring.key_errors import KeyEnded
from ledger.writing.open_errors import KindNotOpen, NotYourName, WrongPublicPart
from ledger.writing.submission import read_submission, submission_of

router = APIRouter(prefix="/v1", tags=["ledger"], route_class=LeanRoute)

MOST_IN_A_BATCH: Final = 1000
_JSON: Final = "application/json"


class StatementSent(BaseModel):
    """A signed statement as its party sends it: an entry's members without its place."""

    v: int = Field(ge=1, le=1, description="Version of the format.")
    log: str = Field(description="Name of the log it is meant for; signed.")
    id: str = Field(max_length=200, description="Unique for ever; begins with `<kind>/<holder>/`.")
    kind: str = Field(pattern="^(document|reading)$")
    subject: str = Field(
        max_length=200, description="Begins with `<kind>/<holder>/`; its entries form one chain."
    )
    at_ms: int = Field(ge=0, le=2**53 - 1, description="When the party speaks: epoch milliseconds, UTC.")
    actor: str = Field(pattern="^[0-9a-f]{32}$", description="Id of the signing key.")
    public: dict[str, Any] = Field(description="What everybody may read, in the restricted RFC 8785 form.")
    digests: list[str] = Field(description="Salted digests of what only some may read.")
    refs: list[str] = Field(description="Ids of earlier statements this one builds on.")
    sig: str = Field(description="Ed25519 signature of the other members, base64.")


class StatementAnswer(BaseModel):
    """What became of a statement."""

    statement_id: str = Field(description="Its receipt stands at /v1/receipts/{statement_id}.")
    leaf_hash: str = Field(
        description="What the tree holds or will hold: SHA-256 of 0x00 and the entry, in hex."
    )
    index: int | None = Field(None, description="Place of its entry in the log; null until it is integrated.")
    replayed: bool = Field(
        default=False, description="True when it was stored before; nothing was written again."
    )
    receipt: ReceiptAnswer | None = Field(None, description="The finished receipt, when it was waited for.")


class BatchLine(BaseModel):
    """What became of one statement of a batch."""

    status: int = Field(ge=100, le=599, description="The HTTP status it would have had alone.")
    statement: StatementAnswer | None = None
    problem: Problem | None = None


class BatchAnswer(BaseModel):
    """What became of each statement of a batch, in the order they were sent."""

    taken: int = Field(description="How many are durably stored.")
    refused: int = Field(description="How many are not; each line says why.")
    lines: list[BatchLine]


_REFUSED = (
    TokenMissing, TokenRefused, ScopeMissing, NotYourParty, KindNotOpen, NotYourName, WrongPublicPart,
    UnknownKey, KeyEnded, BadSignature, WrongLog, DuplicateStatement, NotCanonical, MalformedLeaf,
    MalformedStatement, LeafTooLarge, TooBusy, WriterClosed, WriteInterrupted,
)  # fmt: skip


def _body(schema: dict[str, Any], description: str) -> dict[str, Any]:
    content = {_JSON: {"schema": schema}}
    return {"requestBody": {"required": True, "description": description, "content": content}}


@router.post(
    "/statements",
    summary="Hand in a signed statement",
    status_code=HTTPStatus.ACCEPTED,
    response_model=StatementAnswer,
    responses={
        **problems(*_REFUSED, StatementHeld),
        200: {"model": StatementAnswer, "description": "It was stored before and is in the log."},
        201: {
            "model": StatementAnswer,
            "description": "It is in the log, with its receipt (`Prefer: wait`).",
        },
    },
    openapi_extra={
        **_body(StatementSent.model_json_schema(), "The statement; canonical bytes are read fastest."),
        "parameters": [WAIT_HEADER],
    },
)
async def submit_statement(request: Request, bearer: Bearer, station: TheStation) -> Response:
    """Store one statement the caller's party signed: durable when answered, in the log within seconds.

    202 means accepted: `Location` names the receipt. The same bytes sent again are stored once and get the
    same answer; other bytes under the same id are refused with 409.
    """
    signed = read_submission(await request.body())
    with station.backlog.room():
        taken = await station.lane.take(bearer, signed)
    awaited = await receipt_within(request, station, taken.statement_id)
    answer = _answer(taken)
    status = HTTPStatus.OK if taken.replayed and taken.index is not None else HTTPStatus.ACCEPTED
    if awaited.receipt is not None:
        answer.index, answer.receipt = awaited.receipt.index, awaited.receipt
        status = HTTPStatus.OK if taken.replayed else HTTPStatus.CREATED
    location = f"/v1/receipts/{quote(taken.statement_id, safe=':/')}"
    return Response(
        answer.model_dump_json(),
        status_code=status.value,
        media_type=_JSON,
        headers={"Location": location, **awaited.headers},
    )


@router.post(
    "/statements/batch",
    summary="Hand in many signed statements",
    status_code=HTTPStatus.OK,
    response_model=BatchAnswer,
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, RequestTooLarge, MalformedLeaf, TooBusy),
    openapi_extra=_body(
        {"type": "array", "maxItems": MOST_IN_A_BATCH, "items": StatementSent.model_json_schema()},
        f"Up to {MOST_IN_A_BATCH} statements; each is judged alone.",
    ),
)
async def submit_statements(request: Request, bearer: Bearer, station: TheStation) -> Response:
    """Store up to 1,000 statements, each for itself: one that is refused does not stop the others.

    The answer has one line for each, in order. Sending the batch again stores nothing twice.
    """
    sent = orjson.loads(await request.body() or b"null")
    if not isinstance(sent, list):
        raise MalformedLeaf(member="[…]")
    if len(sent) > MOST_IN_A_BATCH:
        raise RequestTooLarge(limit=MOST_IN_A_BATCH)
    with station.backlog.room(len(sent)):
        outcomes = await asyncio.gather(
            *(_taken(station, bearer, each) for each in sent), return_exceptions=True
        )
    _refuse_token(outcomes)
    language = language_of(request)
    lines = [_line(outcome, language, request.state.request_id) for outcome in outcomes]
    taken = sum(line.statement is not None for line in lines)
    answer = BatchAnswer(taken=taken, refused=len(lines) - taken, lines=lines)
    return Response(answer.model_dump_json(exclude_none=True), media_type=_JSON)


def _refuse_token(outcomes: Sequence[TakenIn | BaseException]) -> None:
    """Raise what is wrong with the token all lines share, unless it ended while some were being stored."""
    if not any(isinstance(outcome, TakenIn) for outcome in outcomes):
        for outcome in outcomes:
            if isinstance(outcome, TokenRefused | ScopeMissing):
                raise outcome


async def _taken(station: Station, bearer: str, value: object) -> TakenIn:
    # The gate has refused repeated names; what else the canonical form forbids shows when it is signed.
    return await station.lane.take(bearer, submission_of(value))


def _line(outcome: TakenIn | BaseException, language: Language, request_id: str) -> BatchLine:
    if isinstance(outcome, TakenIn):
        status = HTTPStatus.OK if outcome.replayed and outcome.index is not None else HTTPStatus.ACCEPTED
        return BatchLine(status=status.value, statement=_answer(outcome))
    if not isinstance(outcome, Exception):
        raise outcome
    error: DaodiError = told(outcome, request_id)
    problem = problem_of(error, language)
    return BatchLine(status=problem.status, problem=problem)


def _answer(taken: TakenIn) -> StatementAnswer:
    return StatementAnswer(
        statement_id=taken.statement_id,
        leaf_hash=taken.leaf_hash.hex(),
        index=taken.index,
        replayed=taken.replayed,
    )
