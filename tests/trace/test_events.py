"""A season becomes valid EPCIS 2.0 events that say nothing private; `test_stage_events` has every stage."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from ledger.canonical import canonical
from trace.epcis.reading import read_event
from trace.events import event_of
from trace.intake import read_step
from trace.steps import StepNew

from .season import BASE_URL, MAKER, NOON, Stream, lot, step, white_peony

GATHERED = step(
    "gathering", 1, outputs=[lot("W", 5, "五味子")], fields={"area_name": "长白山", "permit": "采-1"}
)
MINED = step("mining", 1, outputs=[lot("M", 5, "石膏")], fields={"mine_name": "应城", "licence": "矿-1"})
REARED = step("rearing", 1, outputs=[lot("R", herb="地龙")], fields={"head_count": 900, "address": "某村"})
UNTRACED = step(
    "planting", 1, outputs=[lot("U", herb="白芍")], fields={"area_mu": "1", "phone": "13800138000"}
)
WHOLESALE = step("sale", 1, lots=[lot("A", 5)], counterparty=MAKER, fields={"price_fen_per_kg": 12_345})
STEPS = [*(new for new, _ in white_peony()), GATHERED, MINED, REARED, UNTRACED, WHOLESALE]
CANARIES = (
    "13800138000",
    "张三丰",
    "李四光",
    "王五",
    "皖S12345",
    "赵六",
    "钱七",
    "12345",
    "采-1",
    "矿-1",
    "某村",
)


def event(new: StepNew, **rest: bool) -> dict:
    return event_of(read_step(new, Stream()), BASE_URL, recorded_ms=NOON, batch="ab" * 32, **rest)


@pytest.mark.shared
@pytest.mark.parametrize("new", STEPS, ids=lambda new: new.stage.value)
def test_every_stage_is_valid_against_the_schema_of_gs1(new: StepNew, shared: Path) -> None:
    schema = json.loads((shared / "vectors/epcis/EPCIS-JSON-Schema.json").read_text())
    faults = list(jsonschema_rs.validator_for(schema).iter_errors(json.loads(canonical(event(new)))))
    assert faults == []


@pytest.mark.parametrize("new", STEPS, ids=lambda new: new.stage.value)
def test_every_stage_reads_back_through_our_own_model(new: StepNew) -> None:
    assert read_event(json.loads(canonical(event(new))))


@pytest.mark.parametrize("new", STEPS, ids=lambda new: new.stage.value)
def test_nothing_private_is_in_the_event(new: StepNew) -> None:
    text = canonical(event(new)).decode()
    assert [canary for canary in CANARIES if canary in text] == []


# epcis.md section 5: type, action, business step and disposition of each stage.
@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("seed", ("ObjectEvent", "ADD", "commissioning", "active")),
        ("planting", ("TransformationEvent", None, "tcm:planting", "active")),
        ("field_work", ("ObjectEvent", "OBSERVE", "tcm:field_operation", "in_progress")),
        ("harvest", ("TransformationEvent", None, "tcm:harvesting", "active")),
        ("merge", ("TransformationEvent", None, "tcm:commingling", "active")),
        ("paozhi", ("TransformationEvent", None, "tcm:paozhi", "active")),
        ("test", ("ObjectEvent", "OBSERVE", "inspecting", None)),
        ("ship", ("ObjectEvent", "OBSERVE", "shipping", "in_transit")),
        ("sale", ("ObjectEvent", "OBSERVE", "retail_selling", "retail_sold")),
    ],
)
def test_a_stage_is_mapped_as_the_table_says(stage: str, expected: tuple[str | None, ...]) -> None:
    found = event(next(new for new in STEPS if new.stage == stage))
    assert tuple(found.get(name) for name in ("type", "action", "bizStep", "disposition")) == expected


def test_a_planting_without_traced_seed_adds_a_lot() -> None:
    assert (event(UNTRACED)["type"], event(UNTRACED)["action"]) == ("ObjectEvent", "ADD")


def test_a_sale_to_a_party_moves_ownership_from_seller_to_buyer() -> None:
    found = event(WHOLESALE)
    assert found["type"] == "TransactionEvent"
    assert found["sourceList"][0]["type"] == "owning_party"
    assert found["destinationList"][0]["destination"].endswith(MAKER)


def test_a_receipt_names_the_sender_as_source() -> None:
    shipped = event(next(new for new in STEPS if new.stage == "ship"))
    received = event(next(new for new in STEPS if new.stage == "receive"))
    assert shipped["sourceList"] == received["sourceList"]
    assert shipped["destinationList"] == received["destinationList"]


def test_quantities_are_whole_grams_and_standing_crops_have_none() -> None:
    found = event(next(new for new in STEPS if new.stage == "harvest"))
    assert "quantity" not in found["inputQuantityList"][0]
    assert (found["outputQuantityList"][0]["quantity"], found["outputQuantityList"][0]["uom"]) == (
        3_000_900,
        "GRM",
    )


@pytest.mark.parametrize(("outcome", "word"), [(True, "conformant"), (False, "non_conformant")])
def test_a_test_says_whether_the_lot_conforms(outcome: bool, word: str) -> None:
    tested = next(new for new in STEPS if new.stage == "test")
    assert event(tested, conformant=outcome)["disposition"] == word


def test_a_result_names_its_measurand() -> None:
    tested = next(new for new in STEPS if new.stage == "test")
    assert event(tested)["tcm:results"] == [
        {"measurand": "二氧化硫残留量", "value": "120.5", "unit": "mg/kg", "method": ""}
    ]


def test_the_largest_step_fits_into_a_leaf() -> None:
    inputs = [lot(f"{'L' * 36}-{number:03d}", 10**9) for number in range(100)]
    found = event(step("merge", 1, inputs=inputs, outputs=[lot("O", 10**11)]))
    assert len(canonical(found)) < 40_000
