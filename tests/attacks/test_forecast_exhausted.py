"""Track records asked for again and again, with every moment there is, and by fifty at once."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import kept_tracks
from api.routes import forecasts
from api.web.kept import Kept
from api.web.turns import Turns
from priceindex.forecast.track.track_record import track_record
from priceindex.forecast.track.track_steps import track_steps
from tests.api.private_station import bearer
from tests.api.two_vintages import Published

RECORD = "/v1/track-record/bozhou"
ROWS = f"{RECORD}/rows"
PAGE = "/track-record"
ASKERS = 50


@pytest.fixture
def computed(published: Published, monkeypatch: pytest.MonkeyPatch) -> tuple[TestClient, list[str]]:
    """A service nothing was asked of yet, and a line for each time every run was read."""
    told: list[str] = []

    def counted(of: Callable[..., Any]) -> Callable[..., Any]:
        def made(*given: Any, **named: Any) -> Any:
            told.append(of.__name__)
            return of(*given, **named)

        return made

    monkeypatch.setattr(kept_tracks, "track_record", counted(track_record))
    monkeypatch.setattr(kept_tracks, "track_steps", counted(track_steps))
    monkeypatch.setattr(kept_tracks, "_TRACKS", Kept(limit=32))
    monkeypatch.setattr(kept_tracks, "_ROWS", Kept(limit=4))
    return published[0], told


def test_a_track_record_is_computed_once_for_api_and_page(computed: tuple[TestClient, list[str]]) -> None:
    client, told = computed
    for path in (RECORD, RECORD, PAGE, PAGE, ROWS, ROWS):
        assert client.get(path).status_code == 200
    assert sorted(told) == ["track_record", "track_steps"]


def test_moments_between_which_nothing_happened_are_one(computed: tuple[TestClient, list[str]]) -> None:
    client, told = computed
    for second in range(20):
        asked = {"as_of": f"2001-01-01T00:00:{second:02d}Z"}
        assert client.get(RECORD, params=asked).status_code == 200
    assert told == ["track_record"]


def asked_at_once(ask: Callable[[], int], begun: threading.Event, go_on: threading.Event) -> list[int]:
    """Ask from fifty threads; the first is let go on when all but a few were answered."""
    answers: list[int] = []
    refused = threading.Event()

    def asker() -> None:
        answers.append(ask())
        if len(answers) >= ASKERS - kept_few():
            refused.set()

    asking = [threading.Thread(target=asker) for _ in range(ASKERS)]
    try:
        for each in asking:
            each.start()
        assert begun.wait(60)
        assert refused.wait(60)
    finally:
        go_on.set()
        for each in asking:
            each.join()
    return answers


def kept_few() -> int:
    """How many are kept: the one at work and those that wait."""
    from api.web.turns import WAITING

    return WAITING + 1


@pytest.mark.parametrize(("path", "name"), [(RECORD, "track_record"), (ROWS, "track_steps")])
def test_fifty_at_once_keep_few_waiting_and_the_service_open(
    published: Published, monkeypatch: pytest.MonkeyPatch, path: str, name: str
) -> None:
    client = published[0]
    begun, go_on = threading.Event(), threading.Event()
    real = getattr(kept_tracks, name)

    def slow(*given: Any, **named: Any) -> Any:
        begun.set()
        go_on.wait()
        assert client.get("/v1/forecasts").status_code == 200
        return real(*given, **named)

    monkeypatch.setattr(kept_tracks, name, slow)
    monkeypatch.setattr(kept_tracks, "_TRACKS", Kept(limit=32))
    monkeypatch.setattr(kept_tracks, "_ROWS", Kept(limit=4))
    monkeypatch.setattr(kept_tracks, "_TURNS", Turns())
    answers = asked_at_once(lambda: client.get(path).status_code, begun, go_on)
    assert (answers.count(200), answers.count(429)) == (kept_few(), ASKERS - kept_few())


def test_a_publisher_s_token_cannot_start_fifty_forecasts_at_once(
    client: TestClient,
    token_with: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from priceindex.forecast.track.track_errors import NoReleaseYet

    begun, go_on = threading.Event(), threading.Event()

    def slow(*_: object) -> object:
        begun.set()
        go_on.wait()
        raise NoReleaseYet(family="bozhou")

    monkeypatch.setattr(forecasts, "make_forecast", slow)
    monkeypatch.setattr(forecasts, "_MAKING", Turns())
    headers = bearer(token_with("index:publish"))

    def ask() -> int:
        return client.post("/v1/forecasts", json={"family": "bozhou"}, headers=headers).status_code

    answers = asked_at_once(ask, begun, go_on)
    assert (answers.count(409), answers.count(429)) == (kept_few(), ASKERS - kept_few())
