"""A request sent again under its key is done once and answered alike."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx2 import Response
from sqlmodel import select
from starlette.testclient import TestClient

from api.app import create_app
from api.repeats.repeat_errors import RequestKeyMalformed
from api.repeats.repeat_table import DERIVED_IDS, RECOGNISED, SECRET
from api.repeats.repeat_tables import RequestKeyRow
from api.repeats.request_keys import read_key
from api.routes.all_routes import all_routers
from api.settings import load_settings
from api.station import Station
from tests.api.conftest import NOW_MS, ON_BOTH_DATABASES
from tests.api.test_governance_routes import COMPLAINT, DECLARED
from tests.api.webhooks.webhook_station import WebhookStation
from tests.trace.files import PDF
from tests.trace.season import GROWER, register_all, white_peony
from trace.tables import StepRow

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
HOUR_MS = 3_600_000

Issue = Callable[..., str]


@pytest.fixture
def registered(station: Station) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))


@pytest.fixture
def operator(token_with: Issue) -> dict[str, str]:
    """Headers of the operator, with a key."""
    return {"Authorization": f"Bearer {token_with('operator')}", "Idempotency-Key": KEY}


def declared(client: TestClient) -> int:
    return len(client.get("/v1/governance/declarations").json()["declarations"])


@ON_BOTH_DATABASES
def test_a_repeated_request_is_done_once_and_answered_byte_for_byte(
    client: TestClient, operator: dict[str, str]
) -> None:
    first, second = (
        client.post("/v1/governance/declarations", json=DECLARED, headers=operator) for _ in range(2)
    )
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first.headers["content-type"] == second.headers["content-type"]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert declared(client) == 1
    client.post(
        "/v1/governance/declarations", json=DECLARED, headers={**operator, "Idempotency-Key": KEY[::-1]}
    )
    assert declared(client) == 2


def test_an_answer_with_a_key_is_the_answer_without_one(client: TestClient, operator: dict[str, str]) -> None:
    keyed = client.post("/v1/governance/declarations", json=DECLARED, headers=operator)
    bare = {"Authorization": operator["Authorization"]}
    plain = client.post("/v1/governance/declarations", json=DECLARED, headers=bare)
    assert set(keyed.headers) == set(plain.headers)
    assert {**keyed.json(), "declaration": ""} == {**plain.json(), "declaration": ""}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/governance/declarations", {**DECLARED, "words": DECLARED["words"] + "。"}),
        ("/v1/governance/declarations?lang=en", DECLARED),
        ("/v1/closed-days", {"days": ["2025-10-01"], "reason": "国庆"}),
    ],
)
def test_another_request_under_a_used_key_is_refused(
    client: TestClient, operator: dict[str, str], path: str, body: dict[str, object]
) -> None:
    client.post("/v1/governance/declarations", json=DECLARED, headers=operator)
    refused = client.post(path, json=body, headers=operator)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/request-key-reused")
    assert declared(client) == 1


def test_who_was_refused_may_try_again_under_the_same_key(
    client: TestClient, token_with: Issue, station: Station
) -> None:
    grower = {"Authorization": f"Bearer {token_with('steps:write', party=GROWER)}", "Idempotency-Key": KEY}
    hold = {"kind": "party", "target": GROWER, "reason": "自查"}
    assert client.post("/v1/holds", json=hold, headers=grower).status_code in {403, 404, 422}
    station.writer.submit(lambda session: register_all(session, station.recorder))
    assert client.post("/v1/holds", json=hold, headers=grower).status_code == 201
    again = client.post("/v1/holds", json=hold, headers=grower)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")


def test_a_secret_is_shown_once_and_kept_nowhere(
    client: TestClient, operator: dict[str, str], station: Station
) -> None:
    WebhookStation(station)
    endpoint = {"address": "http://127.0.0.1:9/hook", "events": ["release.published"]}
    made = client.post("/v1/webhooks", json=endpoint, headers=operator)
    assert made.status_code == 201, made.text
    again = client.post("/v1/webhooks", json=endpoint, headers=operator)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/answer-not-kept")
    with station.database.read() as session:
        assert [row.body for row in session.exec(select(RequestKeyRow))] == [None]


@pytest.mark.usefixtures("registered")
def test_a_form_sent_again_is_the_same_though_its_boundary_is_another(
    client: TestClient, token_with: Issue
) -> None:
    headers = {"Authorization": f"Bearer {token_with('steps:write', party=GROWER)}", "Idempotency-Key": KEY}
    form = {"party": GROWER, "kind": "test_report", "title": "检验报告"}

    def sent(body: bytes) -> Response:
        file = {"file": ("a.pdf", body, "application/pdf")}
        return client.post("/v1/documents", files=file, data=form, headers=headers)

    first, second, other = sent(PDF), sent(PDF), sent(PDF + b"\n")
    assert first.status_code == 201, first.text
    assert first.request.headers["content-type"] != second.request.headers["content-type"]
    assert (second.content, second.headers["idempotent-replayed"]) == (first.content, "true")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/request-key-reused")


@pytest.mark.usefixtures("registered")
def test_a_step_without_an_id_is_recorded_once_under_its_key(
    client: TestClient, token_with: Issue, station: Station
) -> None:
    step = next(iter(white_peony()))[0].model_dump(mode="json", exclude_none=True)
    assert "id" not in step
    headers = {"Authorization": f"Bearer {token_with('steps:write', party=GROWER)}", "Idempotency-Key": KEY}
    first, second = (client.post("/v1/steps", json=step, headers=headers) for _ in range(2))
    assert (first.status_code, first.content) == (202, second.content)
    assert first.headers["location"] == second.headers["location"]
    with station.database.read() as session:
        assert len(session.exec(select(StepRow)).all()) == 1


def test_a_complaint_of_somebody_without_a_token_is_filed_once(client: TestClient) -> None:
    first, second = (
        client.post("/v1/index-complaints", json=COMPLAINT, headers={"Idempotency-Key": f'"{KEY}"'})
        for _ in range(2)
    )
    assert (first.status_code, first.content) == (201, second.content)
    assert len(client.get("/v1/index-complaints").json()["complaints"]) == 1


def test_answers_are_forgotten_after_their_time_and_not_before(
    client: TestClient, operator: dict[str, str], station: Station
) -> None:
    def sent(hours: int, key: str) -> str | None:
        station.clock = lambda: NOW_MS + hours * HOUR_MS
        answer = client.post(
            "/v1/governance/declarations", json=DECLARED, headers={**operator, "Idempotency-Key": key}
        )
        assert answer.status_code == 201
        return answer.headers.get("idempotent-replayed")

    assert [sent(0, KEY), sent(47, KEY), sent(49, KEY[::-1])] == [None, "true", None]
    with station.database.read() as session:
        assert [row.request_key for row in session.exec(select(RequestKeyRow))] == [KEY[::-1]]
    assert sent(50, KEY) is None


@pytest.mark.parametrize(
    "sent", ["", "short", "x" * 129, "has a space in it", "中文的钥匙一二三四", '"unclosed']
)
def test_a_key_is_refused_that_no_client_can_mean(sent: str) -> None:
    if sent == '"unclosed':
        assert read_key(sent) == sent  # nine visible characters
        return
    with pytest.raises(RequestKeyMalformed):
        read_key(sent)


def test_two_keys_on_one_request_are_refused(client: TestClient, operator: dict[str, str]) -> None:
    headers = [*operator.items(), ("Idempotency-Key", KEY[::-1])]
    refused = client.post("/v1/governance/declarations", json=DECLARED, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/request-key-malformed")


def _posts() -> dict[str, APIRoute]:
    app: FastAPI = create_app(SimpleNamespace(settings=load_settings()))  # type: ignore[arg-type]
    assert app.routes
    return {
        route.path: route
        for router in all_routers()
        for route in router.routes
        if isinstance(route, APIRoute) and "POST" in (route.methods or ()) and route.path.startswith("/v1/")
    }


def test_every_operation_that_writes_keeps_its_answers() -> None:
    posts = _posts()
    assert len(posts) > 80
    assert [path for path, route in posts.items() if not hasattr(route.endpoint, "repeatable")] == []
    assert {*RECOGNISED, *SECRET, *DERIVED_IDS} - set(posts) == set()
