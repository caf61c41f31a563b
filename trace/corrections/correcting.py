"""Correcting a step: it is declared wrong, what really happened is stated, what came after is judged anew.

Nothing is updated in place in the log: the wrong step stays, its correction says so beside it, and the
tables follow. The caller owns the transaction.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import orjson
from sqlalchemy import update
from sqlmodel import Session, col, select

from ledger.canonical import JsonValue
from ledger.private.private_vault import Vault
from trace.balance import resolve
from trace.coding.activation import Chosen, choose_codes, next_unused
from trace.coding.code_listing import codes_of_ranges
from trace.coding.code_tables import CodeBatchRow
from trace.coding.pack_finding import frozen_among
from trace.coding.runs import merged
from trace.corrections.consequences import Consequences, consequences
from trace.corrections.correction_applying import KIND, apply_correction
from trace.corrections.correction_errors import (
    AlreadyCorrected,
    CorrectionHeld,
    CorrectiveMisfit,
    NotStatedByYou,
    PackStepFinal,
    UnknownStep,
)
from trace.corrections.correction_packs import count, own_way, reused
from trace.corrections.correction_tables import CorrectionRow
from trace.corrections.correction_words import Corrected, CorrectionNew, Reason
from trace.corrections.past_reading import Past, read_past
from trace.deliveries import sent_before
from trace.effects import with_outcomes
from trace.epcis.corrected_events import error_declared
from trace.findings import Finding
from trace.intake import read_step
from trace.lots import Quality
from trace.private_values import conceal_all
from trace.profiles import Visibility
from trace.projections import before
from trace.recalls.hold_catching import catch_made
from trace.recalls.hold_rules import STANDING_BY
from trace.refusing import judge_or_refuse
from trace.replaying.history import History, PastStep
from trace.replaying.step_applying import keep_step
from trace.rulebook import broken
from trace.said import said_in
from trace.service import Recorder
from trace.step_statements import Found, StepManner, keep_beside, step_statement
from trace.steps import Step, StepNew
from trace.stored_findings import of_step
from trace.tables import FindingRow, StepRow
from trace.vocabulary import Stage
from trace.world import Before

_NOTE: Final = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrector:
    """Corrects steps for whoever may: the party that stated them, a regulator, the operator."""

    recorder: Recorder
    by: str | None
    """USCC of who declares the step wrong; None for the operator."""
    supervising: bool = False
    """Whether it is a regulator or the operator, who may declare any step wrong and state none."""

    def correct(self, session: Session, step_id: str, asked: CorrectionNew, at_ms: int) -> Corrected:
        """Declare a step wrong and put `asked.instead` in its place, if there is one.

        Raises `UnknownStep`, `NotStatedByYou`, `CorrectiveMisfit`, `PackStepFinal`, `AlreadyCorrected`,
        `CorrectionHeld`, and for the step in its place what recording raises. The same correction again
        answers the same.
        """
        # Of two corrections at once the second waits, and finds what the first did.
        row = session.get(StepRow, step_id, populate_existing=True, with_for_update=True)
        if row is None:
            raise UnknownStep(step=step_id)
        self._entitled(row)
        new = _named(asked, step_id)
        _fit(row, asked.reason, new, supervising=self.supervising)
        step = None if new is None else read_step(new, self.recorder.randomness)
        if row.voided_by is not None:
            return self._again(session, row, asked.reason, new, step)
        past = read_past(session, row, step)
        self._require_free(session, past)
        for each in (past.wrong.step, step):
            if each is not None and each.by_code and each.stage is not Stage.PACK:
                raise PackStepFinal(step=step_id)
        instead = None
        if new is not None and step is not None:
            instead = self._state_instead(session, new, step, past, at_ms)
        return self._declare(session, row, past, instead, asked, at_ms)

    def _entitled(self, row: StepRow) -> None:
        if not self.supervising and self.by != row.party:
            raise NotStatedByYou(step=row.step_id, party=row.party, by=self.by or "—")

    def _require_free(self, session: Session, past: Past) -> None:
        """Raise `CorrectionHeld` where a party would take goods on hold out of sight by its word alone."""
        wrong = past.wrong.step
        if self.supervising or wrong.stage in STANDING_BY:
            return
        moved = {amount.lot for amount in (*wrong.outputs, *wrong.lots)}
        about = {*wrong.touched, *_reached(past, moved)}
        held = sorted(name for name in about if name in past.rows and past.rows[name].frozen)
        if not held and frozen_among(session, wrong.packs_named):
            held = [wrong.inputs[0].lot]
        if held:
            raise CorrectionHeld(lot=held[0], step=wrong.step_id)

    def _again(
        self, session: Session, row: StepRow, reason: Reason, new: StepNew | None, step: Step | None
    ) -> Corrected:
        """Answer a correction that was made before; raises `AlreadyCorrected` where it was another."""
        known = session.get_one(CorrectionRow, row.step_id, populate_existing=True)
        same = known.reason == reason and known.corrective == (None if step is None else step.step_id)
        if same and new is not None and step is not None:
            same = sent_before(session, self.recorder.vault, new, step) is not None
        if not same:
            raise AlreadyCorrected(
                step=row.step_id, correction=known.statement_id, corrective=known.corrective or "—"
            )
        return Corrected(
            step_id=row.step_id,
            statement_id=known.statement_id,
            reason=reason,
            corrective=known.corrective,
            findings=tuple((known.corrective or row.step_id, each) for each in of_step(session, row.step_id)),
            lots=(),
            replayed=True,
        )

    def _state_instead(self, session: Session, new: StepNew, step: Step, past: Past, at_ms: int) -> PastStep:
        """Judge the step in the place of the wrong one where that one stood, and state it."""
        recorder = self.recorder
        world = _world_then(session, step, past, recorder.vault)
        step = resolve(step, world)
        flagged = judge_or_refuse(step, world)
        chosen = self._codes(session, step, past, at_ms) if step.stage is Stage.PACK else None
        if chosen is not None:
            step = replace(step, packs_named=chosen.ranges)
        world = with_outcomes(step, world)
        hidden = conceal_all(step.private, recorder.randomness)
        manner = StepManner(
            base_url=recorder.base_url, randomness=recorder.randomness, corrects=past.wrong.step.step_id
        )
        statement = step_statement(session, manner, Found(step, world, tuple(flagged)), hidden, chosen, at_ms)
        key = recorder.signer_of(step.party)
        keep_step(session, step, said_in(statement, key.public.key_id))
        keep_beside(session, recorder.vault, new, step, statement, hidden)
        recorder.stating(session, statement, recorder.origin, key)
        return PastStep(
            step=step,
            statement_id=statement.id,
            recorded_ms=at_ms,
            position=past.wrong.position,
            outcomes=world.outcomes,
        )

    def _codes(self, session: Session, step: Step, past: Past, at_ms: int) -> Chosen:
        """Take the codes of the wrong packing, and the next of its batch where those are too few."""
        wrong = past.wrong.step
        if wrong.stage is not Stage.PACK or wrong.batch is None:
            return choose_codes(session, self.recorder.issuer, step, at_ms)
        wanted = step.packs or 0
        kept = reused(session, wrong.packs_named, wanted)
        more = wanted - count(kept)
        ranges = tuple(merged([*kept, *(next_unused(session, wrong.batch, more) if more else ())]))
        issued = session.exec(
            select(CodeBatchRow.statement_id).where(CodeBatchRow.batch_id == wrong.batch)
        ).one()
        codes = tuple(codes_of_ranges(session, ranges, self.recorder.code_keys))
        return Chosen(batch_id=wrong.batch, statement_id=issued, ranges=ranges, codes=codes)

    def _declare(
        self,
        session: Session,
        row: StepRow,
        past: Past,
        instead: PastStep | None,
        asked: CorrectionNew,
        at_ms: int,
    ) -> Corrected:
        found = _consequences(session, past, instead)
        refs = [row.statement_id, *([instead.statement_id] if instead else [])]
        said = self.recorder.declarer.declare(
            session,
            apply_correction,
            kind=KIND,
            statement_id=f"correction/{row.step_id}",
            subject=past.wrong.step.subject,
            public=self._public(row, instead, asked.reason, at_ms) | found.stated(),
            at_ms=at_ms,
            by=self.by,
            private={_NOTE: asked.note} if asked.note else {},
            visibility={_NOTE: Visibility.REGULATOR},
            refs=refs,
        )
        if instead is not None:
            made = [amount.lot for amount in instead.step.outputs]
            catch_made(session, self.recorder.declarer, made, at_ms)
        return Corrected(
            step_id=row.step_id,
            statement_id=said.statement_id,
            reason=asked.reason,
            corrective=None if instead is None else instead.step.step_id,
            findings=found.findings,
            lots=tuple(sorted(past.affected)),
            replayed=False,
        )

    def _public(
        self, row: StepRow, instead: PastStep | None, reason: Reason, at_ms: int
    ) -> dict[str, JsonValue]:
        """Return the same event with its error declaration (EPCIS 2.0, `errorDeclaration`)."""
        event = error_declared(
            orjson.loads(row.public)["event"],
            declared_ms=at_ms,
            reason=reason,
            correctives=[] if instead is None else [instead.step.step_id],
        )
        public: dict[str, JsonValue] = {"event": event, "step": row.step_id, "reason": reason.value}
        public["by"] = self.by
        if instead is not None:
            public["corrective"] = instead.step.step_id
        return public


def _reached(past: Past, begun: Iterable[str]) -> frozenset[str]:
    """Return the lots that the steps which count made of `begun`, and these."""
    found = set(begun)
    for each in past.steps:
        if any(amount.lot in found for amount in each.step.inputs):
            found.update(amount.lot for amount in each.step.outputs)
    return frozenset(found)


def _named(asked: CorrectionNew, step_id: str) -> StepNew | None:
    """Give the step in its place an id, so that the same correction sent again is known."""
    new = asked.instead
    if new is None or new.id is not None:
        return new
    return new.model_copy(update={"id": f"corrects-{step_id}"})


def _fit(row: StepRow, reason: Reason, new: StepNew | None, *, supervising: bool) -> None:
    """Raise `CorrectiveMisfit` where reason, step and party do not go together."""
    fault = None
    if new is not None and supervising:
        fault = "监管部门与运营方不代主体陈述环节", "a regulator or the operator states no step for a party"
    elif new is not None and reason is Reason.DID_NOT_OCCUR:
        fault = "声明未发生，却附了环节", "it says nothing happened and brings a step"
    elif new is None and reason is Reason.INCORRECT_DATA and not supervising:
        fault = "声明数据有误，却未附更正后的环节", "it says the data are wrong and brings no step"
    elif new is not None and new.party != row.party:
        fault = "更正后的环节出自另一主体", "the step in its place is of another party"
    if fault is not None:
        raise CorrectiveMisfit(fault_zh=fault[0], fault_en=fault[1])


def _world_then(session: Session, step: Step, past: Past, vault: Vault) -> Before:
    """Return the world `step` finds where the wrong step stood; registers and holds are today's."""
    names = past.followed(None) | frozenset(step.touched)
    history = History(names, past.sites, past.ghosts(), successions=past.successions)
    for each in past.steps:
        if each.position < past.wrong.position:
            history.take(each)
    history.come_to(past.wrong.position)
    now = _without(session, past.wrong, lambda: before(session, step, past.wrong.recorded_ms, vault))
    then = history.world(step, past.wrong.recorded_ms)
    made = {amount.lot for amount in past.wrong.step.outputs}
    taken = {
        amount.lot: past.rows[amount.lot]
        for amount in step.outputs
        if amount.lot in past.rows and amount.lot not in past.unmade | made
    }
    return replace(
        now,
        lots={**then.lots, **taken},
        shipments=then.shipments,
        sold_elsewhere=then.sold_elsewhere,
        came_from=then.came_from,
        failed_measurands=then.failed_measurands,
        judged=then.judged,
        retested=then.retested,
        ways={lot: way for lot, way in now.ways.items() if lot in then.lots},
    )


def _without(session: Session, wrong: PastStep, read: Callable[[], Before]) -> Before:
    """Read the world as if the wrong step counted no longer: its harvest, its area, its results."""
    mine = update(StepRow).where(col(StepRow.step_id) == wrong.step.step_id)
    session.execute(mine.values(voided_by=f"correction/{wrong.step.step_id}"))
    found = read()
    session.execute(mine.values(voided_by=None))
    return found


def _consequences(session: Session, past: Past, instead: PastStep | None) -> Consequences:
    rows = session.exec(select(FindingRow).where(col(FindingRow.lot_id).in_(past.affected))).all()
    standing = {
        (row.step_id, str(orjson.loads(row.parts).get("rule")), row.lot_id)
        for row in rows
        if row.rule.startswith("correction.")
    }
    flagged = {(row.step_id, row.rule, row.lot_id) for row in rows}
    also = [*_packs_gone(session, past, instead), *_results_withdrawn(past, instead)]
    return consequences(past, instead, standing, flagged, also)


def _results_withdrawn(past: Past, instead: PastStep | None) -> Iterator[tuple[str, Finding]]:
    """Flag a bad test result that a correction unsays."""
    told = {} if instead is None else instead.outcomes
    about = past.wrong.step.step_id if instead is None else instead.step.step_id
    for lot, outcome in past.wrong.outcomes.items():
        if outcome is Quality.FAILED and told.get(lot) is not Quality.FAILED:
            yield about, broken("quality.result_withdrawn", lot)


def _packs_gone(session: Session, past: Past, instead: PastStep | None) -> list[tuple[str, Finding]]:
    """Flag a wrong packing some of whose packs were shipped, sold or used since: they stay as they are."""
    wrong = past.wrong.step
    gone = count(own_way(session, wrong.packs_named)) if wrong.stage is Stage.PACK else 0
    if not gone:
        return []
    about = wrong.step_id if instead is None else instead.step.step_id
    return [(about, broken("correction.packs", wrong.inputs[0].lot, packs=gone))]
