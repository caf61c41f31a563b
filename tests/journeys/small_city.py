"""A small city for journeys and route tests: one season of 白芍 and half a year of quotes.

Prices are made up for the test: 白芍 stands still and then rises by a tenth, 当归 falls by a fifth.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from starlette.testclient import TestClient

from api.app import create_app
from api.founding import found
from api.index_runs import publish_run
from api.quoted_names import known_names
from api.settings import load_settings
from api.station import Station
from priceindex.intake.taking_in import take_in_body
from tests.trace.season import register_all, white_peony

FIRST_DAY = date(2025, 1, 1)
LAST_DAY = date(2025, 6, 30)
RISE, FALL = date(2025, 6, 10), date(2025, 6, 20)


@dataclass(frozen=True, slots=True)
class SmallCity:
    """What the tests need to know of it."""

    codes: tuple[str, ...]
    """Twenty activated codes of one packing of lot YP-1."""
    release_id: str
    sold_statement: str
    """Statement of the last step, a sale."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A station with the city in it, and a client of its application."""

    station: Station
    client: TestClient
    city: SmallCity


@contextmanager
def small_city(folder: Path, database_url: str | None = None) -> Iterator[Asked]:
    """Found a service, on SQLite unless asked, load the city and answer in process; threads do not run."""
    settings = load_settings(
        database_url=database_url,
        folder=folder / "service",
        origin="city.example/log",
        base_url="http://city.example",
        trusted_hosts=("city.example",),
        scan_rate="100000/minute",
        unknown_code_rate="100000/minute",
    )
    found(settings)
    with Station.open(settings, background=False) as station:
        client = TestClient(create_app(station), base_url=settings.base_url, raise_server_exceptions=False)
        with client:
            yield Asked(station, client, load(station))


def load(station: Station) -> SmallCity:
    """Register, record, quote, publish; everything is in the log afterwards."""
    station.writer.submit(lambda session: register_all(session, station.recorder))
    codes: list[str] = []
    statement = ""
    for new, at_ms in white_peony():
        recorded = station.writer.submit(
            lambda session, new=new, at_ms=at_ms: station.recorder.record_step(session, new, at_ms)
        )
        codes += recorded.codes
        statement = recorded.statement_id
    body = quotes_csv().encode()
    station.writer.submit(
        lambda session: take_in_body(
            session, body, "quotes.csv", "fair", station.clock(), known=known_names(), proceed=False
        )
    )
    release = publish_run(station, "bozhou", LAST_DAY)
    station.settle()
    return SmallCity(tuple(codes), release.release_id, statement)


def quotes_csv() -> str:
    """A quote a day of two herbs at 亳州, in yuan per kilogram."""
    lines = ["herb,spec,origin,market,date,price_yuan_per_kg"]
    for number in range((LAST_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=number)
        lines.append(f"白芍,统,安徽,亳州,{day},{'44.0' if day >= RISE else '40.0'}")
        lines.append(f"当归,统,甘肃,亳州,{day},{'80.0' if day >= FALL else '100.0'}")
    return "\n".join(lines) + "\n"
