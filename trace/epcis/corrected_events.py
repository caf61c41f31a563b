"""An event with its error declarations, as EPCIS 2.0 asks for: they share the event's id.

A corrected event is answered as it was stated and once more with its `errorDeclaration`, never changed
(EPCIS 2.0, 7.4.1.5; GS1 ruling on GET /events/{eventID}).
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from sqlmodel import Session, select

from ledger.canonical import JsonValue
from trace.corrections.correction_tables import CorrectionRow
from trace.corrections.correction_words import Reason
from trace.events import iso_time
from trace.replaying.stated_step import event_in
from trace.tables import StepRow
from trace.vocabulary import EPCIS_CONTEXT, TCM, TCM_PREFIX

_SCHEMA_VERSION: Final = "2.0"


def query_document(session: Session, step_id: str, created_ms: int) -> dict[str, JsonValue] | None:
    """Return the `EPCISQueryDocument` of one step's event; None where there is no such step."""
    row = session.exec(select(StepRow).where(StepRow.step_id == step_id)).one_or_none()
    if row is None:
        return None
    event = event_in(orjson.loads(row.public), row.statement_id)
    correction = session.exec(select(CorrectionRow).where(CorrectionRow.step_id == step_id)).one_or_none()
    events: list[JsonValue] = [_bare(event)]
    if correction is not None:
        events.append(_bare(declared_wrong(event, correction)))
    return {
        "@context": [EPCIS_CONTEXT, {TCM_PREFIX: TCM}],
        "type": "EPCISQueryDocument",
        "schemaVersion": _SCHEMA_VERSION,
        "creationDate": iso_time(created_ms, 0),
        "epcisBody": {
            "queryResults": {"queryName": "SimpleEventQuery", "resultsBody": {"eventList": events}}
        },
    }


def declared_wrong(event: Mapping[str, JsonValue], correction: CorrectionRow) -> dict[str, JsonValue]:
    """Return `event` with the declaration that it is wrong, as the correction states it."""
    correctives = [] if correction.corrective is None else [correction.corrective]
    return error_declared(
        event, declared_ms=correction.declared_ms, reason=Reason(correction.reason), correctives=correctives
    )


def error_declared(
    event: Mapping[str, JsonValue], *, declared_ms: int, reason: Reason, correctives: list[str]
) -> dict[str, JsonValue]:
    """Return the same event with its `errorDeclaration`; `correctives` are ids of steps."""
    declaration: dict[str, JsonValue] = {
        "declarationTime": iso_time(declared_ms, 0),
        "reason": reason.value,
    }
    if correctives:
        declaration["correctiveEventIDs"] = [f"urn:uuid:{each}" for each in correctives]
    return {**event, "recordTime": iso_time(declared_ms, 0), "errorDeclaration": declaration}


def _bare(event: Mapping[str, Any]) -> dict[str, JsonValue]:
    """Return an event without its own context: the document has it."""
    return {name: value for name, value in event.items() if name != "@context"}
