"""From a step to its EPCIS 2.0 event, by the mapping of stages in docs (one event a step).

Quantities are whole grams (`uom` GRM, UN/ECE Recommendation 20). Words CBV does not have are ours,
under the `tcm` prefix. A packing is an ObjectEvent over the mass packed, with the root of the code
batch: one event for thousands of packs. Stages that make a lot out of nothing traced are ObjectEvent ADD.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from ledger.canonical import JsonValue
from trace.steps import Amount, Step
from trace.vocabulary import EPCIS_CONTEXT, TCM, TCM_PREFIX, Stage, TcmStep, tcm_curie

UOM: Final = "GRM"


@dataclass(frozen=True, slots=True)
class _Mapping:
    biz_step: str
    disposition: str | None
    type: str
    action: str | None = None


def _transformation(step: TcmStep) -> _Mapping:
    return _Mapping(tcm_curie(step), "active", "TransformationEvent")


def _observation(biz_step: str, disposition: str | None) -> _Mapping:
    return _Mapping(biz_step, disposition, "ObjectEvent", "OBSERVE")


_MAPPINGS: Final[Mapping[Stage, _Mapping]] = {
    Stage.SEED: _Mapping("commissioning", "active", "ObjectEvent", "ADD"),
    Stage.PLANTING: _transformation(TcmStep.PLANTING),
    Stage.REARING: _transformation(TcmStep.REARING),
    Stage.GATHERING: _Mapping(tcm_curie(TcmStep.GATHERING), "active", "ObjectEvent", "ADD"),
    Stage.MINING: _Mapping(tcm_curie(TcmStep.MINING), "active", "ObjectEvent", "ADD"),
    Stage.FIELD_WORK: _observation(tcm_curie(TcmStep.FIELD_OPERATION), "in_progress"),
    Stage.HARVEST: _transformation(TcmStep.HARVESTING),
    Stage.PRIMARY_PROCESSING: _transformation(TcmStep.PRIMARY_PROCESSING),
    Stage.SPLIT: _transformation(TcmStep.SPLITTING),
    Stage.MERGE: _transformation(TcmStep.COMMINGLING),
    Stage.TEST: _observation("inspecting", None),
    Stage.PAOZHI: _transformation(TcmStep.PAOZHI),
    Stage.PACK: _Mapping("packing", "in_progress", "ObjectEvent", "ADD"),
    Stage.SHIP: _observation("shipping", "in_transit"),
    Stage.RECEIVE: _observation("receiving", "in_progress"),
    Stage.SALE: _observation("retail_selling", "retail_sold"),
}


def event_of(
    step: Step, base_url: str, *, recorded_ms: int, conformant: bool | None = None, batch: str | None = None
) -> dict[str, JsonValue]:
    """Return the event of `step`, its identifiers under `base_url`.

    `conformant` is the outcome of a test; `batch` the root of the codes a packing activated. The event
    carries its own `@context`, so that it stands alone, and nothing private.
    """
    links = _Links(base_url.rstrip("/"))
    mapping = _mapping(step)
    event: dict[str, JsonValue] = {
        "@context": [EPCIS_CONTEXT, {TCM_PREFIX: TCM}],
        "type": mapping.type,
        "eventID": f"urn:uuid:{step.step_id}",
        "eventTime": iso_time(step.event_ms, step.offset_minutes),
        "eventTimeZoneOffset": iso_offset(step.offset_minutes),
        "recordTime": iso_time(recorded_ms, 0),
        "bizStep": mapping.biz_step,
        "readPoint": {"id": links.place(step.place)},
        "bizLocation": {"id": links.place(step.place)},
        "tcm:stage": step.stage.value,
        "tcm:party": links.party(step.party),
    }
    if mapping.action:
        event["action"] = mapping.action
    if disposition := _disposition(mapping, conformant=conformant):
        event["disposition"] = disposition
    event |= _what(step, mapping, links)
    event |= _between(step, links)
    event |= _extensions(step, links, batch)
    return event


def lot_url(base_url: str, lot: str) -> str:
    """Return the URI of a lot class (ISO/IEC 18975 path)."""
    return _Links(base_url.rstrip("/")).lot(lot)


def iso_time(at_ms: int, offset: int) -> str:
    """Write a moment with its local offset and milliseconds.

    >>> iso_time(1772668800000, 480)
    '2026-03-05T08:00:00.000+08:00'
    """
    zone = timezone(timedelta(minutes=offset))
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone).isoformat(timespec="milliseconds")


def iso_offset(minutes: int) -> str:
    """Write an offset as EPCIS wants it.

    >>> iso_offset(480), iso_offset(-210)
    ('+08:00', '-03:30')
    """
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02d}:{rest:02d}"


@dataclass(frozen=True, slots=True)
class _Links:
    base: str

    def lot(self, lot: str) -> str:
        return f"{self.base}/lot/{lot}"

    def place(self, place: str) -> str:
        return f"{self.base}/place/{place}"

    def party(self, uscc: str) -> str:
        return f"{self.base}/party/{uscc}"

    def sale(self, step_id: str) -> str:
        return f"{self.base}/sale/{step_id}"


def _mapping(step: Step) -> _Mapping:
    mapping = _MAPPINGS[step.stage]
    if mapping.type == "TransformationEvent" and not step.inputs:
        return _Mapping(mapping.biz_step, mapping.disposition, "ObjectEvent", "ADD")
    if step.stage is Stage.SALE and step.counterparty:
        return _Mapping("accepting", None, "TransactionEvent", "ADD")
    return mapping


def _disposition(mapping: _Mapping, *, conformant: bool | None) -> str | None:
    if conformant is None:
        return mapping.disposition
    return "conformant" if conformant else "non_conformant"


def _what(step: Step, mapping: _Mapping, links: _Links) -> dict[str, JsonValue]:
    if mapping.type == "TransformationEvent":
        return {
            "inputQuantityList": _quantities(step.inputs, links),
            "outputQuantityList": _quantities(step.outputs, links),
        }
    return {"quantityList": _quantities((*step.inputs, *step.lots, *step.outputs), links)}


def _quantities(amounts: Sequence[Amount], links: _Links) -> list[JsonValue]:
    return [
        {"epcClass": links.lot(amount.lot)}
        if amount.grams is None
        else {"epcClass": links.lot(amount.lot), "quantity": amount.grams, "uom": UOM}
        for amount in amounts
    ]


def _between(step: Step, links: _Links) -> dict[str, JsonValue]:
    """Who gives and who takes; a sale moves ownership, a shipment possession (CBV 2.0, 7.4.2)."""
    if step.counterparty is None:
        return {}
    kind = "owning_party" if step.stage is Stage.SALE else "possessing_party"
    giver, taker = step.party, step.counterparty
    if step.stage is Stage.RECEIVE:
        giver, taker = taker, giver
    found: dict[str, JsonValue] = {
        "sourceList": [{"type": kind, "source": links.party(giver)}],
        "destinationList": [{"type": kind, "destination": links.party(taker)}],
    }
    if step.stage is Stage.SALE:
        found["bizTransactionList"] = [{"type": "inv", "bizTransaction": links.sale(step.step_id)}]
    return found


def _extensions(step: Step, links: _Links, batch: str | None) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    if step.public:
        found["tcm:fields"] = dict(step.public)
    if step.results:
        found["tcm:results"] = [
            {"measurand": each.measurand, "value": each.value, "unit": each.unit, "method": each.method or ""}
            for each in step.results
        ]
    if step.outputs:
        found["tcm:lots"] = [_described(amount, links) for amount in step.outputs]
    if step.packs and step.grams_per_pack:
        found |= {"tcm:packs": step.packs, "tcm:gramsPerPack": step.grams_per_pack}
    if batch:
        found["tcm:codeBatch"] = batch
    return found


def _described(amount: Amount, links: _Links) -> Mapping[str, JsonValue]:
    words = {"herb": amount.herb, "form": amount.form and amount.form.value, "grade": amount.grade}
    return {"lot": links.lot(amount.lot)} | {name: word for name, word in words.items() if word}
