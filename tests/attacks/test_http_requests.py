"""Requests made to break, to be repeated, to run in a browser or to stand in a log: none of it happens."""

import itertools
import json
import re
import stat
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api import operator_token
from api.gate import SECURITY_HEADERS
from api.routes.paging import cursor
from api.station import Station
from tests.api.conftest import ON_BOTH_DATABASES
from tests.attacks.hostile_json import CANARY, hostile_bodies
from tests.journeys.small_city import load, quotes_csv
from tests.trace import season
from tests.trace.season import register_all, white_peony
from trace.steps import StepNew

STEPS = [new.model_dump(mode="json", exclude_none=True) for new, _ in white_peony()]
RELEASE = {"family": "bozhou", "until": "2025-05-31"}
JSON = {"Content-Type": "application/json"}
SCRIPT = '<script>alert("1")</script><img src=x onerror=alert(1)>'
PRIVATE = ("13800138000", "张三丰", "李四光", "王五", "赵六", "钱七", "皖S12345", "12345")
"""What the season's steps hold in private fields."""

Issue = Callable[..., str]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def registered(station: Station) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))


@ON_BOTH_DATABASES
@pytest.mark.usefixtures("registered")
def test_no_hostile_body_breaks_the_service_or_is_repeated(client: TestClient, token_with: Issue) -> None:
    headers = {**bearer(token_with("operator")), **JSON}
    for step in STEPS[:5]:
        client.post("/v1/steps", json=step, headers=headers)
    targets = [*(("/v1/steps", step) for step in STEPS), ("/v1/releases", RELEASE)]
    for seed, (path, good) in enumerate(targets):
        for raw in hostile_bodies(good, seed, 60):
            answer = client.post(path, content=raw, headers=headers)
            assert answer.status_code < 500, raw
            assert answer.text.count(CANARY) < 60, raw  # a rule may name a value, shortened
            if answer.status_code >= 400:
                kinds = {fault["type"] for fault in answer.json()["errors"]} or {answer.json()["type"]}
                assert kinds != {"field-wrong"} or CANARY * 10 not in answer.text, raw


def test_a_made_up_name_is_not_handed_back_at_its_length(client: TestClient, token_with: Issue) -> None:
    body = {**STEPS[0], **{f"{number}{'x' * 4000}": 1 for number in range(200)}}
    answer = client.post("/v1/steps", json=body, headers=bearer(token_with("operator")))
    assert answer.status_code == 422
    assert len(answer.content) < 100_000


CURSORS = [
    [2**53 - 1, 0], [253_402_300_800_000, 0], [10**15, 10**9], [0, 2**53 - 1], [-5, -5],
    ["x", 0], [1], [[1], 2], ["'", "--"], [2**53 - 1, "zz"],
]  # fmt: skip


@ON_BOTH_DATABASES
def test_no_forged_cursor_breaks_a_list(client: TestClient) -> None:
    for path, key in itertools.product(("/v1/quotes", "/v1/releases"), CURSORS):
        answer = client.get(path, params={"next": cursor(key)})
        assert answer.status_code in {200, 422}, answer.text


QUERIES = [
    "limit=-1", f"limit={2**63}", "limit=1e3", "limit=9" + "9" * 5000, "limit=%00", "limit=%ff", "next=%ff",
    "next=====", "first=0001-01-01&last=9999-12-31", "first=-1", "last=99999-01-01", "herb=%ff%fe%ed%a0%80",
    "herb=%E2%80%AE", "market='%20OR%201=1--", "status=%27", "limit=1&limit=2", "&&&==", "herb=" + "a" * 5000,
    f"old={2**63}&new=1", f"old=1&new={2**53 - 1}", "old=-1&new=0", "level=%ff&node=%ff", "lang=%ff",
]  # fmt: skip


@ON_BOTH_DATABASES
def test_no_query_breaks_a_route(client: TestClient, app: FastAPI) -> None:
    paths = [
        path for path, methods in app.openapi()["paths"].items() if "get" in methods and path != "/readyz"
    ]
    for path, query in itertools.product(paths, QUERIES):
        answer = client.get(f"{path.replace('{', '').replace('}', '')}?{query}")
        assert answer.status_code < 500, (path, query)


@pytest.mark.parametrize(
    "charset",
    ["unicode_escape", "raw_unicode_escape", "utf-7", "utf-16", "idna", "punycode", "undefined", "x"],
)
def test_no_charset_smuggles_a_lone_surrogate_into_a_file_name(
    client: TestClient, token_with: Issue, charset: str
) -> None:
    name = rb"\ud800 \x00 +2AA- xn--" + b"\xff.csv"
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + name + b'"\r\n\r\n'
        + quotes_csv().replace("40.0", "forty", 1).encode() + b"\r\n--x--\r\n"
    )  # fmt: skip
    headers = {
        **bearer(token_with("operator")),
        "Content-Type": f"multipart/form-data; boundary=x; charset={charset}",
    }
    for path in (
        "/v1/imports/steps",
        "/v1/imports/quotes?source=fair",
        "/v1/imports/quotes?source=fair&proceed=true",
    ):
        assert client.post(path, content=body, headers=headers).status_code == 415
    plain = {**headers, "Content-Type": "multipart/form-data; charset=UTF-8; boundary=x"}
    assert client.post("/v1/imports/quotes?source=fair", content=body, headers=plain).status_code == 422


# Starlette leaves the file of a part that never ended to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "kind", ["none", "text", "twice", "nameless", "unfinished", "no boundary", "wrong boundary"]
)
def test_a_misshapen_upload_is_refused(client: TestClient, token_with: Issue, kind: str) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na,b\r\n'
    body, type_ = {
        "none": (b"--x--\r\n", "; boundary=x"),
        "text": (part.replace(b'; filename="a.csv"', b"") + b"--x--\r\n", "; boundary=x"),
        "twice": (part + part + b"--x--\r\n", "; boundary=x"),
        "nameless": (part.replace(b'; name="file"', b"") + b"--x--\r\n", "; boundary=x"),
        "unfinished": (part, "; boundary=x"),
        "no boundary": (part, ""),
        "wrong boundary": (part + b"--x--\r\n", "; boundary=y"),
    }[kind]
    headers = {**bearer(token_with("operator")), "Content-Type": f"multipart/form-data{type_}"}
    for path in ("/v1/imports/steps", "/v1/imports/quotes?source=fair"):
        answer = client.post(path, content=body, headers=headers)
        assert 400 <= answer.status_code < 500
        assert "class" not in answer.text


def test_an_uploads_name_leads_nowhere(client: TestClient, token_with: Issue) -> None:
    name = '../../../../etc/<b>"\u202e.csv'
    bad = quotes_csv().replace("40.0", "forty", 1).encode()
    answer = client.post(
        "/v1/imports/quotes?source=fair", files={"file": (name, bad)}, headers=bearer(token_with("operator"))
    )
    assert answer.status_code == 422
    assert ".." not in (answer.json()["errors"][0]["file"] or "")


@pytest.fixture
def hostile_city(station: Station, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A season whose every free text is a script; gives the addresses that show it."""
    for uscc, name in season.NAMES.items():
        monkeypatch.setitem(season.NAMES, uscc, f"{name[:4]}{SCRIPT}")
    for place, (uscc, division, name) in season.PLACES.items():
        monkeypatch.setitem(season.PLACES, place, (uscc, division, f"{name[:4]}{SCRIPT}"))
    station.writer.submit(lambda session: register_all(session, station.recorder))
    addresses = []
    for new, at_ms in white_peony():
        spoilt = _spoilt(new)
        done = station.writer.submit(
            lambda session, new=spoilt, at_ms=at_ms: station.recorder.record_step(session, new, at_ms)
        )
        addresses += [f"/v1/receipts/{done.statement_id}", *(f"/v1/lots/{lot}" for lot in done.lots)]
        addresses += [f"{path}/{code}" for code in done.codes[:1] for path in ("/s", "/v1/codes")]
    station.settle()
    return sorted(set(addresses))


def _spoilt(new: StepNew) -> StepNew:
    sent = new.model_dump(mode="json", exclude_none=True)
    for amount in sent["outputs"]:
        if amount.get("herb") or amount.get("grade"):
            amount["grade"] = SCRIPT
    free = {"variety", "method", "operator", "inspector", "technician", "responsible", "vehicle"}
    sent["fields"] = {name: SCRIPT if name in free else value for name, value in sent["fields"].items()}
    for result in sent["results"]:
        result["method"] = SCRIPT
    return StepNew.model_validate(sent)


@pytest.mark.parametrize("query", ["lang=zh", "lang=en", "lang=en&view=elder"])
def test_no_name_becomes_markup_in_a_page_or_drawing(
    client: TestClient, hostile_city: list[str], query: str
) -> None:
    pages = [address for address in hostile_city if address.startswith("/s/")]
    assert pages
    for address in pages:
        page = client.get(f"{address}?{query}")
        assert page.status_code == 200
        assert "&lt;script&gt;" in page.text
        assert not re.search(r"<script>|<img|onerror=alert\(1\)>", page.text)


def test_json_with_markup_is_never_taken_for_a_page(client: TestClient, hostile_city: list[str]) -> None:
    for address in hostile_city:
        answer = client.get(address, headers={"Accept": "text/html"})
        assert answer.status_code == 200
        if not address.startswith("/s/"):
            assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["lang", "view", "family", "code", "next"])
def test_no_parameter_becomes_markup_or_another_host(client: TestClient, name: str) -> None:
    values = (SCRIPT, '"onmouseover=alert(1) x="', "//evil.example", "/\\evil.example", "javascript:alert(1)")
    for path, value in itertools.product(("/s", "/index", "/", "/nowhere", "/api-docs"), values):
        answer = client.get(
            path, params={name: value}, headers={"Accept": "text/html"}, follow_redirects=False
        )
        assert answer.status_code < 500
        assert not re.search(r"<script>|<img|\"onmouseover|href=\"(//|/\\|javascript)", answer.text)
        assert re.fullmatch(r"(/[^/\\].*|/)?", answer.headers.get("location", ""))


ADDRESSES = [
    "/",
    "/livez",
    "/v1/quotes",
    "/v1/quotes/",
    "/static/daodi.css",
    "/static/none.css",
    "/static/..%2f..%2fapp.py",
    "/static/%2e%2e/%2e%2e/app.py",
    "/static//etc/passwd",
    "/s/x",
    "/v1/codes/x",
    "/v1/receipts/x",
    "/v1/lots/%ff",
    "/index/..%2f..%2fetc%2fpasswd",
    "/v1/releases/..%2fx/bundle",
    "/index/x.csv",
    "/a%00b",
    "/%ff",
    "/s?code=x",
    "//evil.example/..",
    "/v1/steps",
    "/openapi.json",
    "/problems/x",
]

FOR_PROGRAMS = ("/v1/", "/problems/", "/index/x.csv")
"""Where pages of other origins may read what everybody may: never pages, and never with credentials."""


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_every_answer_to_every_method_is_guarded(client: TestClient, method: str) -> None:
    for address in ADDRESSES:
        answer = client.request(method, address, follow_redirects=False)
        assert answer.status_code < 500
        assert {name: answer.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
        if "access-control-allow-origin" in answer.headers:
            assert method in {"GET", "HEAD"}
            assert address.startswith(FOR_PROGRAMS), address
            assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        assert "server" not in answer.headers
        assert method in {"GET", "HEAD"} or answer.status_code in {307, 400, 404, 405}, address
        if answer.status_code >= 400:
            assert answer.headers["cache-control"] in {"no-store", "no-cache"}


def test_a_shared_cache_keeps_no_old_file_under_the_hash_of_the_next(client: TestClient) -> None:
    linked = re.search(r"/static/daodi\.css\?v=\w+", client.get("/").text)
    assert linked
    assert "immutable" in client.get(linked[0]).headers["cache-control"]
    for query in ("", "?v=0123456789abcdef", "?v=", "?x=1&v=1", f"{linked[0].partition('css')[2]}&x=1"):
        assert client.get(f"/static/daodi.css{query}").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("ranges", ["0-10", "abc", "-", "5-1", "0-" + "9" * 5000, ",".join(["0-"] * 5000)])
def test_no_range_breaks_or_multiplies_a_file(client: TestClient, ranges: str) -> None:
    answer = client.get("/static/daodi.css", headers={"Range": f"bytes={ranges}"})
    assert answer.status_code in {200, 206, 400, 416}
    assert len(answer.content) < 100_000


def test_no_cell_of_a_download_is_a_formula(client: TestClient, station: Station) -> None:
    release = load(station).release_id
    table = client.get(f"/index/{release}.csv")
    assert table.headers["content-disposition"] == f'attachment; filename="{release}.csv"'
    cells = [cell for line in table.text.splitlines() for cell in line.split(",")]
    assert not [cell for cell in cells if cell.lstrip('"')[:1] in {"=", "+", "@", "\t"}]
    assert not [cell for cell in cells if cell.startswith("-") and not re.fullmatch(r"-[\d.]+", cell)]


@pytest.fixture
def written(station: Station, client: TestClient, token_with: Issue) -> tuple[str, list[str]]:
    """A season sent over HTTP with one token; gives the token and every public answer about it."""
    station.clock = lambda: season.at(1000)
    station.writer.submit(lambda session: register_all(session, station.recorder))
    token, answers = token_with("operator"), []
    for number, step in enumerate(STEPS):
        sent = client.post(
            f"/v1/steps?who={CANARY}", json=step, headers={**bearer(token), "Cookie": f"a={CANARY}"}
        )
        assert sent.status_code == 202, (number, sent.text)
        addresses = [sent.headers["location"], *(f"/v1/lots/{lot}" for lot in sent.json()["lots"])]
        addresses += [f"{path}/{code}" for code in sent.json()["codes"][:1] for path in ("/s", "/v1/codes")]
        station.settle()
        answers += [client.get(address).text for address in addresses]
    return token, answers


def test_private_fields_stand_in_no_public_answer(written: tuple[str, list[str]]) -> None:
    for answer in written[1]:
        leaf = json.loads(answer).get("leaf", "") if answer.startswith("{") else ""
        for value in PRIVATE:
            assert not re.search(rf"(?<![0-9A-Za-z]){value}(?![0-9A-Za-z])", answer.replace(leaf, "")), value


def test_no_log_line_holds_a_token_a_query_an_address_or_a_value(
    written: tuple[str, list[str]], capsys: pytest.CaptureFixture[str], client: TestClient
) -> None:
    token, _ = written
    client.get(f"/v1/codes/{CANARY}", headers=bearer(token))
    client.get(f"/{CANARY}", headers={"Authorization": CANARY, "User-Agent": CANARY, "Referer": CANARY})
    client.post("/v1/steps", content=f'{{"{CANARY}"'.encode(), headers={**bearer(token), **JSON})
    logged = "".join(capsys.readouterr())
    assert '"event": "request"' in logged
    for secret in (token, token[6:14], CANARY, "testclient", *PRIVATE[:7]):
        assert secret not in logged, secret


def test_the_operators_token_is_its_owners_alone_even_after_a_crash(station: Station) -> None:
    folder = station.settings.folder
    left = folder / f".{operator_token.FILE}.{operator_token.os.getpid()}"
    left.write_text("half a tok")
    left.chmod(0o644)
    station.renew_operator_token()
    kept = folder / operator_token.FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not left.exists()
