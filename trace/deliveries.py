"""How steps were handed in: what tells a step sent again from another under the same id.

No statement says it, so it is no projection: a rebuild leaves it as it is.
"""

from collections.abc import Mapping
from typing import Final

from sqlmodel import Session

from ledger.canonical import JsonValue
from ledger.errors import Location
from ledger.private.private_vault import Vault
from ledger.writing.bulk import ask
from trace.errors import StepConflict
from trace.private_values import same_values
from trace.projections import text_of
from trace.steps import Step, StepNew
from trace.tables import DeliveryRow, insert_rows

_SENT: Final = """
SELECT asked, statement_id, party FROM trace_delivery
JOIN trace_step ON trace_step.step_id = trace_delivery.step_id
WHERE trace_delivery.step_id = ?
"""


def keep_delivery(session: Session, new: StepNew, step: Step) -> None:
    """Remember how `step` was handed in."""
    row = {"step_id": step.step_id, "client_id": step.client_id, "asked": text_of(_asked(new, step))}
    insert_rows(session, DeliveryRow, [row])


def sent_before(session: Session, vault: Vault, new: StepNew, step: Step) -> str | None:
    """Return the statement of `step` if just this was recorded before under its id; None if nothing was.

    `step` is as read from `new`, not resolved. Raises `StepConflict` where another step bears the id.
    """
    for asked, statement_id, party in ask(session, _SENT, step.step_id):
        same = party == step.party and asked == text_of(_asked(new, step))
        if not same or not same_values(session, vault, statement_id, step.private):
            raise StepConflict(id=step.client_id, at=Location(field="id", value=step.client_id))
        return str(statement_id)
    return None


def _asked(new: StepNew, step: Step) -> Mapping[str, JsonValue]:
    """Return what the party sent, without its private values."""
    sent: dict[str, JsonValue] = new.model_dump(mode="json", exclude={"fields", "results"}, exclude_none=True)
    results: list[JsonValue] = [each.model_dump(mode="json", exclude_none=True) for each in new.results]
    return sent | {"fields": dict(step.public), "results": results}
