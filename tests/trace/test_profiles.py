"""Every stage has a profile, and the profile alone decides what is public."""

import pytest

from trace.intake import read_step
from trace.profiles import FLOWS, Kind, Visibility, profile
from trace.vocabulary import Stage

from .season import Stream, lot, step


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_names_its_lots_and_labels_its_fields_in_both_languages(stage: Stage) -> None:
    found = profile(stage)
    assert found.flow is FLOWS[stage]
    assert found.flow.wanted_zh
    assert found.flow.wanted_en
    assert all(field.zh and field.en and field.source for field in found.fields)
    assert all(bool(field.choices) == (field.kind is Kind.CHOICE) for field in found.fields)


@pytest.mark.parametrize("stage", Stage)
def test_no_two_fields_of_a_stage_share_a_heading(stage: Stage) -> None:
    headings = [name for field in profile(stage).fields for name in {field.name, field.zh, field.en}]
    assert len(headings) == len(set(headings))


# The fields MOFCOM's platform keeps about people and money (domain.md 1.1) must never be public.
@pytest.mark.parametrize(
    ("stage", "name"),
    [
        ("planting", "responsible"),
        ("planting", "phone"),
        ("planting", "address"),
        ("field_work", "operator"),
        ("test", "inspector"),
        ("paozhi", "technician"),
        ("paozhi", "production_lead"),
        ("paozhi", "parameters"),
        ("ship", "driver"),
        ("sale", "price_fen_per_kg"),
        ("sale", "invoice"),
        ("sale", "customer"),
    ],
)
def test_persons_prices_and_addresses_are_not_public(stage: str, name: str) -> None:
    assert profile(Stage(stage)).by_name[name].visibility is not Visibility.PUBLIC


def test_a_step_is_sorted_into_what_anyone_may_read_and_what_not() -> None:
    fields = {"area_mu": "12.5", "phone": "13800138000"}
    read = read_step(step("planting", 1, outputs=[lot("P", herb="白芍")], fields=fields), Stream())
    assert read.public == {"area_mu": "12.5"}
    assert read.private == {"phone": "13800138000"}
