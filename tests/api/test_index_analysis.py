"""The analysis as served: trades beside the published index, and no deal that can be told apart."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.cli.app import DONE, MISUSED, run
from api.index_runs import publish_run
from api.station import Station
from tests.journeys.small_city import LAST_DAY, Asked, small_city
from tests.trace.season import at, lot, step
from trace.turnover import turnover

FIRST_SALE = 310
"""Day of the season: 2025-01-05."""
MONTHS = 6
PRICES = (4000, 4000, 4000, 4400, 4400, 4400)
"""Fen per kilogram of 白芍, by month from January 2025 on; the quotes rise in June only."""
PRIVATE = 9_876_543
"""What one seller got for another grade, in two deals a month."""


def sell(station: Station) -> None:
    """Two sellers sell 白芍 three times a month; one of them sells another grade twice a month."""
    record(station, "opening", 300, "WORKS", outputs=[stock("M", "统"), stock("SECRET", "选")])
    record(station, "opening", 300, "COUNTER", outputs=[stock("P", "统")])
    for month, price in enumerate(PRICES):
        day = FIRST_SALE + 30 * month
        for minute, (place, goods, fen) in enumerate(
            (
                ("WORKS", "M", price),
                ("WORKS", "M", price),
                ("COUNTER", "P", price),
                ("WORKS", "SECRET", PRIVATE),
                ("WORKS", "SECRET", PRIVATE),
            )
        ):
            fields = {"price_fen_per_kg": fen}
            record(station, "sale", day, place, minute=minute, lots=[lot(goods, 5_000)], fields=fields)
    station.settle()


def stock(name: str, grade: str) -> dict[str, Any]:
    return lot(name, 1_000_000, "白芍", grade) | {"form": "slice"}


def record(station: Station, stage: str, day: int, place: str, **rest: object) -> None:
    new = step(stage, day, place, **rest)
    station.writer.submit(lambda session: station.recorder.record_step(session, new, at(day + 1)))


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """One city with trades for all claims of this file: none of them changes what another reads."""
    with small_city(tmp_path_factory.mktemp("city")) as opened:
        sell(opened.station)
        publish_run(opened.station, "herbs", LAST_DAY)
        opened.station.settle()
        yield opened


@pytest.fixture
def client(asked: Asked) -> TestClient:
    return asked.client


def test_traded_prices_stand_beside_the_published_index(client: TestClient) -> None:
    told = client.get("/v1/analysis?family=herbs").json()
    assert told["scaled_in"] == "2025-01-01"
    assert [each["month"] for each in told["months"]] == [f"2025-0{month}-01" for month in range(1, 7)]
    base = float(told["months"][0]["headline"])
    moved = [base * price / PRICES[0] for price in PRICES]
    for name in ("ccdi", "gk", "wtpd"):
        assert [float(each[name]) for each in told["months"]] == pytest.approx(moved, abs=1e-4)
    gaps = [float(each["gap_percent"]) for each in told["months"][:5]]
    assert gaps == pytest.approx([0, 0, 0, 10, 10], abs=1e-3)


def test_deals_of_one_seller_are_left_out_and_told_nowhere(client: TestClient) -> None:
    answer = client.get("/v1/analysis?family=herbs&window=13")
    told = answer.json()
    assert [each["cells"] for each in told["months"]] == [1] * MONTHS
    assert told["withheld"] == MONTHS
    assert told["settings"]["least_trades"] == "3"
    assert told["settings"]["least_sellers"] == "2"
    assert str(PRIVATE) not in answer.text
    assert str(PRIVATE // 100) not in answer.text


def test_an_analysis_is_computed_once_for_a_release(client: TestClient) -> None:
    first, second = (client.get("/v1/analysis?family=herbs").json() for _ in range(2))
    assert first["computed"] == second["computed"]
    assert len(first["input_sha256"]) == 64
    other = client.get("/v1/analysis?family=herbs&window=13").json()
    assert other["input_sha256"] != first["input_sha256"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("family=none", 404),
        ("family=bozhou", 409),
        ("family=herbs&window=12", 422),
        ("", 422),
        ("family=herbs-turnover", 409),
    ],
)
def test_what_cannot_be_analysed_is_said(client: TestClient, query: str, status: int) -> None:
    """`bozhou` has no trade at its market, `herbs-turnover` no release, 12 months are no window."""
    answer = client.get(f"/v1/analysis?{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_sum_says_how_many_parties_sold(asked: Asked) -> None:
    with asked.station.database.read() as session:
        found = {
            line.grade: (line.sales, line.sellers)
            for line in turnover(session, asked.station.vault, at(FIRST_SALE - 5), at(FIRST_SALE + 5))
        }
    assert found == {"统": (3, 2), "选": (2, 1)}


@pytest.mark.parametrize(("language", "words"), [("zh", "成交与指数"), ("en", "trades and index")])
def test_the_command_shows_the_same_months(
    asked: Asked,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    language: str,
    words: str,
) -> None:
    monkeypatch.setenv("DAODI_FOLDER", str(asked.station.settings.folder))
    monkeypatch.setenv("DAODI_LANGUAGE", language)
    monkeypatch.setenv("COLUMNS", "120")
    outcome = run(["index", "analysis", "--family", "herbs", "--window", "13"])
    said = capsys.readouterr()
    assert outcome == DONE, said.err
    assert words in said.out
    told = asked.client.get("/v1/analysis?family=herbs&window=13").json()
    assert all(f"{float(month['ccdi']):.2f}" in said.out for month in told["months"])
    assert told["input_sha256"] in said.out
    assert str(PRIVATE) not in said.out + said.err


def test_a_window_of_another_length_is_a_misuse(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DAODI_FOLDER", str(asked.station.settings.folder))
    assert run(["index", "analysis", "--window", "12"]) == MISUSED
    assert "--window" in capsys.readouterr().err
