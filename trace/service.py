"""Recording: from a step as sent to rows, findings, codes and one signed statement, in one transaction.

The caller owns the transaction: nothing here commits. Where a step is refused, nothing of it is written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, select

from ledger.clock import Randomness
from ledger.keys import SigningKey
from ledger.private.private_vault import Vault
from trace import registrations
from trace.balance import resolve
from trace.coding.activation import Chosen, choose_codes, packed_codes
from trace.coding.code_keys import CodeKeys
from trace.coding.code_tables import CodeRunRow
from trace.coding.code_words import Level
from trace.coding.issuing import CodeBatch, Issuer
from trace.coding.pack_finding import find_packs
from trace.declaring import Declarer
from trace.deliveries import sent_before
from trace.effects import Effects, with_outcomes
from trace.findings import Finding
from trace.intake import read_step
from trace.parties import Party, PartyNew
from trace.places import Place, PlaceNew
from trace.private_values import conceal_all
from trace.projections import before
from trace.recalls.hold_catching import catch_made
from trace.refusing import judge_or_refuse
from trace.replaying.step_applying import write_step
from trace.said import said_in
from trace.stating import Stating, state_alone
from trace.step_statements import Found, StepManner, keep_beside, step_statement
from trace.steps import Step, StepNew
from trace.stored_findings import StoredFinding, findings, of_step
from trace.tables import StepLotRow
from trace.turnover import Turnover, turnover
from trace.vocabulary import Stage

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
    operator_key: Callable[[], SigningKey]
    """Gives the log's own key, which signs what the operator states."""
    code_keys: CodeKeys
    randomness: Randomness
    vault: Vault
    """Seals and opens private values."""
    stating: Stating = state_alone
    """How statements about steps and codes go to the ledger; an import gathers them (`trace.stating`)."""

    @property
    def declarer(self) -> Declarer:
        """States whatever is no step: registrations, holds, recalls, documents, corrections."""
        return Declarer(
            origin=self.origin,
            signer_of=self.signer_of,
            operator_key=self.operator_key,
            randomness=self.randomness,
            vault=self.vault,
            stating=self.stating,
        )

    @property
    def issuer(self) -> Issuer:
        """Issues the codes."""
        return Issuer(declarer=self.declarer, code_keys=self.code_keys)

    def record_step(self, session: Session, new: StepNew, recorded_ms: int) -> RecordedStep:
        """Judge a step and write it.

        Raises the faults of its form (`MissingField`, `BadField`, `BadFlow` …), `UnknownParty`,
        `UnknownPlace`, `RuleRefused`, `StepConflict`, or `ManyFaults` of these. Sending a step again
        under the same id answers as the first time and writes nothing.
        """
        step = read_step(new, self.randomness)
        if step.client_id is not None:
            known = sent_before(session, self.vault, new, step)
            if known is not None:
                return self._again(session, step, known)
        packs = find_packs(session, step.codes, self.code_keys, step.container_code) if step.by_code else None
        world = before(session, step, recorded_ms, self.vault, packs)
        step = resolve(step, world)
        flagged = judge_or_refuse(step, world)
        batch = choose_codes(session, self.issuer, step, recorded_ms) if step.stage is Stage.PACK else None
        if batch is not None:
            step = replace(step, packs_named=batch.ranges)
        world = with_outcomes(step, world)
        hidden = conceal_all(step.private, self.randomness)
        manner = StepManner(base_url=self.base_url, randomness=self.randomness)
        statement = step_statement(
            session, manner, Found(step, world, tuple(flagged)), hidden, batch, recorded_ms
        )
        key = self.signer_of(step.party)
        found = write_step(session, step, said_in(statement, key.public.key_id), world)
        keep_beside(session, self.vault, new, step, statement, hidden)
        self.stating(session, statement, self.origin, key)
        if world.holds:
            catch_made(session, self.declarer, [amount.lot for amount in step.outputs], recorded_ms)
        return _answer(step, statement.id, flagged, found, batch)

    def issue_codes(
        self, session: Session, party: str, count: int, recorded_ms: int, level: Level = Level.PACK
    ) -> CodeBatch:
        """Issue `count` codes to `party`; they answer "not activated" until a packing or nesting uses them.

        Makes them in between: a batch of millions is prepared first (`Issuer.prepare`).
        """
        return self.issuer.issue(session, party, count, recorded_ms, level)

    def register_party(self, session: Session, new: PartyNew, recorded_ms: int) -> Party:
        """Register a party and its key; see `registrations.register_party`."""
        return registrations.register_party(session, new, self.declarer, recorded_ms)

    def register_place(self, session: Session, new: PlaceNew, recorded_ms: int) -> Place:
        """Register a place; see `registrations.register_place`."""
        return registrations.register_place(session, new, self.declarer, recorded_ms)

    def _again(self, session: Session, step: Step, statement_id: str) -> RecordedStep:
        codes = packed_codes(session, step.step_id, self.code_keys)
        lots = session.execute(select(StepLotRow.lot_id).where(StepLotRow.step_id == step.step_id)).scalars()
        known = set(lots)
        return RecordedStep(
            step_id=step.step_id,
            statement_id=statement_id,
            findings=of_step(session, step.step_id),
            lots=tuple(lot for lot in step.touched if lot in known),
            codes=codes,
            batch=_batch_of(session, step.step_id),
            replayed=True,
        )


def _batch_of(session: Session, step_id: str) -> str | None:
    return session.exec(select(CodeRunRow.batch_id).where(CodeRunRow.pack_step == step_id)).first()


def _answer(
    step: Step, statement_id: str, flagged: Sequence[Finding], found: Effects, batch: Chosen | None
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
