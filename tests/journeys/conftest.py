"""A real server and a real browser: uvicorn on a loopback port, Chromium without a window."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from sqlalchemy import create_engine, make_url, text

from api.app import create_app
from api.founding import found
from api.settings import load_settings
from api.station import Station
from tests.journeys.small_city import SmallCity, load

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
    server, redis_url = request.getfixturevalue("postgresql_server"), request.getfixturevalue("redis_url")
    control = create_engine(server, isolation_level="AUTOCOMMIT")
    with control.connect() as connection:
        connection.execute(text("CREATE DATABASE journeys"))
    address = make_url(server).set(database="journeys").render_as_string(hide_password=False)
    yield from _running(folder, address, redis_url)
    with control.connect() as connection:
        connection.execute(text("DROP DATABASE journeys WITH (FORCE)"))
    control.dispose()


def _running(folder: Path, database_url: str | None, redis_url: str | None) -> Iterator[Service]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = load_settings(
            folder=folder / "daodi",
            database_url=database_url,
            redis_url=redis_url,
            origin="journeys.example/log",
            base_url=base,
            trusted_hosts=("127.0.0.1",),
            scan_rate="100000/minute",
            unknown_code_rate="100000/minute",
            scan_flush_seconds=0.05,
        )
        found(settings)
        with Station.open(settings) as station:
            city = load(station)
            server = uvicorn.Server(
                uvicorn.Config(create_app(station), log_config=None, timeout_graceful_shutdown=2)
            )
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            _await_start(server, thread)
            yield Service(base, station, city)
            server.should_exit = True
            thread.join(timeout=20)


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + 20
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            pytest.fail("the service did not start within 20 seconds")
        time.sleep(0.02)


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
