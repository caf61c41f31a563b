"""The description of the API shows an example of every answer and of whatever must be sent; each is good.

Checked against the described schemas by a validator that is not ours (jsonschema-rs, JSON Schema 2020-12).
"""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import jsonschema_rs
import pytest

from api.app import create_app
from api.settings import load_settings

Description = dict[str, Any]


@pytest.fixture(scope="module")
def told() -> Description:
    app = create_app(SimpleNamespace(settings=load_settings()))  # type: ignore[arg-type]
    found: Description = json.loads(json.dumps(app.openapi()))
    return found


def _operations(told: Description) -> Iterator[tuple[str, Description]]:
    for path, methods in told["paths"].items():
        for method, each in methods.items():
            yield f"{method.upper()} {path}", each


def _faults(told: Description, schema: Description, example: object) -> list[str]:
    whole = {**schema, "components": told["components"]}
    found = jsonschema_rs.validator_for(whole, validate_formats=True).iter_errors(example)
    return [f"{each.instance_path}: {each.message}"[:200] for each in found]


def test_every_operation_says_what_it_does_and_its_problems_in_words(told: Description) -> None:
    for where, each in _operations(told):
        assert each["summary"], where
        assert len(each["description"]) > 10, where
        refused = {status for status in each["responses"] if status >= "400"}
        assert refused or "/v1/" not in where, where


def test_every_json_answer_has_an_example_that_its_schema_takes(told: Description) -> None:
    wrong, seen = {}, 0
    for where, each in _operations(told):
        for status, answer in each["responses"].items():
            said = answer.get("content", {}).get("application/json")
            if not status.startswith("2") or said is None:
                continue
            seen += 1
            faults = _faults(told, said.get("schema", {}), said["example"]) if "example" in said else ["none"]
            if faults:
                wrong[where, status] = faults[:2]
    assert seen > 200
    assert wrong == {}


def test_whatever_must_be_sent_in_address_or_header_has_an_example(told: Description) -> None:
    wrong = {}
    for where, each in _operations(told):
        for one in each.get("parameters", ()):
            if not one.get("required"):
                continue
            shown = [one["example"]] if "example" in one else [*one.get("examples", ())]
            shown = shown or [*one["schema"].get("examples", ())]
            faults = [fault for example in shown for fault in _faults(told, one["schema"], example)]
            if faults or not shown:
                wrong[where, one["name"]] = faults or ["none"]
    assert wrong == {}
