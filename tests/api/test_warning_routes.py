"""Warnings over HTTP: what the public sees, what a regulator sees, who may decide, and what goes out."""

import json
from collections.abc import Callable
from contextlib import closing

import pytest
from starlette.testclient import TestClient

from api import warning_work
from api.callers import Caller
from api.releasing import operator_of
from api.routes import warning_answers
from api.station import Station
from api.tokens import Scope
from api.warning_clock import WarningClock
from api.web import warning_evidence, warning_words
from ledger import log
from priceindex.warning.alerts.carrying_out import Look, carry_out
from priceindex.warning.alerts.deciding import Decision
from priceindex.warning.alerts.happenings import Happening
from priceindex.warning.rule_text import RuleBook, rule_book
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.warned_station import DAY_MS, NOON_MS, opened, publish_risen
from tests.api.webhooks.receiver import Receiver
from tests.api.webhooks.webhook_station import WebhookStation
from tests.priceindex.warning.alerts.seen import seen

Token = Callable[..., str]
CLOSE = {"act": "close", "reason": "seasonal", "words": "every May"}


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def hidden(station: Station, rule: str = "hoarding") -> str:
    """A warning with private evidence, of a rule that only regulators see unless another is named; its id."""
    one = seen("白芍", rule=rule, parent=None)
    look = Look(
        family="bozhou", release_id="bozhou-2025-06-27", seen=[one], there=frozenset({("herb", "白芍")}),
        at_ms=station.clock(), book=rule_book(), chance=station.randomness,
    )  # fmt: skip
    operator = operator_of(station)
    done = station.writer.submit(lambda session: carry_out(session, operator, look))
    return done[Happening.OPENED][0].warning_id


@ON_BOTH_DATABASES
def test_a_release_is_watched_and_its_warnings_can_be_read_by_anyone(
    station: Station, client: TestClient
) -> None:
    publish_risen(station)
    looked = warning_work.watch_family(station, "bozhou")
    assert looked.happened[Happening.TOLD]
    found = client.get("/v1/warnings?lang=en").json()["warnings"]
    herb = next(one for one in found if one["node"]["key"] == "白芍" and one["rule"]["key"] == "growth-up")
    assert (herb["state"]["key"], herb["band"]["key"], herb["open"]) == ("crisis", "red", True)
    whole = client.get(f"/v1/warnings/{herb['warning']}?lang=en").json()
    evidence = whole["events"][0]["evidence"]
    assert (evidence["score"], evidence["numbers"]) == ("0.3", {"now": "1300", "then": "1000"})
    assert evidence["release"] == "bozhou-2025-06-27"
    assert len(evidence["window"]["days"]) == len(evidence["window"]["scores"])
    assert whole["rule_text"]["bounds"]["alert"] == ["0.175", "0.13"]
    assert {each["evidence_private"] for each in whole["events"]} == {None}


def test_watching_again_and_on_the_next_day_opens_nothing_twice(station: Station) -> None:
    publish_risen(station)
    assert [named for named, _ in station.watch_due()] == ["bozhou"]
    before = [one.warning_id for one in opened(station)]
    assert station.watch_due() == []
    station.clock = lambda: NOON_MS + DAY_MS
    assert [named for named, _ in station.watch_due()] == ["bozhou"]
    assert [one.warning_id for one in opened(station)] == before


def test_the_clock_watches_what_waits_and_sends_yesterday_s_digest(
    station: Station, client: TestClient
) -> None:
    publish_risen(station)
    clock = WarningClock(station.database.read, station.watch_due, station.daily_warnings, station.clock)
    clock.look()
    assert opened(station)
    station.clock = lambda: NOON_MS + DAY_MS
    clock.look()
    told = client.get("/v1/warnings/digest?day=2025-06-27&lang=en").json()
    assert len(told["happened"]["told"]) == len([one for one in opened(station) if one.told_ms == NOON_MS])


@ON_BOTH_DATABASES
def test_a_decision_needs_its_scope_and_is_kept_with_who_and_why(
    station: Station, client: TestClient, token_with: Token
) -> None:
    publish_risen(station)
    warning_work.watch_family(station, "bozhou")
    one = opened(station, "growth-up")[0].warning_id
    path = f"/v1/warnings/{one}/decisions"
    assert client.post(path, json=CLOSE).status_code == 401
    assert client.post(path, json=CLOSE, headers=bearing(token_with("warnings:read"))).status_code == 403
    deciding = bearing(token_with("warnings:decide", name="Li"))
    assert client.post(path, json=CLOSE | {"reason": "wrong"}, headers=deciding).status_code == 422
    assert client.post(path, json={"act": "close", "words": "no reason"}, headers=deciding).status_code == 422
    done = client.post(path, json=CLOSE, headers=deciding)
    assert (done.status_code, done.json()["open"], done.json()["reason"]["key"]) == (201, False, "seasonal")
    assert client.post(path, json={"act": "acknowledge"}, headers=deciding).status_code == 409
    mine = client.get(f"/v1/warnings/{one}", headers=deciding).json()["events"][-1]
    public = client.get(f"/v1/warnings/{one}").json()["events"][-1]
    assert "Li" in mine["by"]
    assert public["by"] is None
    assert public["words"] == "every May"
    rules = client.get("/v1/warning-rules?family=bozhou").json()["rules"]
    record = next(each for each in rules if each["rule"]["key"] == "growth-up")
    assert (record["closed"], record["judged"], record["precision"]) == ({"seasonal": 1}, 1, "0.0000")
    assert record["judgeable"] == record["subjects"] > 0


def test_regulators_warnings_need_their_scope_wherever_they_are_asked_for(
    station: Station, client: TestClient, token_with: Token
) -> None:
    one = hidden(station)
    reading = bearing(token_with("warnings:read"))
    other = bearing(token_with("steps:write", "quotes:write", "supervise"))
    for headers, status in ((None, 404), (other, 404), (reading, 200)):
        answer = client.get(f"/v1/warnings/{one}", headers=headers)
        assert answer.status_code == status
        assert ("secret-source" in answer.text) is (status == 200)
        listed = client.get("/v1/warnings?which=all&rule=hoarding", headers=headers).json()["warnings"]
        assert [each["warning"] for each in listed] == ([one] if status == 200 else [])
        ids = [
            each["rule"]["key"] for each in client.get("/v1/warning-rules", headers=headers).json()["rules"]
        ]
        assert ("hoarding" in ids) is (status == 200)
    answer = client.get(f"/v1/warnings/{one}", headers=reading)
    assert answer.headers["cache-control"] == "private, no-store"
    assert "Authorization" in answer.headers["vary"]


def test_the_sources_behind_a_public_warning_are_told_to_regulators_alone(
    station: Station, client: TestClient, token_with: Token
) -> None:
    one = hidden(station, "growth-up")
    reading = bearing(token_with("warnings:read"))
    for headers, told in ((None, False), (bearing(token_with("supervise")), False), (reading, True)):
        answer = client.get(f"/v1/warnings/{one}", headers=headers)
        assert answer.status_code == 200
        assert ("secret-source" in answer.text) is told
    assert "secret-source" not in client.get(f"/warnings/{one}").text


def test_lists_are_paged_without_gap_or_repeat(station: Station, client: TestClient) -> None:
    publish_risen(station)
    warning_work.watch_family(station, "bozhou")
    for which in ("open", "all"):
        whole = [one["warning"] for one in client.get(f"/v1/warnings?which={which}").json()["warnings"]]
        seen_ids: list[str] = []
        following: str | None = ""
        while following is not None:
            page = client.get(
                f"/v1/warnings?which={which}&limit=1{following and '&next=' + following}"
            ).json()
            seen_ids += [one["warning"] for one in page["warnings"]]
            following = page["next"]
        assert seen_ids == whole
        assert len(whole) > 1


def test_the_operator_enters_herbs_with_a_source_and_their_bounds_are_halved(
    station: Station, client: TestClient, token_with: Token
) -> None:
    operator = bearing(token_with("operator"))
    assert client.get("/v1/health-herbs").json() == {"herbs": []}
    body = {"herb": "白芍", "source": "notice 12 of 2025-03-01"}
    assert client.post("/v1/health-herbs", json=body, headers=operator).status_code == 201
    assert client.post("/v1/health-herbs", json=body, headers=operator).status_code == 409
    assert client.post("/v1/health-herbs", json=body | {"herb": "百草"}, headers=operator).status_code == 404
    publish_risen(station, risen="43.6")
    warning_work.watch_family(station, "bozhou")
    [one] = [each for each in opened(station, "growth-up") if each.key.node == "白芍"]
    assert one.state.word == "alert"
    off = body | {"listed": False, "source": "withdrawn 2025-06-01"}
    assert client.post("/v1/health-herbs", json=off, headers=operator).json() == {"herbs": []}


def test_webhooks_carry_public_warnings_and_of_the_others_a_number(station: Station) -> None:
    publish_risen(station)
    at = WebhookStation(station)
    with closing(Receiver()) as receiver:
        at.register(receiver)
        hidden(station)
        warning_work.watch_family(station, "bozhou")
        at.now_ms += DAY_MS
        warning_work.daily(station)
        station.delivering.deliver_due()
        bodies = [json.loads(each.body) for each in receiver.got]
    told = [body for body in bodies if body["type"] == "warning.opened"]
    assert told
    assert {body["rule"] for body in told} <= {r.id for r in rule_book().rules if r.visible == "public"}
    [digest] = [body for body in bodies if body["type"] == "warning.digest"]
    assert digest["regulator_only"] == 1
    [bare] = [body for body in bodies if body["type"] == "warning.regulator"]
    assert set(bare) == {"type", "timestamp", "url"}
    assert bare["url"].endswith("/desk/warnings")
    assert "hoarding" not in json.dumps(bodies)
    assert "secret-source" not in json.dumps(bodies)


def test_nothing_in_the_log_names_a_regulators_rule(station: Station) -> None:
    one = hidden(station)
    warning_work.decide(
        station,
        one,
        Decision.model_validate({"act": "close", "reason": "true", "words": "cold store full"}),
        Caller(address="", name="Li", scopes=frozenset({Scope.WARNINGS_DECIDE})),
    )
    station.settle()
    with station.database.read() as session:
        found = log.history(session, "warning/regulator")
    assert [each.entry.statement.kind for each in found] == ["warning.opened", "warning.closed"]
    for each in found:
        assert set(each.entry.statement.public) == {"warning", "sha256"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_warning_whose_rule_only_an_earlier_text_had_is_still_shown_by_its_id(
    station: Station, client: TestClient, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    publish_risen(station)
    warning_work.watch_family(station, "bozhou")
    one = opened(station, "growth-up")[0].warning_id
    later = RuleBook(
        text=rule_book().text.model_copy(update={"rule": rule_book().rules[2:]}), sha256="5" * 64
    )
    assert later.named("growth-up") is None
    for part in (warning_answers, warning_words, warning_evidence):
        monkeypatch.setattr(part, "rule_book", lambda: later)
    whole = client.get(f"/v1/warnings/{one}?lang={language}").json()
    assert (whole["rule"], whole["rule_text"]) == ({"key": "growth-up", "name": "growth-up"}, None)
    assert (whole["rules_earlier"], whole["rules_digest"]) == (True, rule_book().sha256)
    assert whole["events"][0]["evidence"]["bounds"]["alert"] == ["0.175", "0.13"]
    assert client.get("/v1/warnings").status_code == 200
    page = client.get(f"/warnings/{one}?lang={language}")
    assert {"zh": "较早的规则文本", "en": "an earlier text of the rules"}[language] in page.text


@pytest.mark.parametrize(
    ("query", "kind", "known"),
    [("rule=nix", "unknown-rule", "growth-up"), ("family=nix", "unknown-family", "bozhou")],
)
def test_warnings_of_what_does_not_exist_are_not_found_and_the_known_are_told(
    client: TestClient, query: str, kind: str, known: str
) -> None:
    for which in ("open", "all"):
        answer = client.get(f"/v1/warnings?{query}&which={which}&lang=en")
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (404, kind)
        assert known in answer.text
        assert "hoarding" not in answer.text


def test_a_decision_with_one_character_is_told_how_many_it_needs(
    station: Station, client: TestClient, token_with: Token
) -> None:
    publish_risen(station)
    warning_work.watch_family(station, "bozhou")
    one = opened(station, "growth-up")[0].warning_id
    wish = {"act": "explain", "words": "好"}
    headers = bearing(token_with("warnings:decide"))
    answer = client.post(f"/v1/warnings/{one}/decisions?lang=zh", json=wish, headers=headers)
    assert answer.status_code == 422
    assert "至少 2 个字符" in answer.text


def test_watching_needs_a_release(client: TestClient, token_with: Token) -> None:
    operator = bearing(token_with("operator"))
    assert client.post("/v1/warning-watches", json={"family": "bozhou"}, headers=operator).status_code == 409
    assert client.post("/v1/warning-watches", json={"family": "none"}, headers=operator).status_code == 404


@pytest.mark.parametrize("day", ["2025-06-27", "2024-02-29"])
def test_a_digest_of_a_day_without_warnings_is_empty(client: TestClient, day: str) -> None:
    told = client.get(f"/v1/warnings/digest?day={day}").json()
    assert (told["open"], told["waiting"]) == (0, [])
    assert not any(told["happened"].values())
