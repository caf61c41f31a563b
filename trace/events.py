"""From a step to its EPCIS 2.0 event, by the mapping of stages in docs (one event a step).

Quantities are whole grams (`uom` GRM, UN/ECE Recommendation 20). Words CBV does not have are ours,
under the `tcm` prefix. A packing is an ObjectEvent over the mass packed, with the root of the code
batch: one event for thousands of packs. Packs named by their codes stand as ranges of serials with the
mass of each lot. Stages that make a lot out of nothing traced are ObjectEvent ADD. Which event a stage
becomes stands in `trace.event_kinds`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from ledger.canonical import JsonValue
from trace.event_kinds import OWNING, EventKind, document_of, kind_of
from trace.sensors.sensing import sensor_elements
from trace.steps import Amount, Step
from trace.vocabulary import EPCIS_CONTEXT, TCM, TCM_PREFIX, Stage

UOM: Final = "GRM"


def event_of(
    step: Step, base_url: str, *, recorded_ms: int, conformant: bool | None = None, batch: str | None = None
) -> dict[str, JsonValue]:
    """Return the event of `step`, its identifiers under `base_url`.

    `conformant` is the outcome of a test; `batch` the root of the codes a packing activated. The event
    carries its own `@context`, so that it stands alone, and nothing private.
    """
    links = _Links(base_url.rstrip("/"))
    kind = kind_of(step)
    event: dict[str, JsonValue] = {
        "@context": [EPCIS_CONTEXT, {TCM_PREFIX: TCM}],
        "type": kind.type,
        "eventID": f"urn:uuid:{step.step_id}",
        "eventTime": iso_time(step.event_ms, step.offset_minutes),
        "eventTimeZoneOffset": iso_offset(step.offset_minutes),
        "recordTime": iso_time(recorded_ms, 0),
        "bizStep": kind.biz_step,
        "readPoint": {"id": links.place(step.place)},
        "bizLocation": {"id": links.place(step.place)},
        "tcm:stage": step.stage.value,
        "tcm:party": links.party(step.party),
    }
    if kind.action:
        event["action"] = kind.action
    event |= _states(kind, conformant=conformant)
    event |= _what(step, kind, links)
    event |= _between(step, links)
    if document := document_of(step):
        event["bizTransactionList"] = [{"type": document, "bizTransaction": links.business(step)}]
    if step.sensors:
        event["sensorElementList"] = sensor_elements(step.sensors, links.base)
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

    def business(self, step: Step) -> str:
        return f"{self.base}/{step.stage.value}/{step.step_id}"

    def pack(self, serial: int) -> str:
        return f"{self.base}/pack/{serial}"


def _states(kind: EventKind, *, conformant: bool | None) -> dict[str, JsonValue]:
    """The disposition, and of a test also the one that holds until the next (CBV 2.0, 7.2 and 7.3)."""
    if conformant is None:
        return {"disposition": kind.disposition} if kind.disposition else {}
    word, other = ("conformant", "non_conformant") if conformant else ("non_conformant", "conformant")
    return {"disposition": word, "persistentDisposition": {"set": [word], "unset": [other]}}


def _what(step: Step, kind: EventKind, links: _Links) -> dict[str, JsonValue]:
    if kind.type == "TransformationEvent":
        return {
            "inputQuantityList": _quantities(step.inputs, links),
            "outputQuantityList": _quantities(step.outputs, links),
        }
    amounts = _quantities((*step.inputs, *step.lots, *step.outputs), links)
    if kind.type == "AggregationEvent" and step.container is not None:
        return {"parentID": links.pack(step.container), "childQuantityList": amounts}
    return {"quantityList": amounts} if amounts else {}


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
    kind = "owning_party" if step.stage in OWNING else "possessing_party"
    giver, taker = step.party, step.counterparty
    if step.stage in (Stage.RECEIVE, Stage.PURCHASE):
        giver, taker = taker, giver
    return {
        "sourceList": [{"type": kind, "source": links.party(giver)}],
        "destinationList": [{"type": kind, "destination": links.party(taker)}],
    }


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
    if step.packs_named:
        found["tcm:codes"] = [[first, last] for first, last in step.packs_named]
    if step.container is not None:
        found["tcm:container"] = step.container
    return found


def _described(amount: Amount, links: _Links) -> Mapping[str, JsonValue]:
    words = {"herb": amount.herb, "form": amount.form and amount.form.value, "grade": amount.grade}
    return {"lot": links.lot(amount.lot)} | {name: word for name, word in words.items() if word}
