"""The life of a release over HTTP: two persons, a moment, a standing, a notice, and its clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import cast

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from api import release_clock
from api.release_clock import release_clock as clock_of_releases
from api.station import Station
from priceindex import families
from priceindex.releases.due import DueOutcome
from tests.api.conftest import NOW_MS, ON_BOTH_DATABASES
from tests.api.private_station import bearer
from tests.journeys.small_city import load
from tests.priceindex.releases.issuing import two_eyed

Issue = Callable[..., str]
TODAY = "2025-10-09"
"""The day of NOW_MS in China, at 16:53."""
DUE_MS = NOW_MS + (66 * 60 + 40) * 1000
"""18:00 that day in China."""


@pytest.fixture
def quoted(station: Station, client: TestClient, token_with: Issue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Quotes of today, and a family whose text asks for two persons and is due at six in the evening."""
    load(station)
    old = families.family("herbs")
    changed = two_eyed(old)
    changed = replace(changed, publication=changed.publication.model_copy(update={"at": "18:00"}))
    changed = replace(changed, text=changed.text.replace(b'at = "16:30"', b'at = "18:00"'))
    known = tuple(changed if each.method_id == old.method_id else each for each in families.all_families())
    monkeypatch.setattr(families, "all_families", lambda: known)
    lines = [f"白芍,统,安徽,亳州,{TODAY},44.5", f"当归,统,甘肃,亳州,{TODAY},81.0"]
    sheet = "\n".join(["herb,spec,origin,market,date,price_yuan_per_kg", *lines]) + "\n"
    taken = client.post(
        "/v1/imports/quotes?source=fair",
        files={"file": ("today.csv", sheet.encode())},
        headers=bearer(token_with("quotes:write")),
    )
    assert taken.status_code == 201, taken.text


def waiting(client: TestClient, token: str) -> list[dict[str, str]]:
    answer = client.get("/v1/drafts?lang=en", headers=bearer(token))
    return cast("list[dict[str, str]]", answer.json()["drafts"])


@ON_BOTH_DATABASES
@pytest.mark.usefixtures("quoted")
def test_two_persons_release_and_nobody_reads_it_before_its_moment(
    client: TestClient, station: Station, token_with: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker = token_with("index:publish", name="王五")
    checker = token_with("index:publish", name="赵六")
    made = client.post("/v1/releases", json={"family": "herbs", "until": TODAY}, headers=bearer(maker))
    assert made.status_code == 202, made.text
    draft = made.json()
    address, approval = f"/v1/releases/{draft['id']}/approval", {"values_digest": draft["values_digest"]}
    assert [each["id"] for each in waiting(client, maker)] == [draft["id"]]
    # One person twice, another digest, a digest that is none: refused, and nothing changes.
    assert client.post(address, json=approval, headers=bearer(maker)).status_code == 403
    assert client.post(address, json={"values_digest": "0" * 64}, headers=bearer(checker)).status_code == 409
    assert client.post(address, json={"values_digest": "me"}, headers=bearer(checker)).status_code == 422
    sealed = client.post(f"{address}?lang=en", json=approval, headers=bearer(checker)).json()
    assert sealed["stage"] == {"key": "sealed", "name": "sealed"}
    assert sealed["due"] == f"{TODAY}T10:00:00Z"
    assert client.post(address, json=approval, headers=bearer(checker)).status_code == 409
    for place in ("", "/values", "/bundle", "/triangle"):
        assert client.get(f"/v1/releases/{draft['id']}{place}").status_code == 404
    station.settle()
    receipt = client.get(f"/v1/receipts/{sealed['sealed_statement']}")
    assert receipt.status_code == 200
    monkeypatch.setattr(station, "clock", lambda: DUE_MS - 1)
    assert station.publish_due() == []
    monkeypatch.setattr(station, "clock", lambda: DUE_MS)
    (outcome,) = station.publish_due()
    assert outcome.fault is None
    public = client.get(f"/v1/releases/{draft['id']}").json()
    assert public["values_digest"] == draft["values_digest"]
    assert public["sealed_statement"] == sealed["sealed_statement"]
    assert public["published"] == public["due"] == sealed["due"]
    assert waiting(client, maker) == []


@pytest.mark.usefixtures("quoted")
def test_a_refused_release_is_gone_and_its_reason_is_kept(client: TestClient, token_with: Issue) -> None:
    maker = token_with("index:publish", name="王五")
    draft = client.post("/v1/releases", json={"family": "herbs"}, headers=bearer(maker)).json()
    address = f"/v1/releases/{draft['id']}/refusal"
    told = client.post(address, json={"reason": "缺一个市场"}, headers=bearer(maker)).json()
    assert (told["stage"]["key"], told["reason"]) == ("refused", "缺一个市场")
    assert client.post(address, json={"reason": "再退"}, headers=bearer(maker)).status_code == 409
    assert client.post(address, json={"reason": "看不见\u200b"}, headers=bearer(maker)).status_code == 422


def test_a_standing_is_declared_by_the_operator_and_read_by_anyone(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    load(station)
    address = "/v1/families/bozhou/standing?lang=zh"
    assert client.get(address).json()["standing"] == {"key": "trial", "name": "试运行"}
    operator = bearer(token_with("operator"))
    early = client.post(address, json={"standing": "official", "reason": "满半年"}, headers=operator)
    assert early.status_code == 409
    told = client.post(address, json={"standing": "suspended", "reason": "来源中断"}, headers=operator)
    assert told.status_code == 201, told.text
    now = client.get(address).json()
    assert (now["standing"]["key"], now["reason"]) == ("suspended", "来源中断")
    assert [each["standing"]["key"] for each in now["history"]] == ["suspended"]
    refused = client.post("/v1/releases", json={"family": "bozhou"}, headers=operator)
    assert refused.status_code == 409
    assert client.get("/v1/families/nowhere/standing").status_code == 404


def test_a_notice_is_published_and_listed(client: TestClient, station: Station, token_with: Issue) -> None:
    release = load(station).release_id
    new = {"first_day": "2025-06-01", "last_day": "2025-06-30", "reason": "发现一个来源单位有误"}
    made = client.post(
        f"/v1/releases/{release}/notices", json=new, headers=bearer(token_with("index:publish"))
    )
    assert made.status_code == 201, made.text
    (told,) = client.get(f"/v1/index-notices?release={release}").json()["notices"]
    assert told == made.json()
    assert (told["corrected"], told["reason"]) == (None, new["reason"])
    assert client.get("/v1/index-notices?family=herbs").json()["notices"] == []


def test_the_calendar_of_a_year_moves_what_falls_on_closed_days(
    client: TestClient, token_with: Issue
) -> None:
    entered = client.post(
        "/v1/closed-days",
        json={"days": ["2025-10-11", "2025-10-12"], "reason": "停市"},
        headers=bearer(token_with("operator")),
    )
    assert entered.status_code == 201
    due = client.get("/v1/families/bozhou/calendar").json()["due"]
    assert len(due) == 367
    moved = [each for each in due if each["moved_from"]]
    assert [(each["moved_from"], each["due"]) for each in moved] == [
        ("2025-10-11", "2025-10-13T08:30:00Z"),
        ("2025-10-12", "2025-10-13T08:30:00Z"),
    ]


def test_the_triangle_of_a_release_holds_what_was_public_with_it(
    client: TestClient, station: Station
) -> None:
    release = load(station).release_id
    told = client.get(f"/v1/releases/{release}/triangle?last=3").json()
    assert [column["release"] for column in told["columns"]] == [release]
    assert len(told["rows"]) == 3
    assert told["mean_absolute_revision"] == "0.0000"
    assert client.get(f"/v1/releases/{release}/triangle?level=herb&node=人参").status_code == 404


def test_the_clock_publishes_only_when_something_is_due_and_outlives_any_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    fails = [False]

    @contextmanager
    def read() -> Iterator[Session]:
        yield cast("Session", None)

    def publish() -> list[DueOutcome]:
        asked.append(1)
        if fails[0]:
            raise RuntimeError("the disk is full")
        return [DueOutcome("bozhou-2025-10-09", None, None)]

    now = [NOW_MS]
    monkeypatch.setattr(release_clock, "anything_due", lambda _session, now_ms: now_ms >= DUE_MS)
    clock = clock_of_releases(read, publish, lambda: now[0])
    clock.look()
    assert asked == []
    now[0] = DUE_MS
    clock.look()
    fails[0] = True
    clock.look()
    assert len(asked) == 2
