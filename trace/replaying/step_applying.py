"""Applying a step: everything its statement changes in the projections, written by one function.

Recording calls it with the world it judged the step in; a rebuild reads what the step rests on from the
rows before it. Both come to the same rows.
"""

from dataclasses import replace

from sqlmodel import Session

from trace.coding.activation import apply_activation
from trace.coding.pack_moves import apply_packs
from trace.effects import Effects, effects
from trace.projections import before_effects, text_of
from trace.replaying.effect_writing import write_effects, write_findings
from trace.replaying.reading_back import step_of
from trace.replaying.stated_step import answered_in, event_in, finding_rows, outcomes_in
from trace.said import Said
from trace.steps import Step
from trace.tables import StepRow, insert_rows
from trace.vocabulary import Stage
from trace.world import Before


def apply_step(session: Session, said: Said) -> None:
    """Apply the statement of a step (`step`) from the log; raises `UnreadableStatement`.

    A step that corrects another one is only kept: what it changes, the `correction` after it says.
    """
    step = step_of(event_in(said.public, said.statement_id), said.statement_id)
    if "corrects" in said.public:
        keep_step(session, step, said)
        return
    world = before_effects(session, step, said.at_ms)
    told = replace(world, outcomes=outcomes_in(said.public), answered=answered_in(said.public))
    write_step(session, step, said, told)


def write_step(session: Session, step: Step, said: Said, world: Before) -> Effects:
    """Write the rows of a resolved `step` and of all it changes in `world`; return what that is."""
    found = effects(step, world, said.statement_id)
    keep_step(session, step, said)
    write_effects(session, step, found, world)
    if step.stage is Stage.PACK:
        apply_activation(session, step, step.packs_named, said.at_ms)
    if world.packs is not None:
        apply_packs(session, step, world.packs)
    return found


def keep_step(session: Session, step: Step, said: Said) -> None:
    """Write the row of a step and its findings; what it does to lots is another matter."""
    corrects = said.public.get("corrects")
    row = {
        "step_id": step.step_id,
        "nth": said.nth,
        "position": said.nth,
        "corrects": corrects,
        "voided_by": None,
        "stage": step.stage.value,
        "party": step.party,
        "place": step.place,
        "counterparty": step.counterparty,
        "event_ms": step.event_ms,
        "offset_minutes": step.offset_minutes,
        "recorded_ms": said.at_ms,
        "public": text_of(said.public),
        "statement_id": said.statement_id,
    }
    insert_rows(session, StepRow, [row])
    write_findings(session, finding_rows(said.public, step.step_id, said.at_ms))
