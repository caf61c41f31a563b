"""Health: alive is not ready, and each part that fails is named."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.database import sqlite_path
from api.founding import found
from api.migrations import downgrade
from api.settings import Settings
from api.station import Station
from tests.api.conftest import HOST, NOW_MS, ON_BOTH_DATABASES
from tests.api.redis_server import RedisServer


@pytest.fixture
def health(station: Station) -> Iterator[TestClient]:
    with TestClient(create_app(station, []), base_url=f"http://{HOST}") as client:
        yield client


@ON_BOTH_DATABASES
def test_a_sound_station_is_alive_and_ready(health: TestClient) -> None:
    assert health.get("/livez").json() == {"status": "alive"}
    ready = health.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert ready.headers["cache-control"] == "no-store"


def _failing(health: TestClient) -> set[str]:
    answer = health.get("/readyz")
    assert answer.status_code == 503
    return {part for part, state in answer.json().items() if state == "failing"}


@ON_BOTH_DATABASES
def test_tables_of_another_version_are_not_ready(health: TestClient, station: Station) -> None:
    downgrade(station.database)
    assert _failing(health) == {"database"}
    assert health.get("/livez").status_code == 200


def test_a_database_that_is_away_is_not_ready(health: TestClient, station: Station) -> None:
    station.database.read_engine.dispose()
    file = sqlite_path(station.database.url)
    file.rename(file.with_suffix(".gone"))
    assert _failing(health) == {"database"}


def test_a_writer_that_ended_is_not_ready(health: TestClient, station: Station) -> None:
    station.writer.close()
    assert _failing(health) == {"writer"}


def test_a_sequencer_that_lags_is_not_ready(health: TestClient, station: Station) -> None:
    station.settings = station.settings.model_copy(update={"sequencer_late_seconds": 1e-9})
    assert _failing(health) == {"sequencer"}


def test_a_stopping_station_is_not_ready(health: TestClient, station: Station) -> None:
    station.stopping = True
    assert health.get("/readyz").status_code == 503
    station.stopping = False


@pytest.mark.redis
def test_without_redis_the_service_is_degraded_but_ready(settings: Settings, tmp_path: Path) -> None:
    server = RedisServer(tmp_path)
    shared = Settings(**{**settings.model_dump(), "redis_url": server.url, "redis_timeout_ms": 500})
    found(shared, clock=lambda: NOW_MS)
    with (
        Station.open(shared) as station,
        TestClient(create_app(station, []), base_url=f"http://{HOST}") as client,
    ):
        assert client.get("/readyz").json()["redis"] == "ok"
        server.kill()
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["redis"], answer.json()["status"]) == (
            200,
            "degraded",
            "ready",
        )


def test_the_openapi_page_describes_health(health: TestClient) -> None:
    paths = json.loads(health.get("/openapi.json").text)["paths"]
    assert {"/livez", "/readyz"} <= set(paths)
