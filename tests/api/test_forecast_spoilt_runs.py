"""A stored forecast that was altered, or is of another format: said where it is shown, and never a 500."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from priceindex.forecast.track import canonical_rows
from priceindex.forecast.track.track_tables import ForecastSeriesRow
from tests.api.forecast_city import ForecastCity, forecast_city

PAGE = "/index/bozhou/forecast"
NEWEST = "/v1/indices/bozhou/forecast"
EVERYWHERE = (
    "/index/bozhou",
    PAGE,
    f"{PAGE}.csv",
    "/track-record?family=bozhou",
    "/v1/forecasts",
    "/v1/forecasts/bozhou-week-1",
    "/v1/forecasts/bozhou-week-1/rows",
    NEWEST,
    f"{NEWEST}/vintages",
    "/v1/track-record/bozhou",
    "/v1/track-record/bozhou/rows",
)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[ForecastCity]:
    with forecast_city(tmp_path) as made:
        yield made


def forecast_of_no_format(city: ForecastCity, patch: pytest.MonkeyPatch) -> None:
    write = canonical_rows._first

    def older(*given: object) -> str:
        told = json.loads(write(*given))  # type: ignore[arg-type]
        del told["format"]
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    with patch.context() as patched:
        patched.setattr(canonical_rows, "_first", older)
        city.forecast()


def alter(city: ForecastCity) -> None:
    """One digit of the composite's first interval, in the store alone."""

    def write(session: Session) -> None:
        row = session.exec(select(ForecastSeriesRow).where(ForecastSeriesRow.level == "composite")).one()
        told = json.loads(row.told)
        told["quantiles"][0][0] += 1
        row.told = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    city.station.writer.submit(write)


def test_no_address_fails_over_a_run_of_another_format(
    city: ForecastCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    forecast_of_no_format(city, monkeypatch)
    answers = {path: city.client.get(path, params=_asked(path)) for path in EVERYWHERE}
    refused = {path: answer.status_code for path, answer in answers.items() if answer.status_code != 200}
    assert refused == {
        PAGE: 409, f"{PAGE}.csv": 409, "/v1/forecasts/bozhou-week-1": 409, NEWEST: 409
    }  # fmt: skip
    assert "格式" in answers[PAGE].text
    assert len(answers["/v1/track-record/bozhou"].json()["faults"]) == 1
    vintages = answers[f"{NEWEST}/vintages"].json()
    assert (vintages["vintages"], len(vintages["unreadable"])) == ([], 1)


def _asked(path: str) -> dict[str, str]:
    return {} if "?" in path else {"lang": "zh"}


def test_a_run_that_is_as_the_log_holds_it_has_no_faults(city: ForecastCity) -> None:
    city.forecast()
    assert city.client.get(NEWEST).json()["faults"] == []
    assert city.client.get("/v1/forecasts/bozhou-week-1").json()["faults"] == []
    assert city.client.get(f"{NEWEST}/vintages").json()["vintages"][0]["faults"] is None
    assert "与账本不符" not in city.client.get(PAGE, params={"lang": "zh"}).text


def test_an_altered_run_is_said_to_be_where_it_is_shown_and_nothing_vouches_for_it(
    city: ForecastCity,
) -> None:
    city.forecast()
    honest = city.client.get(PAGE, params={"lang": "zh"}).text
    alter(city)
    for path in (NEWEST, "/v1/forecasts/bozhou-week-1"):
        [fault] = city.client.get(path, params={"lang": "en"}).json()["faults"]
        assert "the rows of forecast bozhou-week-1 have the digest" in fault
    for path in (PAGE, "/index/bozhou"):
        assert "这份存储的预测与账本不符" in city.client.get(path, params={"lang": "zh"}).text
    assert "href" in entry_of(honest)
    altered = entry_of(city.client.get(PAGE, params={"lang": "zh"}).text)
    assert ("href" in altered, "与账本不符" in altered) == (False, True)
    assert city.client.get(f"{PAGE}.csv").status_code == 409


def entry_of(told: str) -> str:
    """What the page says of the run's place in the log."""
    return told.partition("<dt>账本条目</dt>")[2].partition("</dd>")[0]


def test_a_week_without_a_forecast_is_told_on_the_page_of_the_record(city: ForecastCity) -> None:
    city.forecast()
    city.reach(date(2025, 5, 9))
    city.reach(date(2025, 5, 16))
    assert city.client.get("/v1/track-record/bozhou").json()["unforecast"] == ["2025-05-09"]
    told = city.client.get("/track-record", params={"family": "bozhou", "lang": "zh"}).text
    assert "有发布而没有作预测的起点" in told
