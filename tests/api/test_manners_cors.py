"""What pages of other origins may read: what everybody may, and nothing with anybody's cookie or token."""

import re
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from api.app import create_app
from api.routes.all_routes import all_routers
from api.settings import load_settings
from tests.attacks.test_http_callers import _PLACES

ELSEWHERE = {"Origin": "https://dashboard.example.net"}
ASKED = {**ELSEWHERE, "Access-Control-Request-Method": "GET"}

NEEDS_A_TOKEN = {"_visitor", "_presented", "holder", "_person", "_arriving"}
"""Dependencies of which every closed operation has one; written here apart from the code under test."""


@pytest.fixture(scope="module")
def described() -> FastAPI:
    return create_app(SimpleNamespace(settings=load_settings()))  # type: ignore[arg-type]


def _routes() -> list[APIRoute]:
    return [route for router in all_routers() for route in router.routes if isinstance(route, APIRoute)]


def _closed(route: APIRoute) -> bool:
    waiting, names = [route.dependant], set[str]()
    while waiting:
        one = waiting.pop()
        names.add(getattr(one.call, "__name__", ""))
        waiting += one.dependencies
    return bool(names & NEEDS_A_TOKEN)


def test_what_is_open_to_other_origins_asks_for_no_caller(described: FastAPI) -> None:
    paths = described.state.open_reads.paths
    assert len(paths) > 50
    closed = {route.path for route in _routes() if _closed(route) and "GET" in (route.methods or ())}
    assert closed & paths == set()
    public = {
        route.path
        for route in _routes()
        if "GET" in (route.methods or ()) and route.path.startswith("/v1/") and not _closed(route)
    }
    assert public - paths == set()


def test_no_page_for_people_is_open_to_other_origins(described: FastAPI) -> None:
    assert [
        path for path in described.state.open_reads.paths if path.startswith(("/s/", "/workbench", "/desk"))
    ] == []


def test_a_preflight_is_answered_for_open_reads_alone(client: TestClient, described: FastAPI) -> None:
    allowed = set[str]()
    for route in (each for each in _routes() if "GET" in (each.methods or ())):
        address = re.sub(r"{(\w+)(:path)?}", lambda part: _PLACES.get(f"{{{part[1]}}}", "x"), route.path)
        answer = client.options(address, headers=ASKED)
        assert "access-control-allow-credentials" not in answer.headers, route.path
        if answer.status_code != 204:
            assert "access-control-allow-origin" not in answer.headers, route.path
            continue
        allowed.add(route.path)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-methods"] == "GET, HEAD"
        assert "authorization" not in answer.headers["access-control-allow-headers"].lower()
    assert allowed == {each for each in described.state.open_reads.paths if not each.startswith("/problems")}


def test_answers_tell_other_origins_what_everybody_may_read(client: TestClient) -> None:
    """Whatever the answer is: a problem has to be read too."""
    for address in ("/v1/gates", "/v1/families", "/problems", "/log/checkpoint", "/v1/herbs/没有"):
        answer = client.get(address, headers=ELSEWHERE)
        assert answer.headers["access-control-allow-origin"] == "*", address
        assert "access-control-allow-credentials" not in answer.headers
    for address in ("/", "/v1/drafts", "/v1/documents?lot=x", "/v1/holds", "/desk/warnings", "/nowhere"):
        answer = client.get(address, headers=ELSEWHERE)
        assert not [name for name in answer.headers if name.startswith("access-control-")], address


def test_no_other_origin_is_told_that_it_may_write(client: TestClient) -> None:
    asked = {**ELSEWHERE, "Access-Control-Request-Method": "POST"}
    for address in ("/v1/complaints", "/v1/steps", "/v1/holds"):
        answer = client.options(address, headers=asked)
        assert not [name for name in answer.headers if name.startswith("access-control-")]
