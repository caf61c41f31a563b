"""The witness as an HTTP service (c2sp.org/tlog-witness): it takes checkpoints and cosigns them.

It listens on this machine alone unless told otherwise, reads bounded bodies within a bounded
time, and keeps what it signs before it answers.
"""

import asyncio
import hashlib
from typing import Final

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from api import logs
from api.settings import Settings
from ledger.errors import BadProof, BadSignature, DaodiError, NotSignedByLog
from ledger.witnessing.witness import Witness
from ledger.witnessing.witness_errors import (
    ClockWentBack,
    LogNotWitnessed,
    MalformedOffer,
    OfferOutdated,
    RootsDiffer,
)
from ledger.witnessing.witness_offer import MAX_OFFER_BYTES, SIZE_TYPE, size_body

BODY_SECONDS: Final = 10.0
"""How long an offer may take to arrive."""

_log = structlog.get_logger(__name__)

_STATUS: Final[dict[type[DaodiError], int]] = {
    MalformedOffer: 400,
    NotSignedByLog: 403,
    BadSignature: 403,
    LogNotWitnessed: 404,
    RootsDiffer: 409,
    BadProof: 422,
    ClockWentBack: 503,
}
"""What the page says each refusal is answered with; a clock gone wrong is nobody's fault but ours."""


def create_witness_app(witness: Witness, *, body_seconds: float = BODY_SECONDS) -> Starlette:
    """Return the application of `witness`, whose opener closes its store."""

    async def add_checkpoint(request: Request) -> Response:
        try:
            async with asyncio.timeout(body_seconds):
                body = await _bounded(request)
        except TimeoutError:
            return PlainTextResponse("too slow\n", status_code=408)
        except ClientDisconnect:
            return PlainTextResponse("gone\n", status_code=400)
        if body is None:
            return PlainTextResponse(f"more than {MAX_OFFER_BYTES} bytes\n", status_code=413)
        return await run_in_threadpool(answer, witness, body)

    async def shown(request: Request) -> Response:
        note = await run_in_threadpool(_cosigned, witness, request.path_params["origin_hash"])
        if not note:
            return PlainTextResponse("nothing was cosigned for this log\n", status_code=404)
        return PlainTextResponse(note, headers={"Cache-Control": "no-store"})

    return Starlette(
        routes=[
            Route("/add-checkpoint", add_checkpoint, methods=["POST"]),
            Route("/{origin_hash}/checkpoint", shown, methods=["GET"]),
        ]
    )


def answer(witness: Witness, body: bytes) -> Response:
    """Return the answer to one offer, as c2sp.org/tlog-witness words it."""
    try:
        return PlainTextResponse(witness.add_checkpoint(body))
    except OfferOutdated as outdated:
        return Response(size_body(outdated.known), status_code=409, headers={"content-type": SIZE_TYPE})
    except DaodiError as fault:
        status = _STATUS.get(type(fault), 500)
        # Bad proofs and second roots under a log's own signature are evidence: they stay in the log, whole.
        evidence = body.decode(errors="replace") if type(fault) in (BadProof, RootsDiffer) else ""
        _log.warning("offer_refused", status=status, fault=fault.key(), message=str(fault), offer=evidence)
        return PlainTextResponse(f"{fault.message('en')}\n", status_code=status)


def serve_witness(witness: Witness, host: str, port: int, settings: Settings) -> None:
    """Answer offers until interrupted; whoever opened the witness closes its store."""
    logs.configure(settings)
    uvicorn.run(
        create_witness_app(witness),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


async def _bounded(request: Request) -> bytes | None:
    """Return the body, or None when it is longer than an offer can be."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_OFFER_BYTES:
            return None
    return body


def _cosigned(witness: Witness, origin_hash: str) -> str:
    """Return the last cosigned checkpoint of the log whose origin has this SHA-256, or nothing."""
    for origin in witness.logs:
        if hashlib.sha256(origin.encode()).hexdigest() == origin_hash:
            return witness.store.seen(origin).cosigned_note
    return ""
