"""A change on condition: `If-Match` names what was read; what is another by now is not changed."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.station import Station
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.webhooks.webhook_station import WebhookStation

Issue = Callable[..., str]
FEED = {"name": "board", "form": "csv", "address": "https://prices.example.org/today.csv"}
HOOK = {"address": "http://127.0.0.1:9/hook", "events": ["release.published"]}


@pytest.fixture
def operator(token_with: Issue) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_with('operator')}"}


@pytest.fixture(params=["feeds", "webhooks"])
def place(
    request: pytest.FixtureRequest, client: TestClient, station: Station, operator: dict[str, str]
) -> str:
    """The address of something that can be switched."""
    if request.param == "feeds":
        made = client.post("/v1/feeds", json=FEED, headers=operator)
        assert made.status_code == 201, made.text
        return "/v1/feeds/board"
    WebhookStation(station)
    made = client.post("/v1/webhooks", json=HOOK, headers=operator)
    assert made.status_code == 201, made.text
    return f"/v1/webhooks/{made.json()['id']}"


@ON_BOTH_DATABASES
def test_of_two_who_read_the_same_only_the_first_changes_it(
    client: TestClient, operator: dict[str, str], place: str
) -> None:
    read = client.get(place, headers=operator)
    bound = {**operator, "If-Match": read.headers["etag"]}

    def switched(on: bool, headers: dict[str, Any]) -> tuple[int, bool]:
        answer = client.post(f"{place}/switches", json={"enabled": on}, headers=headers)
        return answer.status_code, client.get(place, headers=operator).json()["enabled"]

    assert switched(False, bound) == (200, False)
    assert switched(True, bound) == (412, False)
    assert (
        switched(True, {**operator, "If-Match": f"W/{client.get(place, headers=operator).headers['etag']}"})[
            0
        ]
        == 412
    )
    assert switched(True, {**operator, "If-Match": "*"}) == (200, True)
    assert switched(False, operator) == (200, False), "present callers send no If-Match"


def test_a_read_is_not_sent_twice(client: TestClient, operator: dict[str, str], place: str) -> None:
    tag = client.get(place, headers=operator).headers["etag"]
    assert client.get(place, headers={**operator, "If-None-Match": tag}).status_code == 304
    assert client.get(place, headers={**operator, "If-None-Match": '"another"'}).status_code == 200
