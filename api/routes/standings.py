"""The standing 现状 of a lot, for whoever lends on it or buys it: stated, and shown with its evidence."""

from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from api.callers import Anyone, Caller, ClerkOrSupervisor, TheStation
from api.errors import NotYourParty, ScopeMissing, TokenMissing, TokenRefused, WriterClosed
from api.problems import problems
from api.routes.codes import LotNumber
from api.station import Station
from api.web.conditional import conditional
from ledger.errors import LogNotFounded, NoCheckpointYet
from ledger.proofs.evidence import evidence
from ledger.proofs.evidence_errors import EvidenceTooLarge, NoEvidenceYet
from trace.errors import UnknownLot
from trace.lineages.standing import state_standing, statements_of
from trace.projections import lots_named
from trace.said import Said

router = APIRouter(prefix="/v1", tags=["trace"])


class StandingStated(BaseModel):
    """What was stated, and where its evidence is."""

    statement_id: str = Field(description="Its receipt stands at /v1/receipts/{statement_id}.")
    lot: str
    holder: str = Field(description="USCC of who holds the lot.")
    grams: int | None = Field(description="Loose grams at hand.")
    packed_grams: int
    quality: str = Field(description="untested, passed or failed.")
    holds: int = Field(description="Open holds on it.")
    evidence: str = Field(
        description="Where the file for `daodi verify` is, once the statement is integrated."
    )


@router.post(
    "/lots/{lot}/standings",
    summary="State how a lot stands",
    status_code=HTTPStatus.CREATED,
    response_model=StandingStated,
    responses=problems(TokenMissing, TokenRefused, ScopeMissing, NotYourParty, UnknownLot, WriterClosed),
)
def state_lot(lot: LotNumber, caller: ClerkOrSupervisor, station: TheStation) -> StandingStated:
    """Have the operator state a lot's holder, balance, tests and holds in the log, as of now.

    For its holder, a regulator or the operator. The evidence of the lot then carries the statement.
    """
    said = station.writer.submit(lambda session: _stated(session, station, caller, lot))
    public = said.public
    holds = public["holds"]
    return StandingStated(
        statement_id=said.statement_id,
        lot=lot,
        holder=str(public["holder"]),
        grams=_whole(public["grams"]),
        packed_grams=_whole(public["packed_grams"]) or 0,
        quality=str(public["quality"]),
        holds=len(holds) if isinstance(holds, list) else 0,
        evidence=f"/v1/lots/{quote(lot)}/evidence",
    )


@router.get(
    "/lots/{lot}/evidence",
    summary="Fetch the evidence of a lot",
    response_class=Response,
    responses={
        200: {
            "description": "A `daodi-evidence@v1` file: entries, keys, proofs and the signed checkpoint.",
            "content": {"application/json": {}},
        },
        **problems(UnknownLot, NoCheckpointYet, NoEvidenceYet, EvidenceTooLarge, LogNotFounded),
    },
)
def read_lot_evidence(
    lot: LotNumber,
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
    wanted: Annotated[
        Literal["file"] | None, Query(alias="as", description="`file` names it for saving.")
    ] = None,
) -> Response:
    """Return all that the log says of a lot and its way, to be checked offline with `daodi verify`.

    Its newest `lot.standing` statement, where one was asked for, is in it.
    """
    with station.database.read() as session:
        body = evidence(session, statements_of(session, lot), [f"lot/{lot}"], None, station.hot_tiles)
    name = f'attachment; filename="evidence-lot-{lot}.json"'
    headers = {"Content-Disposition": name} if wanted == "file" else {}
    return conditional(request, body, "application/json", headers=headers)


def _stated(session: Session, station: Station, caller: Caller, lot: str) -> Said:
    state = lots_named(session, [lot]).get(lot)
    if state is None:
        raise UnknownLot(lot=lot)
    if not (caller.regulator or caller.operates):
        caller.must_speak_for(state.holder)
    return state_standing(session, station.recorder.declarer, lot, station.clock())


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None
