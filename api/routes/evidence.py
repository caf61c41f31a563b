"""Evidence 证据: one file that shows, to a phone or to `daodi verify`, all that the log says of a pack."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from api.callers import Anyone, TheStation
from api.errors import TooManyRequests
from api.problems import problems
from api.routes.codes import TraceCode
from api.routes.lookup import look_up
from api.web.conditional import conditional
from ledger.errors import LogNotFounded, NoCheckpointYet
from ledger.proofs.evidence import IssuedCode, evidence
from ledger.proofs.evidence_errors import EvidenceTooLarge, NoEvidenceYet
from trace.coding.code_keys import CodeKeys
from trace.coding.code_reading import code_state
from trace.coding.membership import membership
from trace.errors import ForgedCode, MalformedCode
from trace.story_parts import Story

router = APIRouter(prefix="/v1", tags=["ledger"])


@router.get(
    "/evidence/{code}",
    summary="Fetch the evidence of a pack",
    response_class=Response,
    responses={
        200: {
            "description": "A `daodi-evidence@v1` file: entries, keys, proofs and the signed checkpoint.",
            "content": {"application/json": {}},
        },
        **problems(
            MalformedCode,
            ForgedCode,
            TooManyRequests,
            NoCheckpointYet,
            NoEvidenceYet,
            EvidenceTooLarge,
            LogNotFounded,
        ),
    },
)
def read_evidence(
    code: TraceCode,
    request: Request,
    caller: Anyone,
    station: TheStation,
    wanted: Annotated[
        Literal["file"] | None, Query(alias="as", description="`file` names it for saving.")
    ] = None,
) -> Response:
    """Return everything needed to check a pack's way without trusting this service; `daodi verify` reads it.

    The answer is the same until the next checkpoint is published: its `ETag` says so.
    """
    story = look_up(station, code, caller).story
    with station.database.read() as session:
        subjects = _subjects(story)
        issued = _issued(session, story, station.code_keys)
        body = evidence(session, story.statements, subjects, issued, station.hot_tiles)
    name = f'attachment; filename="evidence-{story.code}.json"'
    headers = {"Content-Disposition": name} if wanted == "file" else {}
    return conditional(request, body, "application/json", headers=headers)


def _subjects(story: Story) -> set[str]:
    """Return whose histories belong to a story: its lots, and who and where its steps name."""
    parties = {each for step in story.steps for each in (step.party, step.counterparty) if each}
    places = {step.place.place_id for step in story.steps}
    return {
        *(f"lot/{each.lot}" for each in story.lots),
        *(f"party/{each}" for each in parties),
        *(f"place/{each}" for each in places),
    }


def _issued(session: Session, story: Story, code_keys: CodeKeys) -> IssuedCode | None:
    """Return the code with its batch and its packing; None for one that is not activated."""
    if story.code is None or story.lot is None:
        return None
    packed = code_state(session, story.code, code_keys).pack_step
    shown = membership(session, story.code, code_keys)
    return IssuedCode(
        code=story.code,
        issued=shown.issued,
        count=shown.count,
        place=shown.place,
        path=shown.path,
        step=f"urn:uuid:{packed}",
    )
