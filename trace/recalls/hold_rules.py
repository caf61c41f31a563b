"""What may still happen to goods on hold: they go back, are destroyed, or are looked at; nothing else.

MOFCOM 监管 freeze: 企业码, 产品码, 批次码, 溯源码. A step that happened before the hold and is told of
later is kept, because it shows where the goods are: what it made is put under the hold at once.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from trace.findings import Finding
from trace.recalls.hold_world import Hold, HoldKind
from trace.rulebook import broken
from trace.steps import Step
from trace.vocabulary import Stage

if TYPE_CHECKING:
    from trace.world import Before

_LEAVING: Final = frozenset({Stage.RETURN, Stage.DESTROY})
"""How held goods leave the trade."""
_USED_UP: Final = frozenset({"unpacked", "plant", "misprint"})
"""Reasons of a 销毁 that ends a code and no goods: they were sold, used, or stand there without a label."""
_LOOKING: Final = frozenset({Stage.TEST, Stage.SAMPLING, Stage.STORAGE, Stage.SENSING})
"""What is found out about held goods, or kept of them, where they lie."""
STANDING_BY: Final = _LEAVING | _LOOKING | {Stage.FIELD_WORK, Stage.SETTLEMENT}
"""Stages whose correction takes no held goods out of sight: undone, the goods are where they were."""


def _held(step: Step, before: "Before") -> Iterator[Finding]:
    for hold in before.holds:
        if _passes(step, hold, before):
            continue
        if step.outputs and step.inputs and step.event_ms < hold.placed_ms and hold.lots:
            yield from _made_late(hold)
        else:
            yield from refusals(hold, step)


def _passes(step: Step, hold: Hold, before: "Before") -> bool:
    """Whether the step may go on in spite of `hold`."""
    if hold.kind is HoldKind.PARTY:
        # Goods may go back to a party on hold; what it has itself stays where it is.
        return step.stage in _LEAVING and hold.target != step.party
    if step.stage is Stage.DESTROY:
        return step.public.get("reason") not in _USED_UP
    return step.stage in _LEAVING | _LOOKING or _comes_back(step, before)


def _comes_back(step: Step, before: "Before") -> bool:
    """Whether the step receives goods that were sent back."""
    if step.stage is not Stage.RECEIVE:
        return False
    if before.packs is not None:
        return before.packs.comes_back
    if not step.lots:
        return False
    shipments = [before.shipments.get(amount.lot) for amount in step.lots]
    return all(shipment is not None and shipment.returned for shipment in shipments)


def _made_late(hold: Hold) -> Iterator[Finding]:
    for lot in sorted(hold.lots):
        yield broken("recall.late_made", lot, reason=hold.reason)


def refusals(hold: Hold, step: Step) -> Iterator[Finding]:
    """Say that a step is refused for a hold: once, or for each of the step's lots that it covers."""
    if step.stage is Stage.RECEIVE and hold.lots:
        return  # receipt.1 says so
    lots: list[str | None] = [*sorted(hold.lots)]
    for lot in lots or [None]:
        yield broken(
            "freeze.frozen",
            lot,
            kind_zh="批次" if lot else hold.kind.zh,
            kind_en="lot" if lot else hold.kind.en,
            target=lot or hold.target,
            reason=hold.reason,
        )


HOLD_RULES: Final[tuple[Callable[[Step, "Before"], Iterator[Finding]], ...]] = (_held,)
"""Judged with the other rules of `trace.judging`."""
