"""One profile, many faces: the JSON Schema, the intake, the template and the page say the same."""

import json
from functools import cache
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import DaodiError
from trace.intake import read_step
from trace.profiles import Kind, profile
from trace.stage_page import stages_markdown
from trace.stage_schema import step_schema
from trace.steps import StepNew
from trace.vocabulary import Stage

from .all_stages import BY_CODES, STEPS
from .season import Stream

DOCS = Path(__file__).resolve().parents[2] / "docs"


@cache
def validator(stage: Stage) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(step_schema(stage), validate_formats=True)


def sent(new: StepNew) -> dict:
    read: dict = json.loads(new.model_dump_json(exclude_unset=True))
    return read


def takes(stage: Stage, body: dict) -> bool:
    """Whether the service takes the shape of this step."""
    try:
        read_step(StepNew.model_validate(body | {"stage": stage}), Stream())
    except (DaodiError, ValueError):
        return False
    return True


@pytest.mark.parametrize("new", [*STEPS.values(), *BY_CODES], ids=lambda new: new.stage.value)
def test_what_the_service_takes_is_valid_against_the_schema_of_its_stage(new: StepNew) -> None:
    assert [fault.message for fault in validator(new.stage).iter_errors(sent(new))] == []


@pytest.mark.parametrize("stage", Stage)
def test_schema_and_service_miss_the_same_fields_and_members(stage: Stage) -> None:
    body = sent(STEPS[stage])
    for name in step_schema(stage)["required"]:
        less = {key: value for key, value in body.items() if key != name}
        assert not validator(stage).is_valid(less), name
        assert name == "stage" or not takes(stage, less), name
    for field in profile(stage).fields:
        if field.required:
            less = body | {"fields": {k: v for k, v in body["fields"].items() if k != field.name}}
            assert (validator(stage).is_valid(less), takes(stage, less)) == (False, False), field.name


@pytest.mark.parametrize("stage", Stage)
def test_neither_takes_a_field_that_is_none_of_the_stage(stage: Stage) -> None:
    body = sent(STEPS[stage])
    more = body | {"fields": body.get("fields", {}) | {"nobody_asked": "x"}}
    assert (validator(stage).is_valid(more), takes(stage, more)) == (False, False)


VALUES = st.one_of(
    st.text(max_size=20),
    st.integers(-5, 10**13),
    st.booleans(),
    st.sampled_from(["12.5", "-3.25", "1e5", "007", "2024-02-30", "2024-02-29", "33.8,115.7", "91.0,10.0"]),
    st.sampled_from(["sha256:" + "0" * 64, "sha256:" + "0" * 63, "2024-03-05T08:00:00+08:00", "2024-03-05"]),
)


@given(st.sampled_from(list(Stage)), st.data())
@settings(max_examples=150, deadline=None)
def test_a_value_the_schema_takes_the_service_takes_too(stage: Stage, data: st.DataObject) -> None:
    """The schema may refuse what the service would still put right, such as a blank before a word."""
    field = data.draw(st.sampled_from(profile(stage).fields))
    value = data.draw(VALUES)
    body = sent(STEPS[stage])
    tried = body | {"fields": body.get("fields", {}) | {field.name: value}}
    blank = isinstance(value, str) and (not value.strip() or not value.isprintable())
    far = field.kind is Kind.POSITION  # a schema cannot say how far north a latitude may lie
    if validator(stage).is_valid(tried) and not blank and not far:
        assert takes(stage, tried)


@pytest.mark.parametrize("stage", Stage)
def test_a_schema_speaks_both_languages_and_names_its_sources(stage: Stage) -> None:
    zh, en = step_schema(stage), step_schema(stage, "en")
    assert (zh["title"], en["title"]) == (stage.zh, stage.en)
    assert all("x-source" in each for each in zh["properties"]["fields"]["properties"].values())


def test_the_page_of_the_stages_is_fresh() -> None:
    """After a change of the profiles: scripts/write_stages.py."""
    assert (DOCS / "stages.md").read_text("utf-8") == stages_markdown()
