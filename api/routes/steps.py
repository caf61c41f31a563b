"""Recording one step 环节."""

from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from api.callers import Clerk, TheStation
from api.errors import NotYourParty, ScopeMissing, TokenMissing, TokenRefused, TooBusy, WriterClosed
from api.languages import language_of
from api.problems import problems
from api.recording import record
from api.routes.awaited import WAIT_HEADER, receipt_within
from api.routes.proofs import ReceiptAnswer
from ledger.errors import Language, StatementHeld
from trace.errors import (
    BadField,
    BadFlow,
    MissingField,
    RuleRefused,
    StepConflict,
    UnknownParty,
    UnknownPlace,
)
from trace.service import RecordedStep
from trace.steps import StepNew

router = APIRouter(prefix="/v1", tags=["trace"])


class FindingSaid(BaseModel):
    """A rule the step broke without being refused."""

    rule: str
    lot: str | None
    message: str
    remedy: str


class StepRecorded(BaseModel):
    """What became of a step: its names, and what the rules noticed."""

    step: str = Field(description="Id of the step.")
    statement_id: str = Field(description="Its statement; the receipt stands at /v1/receipts/{statement_id}.")
    index: int | None = Field(
        description="Place of its entry in the log; null while the statement waits to be integrated."
    )
    lots: list[str] = Field(description="Lots the step changed or saw.")
    codes: list[str] = Field(description="Trace codes a packing activated.")
    findings: list[FindingSaid]
    replayed: bool = Field(
        description="True when this very step was recorded before; nothing was written again."
    )
    receipt: ReceiptAnswer | None = Field(None, description="The finished receipt, when it was waited for.")


@router.post(
    "/steps",
    summary="Record a step",
    status_code=HTTPStatus.ACCEPTED,
    response_model=StepRecorded,
    responses={
        **problems(
            TokenMissing, TokenRefused, ScopeMissing, NotYourParty, UnknownParty, UnknownPlace, MissingField,
            BadField, BadFlow, RuleRefused, StepConflict, StatementHeld, TooBusy, WriterClosed,
        ),
        201: {"model": StepRecorded, "description": "The statement is in the log already."},
    },
    openapi_extra={"parameters": [WAIT_HEADER]},
)  # fmt: skip
async def record_step(
    new: StepNew, request: Request, response: Response, caller: Clerk, station: TheStation
) -> StepRecorded:
    """Record one step: durable when answered, in the log within seconds.

    202 means accepted: `Location` names the receipt, which exists once the statement is integrated; 201
    means it already is, and with `Prefer: wait` the receipt is in the answer. Sending the same `id` again
    records nothing twice and gives the same answer.
    """
    caller.must_speak_for(new.party)
    with station.backlog.room():
        recorded, index = await run_in_threadpool(record, station, new)
    awaited = await receipt_within(request, station, recorded.statement_id)
    if awaited.receipt is not None:
        index = awaited.receipt.index
    if index is not None:
        response.status_code = HTTPStatus.CREATED
    response.headers["Location"] = f"/v1/receipts/{quote(recorded.statement_id, safe=':')}"
    response.headers.update(awaited.headers)
    return _answer(recorded, index, awaited.receipt, language_of(request))


def _answer(
    recorded: RecordedStep, index: int | None, receipt: ReceiptAnswer | None, language: Language
) -> StepRecorded:
    return StepRecorded(
        step=recorded.step_id,
        statement_id=recorded.statement_id,
        index=index,
        lots=list(recorded.lots),
        codes=list(recorded.codes),
        findings=[
            FindingSaid(
                rule=each.rule.code,
                lot=each.lot,
                message=each.message(language),
                remedy=each.remedy(language),
            )
            for each in recorded.findings
        ],
        replayed=recorded.replayed,
        receipt=receipt,
    )
