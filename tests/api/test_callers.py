"""Callers: every route declares who may call it, and nobody else gets in."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.testclient import TestClient

from api.app import create_app
from api.callers import CALLERS, Anyone, Clerk, Feeder, Operator, Publisher, Supervisor
from api.station import Station
from tests.api.conftest import HOST, NOW_MS
from tests.trace.holding import REGULATOR, register_regulator
from tests.trace.season import MAKER, register_all

Token = Callable[..., str]
WRONG_PARTY = "91110000100001234X"


def _router() -> APIRouter:
    router = APIRouter(prefix="/v1/trial")
    for name, kind in (
        ("clerk", Clerk),
        ("feeder", Feeder),
        ("publisher", Publisher),
        ("operator", Operator),
        ("supervisor", Supervisor),
    ):
        router.add_api_route(f"/{name}", _answering(kind), methods=["GET"], name=name)

    @router.get("/anyone")
    def anyone(caller: Anyone) -> str:
        return caller.name or "-"

    @router.get("/parties/{party}")
    def party(party: str, caller: Clerk) -> str:
        caller.must_speak_for(party)
        return party

    return router


def _answering(kind: object) -> Callable[..., str]:
    def endpoint(caller: kind) -> str:  # type: ignore[valid-type]
        return caller.name

    return endpoint


@pytest.fixture
def trial(station: Station) -> Iterator[TestClient]:
    with TestClient(create_app(station, [_router()]), base_url=f"http://{HOST}") as client:
        yield client


def _get(client: TestClient, path: str, token: str | None) -> int:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return client.get(f"/v1/trial/{path}", headers=headers).status_code


@pytest.fixture
def regulator(station: Station) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    station.writer.submit(lambda session: register_regulator(session, station.recorder, NOW_MS))


ROLES = {
    "clerk": "steps:write",
    "feeder": "quotes:write",
    "publisher": "index:publish",
    "operator": "operator",
}


@pytest.mark.parametrize("path", ROLES)
def test_each_role_is_open_to_its_scope_and_to_the_operator_alone(
    trial: TestClient, token_with: Token, path: str
) -> None:
    allowed = {scope for scope in ROLES.values() if _get(trial, path, token_with(scope)) == 200}
    assert allowed == {ROLES[path], "operator"}


@pytest.mark.parametrize("path", ROLES)
def test_without_a_good_token_nobody_gets_in(trial: TestClient, token_with: Token, path: str) -> None:
    expired = token_with("operator", expires_ms=NOW_MS)
    assert [_get(trial, path, token) for token in (None, "", "daodi_x", expired)] == [401] * 4


def test_a_token_without_the_scope_is_told_which_it_lacks(trial: TestClient, token_with: Token) -> None:
    answer = trial.get(
        "/v1/trial/clerk?lang=en", headers={"Authorization": f"Bearer {token_with('quotes:write')}"}
    )
    assert (answer.status_code, answer.json()["detail"]) == (403, "the token lacks the scope steps:write")


@pytest.mark.usefixtures("regulator")
def test_only_a_registered_regulator_or_the_operator_supervises(trial: TestClient, token_with: Token) -> None:
    unbound, firm = token_with("supervise"), token_with("supervise", party=MAKER)
    unknown, regulator = token_with("supervise", party=WRONG_PARTY), token_with("supervise", party=REGULATOR)
    clerk = token_with("steps:write", party=REGULATOR)
    sent = (unbound, firm, unknown, clerk, regulator, token_with("operator"))
    assert [_get(trial, "supervisor", token) for token in sent] == [403] * 4 + [200] * 2


def test_the_public_needs_no_token_and_a_bad_one_does_not_matter(trial: TestClient) -> None:
    assert [_get(trial, "anyone", token) for token in (None, "rubbish")] == [200, 200]


def test_a_token_of_one_party_cannot_speak_for_another(trial: TestClient, token_with: Token) -> None:
    own = token_with("steps:write", party=WRONG_PARTY)
    assert _get(trial, f"parties/{WRONG_PARTY}", own) == 200
    assert _get(trial, "parties/91340000000000000A", own) == 403
    assert _get(trial, "parties/91340000000000000A", token_with("steps:write")) == 200
    assert _get(trial, "parties/91340000000000000A", token_with("operator", party=WRONG_PARTY)) == 200


def _calls(dependant: Dependant) -> set[object]:
    return {dependant.call}.union(*map(_calls, dependant.dependencies))


WITHOUT_CALLER = {"/openapi.json", "/static"}
"""Served by Starlette itself: the public description of the interface, and the pages' own files."""


def _undeclared(app: FastAPI) -> list[str]:
    found = []
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        declared = isinstance(route, APIRoute) and _calls(route.dependant) & set(CALLERS)
        if not declared and context.path not in WITHOUT_CALLER:
            found.append(context.path)
    return found


def test_every_route_declares_its_caller(app: FastAPI) -> None:
    assert _undeclared(app) == []
    assert len(list(iter_route_contexts(app.routes))) > 20


def test_a_route_that_forgets_its_caller_is_found(station: Station) -> None:
    router = APIRouter()
    router.add_api_route("/forgotten", lambda: "x", methods=["GET"])
    assert _undeclared(create_app(station, [router])) == ["/forgotten"]


def test_every_whole_number_in_a_path_or_query_is_bounded(app: FastAPI) -> None:
    unbounded = [
        (path, parameter["name"])
        for path, operations in app.openapi()["paths"].items()
        for operation in operations.values()
        for parameter in operation.get("parameters", [])
        if _loose(parameter["schema"])
    ]
    assert unbounded == []


def _loose(schema: dict[str, object]) -> bool:
    kinds = [schema, *schema.get("anyOf", [])]
    return any(kind.get("type") == "integer" and not {"minimum", "maximum"} <= set(kind) for kind in kinds)
