"""What the shape of a step must be: codes or lots, one kind of purchase, readings where they belong."""

import uuid

import pytest

from ledger.errors import DaodiError, ManyFaults
from trace.intake import STEP_NAMES, read_step
from trace.steps import StepNew

from .all_stages import CODES, SENSED
from .season import GROWER, MAKER, Stream, lot, step


def faults(new: StepNew) -> list[str]:
    with pytest.raises((DaodiError, ManyFaults)) as caught:
        read_step(new, Stream())
    error = caught.value
    listed = error.faults if isinstance(error, ManyFaults) else (error,)
    assert all(fault.message("zh") != fault.message("en") for fault in listed)
    return [str(fault.at.field) for fault in listed]


BAD = {
    "lots and codes at once": (
        step("ship", 1, lots=[lot("A")], codes=CODES, counterparty=MAKER),
        ["lots"],
    ),
    "neither lots nor codes": (step("sale", 1), ["lots"]),
    "codes where goods go by lot": (
        step("split", 1, inputs=[lot("A")], outputs=[lot("B", 1)], codes=CODES),
        ["codes"],
    ),
    "a code named twice": (
        step("sale", 1, codes=[CODES[0], CODES[0]]),
        ["codes"],
    ),
    "a box without its code": (step("nest", 1, codes=CODES), ["container"]),
    "a box without packs": (step("nest", 1, container="0BBB"), ["codes"]),
    "a box in a shipment": (
        step("ship", 1, container="0BBB", counterparty=MAKER),
        ["container"],
    ),
    "a purchase of nothing": (step("purchase", 1), ["lots"]),
    "a purchase of both kinds": (
        step("purchase", 1, lots=[lot("A", 1)], outputs=[lot("B", 1, "蜂蜜")], counterparty=MAKER),
        ["lots"],
    ),
    "a purchase from nobody": (step("purchase", 1, lots=[lot("A", 1)]), ["counterparty"]),
    "an excipient without a name": (step("purchase", 1, outputs=[lot("B", 1)]), ["outputs/herb"]),
    "a herb nobody knows": (
        step("purchase", 1, outputs=[lot("B", 1, "蜂蜜") | {"form": "herb"}]),
        ["outputs/herb"],
    ),
    "opening stock of a growing crop": (
        step("opening", 1, outputs=[lot("B", 1, "白芍") | {"form": "plant"}]),
        ["outputs/form"],
    ),
    "a return to nobody": (
        step("return", 1, lots=[lot("A")], fields={"reason": "召回"}),
        ["counterparty"],
    ),
    "a sensing without readings": (step("sensing", 1), ["sensors"]),
    "readings of a sale": (step("sale", 1, lots=[lot("A", 1)], sensors=[SENSED]), ["sensors"]),
    "a dispensing without mass": (
        step("dispense", 1, lots=[lot("A")], fields={"purpose": "其他"}),
        ["lots/grams"],
    ),
    "an adjustment without mass": (
        step("stock_adjust", 1, lots=[lot("A")], fields={"reason": "损耗"}),
        ["lots/grams"],
    ),
}


@pytest.mark.parametrize("named", BAD)
def test_a_step_of_the_wrong_shape_is_refused(named: str) -> None:
    new, expected = BAD[named]
    assert faults(new) == expected


@pytest.mark.parametrize(
    "new",
    [
        step("purchase", 1, outputs=[lot("B", 1, "蜂蜜")]),
        step(
            "purchase",
            1,
            outputs=[lot("B", 1, "白芍") | {"form": "herb"}],
            counterparty=GROWER,
            place="WORKS",
        ),
        step("return", 1, codes=CODES, fields={"reason": "召回"}),
        step("unnest", 1, container="0BBB", codes=CODES),
    ],
)
def test_these_shapes_are_right(new: StepNew) -> None:
    assert read_step(new, Stream())


def named(text: str) -> StepNew:
    return step("sale", 1, lots=[lot("A", 1)], id=text)


@pytest.mark.parametrize(
    "text", ["0190163d-8694-739b-aea5-966c26f8ad91", "3f2b8c1e-5d4a-4b6f-9e8d-7c6b5a493827"]
)
def test_a_client_that_works_offline_names_its_steps_itself(text: str) -> None:
    assert read_step(named(text), Stream()).step_id == text


@pytest.mark.parametrize(
    "text",
    [
        "pack-1",
        "3F2B8C1E-5D4A-4B6F-9E8D-7C6B5A493827",
        "{3f2b8c1e-5d4a-4b6f-9e8d-7c6b5a493827}",
        str(uuid.uuid5(STEP_NAMES, f"{MAKER}/pack-1")),
    ],
)
def test_nobody_takes_the_name_that_the_step_of_another_will_have(text: str) -> None:
    """An id of version 5 could be the one derived for somebody else's next step."""
    assert read_step(named(text), Stream()).step_id == str(uuid.uuid5(STEP_NAMES, f"{GROWER}/{text}"))
