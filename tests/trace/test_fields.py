"""A field is of its kind or refused, by its own name; typed text and JSON mean the same."""

import pytest

from ledger.errors import ManyFaults
from trace.errors import BadField, MissingField, UnknownField
from trace.fields import check_value, from_text, sort_fields
from trace.profiles import profile
from trace.vocabulary import Stage


def field(stage: str, name: str):  # noqa: ANN201  a helper of one line
    return profile(Stage(stage)).by_name[name]


@pytest.mark.parametrize(
    ("stage", "name", "value"),
    [
        ("planting", "area_mu", "十二亩"),
        ("planting", "area_mu", True),
        ("planting", "cycle_months", -1),
        ("planting", "cycle_months", "36"),
        ("planting", "expected_grams", 0),
        ("planting", "expected_grams", True),
        ("harvest", "end_date", "2026-02-30"),
        ("primary_processing", "sulfur", "没有"),
        ("primary_processing", "method", ""),
        ("primary_processing", "method", "字" * 401),
        ("primary_processing", "method", "两\n行"),
        ("primary_processing", "method", "反\u202e转"),
        ("field_work", "work", "浇花"),
        ("sale", "price_fen_per_kg", 0),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(stage: str, name: str, value: object) -> None:
    with pytest.raises(BadField) as caught:
        check_value(field(stage, name), value)
    assert caught.value.at.field == f"fields/{name}"
    assert field(stage, name).zh in caught.value.message("zh")


@pytest.mark.parametrize("written", ["施肥", "fertilising", "Fertilising"])
def test_a_choice_is_kept_by_its_key_however_it_is_written(written: str) -> None:
    assert check_value(field("field_work", "work"), written) == "fertilising"


@pytest.mark.parametrize(
    ("stage", "name", "text", "value"),
    [
        ("planting", "area_mu", " 12.5 ", "12.5"),
        ("planting", "cycle_months", "36", 36),
        ("planting", "expected_grams", "2.5吨", 2_500_000),
        ("harvest", "end_date", "2026/03/05", "2026-03-05"),
        ("primary_processing", "sulfur", "否", False),
        ("sale", "price_fen_per_kg", "42.5 元/斤", 8_500),
    ],
)
def test_what_a_person_types_reads_as_the_typed_value(
    stage: str, name: str, text: str, value: object
) -> None:
    assert from_text(field(stage, name), text) == value


def test_a_private_value_never_stands_in_an_error() -> None:
    with pytest.raises(BadField) as caught:
        check_value(field("sale", "price_fen_per_kg"), "一百二十块")
    assert "一百二十块" not in caught.value.message("zh") + str(caught.value.at)


def test_all_faults_of_the_fields_are_found_at_once() -> None:
    _, _, faults = sort_fields(profile(Stage.PLANTING), {"area_mu": "很大", "colour": "红"})
    assert {type(fault) for fault in faults} == {BadField, UnknownField}
    _, _, faults = sort_fields(profile(Stage.PLANTING), {})
    assert [type(fault) for fault in faults] == [MissingField]
    assert "种植面积" in faults[0].message("zh")
    assert "MOFCOM" in faults[0].remedy("en")
    assert not isinstance(faults[0], ManyFaults)
