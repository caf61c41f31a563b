"""Releases, revisions and notices as events: at their moment and not before, and no longer than needed."""

from collections.abc import Callable
from decimal import Decimal

from starlette.testclient import TestClient

from api.index_runs import publish_run
from api.station import Station
from api.webhooks.deliveries import State
from api.webhooks.events import MOST_BYTES, TEST_TYPE, EventType
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.private_station import bearer
from tests.api.test_release_life import DUE_MS, TODAY, quoted
from tests.api.two_vintages import LAST_DAY, quote_lines, take_in
from tests.api.webhooks.receiver import Receiver
from tests.api.webhooks.webhook_station import WebhookStation

__all__ = ["quoted"]
Issue = Callable[..., str]


@ON_BOTH_DATABASES
def test_a_release_under_embargo_is_told_of_at_its_moment_and_not_before(
    client: TestClient,
    station: Station,
    token_with: Issue,
    quoted: None,  # noqa: ARG001  quotes of today; a fixture of the tests of the life of releases
    receiver: Receiver,
) -> None:
    at = WebhookStation(station)
    to, _ = at.register(receiver)
    maker, checker = (bearer(token_with("index:publish", name=name)) for name in ("王五", "赵六"))
    draft = client.post("/v1/releases", json={"family": "herbs", "until": TODAY}, headers=maker).json()
    approval = {"values_digest": draft["values_digest"]}
    sealed = client.post(f"/v1/releases/{draft['id']}/approval", json=approval, headers=checker).json()
    assert sealed["stage"]["key"] == "sealed"
    at.now_ms = DUE_MS - 1
    assert station.publish_due() == []
    assert (at.deliver(), at.sent(to), receiver.got) == ([], [], [])
    at.now_ms = DUE_MS
    station.publish_due()
    assert at.deliver() == [State.DELIVERED]
    [got] = receiver.got
    public = client.get(f"/v1/releases/{draft['id']}").json()
    told = got.event
    assert (told["type"], told["release"], told["revision"]) == ("release.published", draft["id"], 0)
    assert told["values_digest"] == public["values_digest"] == draft["values_digest"]
    assert told["input_digest"] == public["input_digest"]
    assert (told["last_day"], told["status"]) == (TODAY, public["status"])
    assert client.get(told["url"].removeprefix("https://herbs.example.org")).status_code == 200
    series = client.get(f"/v1/releases/{draft['id']}/values").json()
    assert told["headline"] == "961.2500"
    assert Decimal(told["headline"]) == Decimal(series["points"][-1]["value"])
    assert len(got.body) < MOST_BYTES


def test_a_revision_is_told_as_one_and_a_correction_with_its_notice(
    station: Station, client: TestClient, token_with: Issue, receiver: Receiver
) -> None:
    take_in(station, quote_lines(LAST_DAY))
    first = publish_run(station, "bozhou", LAST_DAY).release_id
    at = WebhookStation(station)
    at.register(receiver)
    take_in(station, [f"白芍,统,安徽,亳州,{LAST_DAY},50.0"])
    revised = publish_run(station, "bozhou", LAST_DAY).release_id
    new = {"first_day": "2025-06-01", "last_day": "2025-06-30", "reason": "来源单位有误" * 50}
    token = bearer(token_with("index:publish"))
    assert client.post(f"/v1/releases/{revised}/notices", json=new, headers=token).status_code == 201
    at.deliver()
    told = {got.event["type"]: got for got in receiver.got}
    assert told["release.revised"].event["release"] == revised != first
    assert told["release.revised"].event["revision"] == 1
    notice = told["index.notice"].event
    assert (notice["release"], notice["first_day"], notice["corrected"]) == (revised, "2025-06-01", None)
    assert max(len(got.body) for got in receiver.got) < MOST_BYTES


def test_every_event_is_described_with_its_operation(client: TestClient) -> None:
    told = client.get("/openapi.json").json()
    assert set(told["webhooks"]) == {*EventType, TEST_TYPE}
    for kind, operation in told["webhooks"].items():
        schema = operation["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        model = told["components"]["schemas"][schema.rsplit("/", 1)[1]]
        assert {"type", "timestamp", "url"} <= set(model["required"])
        assert operation["post"]["operationId"] == kind.replace(".", "_") + "_event"
