"""Forecasts over HTTP: made once, read as of any moment, their rows the very bytes the log vouches for."""

import base64
import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.forecast_clock import RETRY_MS, ForecastClock
from api.index_runs import publish_run
from api.settings import Settings, load_settings
from api.station import Station
from api.webhooks.deliveries import State
from priceindex.calendar import day_number
from priceindex.forecast.track.lateness import begins_ms
from priceindex.forecast.track.track_errors import ForecastTooLate, NothingToForecast
from priceindex.releases.release_errors import NotPublishing
from tests.api.conftest import HOST, ON_BOTH_DATABASES
from tests.api.private_station import bearer
from tests.api.two_vintages import FIRST_DAY, take_in
from tests.api.webhooks.webhook_station import WebhookStation, receiving
from tests.priceindex.small_market import day

Issue = Callable[..., str]
THROUGH = day("2025-06-30")
"""A Monday: the last Friday before it is the 27th, the last month end it is itself."""
MADE_MS = begins_ms(day_number(THROUGH)) + 18 * 3_600_000
NEXT = day("2025-07-11")
READ = "/v1/indices/bozhou/forecast"


@pytest.fixture
def settings(tmp_path: Path, service_url: str) -> Settings:
    """A service without fitted models: what they add is tested where they stand."""
    return load_settings(
        folder=tmp_path / "service",
        database_url=service_url,
        origin=f"{HOST}/log",
        base_url=f"https://{HOST}",
        trusted_hosts=(HOST,),
        database_pool=8,
        forecast_fit=False,
    )


def quoted(last: date, first: date = FIRST_DAY) -> list[str]:
    """Two herbs day by day: 白芍 climbs a jiao a day and steps down on the first of a month, 当归 stands."""
    lines, at = [], first
    while at <= last:
        price = 40 + day_number(at) % 30 / 10
        lines.append(f"白芍,统,安徽,亳州,{at},{price:.1f}")
        lines.append(f"当归,统,甘肃,亳州,{at},100.0")
        at += timedelta(days=1)
    return lines


@pytest.fixture
def begun(station: Station) -> Station:
    """Half a year of quotes and their release, on the evening of its last day."""
    station.clock = lambda: MADE_MS
    take_in(station, quoted(THROUGH))
    publish_run(station, "bozhou", THROUGH)
    station.settle()
    return station


def go_on(station: Station) -> None:
    """Publish eleven days more, which reach two of the Fridays that were forecast."""
    station.clock = lambda: begins_ms(day_number(NEXT)) + 18 * 3_600_000
    take_in(station, quoted(NEXT, THROUGH + timedelta(days=1)))
    publish_run(station, "bozhou", NEXT)
    station.settle()


@ON_BOTH_DATABASES
def test_a_forecast_is_made_once_and_its_rows_are_what_the_log_holds(
    begun: Station, client: TestClient, token_with: Issue
) -> None:
    asked, holder = {"family": "bozhou", "frequency": "week"}, bearer(token_with("index:publish"))
    made = client.post("/v1/forecasts", json=asked, headers=holder)
    assert made.status_code == 201, made.text
    again = client.post("/v1/forecasts", json=asked, headers=holder)
    assert (again.status_code, again.json()["new"], again.json()["id"]) == (200, False, "bozhou-week-1")
    begun.settle()
    told = client.get(made.headers["location"]).json()
    assert (told["origin_day"], told["first_target"]) == ("2025-06-27", "2025-07-04")
    assert (told["release"], told["log_index"] is None) == ("bozhou-2025-06-30", False)
    rows = client.get("/v1/forecasts/bozhou-week-1/rows")
    assert hashlib.sha256(rows.content).hexdigest() == told["rows_digest"]
    assert len(rows.content.splitlines()) == told["series"] + 1
    again = client.get("/v1/forecasts/bozhou-week-1/rows", headers={"If-None-Match": rows.headers["etag"]})
    assert again.status_code == 304
    receipt = client.get(f"/v1/receipts/{told['statement_id']}").json()
    assert told["rows_digest"].encode() in base64.b64decode(receipt["leaf"])


@ON_BOTH_DATABASES
def test_a_node_s_forecast_is_read_with_its_baselines_as_of_any_moment(
    begun: Station, client: TestClient
) -> None:
    begun.make_forecast("bozhou", "week")
    found = client.get(READ, params={"level": "herb", "node": "白芍"}).json()
    assert (found["forecast"], found["level"], len(found["steps"])) == ("bozhou-week-1", "herb", 12)
    first = found["steps"][0]
    assert (first["step"], first["target"], first["late"]) == (1, "2025-07-04", False)
    assert first["naive"] == found["origin_value"]
    order = [first[name] for name in ("low_95", "low_80", "value", "high_80", "high_95")]
    known = [float(each) for each in order if each is not None]
    assert known == sorted(known)
    values = client.get("/v1/indices/bozhou/values", params={"level": "herb", "node": "白芍"}).json()[
        "values"
    ]
    [friday] = [each["value"] for each in values if each["period"] == "2025-06-27"]
    assert found["origin_value"] == friday
    assert client.get(READ, params={"as_of": "2025-06-01T00:00:00Z"}).status_code == 404
    assert client.get(READ, params={"node": "nowhere", "level": "herb"}).status_code == 404
    assert client.get(READ, params={"nodes": "all"}).status_code == 422
    assert client.get("/v1/forecasts/bozhou-week-9").status_code == 404


@ON_BOTH_DATABASES
def test_vintages_and_the_track_record_come_from_what_was_stored(begun: Station, client: TestClient) -> None:
    begun.make_forecast("bozhou", "week")
    begun.settle()
    empty = client.get("/v1/track-record/bozhou").json()
    assert (empty["runs"], empty["targets"], empty["lines"]) == (1, 0, [])
    go_on(begun)
    begun.make_forecast("bozhou", "week")
    begun.settle()
    changed = client.get(f"{READ}/vintages", params={"target": "2025-07-18", "limit": 1}).json()
    assert [(each["forecast"], [step["step"] for step in each["steps"]]) for each in changed["vintages"]] == [
        ("bozhou-week-1", [3])
    ]
    rest = client.get(f"{READ}/vintages", params={"target": "2025-07-18", "next": changed["next"]}).json()
    assert [(each["forecast"], each["steps"][0]["step"]) for each in rest["vintages"]] == [
        ("bozhou-week-2", 1)
    ]
    assert rest["next"] is None
    found = client.get("/v1/track-record/bozhou").json()
    assert (found["runs"], found["targets"], found["faults"]) == (2, 2, [])
    assert {(line["level"], line["step"]) for line in found["lines"]} == {
        (level, step) for level in ("composite", "class", "herb", "grade") for step in (1, 2)
    }
    rows = list(
        csv.DictReader(io.StringIO(client.get("/v1/track-record/bozhou/rows").content.decode("utf-8-sig")))
    )
    assert len(rows) == sum(found["states"].values())
    by_hand = [
        abs(float(row["actual"]) - float(row["value"])) / float(row["scale"])
        for row in rows
        if (row["level"], row["step"], row["state"]) == ("composite", "1", "scored")
    ]
    [line] = [each for each in found["lines"] if (each["level"], each["step"]) == ("composite", 1)]
    assert float(line["mase"]) == pytest.approx(sum(by_hand) / len(by_hand), abs=1e-4)
    listed = client.get("/v1/forecasts", params={"limit": 1}).json()
    assert [each["id"] for each in listed["forecasts"]] == ["bozhou-week-2"]
    older = client.get("/v1/forecasts", params={"next": listed["next"]}).json()
    assert [each["id"] for each in older["forecasts"]] == ["bozhou-week-1"]


@ON_BOTH_DATABASES
def test_the_clock_forecasts_each_completed_period_once_and_tells_whoever_asked(
    begun: Station, client: TestClient
) -> None:
    at = WebhookStation(begun)
    at.now_ms = MADE_MS
    with receiving() as receiver:
        at.register(receiver, ["forecast.made"])
        clock = ForecastClock(begun.database.read, begun.make_forecast, begun.clock)
        clock.look()
        clock.look()
        listed = client.get("/v1/forecasts").json()["forecasts"]
        assert sorted(each["id"] for each in listed) == ["bozhou-month-1", "bozhou-week-1"]
        assert at.deliver() == [State.DELIVERED, State.DELIVERED]
        told = {json.loads(got.body)["forecast"]: json.loads(got.body) for got in receiver.got}
    week = told["bozhou-week-1"]
    assert week["type"] == "forecast.made"
    assert (
        client.get(week["url"].removeprefix(f"https://{HOST}")).json()["rows_digest"] == week["rows_digest"]
    )


@pytest.mark.parametrize(
    ("fault", "again"),
    [
        (RuntimeError("the pool died"), True),
        (NotPublishing(family="bozhou", standing_zh="暂停", standing_en="suspended"), True),
        (NothingToForecast(release="r", series=1, frequency="week"), False),
        (ForecastTooLate(release="r", last=THROUGH), False),
    ],
)
def test_what_fails_holds_up_no_other_and_is_tried_again_after_a_pause_where_it_may_pass(
    begun: Station, fault: Exception, again: bool
) -> None:
    tried: list[str] = []
    now_ms = MADE_MS

    def refuses(family: str, frequency: str) -> None:
        tried.append(f"{family}-{frequency}")
        raise fault

    clock = ForecastClock(begun.database.read, refuses, lambda: now_ms)  # type: ignore[arg-type]
    clock.look()
    now_ms = MADE_MS + RETRY_MS - 1
    clock.look()
    assert tried == ["bozhou-week", "bozhou-month"]
    now_ms += 1
    clock.look()
    assert tried == ["bozhou-week", "bozhou-month"] * (2 if again else 1)


def test_what_cannot_be_forecast_says_why(begun: Station, client: TestClient, token_with: Issue) -> None:
    holder = bearer(token_with("index:publish"))
    for family, status in (("nowhere", 404), ("yulin", 409)):
        answer = client.post("/v1/forecasts", json={"family": family}, headers=holder)
        assert answer.status_code == status, answer.text
    begun.clock = lambda: MADE_MS + 200 * 86_400_000
    late = client.post("/v1/forecasts?lang=en", json={"family": "bozhou"}, headers=holder)
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (409, "forecast-too-late")
    assert client.get("/v1/forecasts").json()["forecasts"] == []


def test_forecasts_of_an_unknown_family_are_not_found_and_the_known_are_told(client: TestClient) -> None:
    answer = client.get("/v1/forecasts?family=nix&lang=en")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (404, "unknown-family")
    assert "bozhou" in answer.text


@pytest.mark.parametrize("frequency", ["week", "month"])
def test_what_comes_too_late_is_refused_before_anything_is_computed(
    begun: Station, client: TestClient, token_with: Issue, monkeypatch: pytest.MonkeyPatch, frequency: str
) -> None:
    monkeypatch.setattr("api.forecasting.published_series", lambda *_: pytest.fail("it was computed"))
    begun.clock = lambda: MADE_MS + 400 * 86_400_000
    wish = {"family": "bozhou", "frequency": frequency}
    late = client.post("/v1/forecasts", json=wish, headers=bearer(token_with("index:publish")))
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (409, "forecast-too-late")
