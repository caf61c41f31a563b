"""Endpoints over HTTP: one's own and nobody else's, and a secret once."""

import json
from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from api.tokens import revoke_token
from api.webhooks.deliveries import State
from api.webhooks.endpoints import MOST_ENDPOINTS
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.private_station import bearer
from tests.api.webhooks.receiver import Receiver, asymmetric_holds, symmetric_holds
from tests.api.webhooks.webhook_station import EVERY, WebhookStation

Issue = Callable[..., str]


def made(client: TestClient, receiver: Receiver, token: str, **parts: Any) -> dict[str, Any]:
    new = {"address": receiver.url, "events": list(EVERY), "description": "报社"} | parts
    answer = client.post("/v1/webhooks", json=new, headers=bearer(token))
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


@ON_BOTH_DATABASES
def test_an_endpoint_is_registered_tried_listed_switched_and_given_a_new_secret(
    client: TestClient, at: WebhookStation, token_with: Issue, receiver: Receiver
) -> None:
    token = token_with("quotes:write")
    told = made(client, receiver, token)
    [key] = client.get("/.well-known/webhook-keys").json()["keys"]
    tried = client.post(f"/v1/webhooks/{told['id']}/tests?lang=en", headers=bearer(token)).json()
    assert (tried["state"]["name"], tried["tries"][0]["status"]) == ("delivered", 204)
    [got] = receiver.got
    assert (got.id, got.event["type"]) == (tried["event"], "webhook.test")
    assert symmetric_holds(got, told["secret"])
    assert asymmetric_holds(got, key["key"])
    rotated = client.post(f"/v1/webhooks/{told['id']}/rotations", headers=bearer(token))
    assert rotated.headers["cache-control"] == "no-store"
    assert rotated.json()["secret"] != told["secret"]
    off = client.post(f"/v1/webhooks/{told['id']}/switches", json={"enabled": False}, headers=bearer(token))
    assert (off.json()["enabled"], off.json()["ended_why"]) == (False, "owner")
    for place in ("tests", "replays"):
        refused = client.post(f"/v1/webhooks/{told['id']}/{place}", json={}, headers=bearer(token))
        assert refused.status_code == 409
    at.happen()
    assert at.deliver() == []


def test_no_answer_shows_a_secret_or_a_query_again(
    client: TestClient, at: WebhookStation, token_with: Issue, receiver: Receiver
) -> None:
    token = token_with("index:publish")
    told = made(client, receiver, token)
    at.happen()
    at.deliver()
    answers = [
        client.get("/v1/webhooks", headers=bearer(token)),
        client.get(f"/v1/webhooks/{told['id']}/deliveries", headers=bearer(token)),
        client.post(f"/v1/webhooks/{told['id']}/switches", json={"enabled": True}, headers=bearer(token)),
        client.post(f"/v1/webhooks/{told['id']}/tests", headers=bearer(token)),
        client.post(f"/v1/webhooks/{told['id']}/replays", json={}, headers=bearer(token)),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 202]
    for answer in answers:
        assert "whsec_" not in answer.text
        assert told["secret"].removeprefix("whsec_") not in answer.text
        assert "in-the-query" not in answer.text
    assert "in-the-query" not in json.dumps(told)


def test_nobody_sees_or_touches_anothers_endpoint_but_the_operator(
    client: TestClient, at: WebhookStation, token_with: Issue, receiver: Receiver
) -> None:
    mine, other, operator = token_with("index:publish"), token_with("index:publish"), token_with("operator")
    told = made(client, receiver, mine)
    absent = f"ep_{'0' * 24}"
    for place, body in (
        ("switches", {"enabled": False}),
        ("rotations", {}),
        ("replays", {}),
        ("tests", {}),
    ):
        refused = client.post(f"/v1/webhooks/{told['id']}/{place}", json=body, headers=bearer(other))
        missing = client.post(f"/v1/webhooks/{absent}/{place}", json=body, headers=bearer(other))
        assert refused.status_code == missing.status_code == 404
        assert refused.text.replace(told["id"], "") == missing.text.replace(absent, "")
    assert client.get(f"/v1/webhooks/{told['id']}/deliveries", headers=bearer(other)).status_code == 404
    assert client.get("/v1/webhooks", headers=bearer(other)).json() == {"endpoints": [], "next": None}
    everybodys = client.get("/v1/webhooks", headers=bearer(operator)).json()["endpoints"]
    assert [each["id"] for each in everybodys] == [told["id"]]
    address = f"/v1/webhooks/{told['id']}/switches"
    off = client.post(address, json={"enabled": False}, headers=bearer(operator))
    assert off.status_code == 200
    assert at.stands_ended(told["id"])


def test_when_a_token_ends_its_endpoint_is_told_nothing_more(
    client: TestClient, at: WebhookStation, token_with: Issue, receiver: Receiver
) -> None:
    token = token_with("quotes:write")
    told = made(client, receiver, token)
    at.happen()
    prefix = token.split("_")[1]
    at.station.writer.submit(lambda session: revoke_token(session, prefix, at.now_ms))
    assert at.deliver() == []
    assert receiver.got == []
    [found] = client.get("/v1/webhooks", headers=bearer(token_with("operator"))).json()["endpoints"]
    assert (found["id"], found["ended_why"]) == (told["id"], "token")


def test_deliveries_are_paged_and_say_what_came_of_every_try(
    client: TestClient, at: WebhookStation, token_with: Issue, receiver: Receiver
) -> None:
    token = token_with("index:publish")
    told = made(client, receiver, token)
    receiver.answers = [(503, {})]
    statements = [at.happen() for _ in range(3)]
    assert sorted(at.deliver()) == [State.DELIVERED, State.DELIVERED, State.WAITING]
    address = f"/v1/webhooks/{told['id']}/deliveries?limit=2&lang=zh"
    first = client.get(address, headers=bearer(token)).json()
    rest = client.get(f"{address}&next={first['next']}", headers=bearer(token)).json()
    found = first["deliveries"] + rest["deliveries"]
    assert [each["subject"] for each in found] == statements[::-1]
    assert rest["next"] is None
    assert (found[2]["state"]["name"], found[2]["tries"][0]["status"]) == ("待发送", 503)
    assert found[2]["next_try"] is not None
    assert client.get(f"{address}&next=nonsense", headers=bearer(token)).status_code == 422


def test_one_address_is_registered_once_and_one_token_has_so_many(
    client: TestClient, at: WebhookStation, token_with: Issue, receiver: Receiver
) -> None:
    token = token_with("index:publish")
    made(client, receiver, token)
    again = client.post(
        "/v1/webhooks", json={"address": receiver.url, "events": list(EVERY)}, headers=bearer(token)
    )
    assert again.status_code == 409
    for number in range(MOST_ENDPOINTS - 1):
        made(client, receiver, token, address=f"{receiver.url}&n={number}")
    full = {"address": f"{receiver.url}&n=more", "events": list(EVERY)}
    assert client.post("/v1/webhooks", json=full, headers=bearer(token)).status_code == 409
    assert at.deliver() == []


WRONG: tuple[dict[str, Any], ...] = (
    {"events": []},
    {"events": ["release.deleted"]},
    {"address": ""},
    {"address": "https://" + "a" * 600},
    {"description": "看不见\u200b"},
    {"secret": "whsec_mine"},
)


def test_what_cannot_be_registered_is_refused(client: TestClient, token_with: Issue) -> None:
    token = bearer(token_with("operator"))
    for wrong in WRONG:
        new = {"address": "https://example.org/hook", "events": ["index.notice"]} | wrong
        assert client.post("/v1/webhooks", json=new, headers=token).status_code == 422, wrong
    assert client.get("/v1/webhooks", headers=token).json() == {"endpoints": [], "next": None}
