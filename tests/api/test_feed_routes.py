"""Feeds, exchange rates and trade quotes over HTTP."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api.station import Station
from priceindex import book
from priceindex.quotes import Tier
from tests.api.feed_station import polled, rows

NEW = {
    "name": "site",
    "address": "https://prices.example.org/today.csv?key=secret",
    "every_minutes": 30,
    "settings": {"market": "亳州"},
}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_feed_is_set_up_shown_without_its_secrets_and_switched_off(
    client: TestClient, token_with: Callable[..., str]
) -> None:
    mine = bearer(token_with("quotes:write"))
    made = client.post("/v1/feeds", json=NEW, headers=mine)
    assert (made.status_code, made.headers["Location"]) == (201, "/v1/feeds/site")
    assert client.post("/v1/feeds", json=NEW, headers=mine).status_code == 201
    other = client.post("/v1/feeds", json=NEW | {"every_minutes": 60}, headers=mine)
    assert other.status_code == 409
    listed = client.get("/v1/feeds")
    assert "secret" not in listed.text
    [told] = listed.json()["feeds"]
    assert (told["address"], told["enabled"], told["breaker"], told["last_poll"]) == (
        "https://prices.example.org/today.csv",
        True,
        "closed",
        None,
    )
    off = client.post("/v1/feeds/site/switches", json={"enabled": False}, headers=mine)
    assert (off.json()["enabled"], off.json()["next_poll"]) == (False, None)
    assert client.post("/v1/feeds/site/polls", headers=mine).status_code == 409
    assert client.get("/v1/feeds/none").status_code == 404


def test_a_poll_by_hand_answers_with_what_came_of_it(
    client: TestClient, station: Station, token_with: Callable[..., str]
) -> None:
    with polled(station) as at:
        at.set_up()
        at.site.answers = [(200, {"content-type": "text/csv"}, rows(2))]
        station.polling = at.polling
        answer = client.post("/v1/feeds/site/polls", headers=bearer(token_with("operator")))
        assert (answer.status_code, answer.json()["outcome"], answer.json()["written"]) == (200, "new", 2)
        whole = client.get("/v1/feeds/site").json()
        assert [each["rows"] for each in whole["polls"]] == [2]
        assert whole["last_new"] is not None
        assert "secret" not in client.get("/v1/feeds/site").text


def test_a_token_of_one_source_sets_up_no_feed_of_another(
    client: TestClient, token_with: Callable[..., str]
) -> None:
    mine = bearer(token_with("quotes:write", source="fair"))
    assert client.post("/v1/feeds", json=NEW, headers=mine).status_code == 403
    assert client.post("/v1/feeds", json=NEW | {"source": "fair"}, headers=mine).status_code == 201
    theirs = bearer(token_with("quotes:write", source="other"))
    for path, body in (("polls", None), ("switches", {"enabled": False})):
        assert client.post(f"/v1/feeds/site/{path}", json=body, headers=theirs).status_code == 403


@pytest.mark.parametrize(
    "parts",
    [
        {"address": "ftp://prices.example.org/x"},
        {"address": "https://a:b@prices.example.org/"},
        {"settings": {"colour": "red"}},
        {"settings": {"unit": "元/lb"}},
        {"every_minutes": 1},
        {"shape": "none"},
        {"name": "Site"},
    ],
)
def test_a_feed_that_could_never_work_is_refused(
    client: TestClient, token_with: Callable[..., str], parts: dict[str, object]
) -> None:
    answer = client.post("/v1/feeds", json=NEW | parts, headers=bearer(token_with("operator")))
    assert answer.status_code == 422


def test_a_rate_is_entered_by_the_operator_and_read_by_everybody(
    client: TestClient, token_with: Callable[..., str]
) -> None:
    rate = {"currency": "USD", "day": "2025-10-08", "yuan_per_unit": "7.1055", "source": "CFETS"}
    assert (
        client.post("/v1/exchange-rates", json=rate, headers=bearer(token_with("quotes:write"))).status_code
        == 403
    )
    operator = bearer(token_with("operator"))
    assert client.post("/v1/exchange-rates", json=rate, headers=operator).status_code == 201
    assert client.get("/v1/exchange-rates").json() == {"rates": [rate], "next": None}
    for wrong in ({"currency": "CNY"}, {"yuan_per_unit": "0"}, {"day": "2026-10-08"}):
        assert client.post("/v1/exchange-rates", json=rate | wrong, headers=operator).status_code == 422


def test_a_week_without_trades_gives_no_quotes_and_a_week_under_way_is_refused(
    client: TestClient, station: Station, token_with: Callable[..., str]
) -> None:
    operator = bearer(token_with("operator"))
    answer = client.post("/v1/quotes/from-trades", json={"week": "2025-W40"}, headers=operator)
    assert (answer.status_code, answer.json()["written"]) == (201, 0)
    assert (
        client.post("/v1/quotes/from-trades", json={"week": "2025-W41"}, headers=operator).status_code == 409
    )
    assert client.post("/v1/quotes/from-trades", json={"week": "40"}, headers=operator).status_code == 422
    with station.database.read() as session:
        assert [each for each in book.quotes(session) if each.tier is Tier.TRADE] == []
