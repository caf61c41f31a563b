"""Mass balance: what a lot can still give, and what a step takes from it.

One law: nothing goes out that did not come in. For each lot `grams_in = grams + packed + drawn`, and
drawing more than is free is refused. Four things make or change mass without breaking it: a harvest
(seed and harvest are not the same stuff), 辅料 added in 炮制, loss in drying, loss on the road.
How much a herb may lose in drying or gain by roasting is in no source we have, so no yield is bounded.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from trace.lots import LotState
from trace.steps import Amount, Step
from trace.vocabulary import Stage
from trace.world import Before

CONSERVING: Final = frozenset({Stage.PRIMARY_PROCESSING, Stage.SPLIT, Stage.MERGE, Stage.PAOZHI})
"""Stages whose outputs can never weigh more than their inputs, 辅料 included."""


def resolve(step: Step, before: Before) -> Step:
    """Fill in the grams a step left out.

    An input gives all that is free of it, a shipment takes all that is not sold to others, a receipt
    what was shipped, a packing its packs times their mass. What has no weight stays None.
    """
    inputs = tuple(_input(step, amount, before) for amount in step.inputs)
    return replace(step, inputs=inputs, lots=tuple(_seen(step, amount, before) for amount in step.lots))


def _input(step: Step, amount: Amount, before: Before) -> Amount:
    lot = before.lots.get(amount.lot)
    if step.stage is Stage.PACK and step.packs and step.grams_per_pack:
        return replace(amount, grams=step.packs * step.grams_per_pack)
    if amount.grams is not None or lot is None or lot.grams is None:
        return amount
    return replace(amount, grams=lot.free)


def _seen(step: Step, amount: Amount, before: Before) -> Amount:
    if amount.grams is not None or amount.lot not in before.lots:
        return amount
    if step.stage is Stage.SHIP:
        return replace(amount, grams=before.leaving(amount.lot))
    if step.stage is Stage.RECEIVE and amount.lot in before.shipments:
        return replace(amount, grams=before.shipments[amount.lot].grams)
    return amount


def taken(step: Step) -> Mapping[str, int]:
    """Return the grams a step draws from each of its inputs."""
    return {amount.lot: amount.grams or 0 for amount in step.inputs}


def overdrawn(step: Step, lots: Mapping[str, LotState]) -> Mapping[str, tuple[int, int]]:
    """Return (wanted, free) in grams for every input that is asked for more than it has free."""
    return {
        lot: (grams, lots[lot].free)
        for lot, grams in taken(step).items()
        if lot in lots and lots[lot].grams is not None and grams > lots[lot].free
    }


def gained(step: Step, lots: Mapping[str, LotState]) -> tuple[int, int] | None:
    """Return (in, out) in grams when a conserving step makes more than it took; None when it does not.

    What is said to come from a lot without weight counts for nothing: no lot would grow lighter by it.
    """
    if step.stage not in CONSERVING:
        return None
    added = step.public.get("excipient_grams", 0)
    herb = sum(grams for lot, grams in taken(step).items() if lots[lot].grams is not None)
    came = herb + (added if isinstance(added, int) else 0)
    went = _made(step)
    return (came, went) if went > came else None


def mostly_excipient(step: Step) -> tuple[int, int] | None:
    """Return (herb in, out) in grams when more than half of what 炮制 made can only be excipient.

    Our own bound: no source we have says how much 辅料 a herb may take up, yet slices that are for the
    most part something else are not slices of that herb.
    """
    if step.stage is not Stage.PAOZHI:
        return None
    came, went = sum(taken(step).values()), _made(step)
    return (came, went) if went > 2 * came else None


def _made(step: Step) -> int:
    return sum(amount.grams or 0 for amount in step.outputs)


def oversold(step: Step, lots: Mapping[str, LotState]) -> Mapping[str, tuple[int, int]]:
    """Return (sold in all, at hand) in grams for every lot a sale leaves oversold (超售)."""
    if step.stage is not Stage.SALE:
        return {}
    return {
        amount.lot: (lots[amount.lot].sold_grams + (amount.grams or 0), lots[amount.lot].at_hand)
        for amount in step.lots
        if amount.lot in lots and lots[amount.lot].sold_grams + (amount.grams or 0) > lots[amount.lot].at_hand
    }


def draw(lot: LotState, grams: int) -> LotState:
    """Return the lot after `grams` of loose goods went into other lots."""
    return lot if lot.grams is None else replace(lot, grams=lot.grams - grams)


def pack(lot: LotState, grams: int) -> LotState:
    """Return the lot after `grams` of it were put in packs."""
    return replace(lot, grams=(lot.grams or 0) - grams, packed_grams=lot.packed_grams + grams)


def hand_over(lot: LotState, receiver: str, gone: int) -> LotState:
    """Return the lot in new hands; `gone` grams, sold to others or lost on the road, stayed behind."""
    from_packs = min(lot.packed_grams, gone)
    loose = None if lot.grams is None else max(0, lot.grams - (gone - from_packs))
    return replace(
        lot,
        holder=receiver,
        grams=loose,
        packed_grams=lot.packed_grams - from_packs,
        sold_grams=0,
        in_transit=False,
    )
