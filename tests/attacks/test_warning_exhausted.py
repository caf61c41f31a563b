"""Thousands of warnings opened by a flood, and their list asked for by everybody at once."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import kept_warnings
from api.releasing import operator_of
from api.station import Station
from api.web.kept import Kept
from api.web.turns import Turns
from priceindex.warning.alerts.carrying_out import Look, carry_out
from priceindex.warning.alerts.rule_tallies import tallies
from priceindex.warning.alerts.warning_store import open_warnings
from priceindex.warning.rule_text import rule_book
from priceindex.warning.sightings import Sighting
from tests.api.conftest import ON_BOTH_DATABASES
from tests.attacks.test_forecast_exhausted import ASKERS, asked_at_once, kept_few
from tests.priceindex.warning.alerts.seen import seen

PATHS = ("/v1/warnings", "/v1/warnings?node=herb%203", "/warnings", "/v1/warning-rules")
RULES = ("growth-up", "hoarding")


def flood(station: Station, *rules: str) -> None:
    """Open warnings of thirty herbs by each rule."""
    found: list[Sighting] = [
        seen(f"herb {place}", rule=rule, parent=None) for rule in rules for place in range(30)
    ]
    look = Look(
        family="bozhou", release_id="bozhou-2025-06-27", seen=found,
        there=frozenset((one.key.level, one.key.node) for one in found), at_ms=station.clock(),
        book=rule_book(), chance=station.randomness,
    )  # fmt: skip
    operator = operator_of(station)
    station.writer.submit(lambda session: carry_out(session, operator, look))


@pytest.fixture
def counted(station: Station, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A flooded service, and a line for each time every warning was put together."""
    told: list[str] = []

    def counting(of: Callable[..., Any]) -> Callable[..., Any]:
        def made(*given: Any, **named: Any) -> Any:
            told.append(of.__name__)
            return of(*given, **named)

        return made

    monkeypatch.setattr(kept_warnings, "open_warnings", counting(open_warnings))
    monkeypatch.setattr(kept_warnings, "tallies", counting(tallies))
    monkeypatch.setattr(kept_warnings, "_OPEN", Kept(limit=4))
    monkeypatch.setattr(kept_warnings, "_TALLIES", Kept(limit=4))
    flood(station, *RULES)
    return told


@ON_BOTH_DATABASES
def test_a_flood_is_put_together_once_however_it_is_asked_for(client: TestClient, counted: list[str]) -> None:
    for path in PATHS * 2:
        assert client.get(path).status_code == 200
    assert sorted(counted) == ["open_warnings", "tallies"]


def test_what_is_kept_for_regulators_is_not_told_to_the_public_after_them(
    client: TestClient, counted: list[str], token_with: Callable[..., str]
) -> None:
    reading = {"Authorization": f"Bearer {token_with('warnings:read')}"}
    for headers, rules in ((reading, set(RULES)), ({}, {"growth-up"})):
        for _ in range(2):
            told = client.get("/v1/warnings?limit=200", headers=headers).json()["warnings"]
            assert {one["rule"]["key"] for one in told} == rules
            known = {
                each["rule"]["key"]
                for each in client.get("/v1/warning-rules", headers=headers).json()["rules"]
            }
            assert ("hoarding" in known) is ("hoarding" in rules)
    assert len(counted) == 4


def test_what_happens_shows_at_once(station: Station, client: TestClient, counted: list[str]) -> None:
    before = client.get("/v1/warnings?family=bozhou&limit=200").json()["warnings"]
    flood(station, *RULES, "cusum")
    after = client.get("/v1/warnings?family=bozhou&limit=200").json()["warnings"]
    assert len(after) == 2 * len(before) == 60
    assert counted == ["open_warnings"] * 2


def test_fifty_at_once_keep_few_waiting_and_the_service_open(
    client: TestClient, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(*given: Any) -> Any:
        begun.set()
        go_on.wait()
        counted.append("slowly")
        return open_warnings(*given)

    monkeypatch.setattr(kept_warnings, "open_warnings", slow)
    monkeypatch.setattr(kept_warnings, "_TURNS", Turns())
    answers = asked_at_once(lambda: client.get("/v1/warnings").status_code, begun, go_on)
    assert (answers.count(200), answers.count(429)) == (kept_few(), ASKERS - kept_few())
    assert counted == ["slowly"]
