"""Seasonal analysis and grade ratios as programs and people read them."""

import dataclasses
import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.index_runs import publish_run
from api.quoted_names import known_names
from api.station import Station
from priceindex.intake.taking_in import take_in
from priceindex.quotes import Quote
from tests.api.conftest import NOW_MS, ON_BOTH_DATABASES
from tests.priceindex.seasonal.test_traded_seasons import sold

FIRST = datetime.date(2023, 8, 15)
MONTHS = 26
PUBLISHED = MONTHS - 1
"""A month is published when it is over."""
SEASON = [1.0, 0.9, 0.8, 0.85, 0.95, 1.05, 1.2, 1.3, 1.4, 1.2, 1.1, 1.05]


def price(month: int) -> int:
    """A herb with a season, dearer by a tenth in its second year and by a fifth in its third."""
    return round(10_000 * SEASON[month % 12] * (1 + month // 12 * 0.1))


def quotes() -> list[Quote]:
    """Two grades of a herb, the second always half dearer, and another herb: each month on the 15th."""
    found = []
    for month in range(MONTHS):
        number = FIRST.year * 12 + FIRST.month - 1 + month
        day = datetime.date(number // 12, number % 12 + 1, FIRST.day)
        for herb, grade, factor in (("白芍", "统", 2), ("白芍", "选", 3), ("白术", "统", 4)):
            fen = price(month) * factor // 2
            found.append(
                Quote(
                    herb=herb,
                    grade=grade,
                    origin="安徽",
                    market="亳州",
                    day=day,
                    fen_per_kg=fen,
                    source="fair",
                )
            )
    return found


@pytest.fixture
def published(station: Station) -> Station:
    """A station with 26 months of quotes and one release."""
    station.writer.submit(
        lambda session: take_in(session, quotes(), "fair", NOW_MS - 1000, known=known_names())
    )
    publish_run(station, "bozhou", None)
    return station


@ON_BOTH_DATABASES
def test_a_published_herb_is_told_over_a_year_and_over_rolling_years(
    published: Station,  # noqa: ARG001  what is read
    client: TestClient,
) -> None:
    answer = client.get("/v1/seasonal?family=bozhou&level=herb&node=白芍&lang=zh")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    months = told["months"]
    assert (told["name"], told["release"], len(months)) == ("白芍", "bozhou-2025-09-15", PUBLISHED)
    assert (months[0]["month"], months[-1]["month"]) == ("2023-08-01", "2025-08-01")
    assert [month["year_over_year"] for month in months[:12]] == [None] * 12
    assert {month["year_over_year"] for month in months[12:24]} == {"1.1000"}
    assert {month["matched_year_over_year"] for month in months[12:24]} == {"1.1000"}
    assert {month["matched_cells"] for month in months[12:]} == {2}
    assert (months[11]["rolling_year"], months[23]["rolling_year"]) == ("1.0000", "1.1000")


def test_a_node_without_monthly_values_is_a_problem(
    published: Station,  # noqa: ARG001  what is read
    client: TestClient,
) -> None:
    for query in ("family=bozhou&level=herb&node=当归", "family=nowhere", "family=herbs"):
        answer = client.get(f"/v1/seasonal?{query}")
        assert answer.status_code == 404, query
    assert client.get("/v1/seasonal?family=bozhou&levels=herb").status_code == 422
    assert client.get("/v1/seasonal").status_code == 422


def test_nothing_is_told_before_it_was_public(
    published: Station,  # noqa: ARG001  what is read
    client: TestClient,
) -> None:
    answer = client.get("/v1/seasonal?family=bozhou&as_of=2025-10-08T00:00:00Z")
    assert answer.status_code == 404


def test_the_ratio_of_two_grades_is_told_by_market_and_month(
    published: Station,  # noqa: ARG001  what is read
    client: TestClient,
) -> None:
    told = client.get("/v1/grade-ratios?herb=白芍&months=2").json()
    assert (told["window_months"], told["cap"]) == (12, "0.05")
    assert told["pairs"] == [
        {
            "market": "亳州",
            "grade": "统",
            "other": "选",
            "months": [
                {"month": "2025-08-01", "ratio": "1.5000", "matched": 12, "capped": False},
                {"month": "2025-09-01", "ratio": "1.5000", "matched": 12, "capped": False},
            ],
        }
    ]
    assert client.get("/v1/grade-ratios?herb=白芍&market=安国").json()["pairs"] == []
    assert client.get("/v1/grade-ratios?herb=白芍&as_of=2023-01-01T00:00:00Z").json()["pairs"] == []


@pytest.mark.parametrize(
    "query", ["", "herb=", "herb=白芍&months=0", "herb=白芍&months=121", "herb=白芍&x=1"]
)
def test_a_question_about_ratios_that_cannot_be_meant_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/v1/grade-ratios?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_trades_of_less_than_a_year_have_no_season(
    published: Station,  # noqa: ARG001  what is read
    client: TestClient,
) -> None:
    answer = client.get("/v1/seasonal/trades?family=bozhou")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "too-short-for-seasons")
    assert client.get("/v1/seasonal/trades?family=herbs").status_code == 409
    assert client.get("/v1/seasonal/trades?family=nowhere").status_code == 404


def test_traded_seasons_are_told_without_the_sums_few_stand_behind(
    published: Station,  # noqa: ARG001  what is read
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = sold()
    sellers = whole.sellers.copy()
    strawberries = [cell.startswith("strawberries") for cell in whole.cell]
    sellers[strawberries] = 1
    few = dataclasses.replace(whole, sellers=sellers)
    monkeypatch.setattr("api.index_seasons.sold_months", lambda *_: few)
    told = client.get("/v1/seasonal/trades?family=bozhou").json()
    assert [month["month"] for month in told["months"]][::47] == ["1970-01-01", "1973-12-01"]
    assert {month["cells"] for month in told["months"]} == {3, 4}
    assert told["withheld"] == sum(strawberries)
    assert told["months"][11]["seasonal_basket"] == "1.0000"
    assert told["months"][10]["rolling_year"] is None


# -- the command line -------------------------------------------------------------------------


@pytest.fixture
def quoted(told: Callable[..., str], tmp_path: Path) -> Callable[..., str]:
    """The command line of a service with fourteen months of quotes and a release."""
    lines = ["品名,规格,产地,市场,日期,价格"]
    lines += [
        f"{one.herb},{one.grade},{one.origin},{one.market},{one.day},{one.fen_per_kg / 100:.2f}"
        for one in quotes()[:42]
    ]
    file = tmp_path / "quotes.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    told("import", "quotes", str(file), "--source", "fair")
    told("index", "publish")
    return told


def test_people_read_the_same_at_the_command_line(quoted: Callable[..., str]) -> None:
    english = quoted("--language", "en", "index", "seasonal", "--level", "herb", "--node", "白芍")
    assert "+10.00 %" in english
    assert "2024-08" in english
    assert "同比" in quoted("--language", "zh", "index", "seasonal")
    assert "1.5000" in quoted("--language", "en", "index", "grade-ratios", "白芍")
    assert quoted("--language", "en", "index", "grade-ratios", "当归") == ""


def test_a_level_that_is_none_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    from api.cli.app import MISUSED, run

    assert run(["--language", "en", "index", "seasonal", "--level", "month"]) == MISUSED
    assert "composite" in capsys.readouterr().err
