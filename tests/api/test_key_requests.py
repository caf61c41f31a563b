"""Changes of keys take two persons over the network; the machine's own console may act alone."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api import operator_token
from api.station import Station
from tests.api.conftest import ON_BOTH_DATABASES

Issue = Callable[..., str]
ADD = {"change": "add", "reason": "yearly"}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def first(token_with: Issue) -> dict[str, str]:
    return bearer(token_with("operator", name="first"))


@pytest.fixture
def second(token_with: Issue) -> dict[str, str]:
    return bearer(token_with("operator", name="second"))


@ON_BOTH_DATABASES
def test_what_one_asks_for_another_carries_out(
    client: TestClient, station: Station, first: dict[str, str], second: dict[str, str]
) -> None:
    asked = client.post("/v1/key-requests", json=ADD, headers=first).json()
    assert asked["key_id"] is None
    done = client.post(f"/v1/key-requests/{asked['id']}/approval", headers=second)
    assert done.status_code == 201
    station.settle()
    named = [each["key_id"] for each in client.get("/v1/log/keys").json()]
    assert named[1:] == [done.json()["key_id"]]
    assert [each["id"] for each in client.get("/v1/key-requests", headers=first).json()] == [asked["id"]]


def test_nobody_carries_out_his_own_request_not_even_under_another_token(
    client: TestClient, first: dict[str, str], token_with: Issue
) -> None:
    asked = client.post("/v1/key-requests", json=ADD, headers=first).json()["id"]
    for headers in (first, bearer(token_with("operator", name="first"))):
        answer = client.post(f"/v1/key-requests/{asked}/approval", headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/same-person-again")


def test_a_request_is_carried_out_once(
    client: TestClient, station: Station, first: dict[str, str], second: dict[str, str]
) -> None:
    asked = client.post("/v1/key-requests", json=ADD, headers=first).json()["id"]
    outcomes = [client.post(f"/v1/key-requests/{asked}/approval", headers=second).status_code for _ in "ab"]
    assert outcomes == [201, 409]
    station.settle()
    assert len(client.get("/v1/log/keys").json()) == 2


def test_what_could_not_be_done_can_be_asked_of_the_second_person_again(
    client: TestClient, station: Station, first: dict[str, str], second: dict[str, str]
) -> None:
    station.settle()
    only = client.get("/v1/log/keys").json()[0]["key_id"]
    last = {"change": "retire", "about": only, "reason": "the last one"}
    asked = client.post("/v1/key-requests", json=last, headers=first).json()["id"]
    outcomes = [client.post(f"/v1/key-requests/{asked}/approval", headers=second).status_code for _ in "ab"]
    assert outcomes == [422, 422]
    assert client.get("/v1/key-requests", headers=first).json()[0]["done"] is None


@pytest.mark.parametrize("has_console", [True, False])
def test_an_operator_alone_changes_no_key_over_the_network_but_the_console_does(
    client: TestClient, station: Station, first: dict[str, str], *, has_console: bool
) -> None:
    station.settle()
    founding = client.get("/v1/log/keys").json()[0]["key_id"]
    paths = (
        "/v1/custody/93341602MA2N3B4C1F/rotations",
        "/v1/log/keys",
        f"/v1/log/keys/{founding}/retirement",
    )
    if has_console:
        station.renew_operator_token()
    for path in paths:
        answer = client.post(path, headers=first)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/second-person-first")
    if has_console:
        console = bearer(operator_token.read(station.settings.folder) or "")
        for path in paths[1:]:
            assert client.post(path, headers=console).status_code == 201
            station.settle()


@pytest.mark.parametrize(
    "wrong", [{"change": "add", "about": "x"}, {"change": "retire"}, {"change": "renew"}]
)
def test_a_request_names_what_it_is_about(
    client: TestClient, first: dict[str, str], wrong: dict[str, str]
) -> None:
    answer = client.post("/v1/key-requests", json={**wrong, "reason": "r"}, headers=first)
    assert answer.status_code == 422
