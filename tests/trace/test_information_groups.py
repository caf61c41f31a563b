"""The 16 groups: what shows them, what lacks them, and that a merge with a broken way is broken."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trace.completeness import Group, GroupState
from trace.information_groups import group_states, groups, marks_of_step
from trace.profiles import Visibility, profile
from trace.vocabulary import Form, Stage

SOWN = {
    "F": ["seed", "planting", "planting/area_mu", "field_work", "field_work/material", "harvest"],
    "H": ["primary_processing", "storage", "test"],
}
WAY = {"H": ("F",)}


def states(lot: str, form: Form, marks: dict[str, list[str]], parents: dict) -> dict[str, Group]:
    found = group_states(lot, form, {name: frozenset(each) for name, each in marks.items()}, parents)
    return {group.key: group for group in found}


def missing(found: dict[str, Group]) -> dict[str, list[str]]:
    return {
        key: [stage.value for stage in group.lacking]
        for key, group in found.items()
        if group.state is GroupState.MISSING
    }


def test_there_are_sixteen_groups_each_in_both_languages() -> None:
    assert len(groups()) == 16
    assert all(group.zh and group.en for group in groups())


def test_all_evidence_is_a_stage_or_a_public_field_of_one() -> None:
    for group in groups():
        assert group.kept or group.evidence
        for each in group.evidence:
            fields = profile(each.stage).by_name
            assert not each.field or fields[each.field].visibility is Visibility.PUBLIC


def test_a_whole_way_from_seed_lacks_nothing() -> None:
    found = states("H", Form.HERB, SOWN, WAY)
    assert missing(found) == {}
    assert found["sale"].state is GroupState.NOT_DUE


# What is taken away, and the group it was the only evidence of.
@pytest.mark.parametrize(
    ("taken", "lot", "lacks"),
    [
        ("seed", "F", {"seed": ["seed"]}),
        ("planting/area_mu", "F", {"base": ["planting"]}),
        ("field_work/material", "F", {"inputs": ["field_work"]}),
        ("field_work", "F", {"growing": ["field_work"]}),
        ("harvest", "F", {"harvest": ["harvest"]}),
        ("primary_processing", "H", {"primary_processing": ["primary_processing"]}),
        ("storage", "H", {"storage": ["primary_processing", "storage", "receive"]}),
        ("test", "H", {"test": ["test"]}),
    ],
)
def test_what_is_not_recorded_is_missing_with_the_stage_that_would_show_it(
    taken: str, lot: str, lacks: dict[str, list[str]]
) -> None:
    marks = SOWN | {lot: [mark for mark in SOWN[lot] if mark != taken]}
    assert missing(states("H", Form.HERB, marks, WAY)) == lacks


@pytest.mark.parametrize("origin", ["gathering", "mining"])
def test_what_was_never_sown_is_asked_for_no_seed_and_no_growing(origin: str) -> None:
    field = {"gathering": "area_name", "mining": "mine_name"}[origin]
    marks = {"F": [origin, f"{origin}/{field}"], "H": SOWN["H"]}
    assert missing(states("H", Form.HERB, marks, WAY)) == {}


def test_a_merge_with_a_broken_way_is_broken() -> None:
    marks = SOWN | {"G": ["planting", "planting/area_mu", "harvest"], "M": ["merge"]}
    found = states("M", Form.HERB, marks, WAY | {"M": ("H", "G")})
    assert set(missing(found)) == {"seed", "inputs", "growing", "primary_processing", "storage", "test"}


@pytest.mark.parametrize("whole", ["planting", "rearing", "gathering", "mining"])
@pytest.mark.parametrize("broken", ["planting", "rearing", "gathering", "mining"])
def test_one_unprocessed_way_among_two_is_missing_whichever_is_looked_at_first(
    whole: str, broken: str
) -> None:
    marks = {"A": [whole], "H": ["primary_processing"], "B": [broken], "M": ["merge"]}
    found = states("M", Form.HERB, marks, {"H": ("A",), "M": ("H", "B")})
    assert missing(found)["primary_processing"] == ["primary_processing"]


def test_a_sale_on_record_is_counted_though_it_is_never_missed() -> None:
    found = states("H", Form.HERB, SOWN | {"H": [*SOWN["H"], "sale"]}, WAY)
    assert found["sale"].state is GroupState.PRESENT


MARKS = sorted({each.mark for group in groups() for each in group.evidence})


@given(st.lists(st.sampled_from(MARKS)), st.sampled_from(MARKS), st.sampled_from(list(Form)))
@settings(max_examples=80, deadline=None)
def test_recording_more_never_makes_a_group_missing_that_was_there(
    marks: list[str], more: str, form: Form
) -> None:
    """But for how the way began: an origin told later asks for what belongs to it."""
    if more in {stage.value for stage in (Stage.PLANTING, Stage.REARING, Stage.GATHERING, Stage.MINING)}:
        return
    before = states("L", form, {"L": marks}, {})
    after = states("L", form, {"L": [*marks, more]}, {})
    assert set(missing(after)) <= set(missing(before))


def test_a_step_marks_its_way_with_its_stage_and_fields() -> None:
    assert marks_of_step(Stage.SEED, ["variety"]) == {"seed", "seed/variety"}
