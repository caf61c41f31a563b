"""The price desk over HTTP: what waits, decisions, names, sources, and the book as of a moment."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

Issue = Callable[..., str]
HEADING = "品名,规格,产地,市场,日期,价格"
SOUND = "白芍,统,安徽,亳州,2024-03-01,85"
SLIPPED = "白芍,统,安徽,亳州,2024-03-02,170"


@pytest.fixture
def send(client: TestClient, token_with: Issue) -> Callable[..., dict[str, Any]]:
    """Import rows as the clerk and return the answer."""
    clerk = token_with("quotes:write", name="王")

    def sent(*rows: str, source: str = "fair") -> dict[str, Any]:
        answer = client.post(
            f"/v1/imports/quotes?source={source}&proceed=true",
            files={"file": ("a.csv", "\n".join([HEADING, *rows]).encode(), "text/csv")},
            headers={"Authorization": f"Bearer {clerk}"},
        )
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return sent


@pytest.fixture
def verifier(token_with: Issue) -> dict[str, str]:
    """Headers of the person at the desk."""
    return {"Authorization": f"Bearer {token_with('quotes:decide', name='李')}"}


def test_a_quote_set_aside_is_seen_released_and_then_known(
    client: TestClient, send: Callable[..., dict[str, Any]], verifier: dict[str, str]
) -> None:
    assert send(SOUND, SLIPPED)["quarantined"] == 1
    waiting = client.get("/v1/quarantine?lang=zh", headers=verifier).json()
    [one] = waiting["quotes"]
    assert one["quote"]["fen_per_kg"] == 17_000
    assert "斤与公斤" in one["met"][0]["words"]
    assert one["submitter"].endswith("王")
    decided = client.post(
        "/v1/quarantine/decisions",
        json={"verdict": "release", "reason": "电话核实过", "filter": {"rule": "unit-slip-x2"}},
        headers=verifier,
    )
    assert decided.status_code == 201, decided.text
    assert (decided.json()["quotes"], decided.json()["rules"]) == (1, {"unit-slip-x2": 1})
    assert client.get("/v1/quarantine", headers=verifier).json()["quotes"] == []
    query = "herb=白芍&grade=统&origin=安徽&market=亳州&day=2024-03-02&source=fair"
    revisions = client.get(f"/v1/quotes/history?{query}").json()["revisions"]
    assert [(each["status"], each["decided"], each["reason"]) for each in revisions] == [
        ("quarantined", False, None),
        ("accepted", True, "电话核实过"),
    ]


def test_nobody_reads_who_handed_a_quote_in_without_being_at_the_desk(
    client: TestClient, send: Callable[..., dict[str, Any]], token_with: Issue
) -> None:
    send(SOUND, SLIPPED)
    assert client.get("/v1/quarantine").status_code == 401
    other = {"Authorization": f"Bearer {token_with('quotes:write')}"}
    assert client.get("/v1/quarantine", headers=other).status_code == 403
    assert "王" not in client.get("/v1/quotes").text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"verdict": "release", "reason": "短", "filter": {}}, 422),
        ({"verdict": "release", "reason": "电话核实过"}, 422),
        ({"verdict": "release", "reason": "电话核实过", "filter": {}, "quotes": []}, 422),
        ({"verdict": "release", "reason": "电话核实过", "filter": {"herb": "当归"}}, 409),
        ({"verdict": "forgive", "reason": "电话核实过", "filter": {}}, 422),
        ({"verdict": "reject", "reason": "电话\u200b核实过", "filter": {}}, 422),
    ],
)
def test_a_decision_that_says_too_little_is_refused(
    client: TestClient,
    send: Callable[..., dict[str, Any]],
    verifier: dict[str, str],
    body: dict[str, Any],
    status: int,
) -> None:
    send(SOUND, SLIPPED)
    assert client.post("/v1/quarantine/decisions", json=body, headers=verifier).status_code == status


def test_a_name_is_decided_and_its_rows_come_in_with_their_body_read_again(
    client: TestClient, send: Callable[..., dict[str, Any]], verifier: dict[str, str]
) -> None:
    assert send(SOUND, SOUND.replace("白芍", "白勺").replace("-01,", "-03,"))["rejected"] == 1
    [name] = client.get("/v1/names/waiting", headers=verifier).json()["names"]
    assert (name["written"], name["rows"]) == ("白勺", 1)
    assert "白芍" in name["nearest"]
    done = client.post(
        "/v1/names/decisions",
        json={"kind": "herb", "written": "白勺", "meant": "白芍", "reason": "明显是错字"},
        headers=verifier,
    ).json()
    assert done["written"] == 1
    assert len(client.get("/v1/quotes?herb=白芍").json()["quotes"]) == 2
    number = done["alias"]["number"]
    assert number in {each["number"] for each in client.get("/v1/names/aliases").json()["aliases"]}
    ended = client.post(f"/v1/names/aliases/{number}/end", json={"reason": "判定有误吧"}, headers=verifier)
    assert ended.json()["ended"] is not None
    again = client.post(f"/v1/names/aliases/{number}/end", json={"reason": "判定有误吧"}, headers=verifier)
    assert again.status_code == 404


def test_a_row_no_quote_could_be_made_of_is_kept_with_its_body(
    client: TestClient, send: Callable[..., dict[str, Any]], verifier: dict[str, str]
) -> None:
    send(SOUND, SOUND.replace("85", "5-5-6.5"))
    [row] = client.get("/v1/quarantine/rejected", headers=verifier).json()["rows"]
    assert (row["row"], row["rule"], row["value"]) == (3, "malformed-price", "5-5-6.5")
    assert len(row["archive_sha256"]) == 64


def test_the_book_can_be_asked_as_of_a_moment_before_anything_was_known(
    client: TestClient, send: Callable[..., dict[str, Any]]
) -> None:
    send(SOUND)
    assert client.get("/v1/quotes?as_of=2020-01-01T00:00:00%2B08:00").json()["quotes"] == []
    assert len(client.get("/v1/quotes?as_of=9999-01-01").json()["quotes"]) == 1
    assert client.get("/v1/quotes?as_of=tomorrow").status_code == 422


def test_a_quote_nobody_told_has_no_history(client: TestClient) -> None:
    query = "herb=白芍&grade=统&market=亳州&day=2024-03-02&source=fair"
    assert client.get(f"/v1/quotes/history?{query}").status_code == 404


def test_the_standing_of_sources_is_public_with_every_measure(
    client: TestClient, send: Callable[..., dict[str, Any]]
) -> None:
    send(SOUND)
    send(SOUND, source="other")
    found = client.get("/v1/sources?lang=zh").json()["sources"]
    assert [one["source"] for one in found] == ["fair", "other"]
    assert {each["words"] for each in found[0]["measures"]} >= {"及时", "完整", "与成交价一致"}
    assert 7_500 <= found[0]["weight_bp"] <= 10_000
