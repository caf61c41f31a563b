"""Weights entered from outside: over HTTP or from a file, named in the release and in the log."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.cli.app import DONE, REFUSED, run
from api.station import Station
from ledger import log
from ledger.canonical import canonical
from priceindex import service
from tests.api.private_station import bearer
from tests.journeys.small_city import load

ENTERED = {
    "family": "herbs-entered",
    "source": "某协会 2024 年成交统计",
    "first": "2024-01-01",
    "last": "2024-12-31",
    "effective": "2025-01-01",
    "lines": [
        {"herb": "白芍", "grade": "统", "fen": 300},
        {"herb": "茯苓", "grade": "丁", "fen": 100},
    ],
}


@pytest.fixture
def publisher(token_with: Callable[..., str]) -> dict[str, str]:
    """Headers of who may publish."""
    return bearer(token_with("index:publish"))


def test_a_set_is_entered_once_read_back_and_stated_in_the_log(
    station: Station, client: TestClient, publisher: dict[str, str]
) -> None:
    made = client.post("/v1/weight-sets", json=ENTERED, headers=publisher)
    assert made.status_code == 201, made.text
    told = made.json()
    members = {name: ENTERED[name] for name in ("family", "source", "first", "last", "effective")}
    lines = [["白芍", "统", 300], ["茯苓", "丁", 100]]
    whole = canonical(json.loads(json.dumps({**members, "rule": "entered", "grades": 2, "lines": lines})))
    assert told["sha256"] == hashlib.sha256(whole).hexdigest()
    assert client.get("/v1/weight-sets?family=herbs-entered").json()["weight_sets"] == [told]
    again = client.post("/v1/weight-sets", json=ENTERED, headers=publisher)
    assert again.status_code == 409
    station.settle()
    with station.database.read() as session:
        found = log.find(session, "weights.entered:herbs-entered-2025-01-01")
    assert found is not None
    assert found.entry.statement.public["sha256"] == told["sha256"]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"family": "bozhou"}, id="a family of equal shares"),
        pytest.param({"effective": "2025-01-02"}, id="not the first of a month"),
        pytest.param({"first": "2025-01-01"}, id="a period upside down"),
        pytest.param({"lines": [{"herb": "白芍", "grade": "统", "fen": 0}]}, id="nothing weighs anything"),
        pytest.param({"lines": [{"herb": "白芍", "grade": "统", "fen": -1}]}, id="a negative weight"),
        pytest.param({"source": ""}, id="no source"),
        pytest.param({"source": "a\u202eb"}, id="a hidden sign in the source"),
    ],
)
def test_a_set_that_cannot_weigh_or_names_no_source_is_refused(
    client: TestClient, publisher: dict[str, str], changed: dict[str, object]
) -> None:
    assert client.post("/v1/weight-sets", json=ENTERED | changed, headers=publisher).status_code == 422
    assert client.get("/v1/weight-sets").json() == {"weight_sets": [], "next": None}


def test_a_release_is_weighed_by_the_set_and_says_whose_it_is(
    station: Station, client: TestClient, publisher: dict[str, str]
) -> None:
    load(station)
    wish = {"family": "herbs-entered"}
    refused = client.post("/v1/releases", json=wish, headers=publisher)
    assert refused.status_code == 422, refused.text
    cells = client.get("/v1/quotes?limit=200").json()["quotes"]
    grades = sorted({(quote["herb"], quote["grade"]) for quote in cells})
    lines = [{"herb": herb, "grade": grade, "fen": 100 + at} for at, (herb, grade) in enumerate(grades)]
    entered = client.post("/v1/weight-sets", json=ENTERED | {"lines": lines}, headers=publisher)
    assert entered.status_code == 201, entered.text
    made = client.post("/v1/releases", json=wish, headers=publisher)
    assert made.status_code == 201, made.text
    with station.database.read() as session:
        found = service.release(session, made.json()["id"])
    assert found.summary.weights == "entered: 某协会 2024 年成交统计, 2024-01-01/2024-12-31"


def test_weights_are_entered_from_a_file_in_the_trades_own_encoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "service"))
    assert run(["init"]) == DONE, capsys.readouterr().err
    file = tmp_path / "weights.csv"
    file.write_bytes("药材,规格,金额分\n白芍,统,300\n茯苓,丁,100\n".encode("gb18030"))
    enter = ["index", "weights", "enter", str(file), "--source", "某协会", "--first", "2024-01-01"]
    enter += ["--last", "2024-12-31", "--effective", "2025-01-01"]
    assert run(enter) == DONE, capsys.readouterr().err
    assert run(["index", "weights", "list"]) == DONE
    assert "某协会" in capsys.readouterr().out
    assert run(enter) == REFUSED
    file.write_text("药材,规格,金额分\n白芍,统,三百\n", encoding="utf-8")
    assert run([*enter[:-1], "2025-02-01"]) == REFUSED
