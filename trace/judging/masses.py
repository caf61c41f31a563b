"""Is there as much? Nothing goes out that did not come in, and no more comes out than the goods can give."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from trace.balance import (
    excipient_taken,
    gained,
    herb_taken,
    made_grams,
    mostly_excipient,
    overdrawn,
    overdrawn_packs,
    oversold,
)
from trace.findings import Finding
from trace.lots import LotState
from trace.profiles import profile
from trace.promises import promise_rule
from trace.rulebook import broken
from trace.standards.sureness import Sureness
from trace.standards.yields import YieldBound, yield_bounds
from trace.steps import Step
from trace.vocabulary import Form, Stage
from trace.world import Before

ADJUSTABLE_PER_MILLE: Final = 50
"""Our own bound: adjustments of stock (调库) of more than 5 % of what came in are flagged."""

_GIVES: Final = frozenset({Stage.SHIP, Stage.RETURN})
_YIELDS: Final = frozenset({Stage.PRIMARY_PROCESSING, Stage.PAOZHI, Stage.GRANULE})


def balances(step: Step, before: Before) -> Iterator[Finding]:
    """A lot gives what it has; a step makes no more than it took; a sale sells what is there."""
    moved = step.lots if step.stage in _GIVES and not step.by_code else ()
    for amount in (*step.inputs, *moved):
        if amount.grams == 0:
            yield broken("balance.used_up", amount.lot)
    lacking = {**overdrawn(step, before.lots), **overdrawn_packs(step, before)}
    for lot, (wanted, free) in lacking.items():
        yield broken("balance.overdrawn", lot, free=free, wanted=wanted)
    if (more := gained(step, before.lots)) is not None:
        yield broken("balance.created", step.outputs[0].lot, came=more[0], out=more[1])
    if (swollen := mostly_excipient(step, before.lots)) is not None:
        yield broken("balance.excipient", step.outputs[0].lot, came=swollen[0], out=swollen[1])
    for lot, (sold, at_hand) in oversold(step, before).items():
        yield broken("balance.oversold", lot, sold=sold, at_hand=at_hand)


def yields(step: Step, before: Before) -> Iterator[Finding]:
    """What comes out of a process stays within what the herb can give."""
    bound = _bound(step, before)
    came = herb_taken(step, before.lots)
    if bound is None or not came:
        return
    out = made_grams(step)
    # What came out is herb at least where it cannot be excipient, and at most altogether.
    least = max(0, out - excipient_taken(step, before.lots))
    swollen = bound.high_per_mille is not None and least * 1000 > came * bound.high_per_mille
    shrunk = bound.low_per_mille is not None and out * 1000 < came * bound.low_per_mille
    if swollen or shrunk:
        yield _out_of_bounds(step, bound, came, out)


def _bound(step: Step, before: Before) -> YieldBound | None:
    """Return the bound of a process that took one herb in one form, all of it weighed."""
    if step.stage not in _YIELDS:
        return None
    lots = [before.lots[amount.lot] for amount in step.inputs]
    herbs = [lot for lot in lots if lot.form is not Form.EXCIPIENT]
    kinds = {(lot.herb, lot.form) for lot in herbs}
    makes = profile(step.stage).flow.makes
    if len(kinds) != 1 or makes is None or any(lot.grams is None for lot in herbs):
        return None
    herb, form = kinds.pop()
    return yield_bounds(step.stage, herb, form, makes)


def _out_of_bounds(step: Step, bound: YieldBound, came: int, out: int) -> Finding:
    return broken(
        "balance.yield",
        step.outputs[0].lot,
        came=came,
        out=out,
        low="—" if bound.low_per_mille is None else str(Decimal(bound.low_per_mille) / 10),
        high="—" if bound.high_per_mille is None else str(Decimal(bound.high_per_mille) / 10),
        reason_zh=bound.reason_zh,
        reason_en=bound.reason_en,
        note_zh=_note(bound.confidence)[0],
        note_en=_note(bound.confidence)[1],
    )


def _note(sureness: Sureness) -> tuple[str, str]:
    return ("（本系统的假设）", " (our own assumption)") if sureness is Sureness.ASSUMPTION else ("", "")


def adjustments(step: Step, before: Before) -> Iterator[Finding]:
    """Stock is adjusted from what the books say, and by little."""
    if step.stage is not Stage.STOCK_ADJUST:
        return
    amount = step.lots[0]
    lot = before.lots[amount.lot]
    said = step.public.get("old_grams")
    if isinstance(said, int) and said != (lot.grams or 0):
        yield broken("balance.old_weight", lot.lot, said=said, grams=lot.grams or 0)
    yield from _adjusted(lot, (amount.grams or 0) - (lot.grams or 0))


def _adjusted(lot: LotState, change: int) -> Iterator[Finding]:
    """All adjustments of a lot count together, or many small ones would pass.

    Upwards those of what it was made from count too, for its part: a new lot id is no new allowance.
    """
    total = lot.adjusted_grams + change
    if change > 0:
        total = lot.raised_grams + change
    came = lot.grams_in or 0
    if abs(total) * 1000 > came * ADJUSTABLE_PER_MILLE:
        code = "balance.adjusted_up" if total > 0 else "balance.adjusted_down"
        yield broken(code, lot.lot, total=abs(total), came=came)


MASS_RULES: Final = (balances, promise_rule, yields, adjustments)
