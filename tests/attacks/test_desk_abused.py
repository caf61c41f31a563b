"""Abuse of the price desk: own quotes let in, names poisoned, the review queue flooded, others' sources."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.station import Station
from priceindex import book

Issue = Callable[..., str]
HEADING = "品名,规格,产地,市场,日期,价格"
SOUND = "白芍,统,安徽,亳州,2024-03-01,85"
SLIPPED = "白芍,统,安徽,亳州,2024-03-02,170"
REASON = "电话核实过"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def send(client: TestClient, token: str, *rows: str, source: str = "fair") -> Any:
    return client.post(
        f"/v1/imports/quotes?source={source}&proceed=true",
        files={"file": ("a.csv", "\n".join([HEADING, *rows]).encode(), "text/csv")},
        headers=bearer(token),
    )


def release(client: TestClient, token: str, **chosen: object) -> Any:
    body = {"verdict": "release", "reason": REASON, **(chosen or {"filter": {}})}
    return client.post("/v1/quarantine/decisions", json=body, headers=bearer(token))


@pytest.mark.parametrize("scopes", [("quotes:write", "quotes:decide"), ("operator",)])
def test_who_submits_a_quote_does_not_release_it_whatever_the_token_allows(
    client: TestClient, token_with: Issue, station: Station, scopes: tuple[str, ...]
) -> None:
    both = token_with(*scopes, name="王")
    send(client, both, SOUND, SLIPPED)
    refused = release(client, both)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (403, "own-quote")
    with station.database.read() as session:
        assert [one.status.usable for one in book.quotes(session)] == [False, True]


def test_a_second_token_of_the_same_name_is_the_same_person(client: TestClient, token_with: Issue) -> None:
    send(client, token_with("quotes:write", name="王"), SOUND, SLIPPED)
    assert release(client, token_with("quotes:decide", name="王")).status_code == 403
    assert release(client, token_with("quotes:decide", name="李")).status_code == 201


def test_a_quote_hidden_among_others_does_not_slip_through_in_bulk(
    client: TestClient, token_with: Issue, station: Station
) -> None:
    own = token_with("quotes:write", "quotes:decide", name="王")
    send(client, token_with("quotes:write", name="赵"), SOUND, SLIPPED)
    send(client, own, SOUND.replace("亳州", "安国"), SLIPPED.replace("亳州", "安国"), source="mine")
    assert release(client, own).status_code == 403
    with station.database.read() as session:
        assert sum(one.status.usable for one in book.quotes(session)) == 2
    assert release(client, own, filter={"source": "fair"}).status_code == 201


def test_resubmitting_a_released_price_under_another_token_needs_no_second_release_but_a_new_price_does(
    client: TestClient, token_with: Issue, station: Station
) -> None:
    clerk = token_with("quotes:write", name="王")
    send(client, clerk, SOUND, SLIPPED)
    release(client, token_with("quotes:decide", name="李"))
    assert send(client, clerk, SLIPPED).json()["duplicates"] == 1
    answer = send(client, clerk, SLIPPED.replace("170", "850")).json()
    assert (answer["quarantined"], answer["accepted"]) == (1, 0)
    with station.database.read() as session:
        assert {one.fen_per_kg for one in book.quotes(session) if one.status.usable} == {8500}


def test_a_listed_herb_cannot_be_turned_into_another(client: TestClient, token_with: Issue) -> None:
    desk = bearer(token_with("quotes:decide", name="李"))
    for kind, written, meant in (
        ("herb", "白芍", "赤芍"),
        ("herb", " 白芍 ", "赤芍"),
        ("herb", "白　芍", "没有这药"),
        ("market", "亳州", "安国"),
        ("market", "BOZHOU", "安国"),
    ):
        body = {"kind": kind, "written": written, "meant": meant, "reason": "就是这样的"}
        assert client.post("/v1/names/decisions", json=body, headers=desk).status_code == 422, written


def test_a_poisoned_alias_is_undone_without_losing_what_was_known(
    client: TestClient, token_with: Issue, station: Station
) -> None:
    desk = bearer(token_with("quotes:decide", name="李"))
    send(client, token_with("quotes:write", name="王"), SOUND.replace("白芍", "白勺"))
    body = {"kind": "herb", "written": "白勺", "meant": "冬虫夏草", "reason": "就是这样的"}
    number = client.post("/v1/names/decisions", json=body, headers=desk).json()["alias"]["number"]
    client.post(f"/v1/names/aliases/{number}/end", json={"reason": "判定有误吧"}, headers=desk)
    rejected = client.post(
        "/v1/quarantine/decisions",
        json={"verdict": "reject", "reason": REASON, "filter": {"status": "accepted", "herb": "冬虫夏草"}},
        headers=desk,
    )
    assert rejected.json()["quotes"] == 1
    [waiting] = client.get("/v1/names/waiting", headers=desk).json()["names"]
    assert (waiting["written"], waiting["rows"]) == ("白勺", 1)
    with station.database.read() as session:
        assert not any(one.status.usable for one in book.quotes(session))


def test_a_flood_of_names_from_one_source_leaves_room_for_the_others(
    client: TestClient, token_with: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("priceindex.naming.review.OPEN_PER_SOURCE", 5)
    clerk = token_with("quotes:write", name="王")
    flood = send(client, clerk, *(SOUND.replace("白芍", f"假{place}") for place in range(40)), source="bad")
    assert flood.json()["rejected"] == 40
    send(client, clerk, SOUND.replace("白芍", "白勺"), source="good")
    desk = bearer(token_with("quotes:decide", name="李"))
    names = client.get("/v1/names/waiting", headers=desk).json()["names"]
    assert sum(name["source"] == "bad" for name in names) == 5
    assert "白勺" in {name["written"] for name in names}


def test_a_token_of_one_source_speaks_for_no_other(
    client: TestClient, token_with: Issue, station: Station
) -> None:
    bound = token_with("quotes:write", source="fair", name="王")
    refused = send(client, bound, SOUND, source="kmzyw")
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (403, "not-your-source")
    assert send(client, bound, SOUND).status_code == 201
    with station.database.read() as session:
        assert {one.source for one in book.quotes(session)} == {"fair"}


def test_markup_and_unseen_characters_never_reach_the_desk_in_a_reason(
    client: TestClient, token_with: Issue
) -> None:
    send(client, token_with("quotes:write", name="王"), SOUND, SLIPPED)
    desk = token_with("quotes:decide", name="李")
    hidden = {"verdict": "release", "reason": "核实\u202e过了吧", "filter": {}}
    assert client.post("/v1/quarantine/decisions", json=hidden, headers=bearer(desk)).status_code == 422
    assert release(client, desk, filter={"rule": "%"}).status_code == 409
    assert release(client, desk, filter={"herb": "' OR 1=1 --"}).status_code == 409
