"""EPCIS 2.0 events: a step as every tracing system reads it, with its error declarations."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Response

from api.callers import Anyone, TheStation
from api.problems import problems
from trace.corrections.correction_errors import UnknownStep
from trace.epcis.corrected_events import query_document

router = APIRouter(prefix="/v1/events", tags=["trace"])

EventId = Annotated[
    str,
    Path(
        pattern=r"^(urn:uuid:)?[0-9a-f-]{36}$",
        description="The event's id, `urn:uuid:` and the id of the step.",
        examples=["urn:uuid:6f0a1f5e-5e0a-4f5b-9a70-7d7f3a1c2b3d"],
    ),
]


@router.get(
    "/{event}",
    summary="Get an event and its error declarations",
    responses={
        200: {"content": {"application/ld+json": {}}, "description": "An EPCISQueryDocument (EPCIS 2.0)."},
        **problems(UnknownStep),
    },
)
def event_and_declarations(event: EventId, _: Anyone, station: TheStation) -> Response:
    """Return the public event of a step as an EPCIS 2.0 query document.

    A corrected event is there twice under the same id: as it was stated, and with its `errorDeclaration`.
    """
    step_id = event.removeprefix("urn:uuid:")
    with station.database.read() as session:
        document = query_document(session, step_id, station.clock())
    if document is None:
        raise UnknownStep(step=step_id)
    return Response(orjson.dumps(document), media_type="application/ld+json")
