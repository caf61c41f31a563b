"""Single rules of EPCIS 2.0, each broken alone; the schema's verdict beside ours where it has one."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ledger.errors import ManyFaults
from trace.epcis.forms import is_uri
from trace.epcis.model import EpcisDocument
from trace.epcis.reading import read_document, read_event
from trace.errors import BadEvent

LOT = {"epcClass": "https://t.example.cn/lot/BS-24-0001", "quantity": 12.5, "uom": "KGM"}
HARVEST: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2024-10-10T08:00:00+08:00",
    "eventTimeZoneOffset": "+08:00",
    "action": "ADD",
    "bizStep": "tcm:harvesting",
    "disposition": "active",
    "quantityList": [LOT],
    "readPoint": {"id": "https://t.example.cn/place/1"},
    "ilmd": {"tcm:latinName": "Paeonia lactiflora"},
    "tcm:weather": {"sky": ["clear", 1, None]},
}
PACKED: dict[str, Any] = {
    "type": "AggregationEvent",
    "eventTime": "2024-10-11T08:00:00+08:00",
    "eventTimeZoneOffset": "+08:00",
    "action": "ADD",
    "parentID": "https://t.example.cn/box/1",
    "childQuantityList": [LOT],
}
TIED = PACKED | {"type": "AssociationEvent"}
ORDERED: dict[str, Any] = {
    "type": "TransactionEvent",
    "eventTime": "2024-10-11T08:00:00+08:00",
    "eventTimeZoneOffset": "+08:00",
    "action": "ADD",
    "bizTransactionList": [{"type": "po", "bizTransaction": "https://t.example.cn/po/1"}],
    "quantityList": [LOT],
}
SLICED: dict[str, Any] = {
    "type": "TransformationEvent",
    "eventTime": "2024-10-12T08:00:00+08:00",
    "eventTimeZoneOffset": "+08:00",
    "inputQuantityList": [LOT],
    "outputQuantityList": [LOT],
}


def document(*events: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": [
            "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            {"tcm": "https://ns.daodi.example/tcm/"},
        ],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2024-12-04T00:00:00Z",
        "epcisBody": {"eventList": [copy.deepcopy(event) for event in events]},
    }


def without(event: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: member for name, member in event.items() if name not in names}


SENSED = without(HARVEST, "quantityList", "ilmd") | {
    "action": "OBSERVE",
    "sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": 21.5, "uom": "CEL"}]}],
}
SOUND = [HARVEST, PACKED, TIED, ORDERED, SLICED, SENSED]
EQUALLY_SOUND = [
    HARVEST | {"certificationInfo": ["https://t.example.cn/cert/1"], "eventID": "urn:uuid:7e1c"},
    HARVEST | {"persistentDisposition": {"set": ["recalled"]}},
    HARVEST | {"errorDeclaration": {"declarationTime": "2024-12-01T00:00:00Z", "reason": "incorrect_data"}},
    without(PACKED, "childQuantityList") | {"action": "DELETE"},
    SLICED | {"transformationID": "https://t.example.cn/t/1", "outputQuantityList": []},
    {
        "type": "tcm:Inspection",
        "eventTime": "2024-10-12T08:00:00Z",
        "eventTimeZoneOffset": "+14:00",
        "any": [None],
    },
]
# (event, the pointer the refusal must name, below /epcisBody/eventList/0)
UNSOUND = [
    (without(HARVEST, "action"), "/action"),
    (without(HARVEST, "eventTime"), "/eventTime"),
    (HARVEST | {"eventTime": "2024-10-10 08:00:00"}, "/eventTime"),
    (HARVEST | {"eventTime": "2024-13-10T08:00:00Z"}, "/eventTime"),
    (HARVEST | {"eventTimeZoneOffset": "+8:00"}, "/eventTimeZoneOffset"),
    (HARVEST | {"eventTimeZoneOffset": "+14:30"}, "/eventTimeZoneOffset"),
    (HARVEST | {"action": "UPDATE"}, "/action"),
    (HARVEST | {"bizStep": "harvesting"}, "/bizStep"),
    (HARVEST | {"bizStep": "urn:epcglobal:cbv:bizstep:packing"}, "/bizStep"),
    (HARVEST | {"disposition": None}, "/disposition"),
    (HARVEST | {"weather": "clear"}, "/weather"),
    (HARVEST | {"event_time": "2024-10-10T08:00:00Z"}, "/event_time"),
    (HARVEST | {"ilmd": {"latinName": "x"}}, "/ilmd/latinName"),
    (HARVEST | {"action": "OBSERVE"}, "/ilmd"),
    (HARVEST | {"quantityList": [LOT | {"uom": "kilogram"}]}, "/quantityList/0/uom"),
    (HARVEST | {"quantityList": [LOT | {"quantity": "12.5"}]}, "/quantityList/0/quantity"),
    (HARVEST | {"quantityList": [LOT | {"quantity": True}]}, "/quantityList/0/quantity"),
    (HARVEST | {"quantityList": [LOT | {"tcm:grade": "1"}]}, "/quantityList/0/tcm:grade"),
    (HARVEST | {"epcList": ["urn:a:1", "urn:a:1"]}, "/epcList"),
    (HARVEST | {"readPoint": {}}, "/readPoint/id"),
    (HARVEST | {"readPoint": {"id": "plot 7"}}, "/readPoint/id"),
    (HARVEST | {"persistentDisposition": {}}, "/persistentDisposition"),
    (HARVEST | {"persistentDisposition": {"set": []}}, "/persistentDisposition/set"),
    (HARVEST | {"errorDeclaration": {"reason": "incorrect_data"}}, "/errorDeclaration/declarationTime"),
    (HARVEST | {"sourceList": [{"type": "owning_party"}]}, "/sourceList/0/source"),
    (HARVEST | {"sensorElementList": [{"sensorReport": []}]}, "/sensorElementList/0/sensorReport"),
    (without(HARVEST, "quantityList"), ""),
    (without(PACKED, "childQuantityList"), ""),
    (without(TIED, "parentID"), "/parentID"),
    (ORDERED | {"bizTransactionList": []}, "/bizTransactionList"),
    (without(ORDERED, "quantityList"), ""),
    (HARVEST | {"@context": ["not a uri"]}, "/@context"),
    (HARVEST | {"@context": 7}, "/@context"),
    (without(SLICED, "outputQuantityList"), ""),
    (SLICED | {"action": "ADD"}, "/action"),
    ({"type": "Inspection", "eventTime": "2024-10-12T08:00:00Z", "eventTimeZoneOffset": "+08:00"}, "/type"),
]


@pytest.fixture(scope="module")
def schema(shared: Path) -> jsonschema_rs.Draft7Validator:
    parsed = json.loads((shared / "vectors" / "epcis" / "EPCIS-JSON-Schema.json").read_text(encoding="utf-8"))
    return jsonschema_rs.Draft7Validator(parsed, validate_formats=True)


@pytest.mark.parametrize("event", [*SOUND, *EQUALLY_SOUND], ids=lambda event: event["type"])
def test_a_sound_event_is_read_and_given_back_unchanged(event: dict[str, Any]) -> None:
    read = read_document(document(event))
    assert read.json_form() == document(event)
    assert read_event(event | {"@context": document()["@context"]}).event_time == event["eventTime"]


@pytest.mark.parametrize(
    ("event", "pointer"), UNSOUND, ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_unsound_event_is_refused_where_it_is_wrong(event: dict[str, Any], pointer: str) -> None:
    with pytest.raises(BadEvent) as refused:
        read_document(document(event))
    assert refused.value.at.field == f"/epcisBody/eventList/0{pointer}"
    assert f"/epcisBody/eventList/0{pointer}" in refused.value.message("zh")


@pytest.mark.shared
@pytest.mark.parametrize("event", [*SOUND, *EQUALLY_SOUND], ids=lambda event: event["type"])
def test_the_schema_accepts_the_events_we_call_sound(
    event: dict[str, Any], schema: jsonschema_rs.Draft7Validator
) -> None:
    assert schema.is_valid(document(event))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("event", "pointer"), UNSOUND, ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_schema_refuses_the_events_we_call_unsound(
    event: dict[str, Any], pointer: str, schema: jsonschema_rs.Draft7Validator
) -> None:
    assert pointer is not None
    assert not schema.is_valid(document(event))


DOUBLED = without(SENSED) | {
    "sensorElementList": [
        {
            "sensorMetadata": {"time": "2024-10-10T08:00:00Z"},
            "sensorReport": [{"type": "Temperature", "value": 1, "time": "2024-10-10T08:00:00Z"}],
        }
    ]
}
# (event, pointer): valid by the schema, refused by the conformance requirements
BEYOND_SCHEMA = [
    (without(PACKED, "parentID"), "/parentID"),
    (without(PACKED, "parentID") | {"action": "DELETE"}, "/parentID"),
    (DOUBLED, "/sensorElementList/0/sensorReport/0"),
]


@pytest.mark.parametrize(("event", "pointer"), BEYOND_SCHEMA)
def test_what_the_schema_misses_is_refused_too(event: dict[str, Any], pointer: str) -> None:
    with pytest.raises(BadEvent) as refused:
        read_document(document(event))
    assert refused.value.at.field == f"/epcisBody/eventList/0{pointer}"
    with pytest.raises(BadEvent):
        read_event(event | {"@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"})


@pytest.mark.shared
@pytest.mark.parametrize(("event", "pointer"), BEYOND_SCHEMA)
def test_the_schema_does_miss_it(
    event: dict[str, Any], pointer: str, schema: jsonschema_rs.Draft7Validator
) -> None:
    assert pointer
    assert schema.is_valid(document(event))


def test_associations_are_held_to_tcr_54() -> None:
    """Neither without a parent (ADD, DELETE) nor without children (ADD, OBSERVE)."""
    for action in ("ADD", "DELETE"):
        with pytest.raises(BadEvent):
            read_document(document(without(TIED, "parentID") | {"action": action}))
    for action in ("ADD", "OBSERVE"):
        with pytest.raises(BadEvent):
            read_document(document(TIED | {"action": action, "childQuantityList": []}))
    assert read_document(document(without(TIED, "childQuantityList") | {"action": "DELETE"}))


def test_an_event_alone_must_bring_its_context() -> None:
    with pytest.raises(BadEvent) as refused:
        read_event(HARVEST)
    assert refused.value.at.field == "/@context"


def test_several_faults_are_all_named_once() -> None:
    broken = document(
        HARVEST | {"bizStep": "x", "action": "y", "certificationInfo": 3}, HARVEST, {"type": "ObjectEvent"}
    )
    with pytest.raises(ManyFaults) as refused:
        read_document(broken)
    fields = [fault.at.field for fault in refused.value.faults]
    assert fields == sorted(set(fields), key=fields.index)
    assert {"/epcisBody/eventList/0/bizStep", "/epcisBody/eventList/2/eventTime"} <= set(fields)


def test_a_thousand_faults_are_cut_to_a_hundred() -> None:
    with pytest.raises(ManyFaults) as refused:
        read_document(document(*[{"type": "ObjectEvent"}] * 1_000))
    assert len(refused.value.faults) == 100


@pytest.mark.parametrize("value", [None, [], "EPCISDocument", 3, {}, {"type": "EPCISQueryDocument"}])
def test_what_is_no_document_at_all_is_refused(value: Any) -> None:
    with pytest.raises((BadEvent, ManyFaults)):
        read_document(value)
    with pytest.raises((BadEvent, ManyFaults)):
        read_event(value)


def test_a_refusal_does_not_repeat_the_value() -> None:
    with pytest.raises(BadEvent) as refused:
        read_document(document(HARVEST | {"bizStep": "<script>secret</script>"}))
    assert "secret" not in refused.value.message("zh") + refused.value.message("en")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("https://t.example.cn/lot/1", True),  # RFC 3986, section 1.1.2 for the five after this
        ("ftp://ftp.is.co.za/rfc/rfc1808.txt", True),
        ("ldap://[2001:db8::7]/c=GB?objectClass?one", True),
        ("mailto:John.Doe@example.com", True),
        ("tel:+1-816-555-1212", True),
        ("urn:oasis:names:specification:docbook:dtd:xml:4.1.2", True),
        ("tcm:planting", True),
        ("a:", True),
        ("https://t.example.cn/批次", False),
        ("https://t.example.cn/%zz", False),
        ("/lot/1", False),
        ("1a:b", False),
        ("", False),
        ("https://t.example.cn/a b", False),
        ("https://t.example.cn/a#b#c", False),
        ("ldap://[2001:db8::7::1]/", False),
    ],
)
def test_uris_are_told_from_other_texts(text: str, verdict: bool) -> None:
    assert is_uri(text) is verdict


def test_a_hostile_uri_is_judged_in_no_time() -> None:
    assert not is_uri("a://" + "a:" * 50_000 + " ")
    assert not is_uri("a:" + "%20" * 50_000 + "%")


@pytest.mark.shared
@settings(max_examples=150)
@given(st.text("ab:/?#[]@%20.-+1", max_size=12))
def test_our_uris_are_the_schemas_uris(schema: jsonschema_rs.Draft7Validator, text: str) -> None:
    placed = document(HARVEST | {"readPoint": {"id": text}})
    try:
        EpcisDocument.model_validate(placed)
        ours = True
    except ValidationError:
        ours = False
    assert ours == schema.is_valid(placed)
