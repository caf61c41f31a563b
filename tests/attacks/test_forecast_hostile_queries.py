"""Odd moments, names and page marks sent to what forecasts and warnings answer: never a fault."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api import warning_work
from api.forecasting import make_forecast
from api.routes.paging import cursor
from api.station import Station
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.warned_station import publish_risen

HUGE = 2**53 - 1
MARKS = [
    cursor([HUGE, "x"]),
    cursor([-HUGE, "'"]),
    cursor([-HUGE, -HUGE, "x"]),
    cursor([HUGE]),
    "WzFlNDAwLCJ4Il0",
    "W05hTiwieCJd",
    "\U0001f33f",
]
NAMES = [
    "\u0000",
    "../../etc/passwd",
    "白芍|统|/..|%2e%2e",
    "<svg onload=alert(1)>",
    "'; drop table price_warning; --",
    "=1+1",
    "\x1b[31m",
    "a\r\nSet-Cookie: x=1",
    "\ud7ff\uffff",
    "x" * 101,
    "",
]
MOMENTS = [
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "1970-01-01T00:00:00Z",
    "NaN",
    "1e400",
    "-1",
]
DAYS = ["0001-01-01", "9999-12-31", "2025-02-30", "1e9", ""]
ASKED: list[tuple[str, dict[str, list[str]]]] = [
    ("/v1/forecasts", {"family": NAMES, "as_of": MOMENTS, "next": MARKS, "limit": ["0", "201", "NaN"]}),
    ("/v1/indices/bozhou/forecast", {"node": NAMES, "level": NAMES, "as_of": MOMENTS}),
    (
        "/v1/indices/bozhou/forecast/vintages",
        {"node": NAMES, "target": DAYS, "as_of": MOMENTS, "next": MARKS},
    ),
    ("/v1/track-record/bozhou", {"as_of": MOMENTS, "actuals": NAMES, "frequency": NAMES}),
    ("/v1/track-record/bozhou/rows", {"as_of": MOMENTS, "actuals": NAMES}),
    ("/v1/warnings", {"node": NAMES, "family": NAMES, "rule": NAMES, "next": MARKS, "which": NAMES}),
    ("/v1/warnings?which=all", {"node": NAMES, "next": MARKS}),
    ("/v1/warnings/digest", {"day": DAYS}),
    ("/v1/warning-rules", {"family": NAMES}),
    ("/track-record", {"family": NAMES, "level": NAMES, "frequency": NAMES}),
    ("/index/bozhou/forecast", {"node": NAMES, "level": NAMES, "target": DAYS, "forecast": NAMES}),
    ("/index/bozhou/forecast.csv", {"node": NAMES, "forecast": NAMES}),
    ("/warnings", {"lang": NAMES, "family": NAMES}),
]
PATHS = [
    "/v1/forecasts/{}",
    "/v1/forecasts/{}/rows",
    "/v1/track-record/{}",
    "/v1/warnings/{}",
    "/warnings/{}",
]


@pytest.fixture
def told(station: Station, client: TestClient) -> TestClient:
    """A service with a release and a forecast run, and warnings."""
    publish_risen(station)
    make_forecast(station, "bozhou", "week", fit=False)
    warning_work.watch_family(station, "bozhou")
    return client


def refused(client: TestClient, path: str, **params: str) -> str | None:
    """What went wrong with a request, if anything did."""
    answer = client.get(path, params=params)
    headed = any("\n" in value or "set-cookie" in name.lower() for name, value in answer.headers.items())
    html = answer.headers.get("content-type", "").startswith("text/html")
    markup = html and "<svg onload" in answer.text
    bad = answer.status_code >= 500 or headed or markup
    return f"{answer.status_code} {path} {params!r}: {answer.text[:200]}" if bad else None


@ON_BOTH_DATABASES
def test_no_odd_query_is_a_fault_or_comes_back_as_markup(told: TestClient) -> None:
    wrong = [
        refused(told, path, **{name: value})
        for path, named in ASKED
        for name, values in named.items()
        for value in values
    ]
    assert [each for each in wrong if each is not None] == []


def test_no_odd_name_in_a_path_is_a_fault(told: TestClient, quoted: Callable[[str], str]) -> None:
    wrong = [refused(told, path.format(quoted(name))) for path in PATHS for name in [*NAMES, *MARKS]]
    assert [each for each in wrong if each is not None] == []


@pytest.fixture
def quoted() -> Callable[[str], str]:
    """How a name is written in a path."""
    from urllib.parse import quote

    return lambda name: quote(name, safe="", errors="replace")
