"""The clock of warnings: one family's fault stops no other, and days without the service are made up for."""

import json
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, closing, nullcontext
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlmodel import Session

from api import warning_work
from api.station import Station
from api.warning_clock import REST_MS, WarningClock
from priceindex.warning.alerts.happenings import Happening
from tests.api.warned_station import DAY_MS, publish_risen
from tests.api.webhooks.receiver import Receiver
from tests.api.webhooks.webhook_station import WebhookStation

FAMILIES = ["anguo", "bozhou"]


def test_a_bug_in_one_family_leaves_the_next_one_watched(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched: list[str] = []

    def watch(_station: Station, family: str, _stocks: object) -> None:
        if family == "anguo":
            raise KeyError(family)
        watched.append(family)

    monkeypatch.setattr(warning_work, "unwatched", lambda *_: FAMILIES)
    monkeypatch.setattr(warning_work, "watch_family", watch)
    done = warning_work.watch_due(station)
    assert watched == ["bozhou"]
    assert [(family, type(fault)) for family, fault in done] == [("anguo", KeyError), ("bozhou", type(None))]
    assert warning_work.watch_due(station, ["anguo"]) == [("bozhou", None)]


def test_a_family_that_failed_rests_and_what_is_due_daily_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    now, asked, days = SimpleNamespace(ms=0), cast("list[Collection[str]]", []), cast("list[int]", [])
    monkeypatch.setattr(warning_work, "unwatched", lambda *_: ["anguo"])
    monkeypatch.setattr(warning_work, "any_warning", lambda _: True)

    def watch_due(resting: Collection[str]) -> list[tuple[str, Exception | None]]:
        asked.append(resting)
        return [("anguo", KeyError("bug"))]

    read = cast("Callable[[], AbstractContextManager[Session]]", nullcontext)
    clock = WarningClock(read, watch_due, lambda: days.append(now.ms), lambda: now.ms)
    for now.ms in (0, REST_MS - 1, REST_MS):
        clock.look()
    assert [set(each) for each in asked] == [set(), set()]
    assert days == [0, REST_MS - 1, REST_MS]


def test_after_three_days_away_each_day_s_digest_is_told_once(station: Station) -> None:
    publish_risen(station)
    at = WebhookStation(station)
    with closing(Receiver()) as receiver:
        at.register(receiver)
        warning_work.watch_family(station, "bozhou")
        at.now_ms += 3 * DAY_MS
        days = warning_work.daily(station)[1]
        assert warning_work.daily(station)[1] == []
        station.delivering.deliver_due()
        bodies: list[dict[str, Any]] = [json.loads(each.body) for each in receiver.got]
    told = sorted(body["day"] for body in bodies if body["type"] == "warning.digest")
    assert told == [day.isoformat() for day in days] == ["2025-06-27", "2025-06-28", "2025-06-29"]


def test_what_nobody_acknowledges_for_two_days_is_told_once_more(station: Station) -> None:
    publish_risen(station)
    at = WebhookStation(station)
    with closing(Receiver()) as receiver:
        at.register(receiver)
        happened = warning_work.watch_family(station, "bozhou").happened
        for _ in range(2):
            at.now_ms += 2 * DAY_MS
            warning_work.daily(station)
        station.delivering.deliver_due()
        bodies = [json.loads(each.body) for each in receiver.got]
    again = [body["warning"] for body in bodies if body["type"] == "warning.escalated"]
    public = {one.warning_id for one in happened[Happening.TOLD] if one.visible == "public"}
    assert public
    assert sorted(again) == sorted(public)
