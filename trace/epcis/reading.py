"""Reading EPCIS documents and events: every fault with its place, in both languages.

Besides the models' rules, those that "schemas will fail to validate" are held here: TCR-53 and
TCR-54 of GS1's EPCIS 2.0 conformance requirements, and the parent an aggregation must name (M13).
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from pydantic import JsonValue, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from ledger.errors import Location, ManyFaults
from trace.epcis.model import (
    AggregationEvent,
    AnyEvent,
    EpcisDocument,
    Event,
    PlacedEvent,
)
from trace.errors import BadEvent

_INLINE: Final = (
    "data_processing_method",
    "device_id",
    "device_metadata",
    "raw_data",
    "time",
)  # TCR-53, set3
_MOST_FAULTS: Final = 100
_LONGEST_POINTER: Final = 200

_SAID: Final = {
    "missing": ("缺少此必填项", "this required member is missing"),
    "extra_forbidden": ("标准没有此项", "the standard has no such member"),
    "extension": (
        "标准没有此项，扩展项须以 URI 或前缀名命名",
        "not in the standard; extensions are named by a URI",
    ),
    "null": ("不得为 null，没有就不写", "null is not allowed; leave the member out"),
    "literal_error": ("不是标准允许的取值", "not a value the standard allows"),
    "vocabulary": (
        "既不是标准词，也不是其他词表的 URI",
        "neither a standard word nor a URI of another vocabulary",
    ),
    "uri": ("不是绝对 URI", "not an absolute URI"),
    "time": ("不是带时区的 RFC 3339 时间", "not an RFC 3339 time with its offset"),
    "unique": ("有重复值", "a value is listed twice"),
    "context": ("不是合法的 @context", "not a JSON-LD context"),
    "incomplete": ("没有写明涉及的对象", "it does not name the objects it is about"),
    "ilmd": ("只有 ADD 事件可带 ilmd", "only an ADD event carries ilmd"),
    "too_short": ("至少要有一项", "it needs at least one member"),
}
_OTHERWISE: Final = ("类型或格式不合标准", "its type or form is not what the standard asks for")


def read_document(value: JsonValue) -> EpcisDocument:
    """Return the document that parsed JSON holds.

    Raises `BadEvent` for one fault and `ManyFaults` for several; nothing of a faulty document is taken.
    """
    try:
        document = EpcisDocument.model_validate(value)
    except ValidationError as refused:
        raise _joined([_fault(value, error) for error in refused.errors(include_url=False)]) from None
    faults = [
        _said(f"/epcisBody/eventList/{place}{pointer}", zh, en)
        for place, event in enumerate(document.epcis_body.event_list)
        for pointer, zh, en in beyond_schema(event)
    ]
    if faults:
        raise _joined(faults)
    return document


def read_event(value: JsonValue) -> Event:
    """Return the single event that parsed JSON holds.

    Raises `BadEvent` or `ManyFaults`. An event alone must bring its own `@context`.
    """
    if isinstance(value, dict) and "@context" not in value:
        raise _said("/@context", *_SAID["missing"])
    try:
        event = _adapter().validate_python(value)
    except ValidationError as refused:
        raise _joined([_fault(value, error) for error in refused.errors(include_url=False)]) from None
    faults = [_said(pointer, zh, en) for pointer, zh, en in beyond_schema(event)]
    if faults:
        raise _joined(faults)
    return event


def beyond_schema(event: Event) -> Iterator[tuple[str, str, str]]:
    """Yield what the standard forbids although its schema lets it pass: pointer, Chinese, English.

    The children an ADD or OBSERVE association must name (TCR-54) are required by the models already.
    """
    if isinstance(event, AggregationEvent) and event.action != "OBSERVE" and event.parent_id is None:
        yield "/parentID", "ADD 与 DELETE 聚合事件须写明父项", "an ADD or DELETE aggregation names its parent"
    if isinstance(event, PlacedEvent):
        yield from _repeated_inline(event)


def _repeated_inline(event: PlacedEvent) -> Iterator[tuple[str, str, str]]:
    for place, element in enumerate(event.sensor_element_list or ()):
        given = element.sensor_metadata.model_fields_set if element.sensor_metadata else set()
        for number, report in enumerate(element.sensor_report):
            if any(name in given and name in report.model_fields_set for name in _INLINE):
                pointer = f"/sensorElementList/{place}/sensorReport/{number}"
                yield (
                    pointer,
                    "同一属性不得既在元数据又在读数中",
                    "an attribute stands in its metadata and again here",
                )


@cache
def _adapter() -> TypeAdapter[AnyEvent]:
    return TypeAdapter(AnyEvent)


def _fault(document: JsonValue, error: ErrorDetails) -> BadEvent:
    path = _path(document, error["loc"])
    if error["type"] == "missing":
        path.append(error["loc"][-1])
    if member := error.get("ctx", {}).get("member"):
        path.append(member)
    pointer = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return _said(pointer or "/", *_SAID.get(error["type"], _OTHERWISE))


def _path(document: JsonValue, location: Sequence[int | str]) -> list[int | str]:
    """Keep the steps of pydantic's location that the document has: it names union branches, too."""
    found, path = document, list[int | str]()
    for step in location:
        match found, step:
            case list(), int():
                found = found[step]
            case dict(), str() if step in found:
                found = found[step]
            case _:
                continue
        path.append(step)
    return path


def _said(pointer: str, zh: str, en: str) -> BadEvent:
    pointer = pointer[:_LONGEST_POINTER]
    return BadEvent(pointer=pointer, fault_zh=zh, fault_en=en, at=Location(field=pointer))


def _joined(faults: Sequence[BadEvent]) -> BadEvent | ManyFaults:
    """One error for one fault; several only once for each place."""
    by_place = {fault.at.field: fault for fault in reversed(faults)}
    ordered = [by_place[field] for field in dict.fromkeys(fault.at.field for fault in faults)]
    return ordered[0] if len(ordered) == 1 else ManyFaults(ordered[:_MOST_FAULTS])
