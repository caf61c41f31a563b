"""One node fitted on demand: every model beside naive, marked as an analysis, computed once for a release."""

from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api import opened_series
from api.index_runs import publish_run
from api.settings import Settings, load_settings
from api.station import Station
from api.warm_fits import WarmFits
from api.web.kept import Kept
from priceindex.calendar import day_number
from tests.api.conftest import HOST
from tests.api.test_forecast_routes import MADE_MS, THROUGH, quoted
from tests.api.two_vintages import take_in

READ = "/v1/forecasts/bozhou/fitted"
HERB = {"level": "herb", "node": "白芍"}


@pytest.fixture
def settings(tmp_path: Path, service_url: str) -> Settings:
    """A service that fits models."""
    return load_settings(
        folder=tmp_path / "service",
        database_url=service_url,
        origin=f"{HOST}/log",
        base_url=f"https://{HOST}",
        trusted_hosts=(HOST,),
        forecast_fit=True,
    )


@pytest.fixture
def begun(station: Station, monkeypatch: pytest.MonkeyPatch) -> Station:
    """Half a year of quotes and their release, and nothing kept of other tests."""
    monkeypatch.setattr(opened_series, "_KEPT", Kept(limit=4))
    station.clock = lambda: MADE_MS
    take_in(station, quoted(THROUGH))
    publish_run(station, "bozhou", THROUGH)
    station.settle()
    return station


def test_a_herb_is_fitted_by_every_model_and_told_to_be_an_analysis(
    begun: Station, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = client.get(READ, params={**HERB, "lang": "en"})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["published"], found["name"], found["origin_day"]) == (False, "白芍", "2025-06-27")
    assert "not in the track record" in found["note"]
    lines = {each["model"]: each for each in found["models"]}
    assert next(iter(lines)) == "naive"
    assert {"drift", "fitted_theta", "fitted_ets", "fitted_components", "weighted"} <= lines.keys()
    assert [float(each) for each in lines["naive"]["values"]] == [float(found["origin_value"])] * 12
    naive, drift = by_hand(fridays(client), 3)
    assert float(lines["naive"]["error"][2]) == pytest.approx(naive, abs=1e-4)
    assert float(lines["drift"]["error"][2]) == pytest.approx(drift, abs=1e-4)
    assert float(lines["drift"]["relative_mae"][2]) == pytest.approx(drift / naive, abs=1e-3)
    assert [each["step"] for each in found["gate"]] == list(range(1, 13))
    assert client.get("/v1/forecasts").json()["forecasts"] == []
    assert client.get("/v1/track-record/bozhou").json()["runs"] == 0
    switch_off_fits(begun)  # what is kept is answered
    assert client.get(READ, params={**HERB, "lang": "en"}).json() == found
    monkeypatch.setattr(opened_series, "MOST_SECONDS", 0.0)
    assert client.get(READ, params=HERB).status_code == 200


def test_what_cannot_be_fitted_says_why(
    begun: Station, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for asked, status, kind in (
        ({"level": "herb", "node": "人参"}, 404, "unknown-node"),
        ({"level": "market", "node": "亳州"}, 404, "unknown-node"),
        ({"levels": "herb"}, 422, "field-wrong"),
    ):
        answer = client.get(READ, params=asked)
        assert answer.status_code == status, answer.text
        assert kind == answer.json()["type"].rpartition("/")[2]
    assert client.get("/v1/forecasts/yulin/fitted").status_code == 409
    assert client.get("/v1/forecasts/nowhere/fitted").status_code == 404
    monkeypatch.setattr(opened_series, "MOST_SECONDS", 0.0)
    late = client.get(READ, params={**HERB, "lang": "en"})
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (503, "fit-takes-too-long")
    switch_off_fits(begun)
    assert client.get(READ, params=HERB).status_code == 409


def switch_off_fits(station: Station) -> None:
    """Let nothing be fitted any more; the processes that did end here: the station forgets them."""
    station.fits.close()
    station.fits = WarmFits(0)


def fridays(client: TestClient) -> list[float]:
    """The herb's published values on Fridays."""
    told = client.get("/v1/indices/bozhou/values", params={**HERB, "frequency": "day"}).json()["values"]
    return [
        float(each["value"])
        for each in told
        if day_number(date.fromisoformat(each["period"])) % 7 == 1 and each["value"] is not None
    ]


def by_hand(values: list[float], step: int) -> tuple[float, float]:
    """Mean errors of naive and of drift at a step, over the newest 26 origins from the third value on."""
    naive, drift = [], []
    for origin in range(2, len(values) - step):
        now, came = values[origin], values[origin + step]
        slope = (now - values[0]) / origin
        naive.append(abs(came - now) / now)
        drift.append(abs(came - now - step * slope) / now)
    return sum(naive[-26:]) / len(naive[-26:]), sum(drift[-26:]) / len(drift[-26:])


def test_the_forecast_page_leads_to_the_models_side_by_side(begun: Station, client: TestClient) -> None:
    begun.make_forecast("bozhou", "month")
    whole = {**HERB, "frequency": "month", "lang": "en"}
    assert "/index/bozhou/fitted" in client.get("/index/bozhou/forecast", params=whole).text
    short = client.get("/index/bozhou/fitted", params=whole)
    assert short.status_code == 200, short.text
    for said in ("An analysis, not a published forecast", "too little history", "too short"):
        assert said in short.text
    assert client.get("/index/bozhou/fitted", params={"level": "herb", "node": "人参"}).status_code == 404
    assert client.get("/index/nowhere/fitted").status_code == 404
