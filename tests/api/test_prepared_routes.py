"""Routes are prepared once for a process, before the first request; applications answer for themselves."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from api.app import create_app
from api.founding import found
from api.settings import load_settings
from api.station import Station
from tests.api.conftest import HOST, NOW_MS


@pytest.fixture
def other_station(tmp_path: Path) -> Iterator[Station]:
    settings = load_settings(
        folder=tmp_path / "other",
        origin="other.example/log",
        base_url=f"https://{HOST}",
        trusted_hosts=(HOST,),
    )
    found(settings, clock=lambda: NOW_MS)
    with Station.open(settings, clock=lambda: NOW_MS, background=False) as opened:
        yield opened


def _router() -> APIRouter:
    router = APIRouter()

    @router.get("/whose")
    def whose(request: Request) -> str:
        """The log this application serves."""
        return str(request.app.state.station.settings.origin)

    return router


def test_nothing_is_left_to_prepare_for_the_first_request(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    make: Callable[[APIRoute], Any] = APIRoute.get_route_handler

    def seen(route: APIRoute) -> Any:
        made.append(route.path)
        return make(route)

    router = _router()
    monkeypatch.setattr(APIRoute, "get_route_handler", seen)
    with TestClient(create_app(station, [router]), base_url=f"http://{HOST}") as client:
        assert made.count("/whose") == 1
        made.clear()
        assert client.get("/whose").status_code == 200
        assert client.get("/nowhere").status_code == 404
    with TestClient(create_app(station, [router]), base_url=f"http://{HOST}"):
        assert "/whose" not in made


def test_applications_that_share_routes_answer_each_for_its_own_station(
    station: Station, other_station: Station
) -> None:
    routers = [_router()]
    first, second = (
        TestClient(create_app(each, routers), base_url=f"http://{HOST}") for each in (station, other_station)
    )
    with first, second:
        for _ in range(2):
            assert first.get("/whose").json() == f"{HOST}/log"
            assert second.get("/whose").json() == "other.example/log"
