"""Outside regressors handed in: kept by the digest the run names, and read back to make it again."""

import base64
import hashlib
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.forecasting import code_version, make_forecast
from api.index_runs import publish_run
from api.regressor_files import path_of
from api.settings import Settings, load_settings
from api.station import Station
from api.warm_fits import WarmFits
from priceindex import archive
from priceindex.errors import StatementDiffers
from priceindex.forecast.method import forecast_method
from priceindex.forecast.track.reading import told
from priceindex.forecast.track.verification import ForecastVerification, Recomputation, verify
from tests.api.conftest import HOST, ON_BOTH_DATABASES
from tests.api.private_station import bearer
from tests.api.test_forecast_routes import MADE_MS, THROUGH, quoted
from tests.api.two_vintages import FIRST_DAY, take_in

Issue = Callable[..., str]


@pytest.fixture
def settings(tmp_path: Path, service_url: str) -> Settings:
    """A service that fits models."""
    return load_settings(
        folder=tmp_path / "service",
        database_url=service_url,
        origin=f"{HOST}/log",
        base_url=f"https://{HOST}",
        trusted_hosts=(HOST,),
        database_pool=8,
        forecast_fit=True,
    )


@pytest.fixture
def begun(station: Station) -> Station:
    """Half a year of quotes and their release."""
    station.clock = lambda: MADE_MS
    take_in(station, quoted(THROUGH))
    publish_run(station, "bozhou", THROUGH)
    station.settle()
    return station


def table(days: int, name: str = "rain") -> bytes:
    """A value a day from the first quote until so many days after the last one, all known beforehand."""
    last = (THROUGH - FIRST_DAY).days + days
    lines = (f"{name},{FIRST_DAY + timedelta(days=each)},{each % 23 / 7},2024-12-31" for each in range(last))
    return "\n".join(["name,period,value,known", *lines]).encode() + b"\n"


WHOLE = table(200)
EDITED = "update price_archive set body = :body where shape = 'regressors'"
KEPT = "select count(*) from price_archive where shape = 'regressors'"


def asked(body: bytes | None, frequency: str = "week") -> dict[str, object]:
    told: dict[str, object] = {"family": "bozhou", "frequency": frequency}
    return told if body is None else {**told, "regressors": base64.b64encode(body).decode()}


def verified(station: Station, name: str) -> ForecastVerification:
    with station.database.read() as session:
        return verify(session, name, forecast_method(), code_version(), station.fits.forecaster())


def spoil(station: Station, words: str, **values: object) -> None:
    station.writer.submit(lambda session: session.connection().execute(text(words), values))


@ON_BOTH_DATABASES
def test_regressors_are_kept_by_the_digest_the_run_names_and_read_back_to_make_it_again(
    begun: Station, client: TestClient, token_with: Issue
) -> None:
    holder = bearer(token_with("index:publish"))
    made = client.post("/v1/forecasts", json=asked(WHOLE), headers=holder)
    assert made.status_code == 201, made.text
    begun.settle()
    digest = hashlib.sha256(WHOLE).hexdigest()
    whole = client.get(made.headers["location"]).json()
    assert (whole["regressors_digest"], whole["fitted"]) == (digest, True)
    assert digest.encode() in client.get(f"{made.headers['location']}/rows").content
    with begun.database.read() as session:
        assert archive.body(session, digest) == WHOLE
    again = client.post("/v1/forecasts", json=asked(WHOLE), headers=holder)
    assert (again.status_code, again.json()["new"]) == (200, False)
    other = client.post("/v1/forecasts", json=asked(table(201)), headers=holder)
    assert (other.status_code, other.json()["type"].rpartition("/")[2]) == (409, "forecast-stands")
    found = verified(begun, whole["id"])
    assert (found.faults, found.recomputation) == ((), Recomputation.DONE)
    assert found.values > 0


@ON_BOTH_DATABASES
def test_regressors_that_were_edited_or_lost_are_told_by_the_verification(begun: Station) -> None:
    name = make_forecast(begun, "bozhou", "month", WHOLE).forecast.forecast_id
    begun.settle()
    assert verified(begun, name).ok
    spoil(begun, EDITED, body=zlib.compress(table(199)))
    [fault] = verified(begun, name).faults
    assert isinstance(fault, StatementDiffers)
    spoil(begun, EDITED, body=b"no zlib")
    assert [type(each) for each in verified(begun, name).faults] == [StatementDiffers]
    spoil(begun, "delete from price_archive where shape = 'regressors'")
    assert verified(begun, name).recomputation is Recomputation.REGRESSORS


def test_regressors_that_fall_short_or_cannot_be_read_are_refused_and_nothing_is_kept(
    begun: Station, client: TestClient, token_with: Issue
) -> None:
    holder = bearer(token_with("index:publish"))
    for body, said in ((table(60), "2025-09-05"), (b"name,value\nrain,1\n", "period")):
        refused = client.post("/v1/forecasts?lang=en", json=asked(body), headers=holder)
        assert refused.status_code == 422, refused.text
        assert said in refused.text
    broken = client.post("/v1/forecasts", json={**asked(None), "regressors": "…"}, headers=holder)
    assert broken.status_code == 422
    assert client.get("/v1/forecasts").json()["forecasts"] == []
    with begun.database.read() as session:
        assert session.connection().execute(text(KEPT)).scalar_one() == 0


def test_a_table_laid_out_is_used_unasked_and_left_out_where_it_falls_short(begun: Station) -> None:
    laid = path_of(begun.settings, "bozhou")
    laid.parent.mkdir()
    laid.write_bytes(table(100))  # reaches twelve weeks ahead, not six months
    week, month = (make_forecast(begun, "bozhou", each).forecast for each in ("week", "month"))
    begun.settle()
    assert all(verified(begun, each.forecast_id).ok for each in (week, month))
    with begun.database.read() as session:
        used = [told(session, each.forecast_id).regressors_sha256 for each in (week, month)]
    assert used == [hashlib.sha256(table(100)).hexdigest(), ""]
    assert not make_forecast(begun, "bozhou", "week").new


def test_regressors_need_the_fitted_models(begun: Station, client: TestClient, token_with: Issue) -> None:
    begun.fits = WarmFits(0)
    answer = client.post("/v1/forecasts", json=asked(WHOLE), headers=bearer(token_with("index:publish")))
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "fits-switched-off")
