"""The API as documented: every route is described, declares its caller, and matches the committed snapshot.

`DAODI_UPDATE_SNAPSHOT=1` writes docs/openapi.json anew; the difference then stands in the commit.
"""

import inspect
import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.app import create_app
from api.callers import CALLERS
from api.routes.all_routes import all_routers
from api.settings import load_settings
from tests.api.additive import losses

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


def described(app: FastAPI) -> dict[str, Any]:
    """The description without the version, which changes with every release of the program."""
    told: dict[str, Any] = json.loads(json.dumps(app.openapi()))
    told["info"].pop("version")
    return told


@pytest.fixture(scope="module")
def app() -> FastAPI:
    """The application without a station: nothing is asked of it here but its description."""
    return create_app(SimpleNamespace(settings=load_settings()))  # type: ignore[arg-type]


def test_the_committed_description_is_the_present_one(app: FastAPI) -> None:
    now = json.dumps(described(app), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("DAODI_UPDATE_SNAPSHOT"):
        taken = losses(json.loads(SNAPSHOT.read_text(encoding="utf-8")), json.loads(now))
        assert taken == [], "/v1 is additive only: keep it, or give the new thing a new name"
        SNAPSHOT.write_text(now, encoding="utf-8")
    assert SNAPSHOT.read_text(encoding="utf-8") == now, (
        "run once with DAODI_UPDATE_SNAPSHOT=1 and read the difference"
    )


def test_every_operation_is_described_with_its_problems(app: FastAPI) -> None:
    for path, methods in described(app)["paths"].items():
        if not path.startswith("/v1"):
            continue
        for method, told in methods.items():
            where = f"{method} {path}"
            assert told["summary"], where
            assert told["description"], where
            assert told["tags"], where
            refused = [answer for status, answer in told["responses"].items() if status >= "400"]
            assert refused, where
            assert all("application/problem+json" in answer["content"] for answer in refused), where


def test_every_parameter_and_field_is_bounded_or_described(app: FastAPI) -> None:
    for path, methods in described(app)["paths"].items():
        for told in methods.values():
            for parameter in told.get("parameters", ()):
                schema = parameter["schema"]
                if schema.get("type") == "integer":
                    assert {"minimum", "maximum"} <= set(schema), (path, parameter["name"])


def test_operation_names_are_unique(app: FastAPI) -> None:
    names = [told["operationId"] for methods in described(app)["paths"].values() for told in methods.values()]
    assert len(names) == len(set(names))


def test_the_guide_names_every_path(app: FastAPI) -> None:
    guide = (SNAPSHOT.parent / "api-guide.md").read_text(encoding="utf-8")
    assert [path for path in described(app)["paths"] if f"`{path}`" not in guide] == []


def routes() -> list[APIRoute]:
    return [route for router in all_routers() for route in _of(router)]


def _of(router: APIRouter) -> list[APIRoute]:
    return [route for route in router.routes if isinstance(route, APIRoute)]


def _calls(dependant: Dependant) -> set[object]:
    return {dependant.call}.union(*(_calls(each) for each in dependant.dependencies))


@pytest.mark.parametrize("route", routes(), ids=lambda route: f"{route.name}")
def test_every_route_declares_who_may_call(route: APIRoute) -> None:
    assert _calls(route.dependant) & set(CALLERS)


AWAITING = {
    "block_recorded",
    "block_sent",
    "paste_page",
    "scanner",
    "record_step",
    "step_sent",
    "receive_sent",
    "codes_ordered",
    "labels_marked",
    "place_sent",
    "licence_sent",
    "notice_read",
    "recall_acknowledged",
    "complaint_answered",
    "quarantine_sent",
    "warning_decided",
    "recall_acted",
    "recall_formed",
    "inspection_entered",
    "draw_announced",
    "draw_made",
    "complaint_decided",
    "submit_statement",
    "submit_statements",
    "sign_in",
    "factor_sent",
    "sign_out",
    "invitation_sent",
    "password_sent",
    "factor_dropped",
    "key_asked",
}
"""Routes that wait for a group's commit or for a receipt, without a thread each; they ask no database
themselves."""


@pytest.mark.parametrize("route", routes(), ids=lambda route: f"{route.name}")
def test_no_route_blocks_the_event_loop_or_returns_a_bare_dict(route: APIRoute) -> None:
    assert inspect.iscoroutinefunction(route.endpoint) is (route.name in AWAITING)
    assert route.response_model is not dict
