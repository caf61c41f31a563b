"""What anybody needs to check the log: its head, proofs that it only grew, receipts."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from api.callers import Anyone, TheStation
from api.problems import problems
from api.sequencing import NOT_THE_LOG
from ledger import log
from ledger.errors import (
    LogNotFounded,
    NoCheckpointYet,
    NotIntegratedYet,
    ProofOutOfRange,
    StatementHeld,
    UnknownStatement,
)
from ledger.note import encode_base64
from ledger.proofs.bundle import Receipt

router = APIRouter(prefix="/v1", tags=["ledger"])

_LARGEST = 2**53 - 1
_NO_STORE = {"Cache-Control": "no-store"}

TreeSize = Annotated[int, Query(ge=1, le=_LARGEST, examples=[100])]
StatementId = Annotated[
    str, Path(max_length=200, pattern=r"^[\x21-\x7e]+$", examples=["release:bozhou-2025-12-31"])
]


class ConsistencyAnswer(BaseModel):
    """Proof that the first `old` entries begin the first `new` (RFC 9162, section 2.1.4)."""

    old: int
    new: int
    proof: list[str] = Field(description="Hashes in base64, in the order of the RFC.")


class ReceiptAnswer(BaseModel):
    """Where a statement stands, and the proof."""

    statement_id: str
    state: Literal["integrated", "pending"]
    index: int | None = Field(None, description="Place of its entry in the log, counted from 0.")
    leaf: str | None = Field(None, description="The canonical entry, base64.")
    proof: list[str] = Field(default_factory=list, description="Inclusion proof: hashes in base64.")
    checkpoint: str | None = Field(None, description="The signed checkpoint the proof leads to.")
    receipt: str | None = Field(None, description="The receipt file that `daodi verify` reads.")


@router.get(
    "/log/checkpoint",
    summary="Read the newest checkpoint",
    response_class=PlainTextResponse,
    responses={
        200: {"description": "A C2SP tlog-checkpoint in a signed note.", "content": {"text/plain": {}}},
        **problems(NoCheckpointYet, LogNotFounded, *NOT_THE_LOG),
    },
)
def read_checkpoint(caller: Anyone, station: TheStation) -> PlainTextResponse:  # noqa: ARG001  declares who may call
    """Return the log's signed head: name, number of entries, root hash, signature."""
    station.require_standing()
    with station.database.read() as session:
        head = log.checkpoint(session)
    return PlainTextResponse(head.text, headers=_NO_STORE)


@router.get(
    "/log/key",
    summary="Read the log's verifier key",
    response_class=PlainTextResponse,
    responses={
        200: {"description": "A C2SP vkey.", "content": {"text/plain": {}}},
        **problems(LogNotFounded),
    },
)
def read_key(caller: Anyone, station: TheStation) -> PlainTextResponse:  # noqa: ARG001  declares who may call
    """Return the key that `daodi verify` must be given; take it from a second source too."""
    return PlainTextResponse(station.vkey + "\n", headers=_NO_STORE)


@router.get(
    "/log/consistency",
    summary="Prove that the log only grew",
    response_model=ConsistencyAnswer,
    responses=problems(ProofOutOfRange, NoCheckpointYet, LogNotFounded),
)
def prove_growth(old: TreeSize, new: TreeSize, caller: Anyone, station: TheStation) -> ConsistencyAnswer:  # noqa: ARG001  declares who may call
    """Return the proof that nothing among the first `old` entries was changed on the way to `new`."""
    with station.database.read() as session:
        published = log.checkpoint(session).size
        if new > published or old > new:
            raise ProofOutOfRange(asked=max(old, new), size=min(new, published))
        proof = log.consistency(session, old, new)
    return ConsistencyAnswer(old=old, new=new, proof=[encode_base64(each) for each in proof])


@router.get(
    "/receipts/{statement_id:path}",
    summary="Fetch the receipt of a statement",
    response_model=ReceiptAnswer,
    responses={
        200: {
            "description": "The receipt; as a file with `Accept: text/plain` or `?as=text`.",
            "content": {"text/plain": {}},
        },
        202: {"model": ReceiptAnswer, "description": "Accepted, and not yet integrated: ask again shortly."},
        **problems(UnknownStatement, StatementHeld),
    },
)
def read_receipt(
    statement_id: StatementId,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    wanted: Annotated[
        Literal["json", "text"] | None, Query(alias="as", description="Overrides the Accept header.")
    ] = None,
) -> Response:
    """Return the proof that a statement is in the log; `daodi verify FILE` checks it without a network."""
    try:
        with station.database.read() as session:
            receipt = log.receipt(session, statement_id)
    except NotIntegratedYet:
        waiting = ReceiptAnswer(statement_id=statement_id, state="pending")
        return _json(waiting, HTTPStatus.ACCEPTED.value, {**_NO_STORE, "Retry-After": "1"})
    if wanted == "text" or (wanted is None and _prefers_text(request)):
        name = f'attachment; filename="receipt-{receipt.index}.txt"'
        return PlainTextResponse(receipt.to_text(), headers={**_NO_STORE, "Content-Disposition": name})
    return _json(receipt_answer(statement_id, receipt), HTTPStatus.OK.value, _NO_STORE)


def receipt_answer(statement_id: str, receipt: Receipt) -> ReceiptAnswer:
    """Return `receipt` as the API tells it."""
    return ReceiptAnswer(
        statement_id=statement_id,
        state="integrated",
        index=receipt.index,
        leaf=encode_base64(receipt.leaf_bytes),
        proof=[encode_base64(each) for each in receipt.proof],
        checkpoint=receipt.checkpoint_text,
        receipt=receipt.to_text(),
    )


def _json(answer: ReceiptAnswer, status: int, headers: dict[str, str]) -> Response:
    varied = {"Vary": "Accept", **headers}
    return Response(
        answer.model_dump_json(), status_code=status, media_type="application/json", headers=varied
    )


def _prefers_text(request: Request) -> bool:
    """Tell whether the Accept header names plain text and not JSON."""
    accepted = request.headers.get("accept", "")
    return "text/plain" in accepted and "application/json" not in accepted
