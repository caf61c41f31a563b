"""A change on condition: `If-Match` names what was read; what is another by now is not changed."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.station import Station
from tests.api.accounts_of import somebody
from tests.api.conftest import NOW_MS, ON_BOTH_DATABASES
from tests.api.webhooks.webhook_station import WebhookStation
from tests.trace.season import MAKER, register_all

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


ROLES = [{"roles": ["verifier"]}, {"roles": ["collector"]}]
NAMES = [{"name": "白芍饮片一车间"}, {"name": "白芍饮片二车间"}]
STANDINGS = [{"standing": "trial", "reason": "试运行"}, {"standing": "suspended", "reason": "暂停"}]
GUARDED = [
    ("/v1/accounts/view.er", "roles", ROLES),
    (f"/v1/parties/{MAKER}", "changes", NAMES),
    ("/v1/places/WORKS", "changes", NAMES),
    ("/v1/families/bozhou/standing", "", STANDINGS),
]
"""Where something is read, where under it it is changed, and two changes that can follow each other."""


@ON_BOTH_DATABASES
@pytest.mark.parametrize(
    ("read_at", "under", "changes"), GUARDED, ids=["account", "party", "place", "family"]
)
def test_nobody_changes_what_is_another_by_now(
    client: TestClient,
    station: Station,
    operator: dict[str, str],
    read_at: str,
    under: str,
    changes: list[dict[str, Any]],
) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    somebody(station, "viewer", name="view.er")

    def changed(change: dict[str, Any], tag: str) -> int:
        headers = {**operator, "If-Match": tag}
        return client.post(f"{read_at}/{under}".rstrip("/"), json=change, headers=headers).status_code

    before = client.get(read_at, headers=operator)
    again = client.get(read_at, headers={**operator, "If-None-Match": before.headers["etag"]})
    assert again.status_code == 304
    assert changed(changes[0], before.headers["etag"]) in {200, 201}
    after = client.get(read_at, headers=operator)
    assert changed(changes[1], before.headers["etag"]) == 412
    assert client.get(read_at, headers=operator).json() == after.json() != before.json()
    station.clock = lambda: NOW_MS + 1000
    assert changed(changes[1], after.headers["etag"]) in {200, 201}


def test_a_read_is_not_sent_twice(client: TestClient, operator: dict[str, str], place: str) -> None:
    tag = client.get(place, headers=operator).headers["etag"]
    assert client.get(place, headers={**operator, "If-None-Match": tag}).status_code == 304
    assert client.get(place, headers={**operator, "If-None-Match": '"another"'}).status_code == 200
