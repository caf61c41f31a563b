"""Holds and recalls over HTTP: placed by one, lifted by two, listed to those concerned."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.station import Station
from tests.api.conftest import NOW_MS, ON_BOTH_DATABASES
from tests.trace.bad_field import grow
from tests.trace.holding import REGULATOR, register_regulator
from tests.trace.season import GROWER, MAKER, PHARMACY, register_all

Issue = Callable[..., str]
RECALL = {"lots": ["FIELD"], "class": 1, "reason": "农药残留超标", "advice": "已购买者可凭包装退货"}


@pytest.fixture
def grown(station: Station) -> None:
    def work(session: Session) -> None:
        register_all(session, station.recorder)
        register_regulator(session, station.recorder, NOW_MS)
        grow(session, station.recorder)

    station.writer.submit(work)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def regulators(token_with: Issue) -> tuple[dict[str, str], dict[str, str]]:
    """Two persons of the regulator, each with a token of their own."""
    first, second = (token_with("supervise", party=REGULATOR, name=name) for name in ("甲", "乙"))
    return _bearer(first), _bearer(second)


def _lines(body: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))


@ON_BOTH_DATABASES
@pytest.mark.usefixtures("grown")
def test_a_hold_is_placed_by_one_and_lifted_by_two(
    client: TestClient, regulators: tuple[dict[str, str], dict[str, str]]
) -> None:
    first, second = regulators
    placed = client.post("/v1/holds", json={"kind": "lot", "target": "HERB", "reason": "抽检"}, headers=first)
    assert (placed.status_code, placed.json()["lots"]) == (201, 5), placed.text
    hold = placed.json()["hold"]
    assert client.post(f"/v1/holds/{hold}/lifts", headers=second).status_code == 409
    asked = client.post(f"/v1/holds/{hold}/lift-requests", json={"reason": "复检合格"}, headers=first)
    assert asked.status_code == 201, asked.text
    alone = client.post(f"/v1/holds/{hold}/lifts", headers=first)
    assert (alone.status_code, alone.json()["type"].split("/")[-1]) == (403, "same-person")
    assert client.post(f"/v1/holds/{hold}/lifts", headers=second).status_code == 201
    listed = client.get("/v1/holds?lifted=true", headers=second).json()["holds"]
    assert [(each["target"], each["lifted"] is not None) for each in listed] == [("HERB", True)]


@ON_BOTH_DATABASES
@pytest.mark.usefixtures("grown")
def test_a_recall_is_opened_read_listed_acknowledged_and_closed(
    client: TestClient, regulators: tuple[dict[str, str], dict[str, str]], token_with: Issue
) -> None:
    first, second = regulators
    opened = client.post("/v1/recalls", json=RECALL, headers=first)
    assert opened.status_code == 201, opened.text
    said, recall = opened.json(), opened.json()["recall"]
    assert (said["lots"], said["packs"], said["grams"], said["holders"]) == (6, 10, 390_000, 3)
    shown = client.get(f"/v1/recalls/{recall}").json()
    assert (shown["class"], shown["state"], shown["responsible"]) == (1, "open", GROWER)
    assert shown["effectiveness"]["distributed_grams"] == 290_000
    page = client.get(f"/recalls/{recall}?lang=en").text
    assert "<dd>0 of 2</dd>" in page  # the maker and the pharmacy; the grower takes the goods back
    maker = _bearer(token_with("steps:write", party=MAKER))
    (notice,) = client.get("/v1/notices", headers=maker).json()["notices"]
    due, sent = (datetime.fromisoformat(notice[name]) for name in ("due", "sent"))
    assert due - sent == timedelta(hours=24)
    assert client.post(f"/v1/notices/{notice['notice']}/readings", headers=maker).status_code == 201
    known = client.post(f"/v1/recalls/{recall}/acknowledgements", headers=maker)
    assert known.status_code == 201, known.text
    (notice,) = client.get("/v1/notices", headers=maker).json()["notices"]
    assert None not in (notice["read"], notice["acknowledged"])
    ending = {"state": "completed", "report": "全部追回或销毁"}
    assert (
        client.post(f"/v1/recalls/{recall}/closing-requests", json=ending, headers=first).status_code == 201
    )
    assert client.post(f"/v1/recalls/{recall}/closings", headers=first).status_code == 403
    assert client.post(f"/v1/recalls/{recall}/closings", headers=second).json()["state"] == "completed"
    assert client.get(f"/v1/recalls/{recall}").json()["report"] == ending["report"]


@pytest.mark.usefixtures("grown")
def test_a_holder_sees_its_own_lines_and_the_regulator_all(
    client: TestClient, regulators: tuple[dict[str, str], dict[str, str]], token_with: Issue
) -> None:
    recall = client.post("/v1/recalls", json=RECALL, headers=regulators[0]).json()["recall"]
    pharmacy = _bearer(token_with("steps:write", party=PHARMACY))
    maker = _bearer(token_with("steps:write", party=MAKER))
    for name, everybody, own in (("holders", 3, 1), ("codes", 10, 0)):
        path = f"/v1/recalls/{recall}/{name}.csv"
        assert len(_lines(client.get(path, headers=regulators[1]).text)) == everybody
        assert len(_lines(client.get(path, headers=pharmacy).text)) == own
        assert client.get(path).status_code == 401
    codes = _lines(client.get(f"/v1/recalls/{recall}/codes.csv", headers=maker).text)
    assert len({line["追溯码 code"] for line in codes}) == 10
    assert client.get("/v1/recalls").json()["recalls"][0]["named"] == ["FIELD"]


@pytest.mark.usefixtures("grown")
def test_a_scan_says_recalled_at_once(
    client: TestClient, regulators: tuple[dict[str, str], dict[str, str]]
) -> None:
    recall = client.post("/v1/recalls", json=RECALL, headers=regulators[0]).json()["recall"]
    lines = client.get(f"/v1/recalls/{recall}/codes.csv", headers=regulators[0]).text
    code = _lines(lines)[0]["追溯码 code"]
    told = client.get(f"/v1/codes/{code.replace('-', '')}").json()
    assert told["verdict"]["key"] == "frozen"
    assert any("召回（一级）：农药残留超标" in str(reason) for reason in told["reasons"])


@pytest.mark.usefixtures("grown")
def test_a_mock_recall_freezes_nothing_and_is_on_record(
    client: TestClient, regulators: tuple[dict[str, str], dict[str, str]], token_with: Issue
) -> None:
    maker = _bearer(token_with("steps:write", party=MAKER))
    done = client.post("/v1/drills", json={"lots": ["FIELD"]}, headers=maker)
    assert done.status_code == 201, done.text
    assert (done.json()["packs"], done.json()["holders"]) == (10, 3)
    assert set(done.json()["phases_us"]) == {"lots", "holders", "list"}
    assert client.get("/v1/holds", headers=regulators[0]).json()["holds"] == []
    assert [each["drill"] for each in client.get("/v1/drills", headers=regulators[0]).json()] == [
        done.json()["drill"]
    ]
    assert client.get("/v1/drills", headers=maker).status_code == 403
    assert client.post("/v1/drills", json={"lots": ["NO"]}, headers=maker).status_code == 404
