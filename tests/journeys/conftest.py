"""A real server and a real browser: uvicorn on a loopback port, Chromium without a window."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from api.station import Station
from tests.api.laid_tables import laid_once  # noqa: F401  holds for every test of this folder
from tests.journeys.serving import serving
from tests.journeys.small_city import SmallCity, load
from tests.journeys.town import REGULATOR, Calendar, Town
from tests.own_database import own_database

ON_BOTH_DATABASES = pytest.mark.parametrize(
    "town", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
"""Marks a journey that is made in a town on SQLite and in one on PostgreSQL."""
SCAN_PLACES = """first,last,division
192.0.2.0,192.0.2.255,110105
198.51.100.0,198.51.100.255,310101
203.0.113.0,203.0.113.255,440104
"""
"""The networks kept for examples (RFC 5737), said to be those of Beijing, Shanghai and Guangzhou."""
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


@dataclass(frozen=True, slots=True)
class Service:
    """A running service, its address and what is recorded in it."""

    base: str
    station: Station
    city: SmallCity

    def scan_page(self, number: int = 0) -> str:
        return f"{self.base}/s/{self.city.codes[number]}"


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql_redis", marks=[pytest.mark.postgresql, pytest.mark.redis])],
)
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service on SQLite alone, then on PostgreSQL with Redis, each with the small city in it."""
    folder = tmp_path_factory.mktemp("service")
    if request.param == "sqlite":
        yield from _running(folder, None, None)
        return
    redis_url = request.getfixturevalue("redis_url")
    with own_database(request.getfixturevalue("postgresql_server"), "journeys") as address:
        yield from _running(folder, address, redis_url)


def _running(folder: Path, database_url: str | None, redis_url: str | None) -> Iterator[Service]:
    with serving(
        folder,
        database_url=database_url,
        redis_url=redis_url,
        scan_rate="100000/minute",
        unknown_code_rate="100000/minute",
    ) as station:
        city = load(station)
        yield Service(station.settings.base_url, station, city)


@pytest.fixture(scope="module", params=["sqlite"])
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town with nobody in it but the regulator, on the first day of 2022; on SQLite unless asked."""
    folder, calendar = tmp_path_factory.mktemp("town"), Calendar("2022-01-01 08:00")
    with ExitStack() as stack:
        address = None
        if request.param == "postgresql":
            address = stack.enter_context(own_database(request.getfixturevalue("postgresql_server"), "town"))
        places = folder / "places.csv"
        places.write_text(SCAN_PLACES, encoding="utf-8")
        station = stack.enter_context(
            serving(folder, clock=calendar, database_url=address, scan_places_file=places)
        )
        # A connection is given up before the server closes it (uvicorn: after five seconds).
        kept = httpx.Limits(keepalive_expiry=2)
        base = station.settings.base_url
        client = stack.enter_context(httpx.Client(base_url=base, trust_env=False, timeout=30, limits=kept))
        opened = Town(station, calendar, client)
        opened.join(REGULATOR)
        yield opened


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium as the machine has it, else Playwright's own; ended with the module.

    Not the plugin's fixture of the same kind: that one keeps an event loop running for the whole session.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A consumer's phone, set to Chinese."""
    context = chromium.new_context(viewport=PHONE, locale="zh-CN", has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.fixture
def desk(chromium: Browser) -> Iterator[BrowserContext]:
    """A desktop browser, set to Chinese."""
    context = chromium.new_context(viewport=DESK, locale="zh-CN")  # type: ignore[arg-type]
    yield context
    context.close()
