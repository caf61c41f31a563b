"""The published index turned against its readers or its embargo: formulas, markup, floods, early looks."""

import csv
import io
import json
from datetime import date, timedelta
from typing import TypeAlias
from urllib.parse import quote

import pytest
from defusedxml.ElementTree import fromstring
from starlette.testclient import TestClient

from api import releasing
from api.index_runs import publish_run
from api.publication import reading
from api.station import Station
from priceindex.calendar import china_day
from priceindex.releases import drafts
from priceindex.releases.drafts import Draft, Stage
from priceindex.releases.notices import NoticeNew
from priceindex.releases.persons import Person
from tests.api.conftest import NOW_MS, ON_BOTH_DATABASES
from tests.api.two_vintages import Published, take_in

FORMULAS = ("=1+1", "@SUM(A1)", "+1", "-2+3")
SCRIPT = "<script>alert(1)</script>"
Drafted: TypeAlias = tuple[list[str], dict[str, tuple[str, bytes]], Draft]
"""Addresses, what each answered (tag and body) before the draft was made, and the draft."""
FIRST = date(2025, 9, 1)
TODAY = china_day(NOW_MS)
MADE_MS = NOW_MS - 2 * 3_600_000
"""Two hours before noon's clock of the tests: 14:53 in China, while a day's release is due at 16:30."""


def lines(grades: tuple[str, ...], last: date, origins: tuple[str, ...] = ("",)) -> list[str]:
    days = [FIRST + timedelta(days=number) for number in range((last - FIRST).days + 1)]
    return [
        f"{herb},{grade},{origin},亳州,{day},{price + (10 if day == last else 0)}.0"
        for day in days
        for herb, price in (("白芍", 40), ("当归", 100))
        for grade in grades
        for origin in origins
    ]


def test_no_node_becomes_a_formula_in_a_spreadsheet(client: TestClient, station: Station) -> None:
    """An origin is a node of its own: nothing stands before it in its cell."""
    take_in(station, lines(("统",), TODAY, FORMULAS))
    release = publish_run(station, "bozhou", TODAY).release_id
    values = "/v1/indices/bozhou/values?format=csv"
    addresses = [
        *(f"{values}&level=origin&node={quote(origin)}" for origin in FORMULAS),
        "/v1/sdmx/data/dataflow/DAODI/TCM_PI/1.0/D.bozhou.origin.*",
        f"/index/{release}.csv",
        f"/index/{release}.sdmx.csv",
    ]
    for address in addresses:
        table = client.get(address)
        assert table.status_code == 200, table.text
        cells = [cell for row in csv.reader(io.StringIO(table.content.decode("utf-8-sig"))) for cell in row]
        assert any(cell.removeprefix("'") in FORMULAS for cell in cells), address
        assert [cell for cell in cells if cell[:1] in {"=", "+", "@", "\t", "\r"}] == []
        assert [cell for cell in cells if cell.startswith("-") and cell in FORMULAS] == []


def test_no_node_or_notice_becomes_markup(client: TestClient, station: Station) -> None:
    take_in(station, lines((SCRIPT,), TODAY))
    released = publish_run(station, "bozhou", TODAY)
    new = NoticeNew(first_day=TODAY, last_day=TODAY, reason=f"]]>{SCRIPT}&<!DOCTYPE x>")
    releasing.announce(station, released.release_id, new, Person("张", "aaaa"))
    node = {"level": "grade", "node": f"白芍|{SCRIPT}"}
    for path, asked in (
        ("/index", {}),
        ("/index/bozhou", node),
        (f"/index/{released.release_id}/bulletin", {}),
        ("/index/bozhou", {**node, "lang": "en"}),
    ):
        page = client.get(path, params=asked)
        assert page.status_code == 200, path
        assert "<script>" not in page.text, path
    feed = client.get("/index/feed.rss")
    told = fromstring(feed.content)
    assert [each for each in told.iter() if each.tag in {"script", "img"}] == []
    assert any(SCRIPT in (each.text or "") for each in told.iter("description"))
    assert client.get("/index/feed.json").json()["items"]


@pytest.fixture
def drafted(station: Station, client: TestClient) -> Drafted:
    """One published release, and a second that is made but not public; what was to be read before it."""
    station.clock = lambda: MADE_MS - 1
    yesterday = TODAY - timedelta(days=1)
    take_in(station, lines(("统",), yesterday))
    released = publish_run(station, "bozhou", yesterday)
    paths = public_addresses(released.release_id)
    before = {path: answer_of(client, path) for path in paths}
    station.clock = lambda: MADE_MS
    take_in(station, [line for line in lines(("统",), TODAY) if f",{TODAY}," in line])
    run = releasing.computed(station, "bozhou", TODAY)
    made = station.writer.submit(lambda session: drafts.make(session, run, Person("王", "aaaa"), MADE_MS))
    return paths, before, made


def public_addresses(release: str) -> list[str]:
    values, sdmx = "/v1/indices/bozhou/values", "/v1/sdmx/data/dataflow/DAODI/TCM_PI/1.0/*"
    later = "9999-12-31T00:00:00Z"
    return [
        *(f"{values}?format={each}&history=true" for each in ("json", "csv", "parquet", "sdmx-csv")),
        f"{values}?as_of={later}",
        f"{values}?since=2025-01-01T00:00:00Z",
        f"{sdmx}?includeHistory=true",
        f"{sdmx}?asOf={later}",
        f"{sdmx}?updatedAfter=2025-01-01T00:00:00Z",
        f"/v1/indices?as_of={later}",
        f"/v1/indices/bozhou/releases?as_of={later}",
        "/v1/indices/bozhou/contributions",
        "/v1/indices/bozhou/movers",
        *(f"/index/{release}.{suffix}" for suffix in ("csv", "json", "parquet", "sdmx.csv")),
        "/index",
        "/index/bozhou",
        "/index/feed.rss",
        "/index/feed.json",
        f"/index/{release}/bulletin",
    ]


def answer_of(client: TestClient, path: str) -> tuple[str, bytes]:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return answer.headers["etag"], answer.content


@ON_BOTH_DATABASES
def test_nothing_shows_an_embargoed_value_not_even_a_tag(
    client: TestClient,
    station: Station,
    drafted: Drafted,
) -> None:
    paths, before, made = drafted
    assert {path: answer_of(client, path) for path in paths} == before
    sealed, released = releasing.approve(station, made.release_id, made.values_sha256, Person("李", "bbbb"))
    assert (sealed.stage, released) == (Stage.SEALED, None)
    assert {path: answer_of(client, path) for path in paths} == before
    for suffix in ("", ".csv", ".json", ".parquet", ".sdmx.csv", "/bulletin", "/bulletin.pdf"):
        assert client.get(f"/index/{made.release_id}{suffix}").status_code == 404
    asked = {"day": TODAY.isoformat()}
    assert client.get("/v1/indices/bozhou/contributions", params=asked).status_code >= 400


HUGE = [
    "first=0001-01-01&last=9999-12-31&history=true",
    "as_of=0001-01-01T00:00:00%2B14:00",
    "as_of=9999-12-31T23:59:59-12:00",
    "since=0001-01-01T00:00:00Z",
    "as_of=1e400",
    f"as_of={10**30}",
    f"limit={10**30}",
    "node=" + "x" * 5000,
    "format=" + "x" * 5000,
    "next=WzEwMDAwMDAwMDAwMDAwMDAwMDAwLDBd",
    "frequency=second",
]


@pytest.mark.parametrize("query", HUGE)
def test_no_huge_or_odd_question_breaks_the_values(published: Published, query: str) -> None:
    client, _ = published
    for path in ("/v1/indices/bozhou/values", "/v1/indices", "/v1/indices/bozhou/releases"):
        assert client.get(f"{path}?{query}").status_code in {200, 404, 422}, (path, query)


@pytest.mark.parametrize(
    "key", ["*", "%2A.%2A.%2A.%2A", "....", "D.bozhou.herb.%00", "D.bozhou.herb." + "x" * 150, "%ff"]
)
def test_no_key_breaks_sdmx(published: Published, key: str) -> None:
    client, _ = published
    time = "c[TIME_PERIOD]="
    for query in ("", f"?{time}ge:0000", f"?{time}" + "ge:2025%2B" * 9, "?asOf=9999-12-31T00:00:00Z"):
        answer = client.get(f"/v1/sdmx/data/dataflow/DAODI/TCM_PI/1.0/{key}{query}")
        # 400: the gate lets no NUL through
        assert answer.status_code in {200, 400, 404, 422}, (key, query)


def test_more_values_than_an_answer_holds_are_refused_before_they_are_read(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = published
    monkeypatch.setattr(reading, "MOST", 100)

    def unread(*_: object, **__: object) -> list[object]:
        raise AssertionError("values were read though there are too many")

    monkeypatch.setattr(reading, "cross_section", unread)
    for path in ("/v1/indices/bozhou/values?format=csv", "/v1/sdmx/data/dataflow/DAODI/TCM_PI/1.0/*"):
        answer = client.get(path)
        assert (answer.status_code, json.loads(answer.text)["type"]) == (413, "/problems/too-many-values")
