"""Mass balance: what a lot can still give, and what a step takes from it.

One law: nothing goes out that did not come in. For each lot `grams_in + adjusted = grams + packed + drawn`,
and drawing more than is free is refused. Four things make or change mass without breaking it: a harvest
(seed and harvest are not the same stuff), 辅料 added in processing, loss in drying, loss on the road.
What a herb may lose or gain on the way is judged beside, by the bounds of `trace.standards.yields`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from trace.added_mass import pure_herb_taken
from trace.lots import LotState
from trace.steps import Amount, Step
from trace.vocabulary import PRODUCT_STAGES, Form, Stage
from trace.world import Before

CONSERVING: Final = PRODUCT_STAGES | {Stage.PRIMARY_PROCESSING, Stage.SPLIT, Stage.MERGE}
"""Stages whose outputs can never weigh more than their inputs, 辅料 included."""

TAKING_OUT: Final = frozenset({Stage.SAMPLING, Stage.DISPENSE, Stage.DESTROY})
"""Stages whose goods leave the lot for good, and go into no other."""

_ALL: Final = frozenset({Stage.SHIP, Stage.RETURN})
"""Stages that move a whole lot."""

_WHOLE: Final = frozenset({Stage.DESTROY, Stage.PURCHASE})
"""Stages that mean all at hand where they say no mass."""

PACKS_LEAVE: Final = _ALL | {Stage.SALE, Stage.DISPENSE, Stage.DESTROY}
"""Stages by which packs named by their codes stop going with their lot."""

BY_THE_PACK: Final = frozenset({Stage.SALE, Stage.DISPENSE})
"""Stages that give packs to end users."""


def resolve(step: Step, before: Before) -> Step:
    """Fill in what a step left out: grams, and the lots and serials of packs named by their codes.

    An input gives all that is free of it, a shipment takes all that is not sold to others, a receipt
    what was shipped, a packing its packs times their mass, a destruction and a purchase all that is at
    hand. What has no weight stays None.
    """
    if step.by_code and before.packs is not None:
        return replace(
            step,
            lots=tuple(Amount(lot=lot, grams=grams) for lot, grams in before.packs.grams_by_lot.items()),
            packs_named=before.packs.ranges,
            container=before.packs.container_serial,
        )
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
    if step.stage in _ALL:
        return replace(amount, grams=before.leaving(amount.lot))
    if step.stage is Stage.RECEIVE and amount.lot in before.shipments:
        return replace(amount, grams=before.shipments[amount.lot].grams)
    if step.stage in _WHOLE and before.lots[amount.lot].grams is not None:
        return replace(amount, grams=before.lots[amount.lot].at_hand)
    return amount


def taken(step: Step) -> Mapping[str, int]:
    """Return the grams a step draws from each of its inputs."""
    return {amount.lot: amount.grams or 0 for amount in step.inputs}


def overdrawn(step: Step, lots: Mapping[str, LotState]) -> Mapping[str, tuple[int, int]]:
    """Return (wanted, free) in grams for every lot that is asked for more than it can give."""
    free = {amount.lot: lots[amount.lot].free for amount in step.inputs if amount.lot in lots}
    wanted = dict(taken(step))
    if step.stage in TAKING_OUT and not step.by_code:
        free |= {amount.lot: _to_take(step, lots[amount.lot]) for amount in step.lots if amount.lot in lots}
        wanted |= {amount.lot: amount.grams or 0 for amount in step.lots}
    return {
        lot: (grams, free[lot])
        for lot, grams in wanted.items()
        if lot in free and lots[lot].grams is not None and grams > free[lot]
    }


def overdrawn_packs(step: Step, before: Before) -> Mapping[str, tuple[int, int]]:
    """Return (wanted, packed) in grams for every lot whose packs would leave it though they are used up.

    What was dispensed, sampled or destroyed by the lot may have been packs, nobody knows which.
    """
    if not step.by_code or step.stage not in PACKS_LEAVE or before.packs is None:
        return {}
    packed = {lot: before.lots[lot].packed_grams for lot in before.packs.leaving_by_lot if lot in before.lots}
    leaving = before.packs.leaving_by_lot
    return {lot: (leaving[lot], grams) for lot, grams in packed.items() if leaving[lot] > grams}


def _to_take(step: Step, lot: LotState) -> int:
    """What is sold may still be destroyed, but neither dispensed nor sampled."""
    return lot.at_hand if step.stage is Stage.DESTROY else max(0, lot.at_hand - lot.sold_grams)


def gained(step: Step, lots: Mapping[str, LotState]) -> tuple[int, int] | None:
    """Return (in, out) in grams when a conserving step makes more than it took; None when it does not.

    What is said to come from a lot without weight counts for nothing: no lot would grow lighter by it.
    """
    if step.stage not in CONSERVING:
        return None
    lotted = sum(grams for lot, grams in taken(step).items() if lots[lot].grams is not None)
    came = lotted + unlotted_excipient(step)
    went = made_grams(step)
    return (came, went) if went > came else None


def herb_taken(step: Step, lots: Mapping[str, LotState]) -> int:
    """Return the grams a step draws from lots that are no excipient."""
    return sum(grams for lot, grams in taken(step).items() if lots[lot].form is not Form.EXCIPIENT)


def excipient_taken(step: Step, lots: Mapping[str, LotState]) -> int:
    """Return the grams of excipient a step uses, from lots of their own or not."""
    lotted = sum(grams for lot, grams in taken(step).items() if lots[lot].form is Form.EXCIPIENT)
    return lotted + unlotted_excipient(step)


def unlotted_excipient(step: Step) -> int:
    """Return the grams of excipient a step says it used that have no lot here."""
    added = step.public.get("excipient_grams", 0)
    return added if isinstance(added, int) else 0


def mostly_excipient(step: Step, lots: Mapping[str, LotState]) -> tuple[int, int] | None:
    """Return (herb in, out) in grams when more than half of what 炮制 made can only be excipient.

    Our own bound: no source we have says how much 辅料 a herb may take up, yet slices that are for the
    most part something else are not slices of that herb. Excipient of an earlier 炮制 counts as well.
    """
    if step.stage is not Stage.PAOZHI:
        return None
    came, went = pure_herb_taken(step, tuple(lots[amount.lot] for amount in step.inputs)), made_grams(step)
    return (came, went) if went > 2 * came else None


def made_grams(step: Step) -> int:
    """Return the grams of everything a step makes."""
    return sum(amount.grams or 0 for amount in step.outputs)


def oversold(step: Step, before: Before) -> Mapping[str, tuple[int, int]]:
    """Return (sold in all, at hand) in grams for every lot a sale leaves oversold (超售)."""
    if step.by_code:
        return _oversold_packs(step, before)
    sold = {
        amount.lot: before.lots[amount.lot].sold_grams + (amount.grams or 0)
        for amount in step.lots
        if step.stage is Stage.SALE and amount.lot in before.lots
    }
    return _more_than_there_is(sold, before)


def _oversold_packs(step: Step, before: Before) -> Mapping[str, tuple[int, int]]:
    """Packs that go to end users, with what was sold of their lot to end users by its mass."""
    if step.stage not in BY_THE_PACK or before.packs is None:
        return {}
    leaving = before.packs.leaving_by_lot.items()
    gone = before.sold_elsewhere
    return _more_than_there_is({lot: gone[lot] + grams for lot, grams in leaving if lot in gone}, before)


def _more_than_there_is(sold: Mapping[str, int], before: Before) -> Mapping[str, tuple[int, int]]:
    at_hand = {lot: before.lots[lot].at_hand for lot in sold if lot in before.lots}
    return {lot: (sold[lot], grams) for lot, grams in at_hand.items() if sold[lot] > grams}


def draw(lot: LotState, grams: int) -> LotState:
    """Return the lot after `grams` of loose goods went into other lots."""
    return lot if lot.grams is None else replace(lot, grams=lot.grams - grams)


def pack(lot: LotState, grams: int) -> LotState:
    """Return the lot after `grams` of it were put in packs."""
    return replace(lot, grams=(lot.grams or 0) - grams, packed_grams=lot.packed_grams + grams)


def take_out(lot: LotState, grams: int) -> LotState:
    """Return the lot after `grams` left it for good: loose goods first, then packs that were opened."""
    if lot.grams is None:
        return lot
    loose = min(lot.grams, grams)
    return replace(lot, grams=lot.grams - loose, packed_grams=max(0, lot.packed_grams - (grams - loose)))


def leave_in_packs(lot: LotState, grams: int) -> LotState:
    """Return the lot after packs of `grams` in all went their own way."""
    return replace(lot, packed_grams=max(0, lot.packed_grams - grams))


def adjust(lot: LotState, grams: int) -> LotState:
    """Return the lot after its loose mass was counted anew (调库)."""
    change = grams - (lot.grams or 0)
    return replace(lot, grams=grams, adjusted_grams=lot.adjusted_grams + change)


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
