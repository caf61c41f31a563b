"""The rows that come of a step: each kind from its effects, whether they are written or only compared."""

from collections.abc import Mapping

from trace.effects import Effects
from trace.lots import LotState, Quality
from trace.steps import Step
from trace.vocabulary import Stage
from trace.world import Before


def lot_values(lot: LotState) -> dict[str, object]:
    """Return the row of a lot but for `frozen`, which belongs to the holds alone."""
    return changeable(lot) | {
        "lot_id": lot.lot,
        "herb": lot.herb,
        "form": lot.form.value,
        "grade": lot.grade,
        "origin_kind": lot.origin_kind.value if lot.origin_kind else None,
        "origin": lot.origin,
        "grams_in": lot.grams_in,
        "raised_ppm": lot.raised_ppm,
        "excipient_ppm": lot.excipient_ppm,
        "made_ms": lot.made_ms,
        "made_step": lot.made_step,
        "made_statement": lot.made_statement,
        "unmade": False,
    }


def changeable(lot: LotState) -> dict[str, object]:
    """Return the columns of a lot that steps on it change."""
    return {
        "holder": lot.holder,
        "grams": lot.grams,
        "packed_grams": lot.packed_grams,
        "sold_grams": lot.sold_grams,
        "quality": lot.quality.value,
        "quality_ms": lot.quality_ms,
        "in_transit": lot.in_transit,
        "expires": lot.expires,
        "harvest_from_ms": lot.harvest_from_ms,
        "harvested_ms": lot.harvested_ms,
        "adjusted_grams": lot.adjusted_grams,
    }


def touch_rows(step: Step, found: Effects, before: Before) -> list[dict[str, object]]:
    """Return a row for each lot a step touched (`StepLotRow`)."""
    left = packs_left(step, found, before)
    return [
        {
            "step_id": step.step_id,
            "lot_id": touch.lot,
            "role": touch.role,
            "grams": touch.grams,
            "outcome": touch.outcome and touch.outcome.value,
            "left_grams": left.get(touch.lot),
        }
        for touch in found.touches
    ]


def stated_touches(step: Step, outcomes: Mapping[str, Quality]) -> list[dict[str, object]]:
    """Return the touches of a step that goods are named in by lots, from what it says alone."""
    named = (("used", step.inputs), ("made", step.outputs), ("seen", step.lots))
    return [
        {
            "step_id": step.step_id,
            "lot_id": amount.lot,
            "role": role,
            "grams": amount.grams,
            "outcome": outcomes[amount.lot].value if amount.lot in outcomes else None,
            "left_grams": None,
        }
        for role, amounts in named
        for amount in amounts
    ]


def packs_left(step: Step, found: Effects, before: Before) -> dict[str, int]:
    """Return the grams of packs that left each lot by a step that names its goods pack by pack."""
    if not step.by_code or step.stage is Stage.PACK:
        return {}
    return {lot.lot: before.lots[lot.lot].packed_grams - lot.packed_grams for lot in found.changed}


def edge_rows(step: Step, found: Effects) -> list[dict[str, object]]:
    """Return a row for each lot that went into another (`EdgeRow`)."""
    return [
        {
            "step_id": step.step_id,
            "source": edge.source,
            "target": edge.target,
            "grams_in": edge.grams_in,
            "grams_out": edge.grams_out,
            "event_ms": step.event_ms,
            "excipient": edge.excipient,
        }
        for edge in found.edges
    ]


def shipment_rows(step: Step, found: Effects) -> list[dict[str, object]]:
    """Return a row for each lot sent off, still on the road (`ShipmentRow`)."""
    return [
        {
            "shipped_step": step.step_id,
            "lot_id": shipment.lot,
            "sender": shipment.sender,
            "receiver": shipment.receiver,
            "grams": shipment.grams,
            "shipped_ms": step.event_ms,
            "received_step": None,
            "returned": shipment.returned,
        }
        for shipment in found.shipped
    ]


def sale_rows(step: Step, before: Before) -> list[dict[str, object]]:
    """Return a row for each lot sold (`SaleRow`); what it was sold for stays with the private values."""
    if step.stage is not Stage.SALE:
        return []
    sold = [(before.lots[amount.lot], amount.grams or 0) for amount in step.lots]
    return [
        {
            "step_id": step.step_id,
            "lot_id": lot.lot,
            "seller": step.party,
            "buyer": step.counterparty,
            "herb": lot.herb,
            "grade": lot.grade,
            "origin": lot.origin,
            "market": before.site.market,
            "grams": grams,
            "event_ms": step.event_ms,
            "settled": False,
        }
        for lot, grams in sold
    ]
