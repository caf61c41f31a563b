"""Events on the chart: what was declared and which herb entered, numbered, listed, and not told too early."""

from datetime import date, timedelta

from starlette.testclient import TestClient

from api.index_runs import publish_run
from api.releasing import declare
from api.station import Station
from priceindex.classification import Level
from priceindex.releases.node_changes import node_changes
from priceindex.releases.persons import Person
from priceindex.releases.standing import Standing
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.two_vintages import DAY_MS, quote_lines, take_in

LAST = date(2025, 7, 15)


def publish_with_a_third_herb(station: Station) -> None:
    """Publish up to 30 June, then up to 15 July with 茯苓, which is quoted from 5 June on."""
    take_in(station, quote_lines(LAST))
    publish_run(station, "bozhou", date(2025, 6, 30))
    days = [date(2025, 6, 5) + timedelta(days=number) for number in range(41)]
    now_ms = station.clock() + DAY_MS
    station.clock = lambda: now_ms
    take_in(station, [f"茯苓,丁,安徽,亳州,{day},24.0" for day in days])
    publish_run(station, "bozhou", LAST)


@ON_BOTH_DATABASES
def test_what_happened_is_numbered_on_the_chart_and_listed_below(
    station: Station, client: TestClient
) -> None:
    publish_with_a_third_herb(station)
    page = client.get("/index/bozhou").text
    assert page.count("<title>1 样本，2025年7月15日</title>") == 2  # the drawing in either size
    assert "入样药材 1 味：茯苓。" in page
    with station.database.read() as session:
        found = node_changes(session, "bozhou", Level.HERB, "day", ordinal=2)
        assert [(each.vintage, each.node, each.entered) for each in found] == [(2, "茯苓", True)]
        assert node_changes(session, "bozhou", Level.HERB, "day", ordinal=1) == []


def test_a_declaration_made_later_is_not_told_on_an_earlier_releases_page(
    station: Station, client: TestClient
) -> None:
    publish_with_a_third_herb(station)
    declare(station, "bozhou", Standing.SUSPENDED, "一个来源停报", Person("test", "0a0a0a0a"))
    assert "暂停：一个来源停报" in client.get("/index/bozhou").text
    earlier = client.get("/index/bozhou-2025-06-30").text
    assert "暂停：一个来源停报" not in earlier
    assert "入样药材" not in earlier
