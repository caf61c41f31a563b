"""Every role on every route answers as docs/rights.md says; the table itself is read off the routes."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.accounts.roles import SCOPES_OF, AccountRole
from api.rights import NONE, ROLES, Right, rights, rights_markdown
from api.station import Station
from api.tokens import issue_token
from tests.api.accounts_of import somebody
from tests.api.conftest import NOW_MS
from tests.trace.holding import REGULATOR, register_regulator
from tests.trace.season import MAKER, register_all

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rights.md"
PARTY_OF = {AccountRole.CLERK: MAKER, AccountRole.REGULATOR: REGULATOR}
BY_STATEMENT = {"/v1/statements", "/v1/statements/batch"}
"""What is handed in is read before its bearer is looked at: see `test_http_callers` in tests/attacks."""
LACKING = {"/problems/scope-missing", "/problems/not-a-regulator"}


def test_the_table_in_docs_is_what_the_routes_say(app: FastAPI) -> None:
    assert PAGE.read_text(encoding="utf-8") == rights_markdown(app.routes)


@pytest.fixture
def keys(station: Station) -> Mapping[AccountRole, str]:
    """A key of each role's scopes."""
    station.writer.submit(lambda session: register_all(session, station.recorder))
    station.writer.submit(lambda session: register_regulator(session, station.recorder, NOW_MS))
    return {role: _key(station, role) for role in ROLES}


def _key(station: Station, role: AccountRole) -> str:
    return station.writer.submit(
        lambda session: issue_token(
            session,
            name=role.value,
            scopes=SCOPES_OF[role],
            party=PARTY_OF.get(role),
            created_ms=NOW_MS,
            expires_ms=None,
            randomness=station.randomness,
        )
    )


def _answer(client: TestClient, right: Right, headers: Mapping[str, str]) -> tuple[int, str]:
    """Return status and problem of a request that names objects nobody has."""
    path = re.sub(r"{[^}]+}", "x", right.path)
    sent = client.request(
        right.method, path, headers={"Accept": "application/json", **headers}, follow_redirects=False
    )
    is_problem = sent.headers.get("content-type") == "application/problem+json"
    return sent.status_code, sent.json()["type"] if is_problem else ""


def _closed(app: FastAPI) -> list[Right]:
    return [each for each in rights(app.routes) if not each.public]


def test_without_a_sign_in_every_closed_route_is_closed(app: FastAPI, client: TestClient) -> None:
    open_to_all = [each for each in _closed(app) if _answer(client, each, {})[0] not in {401, 303}]
    assert open_to_all == []


def test_each_role_is_refused_exactly_where_the_table_says(
    app: FastAPI, client: TestClient, keys: Mapping[AccountRole, str]
) -> None:
    wrong = []
    for right in _closed(app):
        if right.path in BY_STATEMENT or "sign" in right.path or right.path.startswith("/account"):
            continue  # the latter are for a person at a browser, whatever the role: the test below
        for role, mark in zip(ROLES, right.roles, strict=True):
            status, problem = _answer(client, right, {"Authorization": f"Bearer {keys[role]}"})
            if (problem in LACKING) is not (mark == NONE) or status in {401, 500}:
                wrong.append((right.method, right.path, role.value, mark, status, problem))
    assert wrong == []


def test_what_a_person_does_for_himself_is_open_to_each_role_and_to_no_key(
    app: FastAPI, client: TestClient, station: Station, keys: Mapping[AccountRole, str]
) -> None:
    own = [each for each in _closed(app) if each.path.startswith("/account")]
    assert own
    for right in own:
        assert _answer(client, right, {"Authorization": f"Bearer {keys[AccountRole.OPERATOR]}"})[0] in {
            401,
            303,
        }
        for role in (AccountRole.CLERK, AccountRole.OPERATOR):
            person = somebody(station, role.value, name=f"{role}.{hash(right)}", party=PARTY_OF.get(role))
            status, problem = _answer(client, right, person.headers)
            assert status not in {401, 500}, right
            assert problem not in LACKING, right
