"""Sales recorded in the trace become weekly trade quotes, and their index stands beside that of the quotes.

Two growers of 安徽 白芍 sell at 亳州 what the market quotes at 40 yuan for 38. Then the quotes rise by a
tenth and nobody pays more.
"""

import re
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.cli.app import DONE, run
from api.index_runs import publish_run
from api.station import Station
from api.tokens import Scope, issue_token
from api.trade_quotes import take_in_week
from tests.api.page_charts import charts, lacking
from tests.journeys.small_city import FIRST_DAY, LAST_DAY, Asked, small_city
from tests.trace.season import COOP, DAY, GROWER, NOON, PLACES, at, lot, step
from trace.places import PlaceNew

STALLS = {"STALL-G": GROWER, "STALL-C": COOP}
PAID = 3_800
"""Fen per kilogram in every sale; the quotes are 4,000 and, from 2025-06-10 on, 4,400."""
EVERY = timedelta(days=14)
"""Every other week there is a market day."""
PRIVATE = 7_654_321
"""What one grower got for another grade, in one deal a market day."""


def season_day(day: date) -> int:
    """A calendar day as a day of the season the steps count in."""
    return (int(datetime(day.year, day.month, day.day, 4, tzinfo=UTC).timestamp() * 1000) - NOON) // DAY


def record(station: Station, stage: str, day: int, place: str, **rest: object) -> None:
    new = step(stage, day, place, **rest)
    station.writer.submit(lambda session: station.recorder.record_step(session, new, at(day + 1)))


def goods(station: Station, stall: str) -> None:
    """A wild harvest of 安徽, dried and graded, brought to the stall."""
    grower = STALLS[stall]
    place = PlaceNew(place_id=stall, name="摊位", party=grower, division="341602", market="bozhou")
    station.writer.submit(lambda session: station.recorder.register_place(session, place, NOON))
    PLACES[stall] = (grower, "341602", "摊位")
    for name, grade in (("A", "统"), ("B", "选")):
        fresh = f"{stall}-{name}-F"
        dried = lot(f"{stall}-{name}", 1_000_000, grade=grade)
        gathered = [lot(fresh, 3_000_000, "白芍")]
        record(station, "gathering", 200, stall, outputs=gathered, fields={"area_name": "东坡"})
        record(
            station, "primary_processing", 201, stall, inputs=[lot(fresh)], outputs=[dried],
            fields={"method": "晒干", "drying": "晒干"},
        )  # fmt: skip


def sell(station: Station) -> None:
    """Each market day four sales of the common grade by two sellers, and one of the other by one of them."""
    for stall in STALLS:
        goods(station, stall)
    day = FIRST_DAY
    while day <= LAST_DAY:
        for minute, (stall, name, fen) in enumerate(
            (
                ("STALL-G", "A", PAID),
                ("STALL-C", "A", PAID),
                ("STALL-G", "A", PAID),
                ("STALL-C", "A", PAID),
                ("STALL-G", "B", PRIVATE),
            )
        ):
            record(
                station, "sale", season_day(day), stall, minute=minute, lots=[lot(f"{stall}-{name}", 4_000)],
                fields={"price_fen_per_kg": fen},
            )  # fmt: skip
        day += EVERY


def take_in_all(station: Station) -> None:
    """The trades of every week with a market day as quotes."""
    day = FIRST_DAY
    while day <= LAST_DAY:
        year, week, _ = day.isocalendar()
        take_in_week(station, f"{year}-W{week:02d}")
        day += EVERY


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """One city with trades for all claims of this file: none of them changes what another reads."""
    with small_city(tmp_path_factory.mktemp("asked")) as opened:
        sell(opened.station)
        take_in_all(opened.station)
        publish_run(opened.station, "herbs", LAST_DAY)
        opened.station.settle()
        yield opened
    for stall in STALLS:
        del PLACES[stall]


@pytest.fixture
def client(asked: Asked) -> TestClient:
    return asked.client


def compared(client: TestClient, **asked_for: str) -> Any:
    answer = client.get(f"/v1/releases/herbs-{LAST_DAY}/comparison", params=asked_for)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_quotes_that_rise_while_nobody_pays_more_stand_above_the_trades(client: TestClient) -> None:
    told = compared(client, level="herb", node="白芍", frequency="day")
    assert (told["base"], told["cells"]) == ("2025-01-01", 1)
    by_day = {each["day"]: each for each in told["points"]}
    early, late = by_day["2025-05-25"], by_day["2025-06-22"]
    assert (early["asked"], early["paid"], early["spread_percent"]) == ("1000.0000", "1000.0000", "0.00")
    assert (late["asked"], late["paid"], late["spread_percent"]) == ("1100.0000", "1000.0000", "10.00")


def test_the_spread_of_prices_is_the_median_over_cells_and_weeks(client: TestClient) -> None:
    prices = compared(client)["prices"]
    assert prices["pairs"] == 13
    assert prices["median_percent"] == f"{100 * (4000 / PAID - 1):.2f}"


def test_coverage_is_of_value_and_names_no_single_seller(client: TestClient) -> None:
    answer = client.get(f"/v1/releases/herbs-{LAST_DAY}/comparison")
    told = answer.json()["coverage"]
    assert [line["market"] for line in told["markets"]] == ["亳州"]
    weeks, grams = 13, 4
    common, private = 4 * weeks * grams * PAID, weeks * grams * PRIVATE
    assert float(told["markets"][0]["cells_percent"]) == pytest.approx(
        100 * common / (common + private), abs=0.01
    )
    assert told["whole"]["herbs_percent"] == "100.00"
    assert str(PRIVATE) not in answer.text
    assert str(PRIVATE // 100) not in answer.text


def test_a_node_without_trades_has_nothing_to_compare(client: TestClient) -> None:
    assert compared(client, level="herb", node="当归")["points"] == []
    assert compared(client, level="herb", node="没有")["points"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("herbs-2020-01-01/comparison", 404),
        (f"herbs-{LAST_DAY}/comparison?frequency=year", 422),
        (f"herbs-{LAST_DAY}/comparison?nodes=all", 422),
    ],
)
def test_what_cannot_be_compared_is_said(client: TestClient, path: str, status: int) -> None:
    answer = client.get(f"/v1/releases/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("language", "words"), [("zh", "成交指数"), ("en", "Transaction index")])
def test_the_page_draws_both_lines_and_has_their_table(client: TestClient, language: str, words: str) -> None:
    page = client.get(f"/index/herbs-{LAST_DAY}/comparison?lang={language}")
    assert page.status_code == 200
    assert words in page.text
    assert len(re.findall('class="series beside"', page.text)) == 2
    [drawn] = charts(page.text)  # as tests/api/test_every_chart.py asks of every other page
    assert lacking(drawn, language) == []
    assert client.get(drawn.csv[0]).headers["content-type"].startswith("text/csv")
    assert "亳州" in page.text
    whole = client.get(f"/index/herbs-{LAST_DAY}?lang={language}").text
    assert f"/index/herbs-{LAST_DAY}/comparison" in whole
    assert client.get("/index/none-2025-01-01/comparison").status_code == 404


def test_a_release_without_trades_says_so_on_its_page(asked: Asked) -> None:
    page = asked.client.get(f"/index/{asked.city.release_id}/comparison")
    assert "没有同时有报价又有成交的报价单元" in page.text


def test_an_unpublished_release_is_compared_with_nothing(client: TestClient) -> None:
    assert client.get("/v1/releases/herbs-2030-01-01/comparison").status_code == 404


def test_the_operator_takes_a_week_in_again_without_a_change(asked: Asked) -> None:
    issued = asked.station.writer.submit(
        lambda session: issue_token(
            session,
            name="desk",
            scopes=frozenset({Scope.OPERATOR}),
            party=None,
            created_ms=asked.station.clock(),
            expires_ms=None,
            randomness=secrets.token_bytes,
        )
    )
    answer = asked.client.post(
        "/v1/quotes/from-trades",
        json={"week": "2025-W09"},
        headers={"Authorization": f"Bearer {issued}"},
    )
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["written"], told["duplicates"]) == (0, 1)
    assert told["few_trades"] == 1


@pytest.mark.parametrize(("language", "words"), [("zh", "同市场同规格"), ("en", "same market and grade")])
def test_the_command_shows_the_same(
    asked: Asked,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    language: str,
    words: str,
) -> None:
    monkeypatch.setenv("DAODI_FOLDER", str(asked.station.settings.folder))
    monkeypatch.setenv("DAODI_LANGUAGE", language)
    monkeypatch.setenv("COLUMNS", "140")
    outcome = run(["index", "comparison", "--family", "herbs"])
    said = capsys.readouterr()
    assert outcome == DONE, said.err
    assert words in said.out
    assert f"+{100 * (4000 / PAID - 1):.2f} %" in said.out
