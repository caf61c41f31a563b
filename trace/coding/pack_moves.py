"""What a step does to packs named by their codes: their state after it.

A thing moved, sold or destroyed takes along all that stands in it. What it does to the lots the packs
were filled from is among the effects of the step (`trace.effects`).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from sqlmodel import Session

from trace.coding.code_words import UNUSED, CodeStatus
from trace.coding.pack_selection import PackSelection
from trace.coding.runs import Change, CodeRun, change_runs
from trace.steps import Step
from trace.vocabulary import Stage


def apply_packs(session: Session, step: Step, selection: PackSelection) -> None:
    """Write the new state of every pack that a judged `step` names, and of all that stands in it."""
    if make := _CHANGES.get(step.stage):
        change_runs(session, [each.serials for each in selection.every], make(step))
    if step.stage in _OUT_OF_SIGHT and step.counterparty is None:
        change_runs(session, selection.ranges, lambda run: replace(run, parent_serial=None))
    if step.stage in (Stage.NEST, Stage.UNNEST):
        parent = selection.container_serial if step.stage is Stage.NEST else None
        change_runs(session, selection.ranges, lambda run: replace(run, parent_serial=parent))
    if step.stage is Stage.NEST and selection.container is not None:
        change_runs(session, [selection.container.serials], _filled(step, selection))


def _shipped(step: Step) -> Change:
    def change(run: CodeRun) -> CodeRun:
        return replace(run, holder=step.party, in_transit_to=step.counterparty, moved_ms=step.event_ms)

    return change


def _received(step: Step) -> Change:
    def change(run: CodeRun) -> CodeRun:
        return replace(run, holder=step.party, came_from=run.holder, in_transit_to=None, sold_to=None)

    return change


def _sold(step: Step) -> Change:
    """To a party: promised, still with the seller, and its lot's no more. To the end user: gone."""
    if step.counterparty is None:
        return _ended(CodeStatus.SOLD)(step)
    return lambda run: replace(run, holder=step.party, sold_to=step.counterparty)


def _returned(step: Step) -> Change:
    """To who had shipped it, by itself or with its lot: on its way. From the end user: with the seller."""
    if step.counterparty is None:
        return _ended(CodeStatus.ACTIVATED)(step)
    ship = _shipped(step)
    return lambda run: replace(ship(run), came_from=step.counterparty)


def _ended(status: CodeStatus) -> Callable[[Step], Change]:
    def make(step: Step) -> Change:
        def change(run: CodeRun) -> CodeRun:
            return replace(run, status=status, status_ms=step.event_ms, holder=step.party, sold_to=None)

        return change

    return make


def _filled(step: Step, selection: PackSelection) -> Change:
    """The container is in use from its first filling, and with whoever has all that stands in it."""
    holders = {each.run.holder for each in (*selection.every, *selection.inside)}
    [holder] = holders if len(holders) == 1 else (None,)

    def change(run: CodeRun) -> CodeRun:
        found = replace(run, holder=holder)
        if run.status not in UNUSED:
            return found
        return replace(found, status=CodeStatus.ACTIVATED, status_ms=step.event_ms, pack_step=step.step_id)

    return change


_CHANGES: Final[Mapping[Stage, Callable[[Step], Change]]] = {
    Stage.SHIP: _shipped,
    Stage.RECEIVE: _received,
    Stage.SALE: _sold,
    Stage.RETURN: _returned,
    Stage.DISPENSE: _ended(CodeStatus.DISPENSED),
    Stage.DESTROY: _ended(CodeStatus.DESTROYED),
}
_OUT_OF_SIGHT: Final = frozenset({Stage.SALE, Stage.DISPENSE, Stage.DESTROY})
"""What is sold, dispensed or destroyed by itself stands in its box no longer."""
