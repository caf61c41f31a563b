"""Printed proofs 打印证明: a receipt as one QR code, alone or on a sheet for people."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from api.callers import Anyone, TheStation
from api.printing import printed_proof
from api.problems import problems
from api.routes.lookup import policy_text
from api.routes.proofs import StatementId
from api.web.conditional import conditional
from api.web.proof_sheet import code_png, code_svg, sheet_svg
from ledger.errors import LogNotFounded, NoCheckpointYet, NotIntegratedYet, StatementHeld, UnknownStatement
from ledger.proofs.printed_errors import NotPrintable, PrintedProofTooLarge
from ledger.witnessing.policy import Policy

router = APIRouter(prefix="/v1", tags=["ledger"])

_SVG, _PNG, _TEXT = "image/svg+xml", "image/png", "text/plain; charset=utf-8"


@router.get(
    "/printed-proofs/{statement_id:path}",
    summary="Fetch the printed proof of a statement",
    response_class=Response,
    responses={
        200: {
            "description": "An A4 sheet as SVG; the QR code alone as SVG or PNG; or the text in the code.",
            "content": {_SVG: {}, _PNG: {}, "text/plain": {}},
        },
        **problems(
            UnknownStatement,
            NotIntegratedYet,
            StatementHeld,
            NotPrintable,
            PrintedProofTooLarge,
            NoCheckpointYet,
            LogNotFounded,
        ),
    },
)
def read_printed_proof(
    statement_id: StatementId,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    wanted: Annotated[
        Literal["sheet", "qr", "png", "text"], Query(alias="as", description="What to answer with.")
    ] = "sheet",
) -> Response:
    """Return a statement's receipt in so few bytes that one QR code holds it; `daodi verify` reads its text.

    The answer changes with the published checkpoint: its `ETag` says so.
    """
    with station.database.read() as session:
        policy = Policy.from_text(policy_text(session, station))
        printed = printed_proof(session, statement_id, policy, station.hot_tiles)
    if wanted == "sheet":
        return conditional(request, sheet_svg(printed), _SVG)
    if wanted == "qr":
        return conditional(request, code_svg(printed.text), _SVG)
    if wanted == "png":
        return conditional(request, code_png(printed.text), _PNG)
    return conditional(request, printed.text.encode(), _TEXT)
