"""Which EPCIS 2.0 event a step of each stage becomes: type, action, business step, disposition.

After the table of stages in the design's EPCIS report (§5). Where CBV 2.0 has no word for what is done,
the word is ours under `tcm:`; `tcm:stage` in every event tells apart what shares a word.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from trace.steps import Step
from trace.vocabulary import Stage, TcmStep, tcm_curie


@dataclass(frozen=True, slots=True)
class EventKind:
    """The frame of an event."""

    biz_step: str
    disposition: str | None
    type: str
    action: str | None = None


def _transformation(step: TcmStep) -> EventKind:
    return EventKind(tcm_curie(step), "active", "TransformationEvent")


def _observation(biz_step: str, disposition: str | None) -> EventKind:
    return EventKind(biz_step, disposition, "ObjectEvent", "OBSERVE")


def _addition(biz_step: str, disposition: str = "active") -> EventKind:
    return EventKind(biz_step, disposition, "ObjectEvent", "ADD")


_PRODUCTION: Final = EventKind("commissioning", "active", "TransformationEvent")

KINDS: Final[Mapping[Stage, EventKind]] = {
    Stage.SEED: _addition("commissioning"),
    Stage.PLANTING: _transformation(TcmStep.PLANTING),
    Stage.REARING: _transformation(TcmStep.REARING),
    Stage.GATHERING: _addition(tcm_curie(TcmStep.GATHERING)),
    Stage.MINING: _addition(tcm_curie(TcmStep.MINING)),
    Stage.OPENING: _addition(tcm_curie(TcmStep.OPENING_STOCK)),
    Stage.FIELD_WORK: _observation(tcm_curie(TcmStep.FIELD_OPERATION), "in_progress"),
    Stage.SENSING: _observation("sensor_reporting", None),
    Stage.HARVEST: _transformation(TcmStep.HARVESTING),
    Stage.PRIMARY_PROCESSING: _transformation(TcmStep.PRIMARY_PROCESSING),
    Stage.PURCHASE: EventKind("accepting", "in_progress", "TransactionEvent", "ADD"),
    Stage.SPLIT: _transformation(TcmStep.SPLITTING),
    Stage.MERGE: _transformation(TcmStep.COMMINGLING),
    Stage.STORAGE: _observation("storing", "in_progress"),
    Stage.SAMPLING: _observation("sampling", "in_progress"),
    Stage.TEST: _observation("inspecting", None),
    Stage.PAOZHI: _transformation(TcmStep.PAOZHI),
    Stage.GRANULE: _PRODUCTION,
    Stage.MEDICINE: _PRODUCTION,
    Stage.PACK: _addition("packing", "in_progress"),
    Stage.NEST: EventKind("packing", "in_progress", "AggregationEvent", "ADD"),
    Stage.UNNEST: EventKind("unpacking", "in_progress", "AggregationEvent", "DELETE"),
    Stage.SHIP: _observation("shipping", "in_transit"),
    Stage.RECEIVE: _observation("receiving", "in_progress"),
    Stage.SALE: _observation("retail_selling", "retail_sold"),
    Stage.SETTLEMENT: EventKind(tcm_curie(TcmStep.SETTLING), None, "TransactionEvent", "OBSERVE"),
    Stage.RETURN: _observation("shipping", "returned"),
    Stage.DISPENSE: _observation("dispensing", "partially_dispensed"),
    Stage.STOCK_ADJUST: _observation("stock_taking", "in_progress"),
    Stage.DESTROY: EventKind("destroying", "destroyed", "ObjectEvent", "DELETE"),
}
"""The event of every stage, where its step has nothing uncommon about it."""

_WHOLESALE: Final = EventKind("accepting", None, "TransactionEvent", "ADD")
_PACKS_DISPENSED: Final = EventKind("dispensing", "dispensed", "ObjectEvent", "DELETE")

OWNING: Final = frozenset({Stage.SALE, Stage.PURCHASE, Stage.SETTLEMENT})
"""Stages about who owns the goods, not about who has them."""

_DOCUMENTS: Final[Mapping[Stage, str]] = {
    Stage.PURCHASE: "po",
    Stage.SALE: "inv",
    Stage.GRANULE: "prodorder",
    Stage.MEDICINE: "prodorder",
    Stage.SETTLEMENT: "inv",
    Stage.RETURN: "rma",
}


def kind_of(step: Step) -> EventKind:
    """Return the frame of the event of `step`."""
    kind = KINDS[step.stage]
    if kind.type == "TransformationEvent" and not step.inputs:
        return replace(kind, type="ObjectEvent", action="ADD")
    if step.stage is Stage.SALE and step.counterparty:
        return _WHOLESALE
    if step.stage is Stage.DISPENSE and step.by_code:
        return _PACKS_DISPENSED
    return kind


def document_of(step: Step) -> str | None:
    """Return what business document (CBV 2.0, 7.5) a step is; a sale to the end user is none."""
    return None if step.stage is Stage.SALE and not step.counterparty else _DOCUMENTS.get(step.stage)
