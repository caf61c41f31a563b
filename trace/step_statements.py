"""The statement of a step, and what is kept beside it: its event, its salted digests, its delivery."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from ledger.canonical import JsonValue
from ledger.clock import Randomness
from ledger.entry import Statement
from ledger.private.disclosure import Disclosure
from ledger.private.private_vault import Vault
from trace.coding.activation import Chosen
from trace.deliveries import keep_delivery
from trace.events import event_of
from trace.findings import Finding
from trace.ordering import next_nth
from trace.private_values import digests_with_decoys, keep
from trace.profiles import Visibility, profile
from trace.replaying.stated_step import KIND, public_part
from trace.steps import Step, StepNew
from trace.vocabulary import Stage
from trace.world import Before


@dataclass(frozen=True, slots=True, kw_only=True)
class StepManner:
    """How steps are stated here."""

    base_url: str
    """Stem of the identifiers in their events."""
    randomness: Randomness
    corrects: str | None = None
    """The step that the one stated stands in the place of."""


@dataclass(frozen=True, slots=True)
class Found:
    """A resolved step with the world it was judged in and what was flagged."""

    step: Step
    world: Before
    flagged: tuple[Finding, ...]


def step_statement(
    session: Session,
    manner: StepManner,
    found: Found,
    hidden: Sequence[Disclosure],
    chosen: Chosen | None,
    at_ms: int,
) -> Statement:
    """Return the statement of a step recorded at `at_ms`; `hidden` are its private values, salted.

    `chosen` are the codes a packing puts to use. Takes the next number of the trace.
    """
    step, world = found.step, found.world
    public = public_part(
        _event(manner, found, chosen, at_ms),
        next_nth(session),
        found.flagged,
        world,
        manner.corrects,
    )
    used = (world.lots[amount.lot].made_statement for amount in (*step.inputs, *step.lots))
    refs = [*dict.fromkeys(used), *([chosen.statement_id] if chosen else [])]
    return Statement(
        id=f"urn:uuid:{step.step_id}",
        kind=KIND,
        subject=step.subject,
        at_ms=at_ms,
        public=public,
        digests=digests_with_decoys(hidden, manner.randomness) if _may_be_private(step.stage) else (),
        refs=tuple(refs),
    )


def keep_beside(
    session: Session,
    vault: Vault,
    new: StepNew,
    step: Step,
    statement: Statement,
    hidden: Sequence[Disclosure],
) -> None:
    """Write what is no projection: how the step came, and its private values, sealed."""
    keep_delivery(session, new, step)
    if hidden:
        fields = profile(step.stage).by_name
        visibility = {name: field.visibility for name, field in fields.items()}
        keep(session, vault, statement.id, statement.subject, hidden, visibility, statement.at_ms)


def _event(manner: StepManner, found: Found, chosen: Chosen | None, at_ms: int) -> Mapping[str, JsonValue]:
    return event_of(
        found.step,
        manner.base_url,
        recorded_ms=at_ms,
        conformant=_conformant(found.step, found.world),
        batch=chosen.batch_id if chosen else None,
    )


def _conformant(step: Step, world: Before) -> bool | None:
    """Whether every lot passed a test; None where nothing could be judged."""
    if step.stage is not Stage.TEST:
        return None
    verdicts = [result.within for results in world.judged.values() for result in results]
    if step.public.get("quality_level") == "failed" or False in verdicts:
        return False
    return True if True in verdicts or "quality_level" in step.public else None


def _may_be_private(stage: Stage) -> bool:
    return any(field.visibility is not Visibility.PUBLIC for field in profile(stage).fields)
