"""The forms behind a scan page: the PIN under the scratch layer, and a complaint; whole without a script."""

import re
from collections.abc import Iterator

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from tests.journeys.small_city import Asked, small_city
from trace.coding.pins import pins_of
from trace.coding.trace_code import decode
from trace.integrity.integrity_tables import ComplaintRow
from trace.private_values import private_values


@pytest.fixture
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    with small_city(tmp_path_factory.mktemp("city")) as opened:
        yield opened


@pytest.fixture
def client(asked: Asked) -> TestClient:
    return asked.client


@pytest.fixture
def code(asked: Asked) -> str:
    return asked.city.codes[0]


@pytest.fixture
def pin(asked: Asked, code: str) -> str:
    keys = asked.station.code_keys
    return pins_of(decode(code, keys), 1, keys.current)[0]


def wrong(pin: str) -> str:
    return str((int(pin) + 1) % 10**8).zfill(8)


def test_the_scan_page_leads_to_both_forms(client: TestClient, code: str) -> None:
    text = client.get(f"/s/{code}?lang=en").text
    assert f'href="/s/{code}/pin?lang=en"' in text
    assert f'href="/s/{code}/complain?lang=en"' in text
    assert "not those copied a few times" in text


def test_the_right_pin_matches_and_says_when_it_matched_before(
    client: TestClient, code: str, pin: str
) -> None:
    fresh = client.post(f"/s/{code}/pin?lang=en", data={"pin": f"{pin[:4]} {pin[4:]}"}).text
    assert "nobody had checked it before" in fresh
    again = client.post(f"/s/{code}/pin?lang=zh", data={"pin": pin}).text
    assert "此前已核对过 1 次" in again


def test_a_wrong_pin_is_counted_and_the_sixth_attempt_learns_nothing(
    client: TestClient, code: str, pin: str
) -> None:
    for left in (4, 3, 2, 1, 0):
        said = client.post(f"/v1/codes/{code}/pin-checks", json={"pin": wrong(pin)}).json()
        assert (said["outcome"]["key"], said["attempts_left"]) == ("wrong", left)
    assert client.post(f"/v1/codes/{code}/pin-checks", json={"pin": pin}).json()["outcome"]["key"] == "closed"
    assert "Closed for today" in client.post(f"/s/{code}/pin?lang=en", data={"pin": pin}).text


def test_an_empty_pin_costs_no_attempt(client: TestClient, code: str, pin: str) -> None:
    for _ in range(9):
        assert client.post(f"/s/{code}/pin", data={"pin": "  "}).status_code == 200
    assert client.post(f"/v1/codes/{code}/pin-checks", json={"pin": pin}).json()["attempts_left"] == 5


def test_a_complaint_is_in_the_log_and_its_words_are_not(asked: Asked, client: TestClient, code: str) -> None:
    sent = {"category": "label", "words": "打开后不是白芍，\n像是别的东西", "contact": "13900000000"}
    answer = client.post(f"/s/{code}/complain", data=sent)
    number = re.search(r'<p class="code">([^<]+)</p>', answer.text)
    assert number is not None
    with asked.station.database.read() as session:
        row = session.exec(select(ComplaintRow)).one()
        assert (row.lot, row.category, row.status) == ("YP-1", "label", "filed")
        kept = private_values(session, asked.station.vault, number[1])
    assert {each.name for each in kept} == {"words", "contact", "code"}


def test_a_complaint_that_lacks_something_loses_nothing_typed(client: TestClient, code: str) -> None:
    answer = client.post(f"/s/{code}/complain?lang=en", data={"category": "label", "words": "bad"})
    assert answer.status_code == 422
    assert "bad</textarea>" in answer.text
    assert '<option value="label" selected>' in answer.text


def test_a_code_that_is_not_ours_has_no_forms(client: TestClient, code: str) -> None:
    forged = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert client.get(f"/s/{forged}/pin").status_code == 404
    assert client.post(f"/s/{forged}/pin", data={"pin": "12345678"}).status_code == 404
    assert (
        client.post(f"/s/{forged}/complain", data={"category": "label", "words": "something"}).status_code
        == 404
    )
