"""Whatever goes wrong, a program is told by a problem in its language, and a browser by a page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.gate import SECURITY_HEADERS
from api.station import Station
from tests.api.conftest import HOST

Issue = Callable[..., str]
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Wrong:
    """One way to go wrong, and the status it is answered with."""

    status: int
    method: str
    path: str
    token: str | None = None
    sent: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


JSON = {"Content-Type": "application/json"}
CASES = (
    Wrong(400, "POST", "/v1/complaints", sent={"content": b"{"}, headers=JSON),
    Wrong(400, "POST", "/v1/complaints", sent={"json": {}}, headers={"Idempotency-Key": "x"}),
    Wrong(401, "GET", "/v1/drafts"),
    Wrong(401, "POST", "/v1/steps", sent={"json": {}}),
    Wrong(401, "POST", "/v1/statements", sent={"json": {}}),
    Wrong(403, "POST", "/v1/gates", token="quotes:write", sent={"json": {}}),
    Wrong(404, "GET", "/v1/nowhere"),
    Wrong(404, "GET", "/v1/parties/000000000000000000"),
    Wrong(405, "DELETE", "/v1/steps"),
    Wrong(405, "PUT", "/v1/parties"),
    Wrong(409, "POST", "/v1/releases", token="operator", sent={"json": {"family": "bozhou"}}),
    Wrong(413, "POST", "/v1/complaints", sent={"content": b"x" * 2_000_000}, headers=JSON),
    Wrong(415, "POST", "/v1/complaints", sent={"content": b"<a/>"}, headers={"Content-Type": "text/xml"}),
    Wrong(400, "GET", "/v1/gates", headers={"Host": "another.example.net"}),
    Wrong(422, "GET", "/v1/recalls?limit=999"),
    Wrong(422, "POST", "/v1/complaints", sent={"json": {"category": "?"}}),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.status} {case.method} {case.path}")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_program_is_told_by_a_problem_in_its_language(
    client: TestClient, token_with: Issue, case: Wrong, language: str
) -> None:
    headers = {"Accept-Language": language, **case.headers}
    if case.token:
        headers["Authorization"] = f"Bearer {token_with(case.token)}"
    answer = client.request(case.method, case.path, headers=headers, **case.sent)
    assert (answer.status_code, answer.headers["content-type"]) == (case.status, MEDIA_TYPE), answer.text
    told = answer.json()
    assert told["status"] == case.status
    assert told["type"].startswith("/problems/")
    assert answer.headers["content-language"] == language
    assert told["detail"].isascii() is told["title"].isascii() is (language == "en"), told
    assert {"detail", "remedy", "title"} <= set(told)
    assert "Accept-Language" in answer.headers["vary"]
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["x-request-id"]


def test_a_fault_of_the_program_says_nothing_but_its_request(
    client: TestClient, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret path /srv/daodi")

    monkeypatch.setattr(station.database, "read", breaks)
    for language in ("zh-CN", "en"):
        answer = client.get("/v1/recalls", headers={"Accept-Language": language})
        assert (answer.status_code, answer.headers["content-type"]) == (500, MEDIA_TYPE)
        assert answer.headers["content-language"] == language
        assert "secret" not in answer.text
        assert answer.headers["x-request-id"] in answer.text


def test_a_browser_is_told_by_a_page(client: TestClient) -> None:
    page = {"Accept": "text/html,application/xhtml+xml"}
    for address in ("/nowhere", "/index/none-such", "/lots/none-such", "/recalls/none"):
        answer = client.get(address, headers=page)
        assert 400 <= answer.status_code < 500
        assert answer.headers["content-type"].startswith("text/html"), address
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers[name] == value
    for accept, address in (("application/json", "/nowhere"), ("text/html", "/v1/nowhere")):
        assert client.get(address, headers={"Accept": accept}).headers["content-type"] == MEDIA_TYPE


def test_no_answer_lets_scripts_or_styles_of_others_run() -> None:
    policy = dict(
        part.strip().split(" ", 1) for part in SECURITY_HEADERS["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert "script-src" not in policy
    assert "style-src" not in policy
    assert not any("unsafe" in words or "http" in words for words in policy.values())
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert HOST not in str(policy)
