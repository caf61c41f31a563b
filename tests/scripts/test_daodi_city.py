"""The demo city has the size, the variety and the faults it promises, and is plainly invented."""

import doctest
import importlib
import pkgutil
import re
from collections import Counter, defaultdict

import pytest

import daodi_city
from daodi_city import SEED
from daodi_city.city import City, build
from daodi_city.crops import CROPS
from daodi_city.faults import FaultKind
from daodi_city.words import _WORDS, say
from trace.divisions import division
from trace.herbs import Kind, herb
from trace.identifiers import check_uscc
from trace.profiles import profile
from trace.scanning.scans import COPIED_CITIES, COPIED_DEVICES
from trace.vocabulary import ORIGIN_STAGES, NodeType, Stage

_ROLE = r"(?:[\u4e00-\u9fff]{2,4}[员人工]|炮制大师)[甲乙丙丁戊己庚辛]"
"""What a person is called: a role and a letter."""


@pytest.fixture(scope="module")
def city() -> City:
    return build(SEED)


def test_at_least_forty_parties_cover_all_eight_node_types(city: City) -> None:
    households = city.citizens.all()
    assert len(households) >= 40
    assert {kind for each in households for kind in each.party.node_types} == set(NodeType)


def test_every_uscc_is_valid_unique_and_visibly_invented(city: City) -> None:
    codes = [each.uscc for each in city.citizens.all()]
    assert [check_uscc(code) for code in codes] == codes
    assert len(set(codes)) == len(codes)
    assert all(code[8:11] == "DEM" for code in codes)


def test_every_name_says_that_it_is_an_example(city: City) -> None:
    names = [each.party.name for each in city.citizens.all()]
    names += [place.name for each in city.citizens.all() for place in each.places]
    assert all(name.startswith("示例·") for name in names)


def test_people_appear_only_as_roles(city: City) -> None:
    # 调剂、监销 and the like name people in fields that no place or firm stands in
    person_fields = {
        "responsible", "operator", "inspector", "technician", "qa", "identified_by", "buyer", "keeper",
        "sampler", "packer", "dispenser", "checker", "handler", "supervisor", "cashier", "production_lead",
    }  # fmt: skip
    people = {
        str(value)
        for dated in city.steps
        for name, value in dated.step.fields.items()
        if name in person_fields
    }
    assert people
    assert all(re.fullmatch(_ROLE, person) for person in people)
    assert all(re.fullmatch(_ROLE, somebody.name) for _, somebody in city.papers.staff)


def test_every_place_stands_in_a_division_that_exists_under_its_code(city: City) -> None:
    codes = {place.division for each in city.citizens.all() for place in each.places}
    assert [code for code in codes if not division(code).exact] == []


def test_thirty_herbs_grow_where_the_sources_say_they_grow() -> None:
    assert len({crop.herb for crop in CROPS}) == 30
    for crop in CROPS:
        areas = herb(crop.herb).producing_areas
        assert not areas or any(set(area) <= set(crop.area) for area in areas), (crop.herb, areas)


def test_the_herbs_include_a_plant_an_animal_a_mineral_and_a_fungus() -> None:
    assert {herb(crop.herb).kind for crop in CROPS} == set(Kind)


def test_lots_begin_in_all_four_ways(city: City) -> None:
    assert {dated.step.stage for dated in city.steps} >= ORIGIN_STAGES


def test_every_stage_occurs_over_at_least_three_hundred_lots_in_two_seasons(city: City) -> None:
    assert {dated.step.stage for dated in city.steps} == set(Stage)
    made = {amount.lot for dated in city.steps for amount in dated.step.outputs}
    assert len(made) == city.lots >= 300
    assert {re.search(r"-(\d\d)[AB]-", lot)[1] for lot in made} == {"24", "25"}  # type: ignore[index]


def test_at_least_five_thousand_packs_are_made(city: City) -> None:
    assert sum(dated.step.packs or 0 for dated in city.steps) == city.packs >= 5_000


def test_every_step_carries_the_fields_its_stage_requires_and_no_others(city: City) -> None:
    for dated in city.steps:
        known = profile(dated.step.stage).by_name
        assert set(dated.step.fields) <= set(known), dated.step.id
        assert {name for name, field in known.items() if field.required} <= set(dated.step.fields), (
            dated.step.id
        )


def test_records_arrive_in_order_and_never_before_the_deed(city: City) -> None:
    arrivals = [dated.recorded_ms for dated in city.steps]
    assert arrivals == sorted(arrivals)
    assert all(dated.step.time.timestamp() * 1000 <= dated.recorded_ms <= city.now_ms for dated in city.steps)


def test_no_process_makes_more_than_went_in(city: City) -> None:
    for dated in city.steps:
        weights = [amount.grams for amount in dated.step.inputs]
        if dated.step.outputs and weights and None not in weights and dated.step.stage is not Stage.PLANTING:
            assert sum(a.grams or 0 for a in dated.step.outputs) <= sum(w or 0 for w in weights), (
                dated.step.id
            )


def test_every_kind_of_fault_is_planted(city: City) -> None:
    assert {fault.kind for fault in city.faults} == set(FaultKind)


@pytest.mark.parametrize("seed", [2, 3, 11])
def test_other_seeds_plant_the_same_kinds_of_fault(seed: int) -> None:
    assert {fault.kind for fault in build(seed, small=True).faults} == set(FaultKind)


def test_only_the_planted_copy_is_scanned_like_a_copy(city: City) -> None:
    cities: dict[object, set[str]] = defaultdict(set)
    devices: dict[object, set[str]] = defaultdict(set)
    for scan in city.scans:
        cities[scan.lot, scan.pack].add(scan.city)
        devices[scan.lot, scan.pack].add(scan.device)
    copied = {
        pack for pack in cities if len(cities[pack]) >= COPIED_CITIES or len(devices[pack]) >= COPIED_DEVICES
    }
    planted = next(fault for fault in city.faults if fault.kind is FaultKind.COPIED)
    assert copied == {(planted.lot, planted.pack)}


def test_scans_number_a_few_thousand_from_coarse_places(city: City) -> None:
    assert 2_000 <= len(city.scans) <= 10_000
    assert all(scan.city.endswith("00") for scan in city.scans)
    assert max(scan.at_ms for scan in city.scans) <= city.now_ms


def test_the_same_seed_draws_the_same_city_and_another_seed_another() -> None:
    first, again, other = build(4, small=True), build(4, small=True), build(5, small=True)
    assert first.fingerprint == again.fingerprint != other.fingerprint


def test_no_step_id_is_used_twice(city: City) -> None:
    counted = Counter(dated.step.id for dated in (*city.steps, *city.refused))
    assert [name for name, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(daodi_city.__path__)])
def test_the_examples_in_the_generator_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"daodi_city.{name}")).failed == 0


def test_everything_said_exists_in_both_languages() -> None:
    assert all(chinese and english for chinese, english in _WORDS.values())
    assert say("passed", "zh") != say("passed", "en")
