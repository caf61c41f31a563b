"""The description of the API: finished for every operation, its examples good, and never less than before."""

import copy
import json
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.app import create_app
from api.described.describing import TAGS
from api.repeats.repeat_table import SECRET
from api.routes.all_routes import all_routers
from api.settings import load_settings
from tests.api.additive import losses
from tests.api.test_routes_openapi import SNAPSHOT

Description = dict[str, Any]


@pytest.fixture(scope="module")
def now() -> Description:
    app: FastAPI = create_app(SimpleNamespace(settings=load_settings()))  # type: ignore[arg-type]
    told: Description = json.loads(json.dumps(app.openapi()))
    return told


def _operations(told: Description) -> list[tuple[str, str, Description]]:
    return [
        (path, method, each)
        for path, methods in told["paths"].items()
        for method, each in methods.items()
        if path.startswith("/v1")
    ]


def test_every_tag_is_described_in_both_languages(now: Description) -> None:
    described = {each["name"]: each["description"] for each in now["tags"]}
    used = {tag for methods in now["paths"].values() for each in methods.values() for tag in each["tags"]}
    assert used == set(described) <= set(TAGS)
    assert [name for name, words in described.items() if words.isascii() or words[0] > "z"] == []


def test_every_operation_says_when_it_is_asked_too_often_and_every_post_takes_a_key(now: Description) -> None:
    for path, method, each in _operations(now):
        assert "application/problem+json" in each["responses"]["429"]["content"], path
        keys = [one for one in each.get("parameters", ()) if one["name"] == "Idempotency-Key"]
        assert len(keys) == (method == "post"), path
        if method == "post":
            assert {"400", "409", "422"} <= set(each["responses"]), path


def test_every_operation_has_a_stable_name_of_its_own(now: Description) -> None:
    names = [each["operationId"] for _, _, each in _operations(now)]
    assert len(names) == len(set(names))
    assert [name for name in names if not name.isidentifier() or name != name.lower()] == []


def test_every_json_body_has_an_example_that_is_taken_in(now: Description) -> None:
    """The example goes through the very check a request goes through."""
    fields = {
        route.path.replace(":path}", "}"): route.body_field
        for router in all_routers()
        for route in router.routes
        if isinstance(route, APIRoute) and "POST" in (route.methods or ())
    }
    without = []
    for path, _, each in _operations(now):
        body = each.get("requestBody", {}).get("content", {}).get("application/json")
        if body is None:
            continue
        if "example" not in body:
            without.append(path)
            continue
        field = fields[path]
        if field is None:  # read by the route itself, from the raw body
            continue
        _, errors = field.validate(body["example"], {}, loc=("body",))
        assert not errors, (path, errors)
    assert without == []


def test_the_description_takes_nothing_away_from_present_callers(now: Description) -> None:
    before = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    assert losses(before, now) == [], "/v1 is additive only: keep it, or give the new thing a new name"


def _planted(told: Description, fault: str) -> Description:
    changed: Description = copy.deepcopy(told)
    steps = changed["paths"]["/v1/steps"]["post"]
    schemas = changed["components"]["schemas"]
    if fault == "path":
        del changed["paths"]["/v1/steps"]
    elif fault == "name":
        steps["operationId"] = "another"
    elif fault == "parameter":
        steps["parameters"] = [{"name": "x", "in": "query", "required": True, "schema": {}}]
    elif fault == "demanded":
        schemas["StepNew"]["required"].append("fields")
    elif fault == "field":
        del schemas["StepRecorded"]["properties"]["codes"]
    elif fault == "type":
        schemas["StepRecorded"]["properties"]["replayed"] = {"type": "string"}
    else:
        schemas["FindingSaid"]["properties"].pop("rule")
    return changed


@pytest.mark.parametrize("fault", ["path", "name", "parameter", "demanded", "field", "type", "nested"])
def test_a_description_that_takes_away_is_noticed(now: Description, fault: str) -> None:
    assert losses(now, now) == []
    assert losses(now, _planted(now, fault)) != []


def test_what_is_added_takes_nothing_away(now: Description) -> None:
    grown = copy.deepcopy(now)
    grown["paths"]["/v1/new"] = {"get": {"responses": {}}}
    grown["components"]["schemas"]["StepRecorded"]["properties"]["more"] = {"type": "string"}
    grown["components"]["schemas"]["StepNew"]["properties"]["more"] = {"type": "string"}
    assert losses(now, grown) == []


def test_no_answer_that_shows_a_secret_is_kept_with_its_key(now: Description) -> None:
    """Found by what the answers are described to hold, apart from the table under test."""
    shown = {"secret", "link", "access_token"}
    telling = set()
    for path, _, each in _operations(now):
        for status, answer in each["responses"].items():
            schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
            named = now["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
            members = set(named.get("properties", {}))
            if status.startswith("2") and (members & shown or {"key", "prefix"} <= members):
                telling.add(path)
    assert len(telling) >= 2
    assert telling - SECRET == set()
