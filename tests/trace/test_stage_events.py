"""Every stage becomes a valid EPCIS 2.0 event from which the step can be read again, and nothing private."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import jsonschema_rs
import pytest

from ledger.canonical import canonical
from trace.epcis.reading import read_event
from trace.event_kinds import KINDS
from trace.events import event_of
from trace.replaying.reading_back import step_of
from trace.steps import StepNew
from trace.vocabulary import Stage

from .all_stages import BY_CODES, HIDDEN, STEPS, believed
from .season import BASE_URL, GROWER, MAKER, NOON

ALL = [*STEPS.values(), *BY_CODES]


def name(new: StepNew) -> str:
    return f"{new.stage.value}{'-by-code' if new.codes else ''}"


def event(new: StepNew) -> dict:
    found = event_of(believed(new), BASE_URL, recorded_ms=NOON, batch="ab" * 32 if new.packs else None)
    read: dict = json.loads(canonical(found))
    return read


@cache
def schema(folder: Path) -> jsonschema_rs.Validator:
    text = (folder / "vectors/epcis/EPCIS-JSON-Schema.json").read_text()
    return jsonschema_rs.validator_for(json.loads(text))


def test_every_stage_is_tried_here_and_has_its_event() -> None:
    assert set(STEPS) == set(KINDS) == set(Stage)


@pytest.mark.shared
@pytest.mark.parametrize("new", ALL, ids=name)
def test_every_event_is_valid_against_the_schema_of_gs1(new: StepNew, shared: Path) -> None:
    assert [fault.message for fault in schema(shared).iter_errors(event(new))] == []


@pytest.mark.parametrize("new", ALL, ids=name)
def test_every_event_reads_through_our_own_model(new: StepNew) -> None:
    assert read_event(event(new))


@pytest.mark.parametrize("new", ALL, ids=name)
def test_nothing_private_is_in_any_event(new: StepNew) -> None:
    text = canonical(event(new)).decode()
    assert [canary for canary in (HIDDEN, "33.87", "773177") if canary in text] == []


@pytest.mark.parametrize("new", ALL, ids=name)
def test_the_step_can_be_read_again_from_its_event(new: StepNew) -> None:
    said = believed(new)
    unsaid = {"client_id": None, "private": {}, "codes": (), "container_code": None}
    batch = "ab" * 32 if new.packs else None
    assert step_of(event(new), "urn:uuid:0") == replace(said, batch=batch, **unsaid)


# The design's EPCIS report, §5: type, action, business step and disposition of each stage.
@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("sensing", ("ObjectEvent", "OBSERVE", "sensor_reporting", None)),
        ("purchase", ("TransactionEvent", "ADD", "accepting", "in_progress")),
        ("storage", ("ObjectEvent", "OBSERVE", "storing", "in_progress")),
        ("sampling", ("ObjectEvent", "OBSERVE", "sampling", "in_progress")),
        ("granule", ("TransformationEvent", None, "commissioning", "active")),
        ("medicine", ("TransformationEvent", None, "commissioning", "active")),
        ("nest", ("AggregationEvent", "ADD", "packing", "in_progress")),
        ("unnest", ("AggregationEvent", "DELETE", "unpacking", "in_progress")),
        ("return", ("ObjectEvent", "OBSERVE", "shipping", "returned")),
        ("dispense", ("ObjectEvent", "OBSERVE", "dispensing", "partially_dispensed")),
        ("destroy", ("ObjectEvent", "DELETE", "destroying", "destroyed")),
    ],
)
def test_a_stage_is_mapped_as_the_table_says(stage: str, expected: tuple[str | None, ...]) -> None:
    found = event(STEPS[Stage(stage)])
    assert tuple(found.get(member) for member in ("type", "action", "bizStep", "disposition")) == expected


def test_a_purchase_moves_ownership_from_the_seller_to_the_buyer() -> None:
    found = event(STEPS[Stage.PURCHASE])
    assert found["sourceList"][0] == {"type": "owning_party", "source": f"{BASE_URL}/party/{GROWER}"}
    assert found["destinationList"][0] == {
        "type": "owning_party",
        "destination": f"{BASE_URL}/party/{MAKER}",
    }
    assert found["bizTransactionList"][0]["type"] == "po"


def test_a_production_names_its_order_and_a_return_its_authorisation() -> None:
    kinds = {
        stage: event(STEPS[stage])["bizTransactionList"][0]["type"]
        for stage in (Stage.GRANULE, Stage.MEDICINE, Stage.SETTLEMENT, Stage.RETURN)
    }
    assert list(kinds.values()) == ["prodorder", "prodorder", "inv", "rma"]


def test_packs_stand_as_ranges_with_the_mass_of_each_lot() -> None:
    found = event(BY_CODES[0])
    assert found["tcm:codes"] == [[7, 8], [11, 11]]
    assert [(each["epcClass"][-4:], each["quantity"]) for each in found["quantityList"]] == [
        ("t/PZ", 1000),
        ("PZ-2", 500),
    ]


def test_a_box_is_the_parent_of_what_is_packed_into_it() -> None:
    found = event(STEPS[Stage.NEST])
    assert (found["parentID"], found["tcm:container"]) == (f"{BASE_URL}/pack/40", 40)
    assert "quantityList" not in found


def test_a_test_leaves_the_state_that_holds_until_the_next() -> None:
    found = event_of(believed(STEPS[Stage.TEST]), BASE_URL, recorded_ms=NOON, conformant=False)
    assert found["persistentDisposition"] == {"set": ["non_conformant"], "unset": ["conformant"]}


def test_a_sensing_of_a_whole_place_names_no_lot_and_stands_under_its_place() -> None:
    assert "quantityList" not in event(STEPS[Stage.SENSING])
    assert believed(STEPS[Stage.SENSING]).subject == "place/PLOT"
