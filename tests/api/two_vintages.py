"""Two herbs in 亳州 over half a year, published twice: in between one price was corrected.

The herbs weigh alike and stood still until June, so every value can be told by hand: 白芍 cost 40 and
then 44 yuan, 当归 100 and then 80. The first release has 白芍 at 44 on 25 June, the second at 50.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.founding import found
from api.index_runs import publish_run
from api.quoted_names import known_names
from api.settings import load_settings
from api.station import Station
from priceindex.intake.taking_in import take_in_body
from tests.own_database import own_database

FIRST_DAY, LAST_DAY = date(2025, 1, 1), date(2025, 6, 30)
RISE, FALL = date(2025, 6, 10), date(2025, 6, 20)
CORRECTED = date(2025, 6, 25)
BEFORE, AFTER = "950.0000", "1025.0000"
"""The composite of that day: 1000 · (44/40 + 80/100) / 2, and with 50 for 44."""
DAY_MS = 86_400_000
HOST = "herbs.example.org"
NOW_MS = 1_760_000_000_000
HEADINGS = "herb,spec,origin,market,date,price_yuan_per_kg"


@dataclass(frozen=True, slots=True)
class TwoVintages:
    """The two releases and when they were published."""

    first: str
    second: str
    first_ms: int
    second_ms: int


def quote_lines(last: date) -> list[str]:
    lines = []
    for number in range((last - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=number)
        lines.append(f"白芍,统,安徽,亳州,{day},{'44.0' if day >= RISE else '40.0'}")
        lines.append(f"当归,统,甘肃,亳州,{day},{'80.0' if day >= FALL else '100.0'}")
    return lines


def take_in(station: Station, lines: list[str]) -> None:
    body = "\n".join([HEADINGS, *lines]).encode() + b"\n"
    station.writer.submit(
        lambda session: take_in_body(
            session, body, "quotes.csv", "fair", station.clock(), known=known_names(), proceed=False
        )
    )


def publish_twice(station: Station) -> TwoVintages:
    """Publish up to 29 June, correct one price, publish up to 30 June a day later."""
    first_ms = station.clock()
    take_in(station, quote_lines(LAST_DAY))
    first = publish_run(station, "bozhou", LAST_DAY - timedelta(days=1))
    second_ms = first_ms + DAY_MS
    station.clock = lambda: second_ms
    take_in(station, [f"白芍,统,安徽,亳州,{CORRECTED},50.0"])
    second = publish_run(station, "bozhou", LAST_DAY)
    station.settle()
    return TwoVintages(first.release_id, second.release_id, first_ms, second_ms)


Published: TypeAlias = tuple[TestClient, TwoVintages]


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def published(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Published]:
    """A service with two releases of one family, and who asks it; read by many tests, changed by none."""
    address = None
    with ExitStack() as stack:
        if request.param == "postgresql":
            server = request.getfixturevalue("postgresql_server")
            address = stack.enter_context(own_database(server, "vintages"))
        settings = load_settings(
            folder=tmp_path_factory.mktemp("vintages") / "service",
            database_url=address,
            origin=f"{HOST}/log",
            base_url=f"https://{HOST}",
            trusted_hosts=(HOST,),
        )
        found(settings, clock=lambda: NOW_MS)
        station = stack.enter_context(Station.open(settings, clock=lambda: NOW_MS, background=False))
        told = publish_twice(station)
        yield stack.enter_context(TestClient(create_app(station), base_url=f"http://{HOST}")), told
