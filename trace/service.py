"""Recording: from a step as sent to rows, findings, codes and one signed statement, in one transaction.

The caller owns the transaction: nothing here commits. Where a step is refused, nothing of it is written.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from ledger.canonical import JsonValue
from ledger.clock import Randomness
from ledger.entry import Statement
from ledger.errors import DaodiError, Location, ManyFaults
from ledger.keys import SigningKey
from ledger.private.disclosure import Disclosure
from ledger.private.private_vault import Vault
from trace import registrations
from trace.balance import resolve
from trace.batches import CodeBatch, Issuer, packed_codes
from trace.codes import CodeKeys
from trace.effects import Effects, effects
from trace.errors import RuleRefused, StepConflict
from trace.events import event_of
from trace.findings import Finding
from trace.freezes import FreezeKind, freeze, lift
from trace.intake import read_step
from trace.parties import Party, PartyNew
from trace.places import Place, PlaceNew
from trace.private_values import conceal_all, digests_with_decoys, keep, same_values
from trace.profiles import Visibility, profile
from trace.projections import before, text_of, write_effects, write_findings, write_sales
from trace.rules import judge
from trace.stating import Stating, state_alone
from trace.steps import Step, StepNew
from trace.stored_findings import StoredFinding, findings, of_step
from trace.tables import CodeRow, StepLotRow, StepRow, insert_rows
from trace.turnover import Turnover, turnover
from trace.vocabulary import Stage
from trace.world import Before

__all__ = ["CodeBatch", "RecordedStep", "Recorder", "StoredFinding", "Turnover", "findings", "turnover"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedStep:
    """What recording a step answers."""

    step_id: str
    statement_id: str
    """Ask the ledger for the receipt of this."""
    findings: tuple[Finding, ...]
    """What was flagged."""
    lots: tuple[str, ...]
    """Every lot the step touched."""
    codes: tuple[str, ...]
    """Codes a packing activated, in the order of their serials."""
    batch: str | None
    """The batch they belong to."""
    replayed: bool
    """The party had sent this step before: nothing was written now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder:
    """Everything needed to record steps for parties, in the log named `origin`."""

    origin: str
    base_url: str
    """Where this deployment lives: the stem of its identifiers for lots, places and parties."""
    signer_of: Callable[[str], SigningKey]
    """Gives the signing key of a party by its USCC."""
    code_keys: CodeKeys
    randomness: Randomness
    vault: Vault
    """Seals and opens private values."""
    stating: Stating = state_alone
    """How statements about steps and codes go to the ledger; an import gathers them (`trace.stating`)."""

    @property
    def issuer(self) -> Issuer:
        """Issues the codes."""
        return Issuer(
            origin=self.origin, signer_of=self.signer_of, code_keys=self.code_keys, stating=self.stating
        )

    def record_step(self, session: Session, new: StepNew, recorded_ms: int) -> RecordedStep:
        """Judge a step and write it.

        Raises the faults of its form (`MissingField`, `BadField`, `BadFlow` …), `UnknownParty`,
        `UnknownPlace`, `RuleRefused`, `StepConflict`, or `ManyFaults` of these. Sending a step again
        under the same id answers as the first time and writes nothing.
        """
        step = read_step(new, self.randomness)
        asked = text_of(_asked(new, step))
        if step.client_id is not None and (replay := self._replay(session, step, asked)) is not None:
            return replay
        world = before(session, step, recorded_ms)
        step = resolve(step, world)
        flagged = _judged(step, world)
        batch = self.issuer.activate(session, step, recorded_ms) if step.stage is Stage.PACK else None
        statement, hidden = self._statement(step, world, recorded_ms, batch)
        found = effects(step, world, statement.id)
        _write_step(session, step, statement, asked, recorded_ms)
        write_effects(session, step, found, world)
        self._write_beside(session, step, world, flagged, statement, hidden)
        self.stating(session, statement, self.origin, self.signer_of(step.party))
        return _answer(step, statement.id, flagged, found, batch)

    def issue_codes(self, session: Session, party: str, count: int, recorded_ms: int) -> CodeBatch:
        """Reserve `count` codes for `party`; they answer "not activated" until a packing uses them."""
        return self.issuer.issue(session, party, count, recorded_ms)

    def register_party(self, session: Session, new: PartyNew, recorded_ms: int) -> Party:
        """Register a party and its key; see `registrations.register_party`."""
        return registrations.register_party(session, new, self.origin, self.signer_of(new.uscc), recorded_ms)

    def register_place(self, session: Session, new: PlaceNew, recorded_ms: int) -> Place:
        """Register a place; see `registrations.register_place`."""
        key = self.signer_of(new.party)
        return registrations.register_place(session, new, self.origin, key, recorded_ms, self.vault)

    def freeze(self, session: Session, kind: FreezeKind, target: str, reason: str, at_ms: int) -> str:
        """Put a lot, a party or a code on hold; returns the id of the hold."""
        return freeze(session, kind, target, reason, at_ms, self.randomness)

    def lift(self, session: Session, kind: FreezeKind, target: str, at_ms: int) -> None:
        """Lift every hold on a lot, a party or a code."""
        lift(session, kind, target, at_ms)

    def _replay(self, session: Session, step: Step, asked: str) -> RecordedStep | None:
        row = session.execute(
            select(StepRow.asked, StepRow.statement_id).where(StepRow.step_id == step.step_id)
        ).one_or_none()
        if row is None:
            return None
        if row.asked != asked or not same_values(session, self.vault, row.statement_id, step.private):
            raise StepConflict(id=step.client_id, at=Location(field="id", value=step.client_id))
        codes = packed_codes(session, step.step_id)
        lots = session.execute(select(StepLotRow.lot_id).where(StepLotRow.step_id == step.step_id)).scalars()
        known = set(lots)
        return RecordedStep(
            step_id=step.step_id,
            statement_id=row.statement_id,
            findings=of_step(session, step.step_id),
            lots=tuple(lot for lot in step.touched if lot in known),
            codes=codes,
            batch=_batch_of(session, codes),
            replayed=True,
        )

    def _statement(
        self, step: Step, world: Before, recorded_ms: int, batch: CodeBatch | None
    ) -> tuple[Statement, list[Disclosure]]:
        event = event_of(
            step,
            self.base_url,
            recorded_ms=recorded_ms,
            conformant=_conformant(step, world),
            batch=batch.batch_id if batch else None,
        )
        hidden = conceal_all(step.private, self.randomness)
        used = (world.lots[amount.lot].made_statement for amount in (*step.inputs, *step.lots))
        refs = [*dict.fromkeys(used), *([batch.statement_id] if batch else [])]
        statement = Statement(
            id=f"urn:uuid:{step.step_id}",
            kind="step",
            subject=f"lot/{step.subject_lot}",
            at_ms=recorded_ms,
            public={"event": event},
            digests=digests_with_decoys(hidden, self.randomness) if _may_be_private(step.stage) else (),
            refs=tuple(refs),
        )
        return statement, hidden

    def _write_beside(
        self,
        session: Session,
        step: Step,
        world: Before,
        flagged: Sequence[Finding],
        statement: Statement,
        hidden: Sequence[Disclosure],
    ) -> None:
        if step.stage is Stage.SALE:
            write_sales(session, step, world)
        ids = [str(uuid.UUID(bytes=self.randomness(16), version=4)) for _ in flagged]
        write_findings(session, step, flagged, world.recorded_ms, ids)
        if hidden:
            fields = profile(step.stage).by_name
            visibility = {name: field.visibility for name, field in fields.items()}
            keep(session, self.vault, statement.id, statement.subject, hidden, visibility, world.recorded_ms)


def _judged(step: Step, world: Before) -> list[Finding]:
    """Return what is flagged; raise what refuses."""
    found = judge(step, world)
    refused: list[DaodiError] = [_refusal(step, finding) for finding in found if finding.refuses]
    if refused:
        raise refused[0] if len(refused) == 1 else ManyFaults(refused)
    return found


def _refusal(step: Step, finding: Finding) -> RuleRefused:
    where = next(
        (
            name
            for name, amounts in (("inputs", step.inputs), ("lots", step.lots), ("outputs", step.outputs))
            if finding.lot in [amount.lot for amount in amounts]
        ),
        "time" if finding.rule.code.startswith("order.time") else None,
    )
    return RuleRefused(
        rule=finding.rule.code,
        zh=finding.message("zh"),
        en=finding.message("en"),
        remedy_zh=finding.remedy("zh"),
        remedy_en=finding.remedy("en"),
        at=Location(field=where, value=finding.lot),
    )


def _conformant(step: Step, world: Before) -> bool | None:
    """Whether every lot passed a test; None where nothing could be judged."""
    if step.stage is not Stage.TEST:
        return None
    verdicts = [result.within for results in world.judged.values() for result in results]
    if step.public.get("quality_level") == "failed" or False in verdicts:
        return False
    return True if True in verdicts or "quality_level" in step.public else None


def _asked(new: StepNew, step: Step) -> dict[str, JsonValue]:
    """Return what the party sent, without its private values."""
    sent: dict[str, JsonValue] = new.model_dump(mode="json", exclude={"fields", "results"}, exclude_none=True)
    results: list[JsonValue] = [each.model_dump(mode="json", exclude_none=True) for each in new.results]
    return sent | {"fields": dict(step.public), "results": results}


def _may_be_private(stage: Stage) -> bool:
    return any(field.visibility is not Visibility.PUBLIC for field in profile(stage).fields)


def _batch_of(session: Session, codes: Sequence[str]) -> str | None:
    if not codes:
        return None
    return session.exec(select(CodeRow.batch_id).where(CodeRow.code == codes[0])).one()


def _write_step(session: Session, step: Step, statement: Statement, asked: str, recorded_ms: int) -> None:
    insert_rows(
        session,
        StepRow,
        [
            {
                "step_id": step.step_id,
                "client_id": step.client_id,
                "stage": step.stage.value,
                "party": step.party,
                "place": step.place,
                "counterparty": step.counterparty,
                "event_ms": step.event_ms,
                "offset_minutes": step.offset_minutes,
                "recorded_ms": recorded_ms,
                "asked": asked,
                "public": text_of(statement.public),
                "statement_id": statement.id,
            }
        ],
    )


def _answer(
    step: Step, statement_id: str, flagged: Sequence[Finding], found: Effects, batch: CodeBatch | None
) -> RecordedStep:
    return RecordedStep(
        step_id=step.step_id,
        statement_id=statement_id,
        findings=tuple(flagged),
        lots=tuple(dict.fromkeys(touch.lot for touch in found.touches)),
        codes=batch.codes if batch else (),
        batch=batch.batch_id if batch else None,
        replayed=False,
    )
