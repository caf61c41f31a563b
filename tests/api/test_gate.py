"""The gate: hostile requests get a clear 4xx where stock FastAPI fails; every answer is guarded."""

import json
from collections.abc import Iterator
from typing import Annotated

import pytest
from fastapi import APIRouter, FastAPI, Form, Path, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import BigInteger, literal, select, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.app import create_app
from api.callers import Anyone, TheStation
from api.errors import TooManyRequests
from api.gate import SECURITY_HEADERS
from api.station import Station
from api.statuses import STATUS
from api.strict_json import INT64_MAX, INT64_MIN
from tests.api.conftest import HOST, ON_BOTH_DATABASES, ON_POSTGRESQL

JSON = {"Content-Type": "application/json"}


class LotNew(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    grams: float = Field(gt=0)


def _pages() -> APIRouter:
    router = APIRouter(prefix="/trial")

    @router.get("/too-often")
    def too_often(_: Anyone) -> str:
        raise TooManyRequests(seconds=17)

    @router.get("/broken")
    def broken(_: Anyone) -> str:
        raise RuntimeError("hunter2")

    return router


def _router() -> APIRouter:
    router = APIRouter(prefix="/v1/trial")

    @router.post("/lots")
    def add(new: LotNew, _: Anyone, station: TheStation) -> str:
        return station.writer.submit(lambda session: _echo(session, new.name))

    @router.get("/lots/{number}")
    def read(number: Annotated[int, Path(ge=INT64_MIN, le=INT64_MAX)], _: Anyone, station: TheStation) -> int:
        with station.database.read() as session:
            return int(session.connection().execute(text("SELECT :n"), {"n": number}).scalar_one())

    @router.get("/loose/{number}")
    def loose(number: int, _: Anyone, station: TheStation) -> int:
        with station.database.read() as session:
            query = select(literal(number, BigInteger))
            return int(session.connection().execute(query).scalar_one())

    @router.get("/names/{name}")
    def named(name: str, _: Anyone, station: TheStation) -> str:
        with station.database.read() as session:
            return _echo(session, name)

    @router.post("/forms")
    def form(name: Annotated[str, Form()], _: Anyone, station: TheStation) -> str:
        return station.writer.submit(lambda session: _echo(session, name))

    @router.post("/uploads")
    def upload(file: UploadFile, _: Anyone) -> int:
        return len(file.file.read())

    @router.get("/broken")
    def broken(_: Anyone) -> str:
        raise RuntimeError("hunter2 of 张三")

    return router


def _echo(session: Session, name: str) -> str:
    return str(session.connection().execute(text("SELECT CAST(:n AS TEXT)"), {"n": name}).scalar_one())


@pytest.fixture
def ours(station: Station) -> Iterator[TestClient]:
    app = create_app(station, [_router(), _pages()])
    with TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def stock(station: Station) -> Iterator[TestClient]:
    """The same routes as plain FastAPI serves them."""
    app = FastAPI()
    app.state.station = station
    app.include_router(_router())

    with TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False) as client:
        yield client


def _send(client: TestClient, raw: bytes) -> "tuple[int, str]":
    answer = client.post("/v1/trial/lots", content=raw, headers=JSON)
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    "raw",
    [
        rb'{"name": "\ud800", "grams": 1}',
        rb'{"name": 1, "grams": "\ud800"}',
        b'{"name": "x", "grams": NaN}',
        rb'{"name": "a\u0000b", "grams": 1}',
        b'{"name": "x", "grams": 1e999}',
        b'{"name": "x", "name": "y", "grams": 1}',
        b"[" * 100_000,
    ],
)
def test_a_hostile_body_is_refused_as_a_problem_with_its_rule(ours: TestClient, raw: bytes) -> None:
    status, answer = _send(ours, raw)
    assert status == 400
    problem = json.loads(answer)
    assert problem["type"] == "/problems/body-not-json"
    assert problem["detail"].startswith("请求正文不是可接受的 JSON")


@pytest.mark.parametrize("raw", [rb'{"name": 1, "grams": "\ud800"}', b'{"name": "x", "grams": NaN}'])
def test_stock_fastapi_answers_500_to_a_surrogate_and_to_nan(stock: TestClient, raw: bytes) -> None:
    assert _send(stock, raw)[0] == 500


def test_stock_fastapi_takes_a_repeated_name_for_the_last(stock: TestClient) -> None:
    assert _send(stock, b'{"name": "x", "name": "y", "grams": 1}') == (200, '"y"')


def test_a_nul_in_the_path_or_query_is_refused(ours: TestClient) -> None:
    for address in ("/v1/trial/names/a%00b", "/v1/trial/names/a?x=%00", "/%00"):
        assert ours.get(address).status_code == 400


@ON_POSTGRESQL
def test_stock_fastapi_answers_500_to_a_nul_on_postgresql(stock: TestClient, ours: TestClient) -> None:
    assert stock.get("/v1/trial/names/a%00b").status_code == 500
    assert stock.post("/v1/trial/forms", data={"name": "a\0b"}).status_code == 500
    assert ours.post("/v1/trial/forms", data={"name": "a\0b"}).status_code == 400


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**40])
def test_a_number_wider_than_64_bits_is_refused_without_an_echo(ours: TestClient, number: int) -> None:
    answer = ours.get(f"/v1/trial/lots/{number}")
    assert answer.status_code == 422
    assert str(number) not in answer.text


@ON_BOTH_DATABASES
def test_a_number_a_route_forgot_to_bound_is_still_refused(ours: TestClient, stock: TestClient) -> None:
    wide = f"/v1/trial/loose/{2**63}"
    assert stock.get(wide).status_code == 500
    assert (ours.get(wide).status_code, stock.get("/v1/trial/loose/5").json()) == (422, 5)


@ON_BOTH_DATABASES
def test_the_widest_number_is_taken(ours: TestClient) -> None:
    assert ours.get(f"/v1/trial/lots/{2**63 - 1}").json() == 2**63 - 1


def test_a_good_body_passes(ours: TestClient) -> None:
    assert _send(ours, '{"name": "白芍", "grams": 1.5}'.encode()) == (200, '"白芍"')


def test_a_refused_field_is_pointed_at_and_its_value_never_repeated(ours: TestClient) -> None:
    answer = ours.post("/v1/trial/lots", json={"name": 5, "grams": "hunter2", "secret": "hunter2"})
    assert answer.status_code == 422
    assert "hunter2" not in answer.text
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {"/name", "/grams", "/secret"}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "", "text/json-ish"])
def test_a_body_of_another_type_is_unsupported(ours: TestClient, content_type: str) -> None:
    answer = ours.post("/v1/trial/lots", content=b"x", headers={"Content-Type": content_type})
    assert answer.status_code == 415
    assert answer.json()["remedy"] == "请使用 Content-Type: application/json"


def test_a_form_sent_to_a_json_path_is_unsupported(ours: TestClient) -> None:
    assert ours.post("/v1/trial/lots", data={"name": "x"}).status_code == 415
    assert ours.post("/v1/trial/lots", files={"f": b"x"}).status_code == 415


def test_a_json_body_over_the_limit_is_refused_by_its_declared_and_by_its_real_length(
    ours: TestClient, station: Station
) -> None:
    large = b'"' + b"x" * station.settings.max_body_bytes + b'"'
    pieces = (large[start : start + 65536] for start in range(0, len(large), 65536))
    for content in (large, pieces):
        answer = ours.post("/v1/trial/lots", content=content, headers=JSON)
        assert (answer.status_code, answer.json()["type"]) == (413, "/problems/request-too-large")


def test_an_upload_may_be_longer_than_a_body_but_not_than_its_own_limit(
    ours: TestClient, station: Station
) -> None:
    fits = bytes(station.settings.max_body_bytes * 2)
    assert ours.post("/v1/trial/uploads", files={"file": fits}).json() == len(fits)
    declared = {"Content-Length": str(station.settings.max_upload_bytes + 1)}
    refused = ours.post(
        "/v1/trial/uploads",
        content=b"",
        headers={"Content-Type": "multipart/form-data; boundary=x", **declared},
    )
    assert refused.status_code == 413


def test_an_upload_of_unknown_length_is_refused_on_the_way(settings_small: TestClient) -> None:
    def parts() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(64):
            yield bytes(4096)
        yield b"\r\n--x--\r\n"

    answer = settings_small.post(
        "/v1/trial/uploads", content=parts(), headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/request-too-large")


@pytest.fixture
def settings_small(station: Station) -> Iterator[TestClient]:
    station.settings = station.settings.model_copy(update={"max_upload_bytes": 65536, "max_body_bytes": 4096})
    app = create_app(station, [_router()])
    with TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False) as client:
        yield client


def test_an_unknown_host_is_refused(ours: TestClient) -> None:
    for host in ("evil.example", "", "herbs.example.org.evil.example", "[::1", "a@herbs.example.org:x:y"):
        answer = ours.get("/livez", headers={"Host": host})
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/host-unknown")
    assert ours.get("/livez", headers={"Host": f"{HOST.upper()}:8443"}).status_code == 200


def test_a_fault_of_the_program_says_nothing_but_the_request_id(
    ours: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ours.get("/v1/trial/broken", headers={"Accept-Language": "en"})
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert answer.headers["x-request-id"] in answer.json()["detail"]
    assert answer.headers["x-request-id"] in capsys.readouterr().out


@pytest.mark.parametrize(("language", "title"), [("zh", "没能完成"), ("en", "That did not work")])
def test_a_person_s_browser_gets_a_fault_as_a_page_with_the_number_to_give(
    ours: TestClient, language: str, title: str
) -> None:
    headers = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": language}
    answer = ours.get("/trial/broken", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"
    assert f"<h1>{title}</h1>" in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert "hunter2" not in answer.text
    assert ours.get("/v1/trial/broken", headers=headers).headers["content-type"] == "application/problem+json"


def test_a_fault_in_the_page_of_a_fault_is_still_answered(
    ours: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.web.site.draw", lambda *_, **__: 1 // 0)
    answer = ours.get("/trial/broken", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal-fault")


@pytest.mark.parametrize("path", ["/livez", "/nowhere", "/v1/trial/broken", "/a%00b"])
def test_every_answer_carries_the_security_headers(ours: TestClient, path: str) -> None:
    headers = ours.get(path).headers
    assert {name: headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_a_request_id_is_kept_when_it_is_plain_and_replaced_when_it_is_not(ours: TestClient) -> None:
    assert ours.get("/livez", headers={"X-Request-ID": "abcd-1234"}).headers["x-request-id"] == "abcd-1234"
    odd = ours.get("/livez", headers={"X-Request-ID": "a b\tc"}).headers["x-request-id"]
    assert len(odd) == 16


def test_an_unknown_address_and_method_are_problems(ours: TestClient) -> None:
    unknown = ours.get("/v1/nothing")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/no-such-address")
    wrong = ours.delete("/v1/trial/lots")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")


def test_a_person_gets_a_page_and_a_program_a_problem(ours: TestClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = ours.get("/nowhere", headers=browser)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert ours.get("/v1/nowhere", headers=browser).headers["content-type"] == "application/problem+json"
    assert ours.get("/nowhere").headers["content-type"] == "application/problem+json"


def test_a_person_who_asks_too_often_is_told_when_to_come_back(ours: TestClient) -> None:
    page = ours.get("/trial/too-often", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["retry-after"]) == (429, "17")
    assert "17 秒" in page.text


def test_the_type_of_a_problem_leads_to_its_words(ours: TestClient) -> None:
    kind = ours.get(ours.get("/v1/nothing").json()["type"]).json()
    assert [(one["slug"], one["status"], one["zh"]) for one in kind] == [
        ("no-such-address", 404, "此网址没有内容")
    ]
    assert len(ours.get("/problems").json()) == len(STATUS)
    assert ours.get("/problems/nothing").status_code == 404


def test_problems_speak_the_callers_language(ours: TestClient) -> None:
    english = ours.get("/v1/nothing?lang=en")
    assert english.json()["detail"] == "nothing is served at this address"
    assert english.headers["content-language"] == "en"
    assert ours.get("/v1/nothing").json()["title"] == "没有找到"
