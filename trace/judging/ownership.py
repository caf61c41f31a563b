"""Whose is it? Only the holder works with goods; a receipt needs the shipment that was meant for it."""

from collections.abc import Iterator
from typing import Final

from trace.findings import Finding
from trace.judging.naming import local_time, step_time, used
from trace.rulebook import broken
from trace.steps import Step
from trace.vocabulary import ORIGIN_STAGES, Stage
from trace.world import Before, OpenShipment

_LEAVING: Final = frozenset({Stage.SHIP, Stage.RETURN})
_NOT_HOLDING: Final = frozenset({Stage.RECEIVE, Stage.SETTLEMENT})
"""Stages that those who do not hold the goods may record."""


def places(step: Step, before: Before) -> Iterator[Finding]:
    """Nobody plants, rears, gathers or mines on the land of another."""
    if step.stage in ORIGIN_STAGES and before.site.party != step.party:
        yield broken("owner.place", None, place=step.place, owner=before.site.party, party=step.party)


def holders(step: Step, before: Before) -> Iterator[Finding]:
    """Goods are worked with by who holds them, and bought from who holds them."""
    if step.stage in _NOT_HOLDING:
        return
    holder = step.counterparty if step.stage is Stage.PURCHASE else step.party
    for amount in used(step):
        lot = before.lots[amount.lot]
        if lot.holder != holder:
            yield broken("owner.not_holder", amount.lot, holder=lot.holder, party=holder or "")
        elif lot.in_transit and step.stage not in (Stage.TEST, Stage.SENSING):
            yield broken("owner.in_transit", amount.lot)


def whole_shipments(step: Step, before: Before) -> Iterator[Finding]:
    """A lot moves whole: one lot has one holder."""
    if step.stage not in _LEAVING or step.by_code:
        return
    for amount in step.lots:
        at_hand = before.leaving(amount.lot)
        if amount.grams != at_hand:
            yield broken("owner.ship_part", amount.lot, at_hand=at_hand or 0, grams=amount.grams or 0)


def returns(step: Step, before: Before) -> Iterator[Finding]:
    """Goods go back to who had shipped them, and to nobody else."""
    if step.stage is not Stage.RETURN or step.by_code:
        return
    for amount in step.lots:
        sender = before.came_from.get(amount.lot)
        if sender is None:
            yield broken("owner.never_received", amount.lot, party=step.party)
        elif sender != step.counterparty:
            yield broken("owner.return_elsewhere", amount.lot, sender=sender, wanted=step.counterparty or "")


def receipts(step: Step, before: Before) -> Iterator[Finding]:
    """A receipt is held against its shipment: the five answers of MOFCOM 入库.

    0, that the goods do not exist, is said where lots are looked up.
    """
    if step.stage is not Stage.RECEIVE or step.by_code:
        return
    for amount in step.lots:
        shipment = before.shipments.get(amount.lot)
        if before.lots[amount.lot].frozen and not (shipment is not None and shipment.returned):
            yield broken("receipt.1", amount.lot)
        elif shipment is None:
            yield broken("receipt.2", amount.lot)
        else:
            yield from _received(step, amount.grams, shipment)


def _received(step: Step, grams: int | None, shipment: OpenShipment) -> Iterator[Finding]:
    lot = shipment.lot
    if shipment.receiver != step.party or step.counterparty not in (None, shipment.sender):
        yield broken("receipt.3", lot, sender=shipment.sender, receiver=shipment.receiver, party=step.party)
    elif grams is not None and grams > (shipment.grams or 0):
        yield broken("receipt.4", lot, shipped=shipment.grams or 0, grams=grams)
    elif step.event_ms < shipment.shipped_ms:
        yield broken(
            "order.before_shipment",
            lot,
            time=step_time(step),
            shipped=local_time(shipment.shipped_ms, step.offset_minutes),
        )


OWNER_RULES: Final = (places, holders, whole_shipments, returns, receipts)
