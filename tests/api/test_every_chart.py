"""Every chart of every public page of prices has its seven parts, in the HTML as the service sends it.

Title, unit, base, description, a table twin in the same section, the numbers as CSV, the drawing as a file
(SVG without a script; the page's script makes the PNG of it). The chart of quotes beside trades stands on a
page that needs recorded sales: `tests/journeys/test_asked_and_paid.py` asks it for the same.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from starlette.routing import Route

from api.routes.all_routes import all_routers
from tests.api.forecast_city import ForecastCity, forecast_city
from tests.api.page_charts import charts, lacking
from tests.api.test_warning_pages import open_some

JUMP = date(2025, 5, 24)
"""A Saturday, on which 白芍 rises: the last day has contributions."""
LAST = f"bozhou-{JUMP}"
PAGES = {
    "/index": ("level", "fan", "parts", "herb-parts"),
    "/index/bozhou": ("level", "fan", "parts", "herb-parts"),
    "/index/bozhou?level=class&node=root": ("level", "fan", "herb-parts"),
    "/index/bozhou?level=herb&node=白芍": ("level", "fan"),
    "/index/bozhou?level=grade&node=白芍|统": ("level",),
    f"/index/{LAST}?frequency=week": ("level", "fan", "parts", "herb-parts"),
    f"/index/{LAST}/bulletin": ("parts",),
    "/index/bozhou/movers": ("movers",),
    "/index/bozhou/heat": ("months", "markets"),
    "/index/bozhou/vintages": ("vintages",),
    "/index/compare?family=bozhou&series=bozhou~herb~白芍;bozhou~herb~当归": ("compare",),
    "/index/bozhou/forecast": ("fan", "earlier"),
    "/index/bozhou/forecast?level=herb&node=白芍": (
        "fan", "chances-up_flat_down", "chances-up_if_changed", "earlier",
    ),
    "/index/bozhou/forecast?frequency=month": ("fan", "earlier"),
    "/track-record": ("errors", "coverage"),
    "/track-record?level=herb": (
        "errors", "coverage", "reliability-up_flat_down", "reliability-up_if_changed",
    ),
    "/warnings": (),
    "/warnings/rise": ("values", "scores"),
    "/governance": (),
    "/index/calendar": (),
    "/index/methodology": (),
    "/index/bozhou/find?asked=x": (),
}  # fmt: skip
"""What each page draws; `rise` stands for the id of the warning."""
ELSEWHERE = {
    "/index/{release_id}/comparison",  # tests/journeys/test_asked_and_paid.py
    "/index/{named}/fitted",  # tables alone, made when an analyst opens the series
    "/governance/complaints",  # a form's answer
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ForecastCity, str]]:
    """A city with forecasts of which some have come, an open warning, and a rise on its last day."""
    with forecast_city(tmp_path_factory.mktemp("charts")) as made:
        for _ in range(2):
            made.forecast()
            made.reach(made.now + timedelta(days=7))
        made.forecast("month")
        made.reach(JUMP)
        yield made, open_some(made)["growth-up"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_each_chart_has_title_unit_base_description_table_csv_and_drawing(
    city: tuple[ForecastCity, str], path: str, language: str
) -> None:
    client, address = city[0].client, path.replace("/rise", f"/{city[1]}")
    answer = client.get(f"{address}{'&' if '?' in address else '?'}lang={language}")
    assert answer.status_code == 200
    found = charts(answer.text)
    assert tuple(each.name for each in found) == PAGES[path]
    assert {each.name: missed for each in found if (missed := lacking(each, language))} == {}
    assert set(re.findall(r'<svg class="([^"]*)"', answer.text)) <= {"chart narrow", "chart wide"}
    for each in found if language == "zh" else ():
        drawing = client.get(each.file)
        assert drawing.headers["content-type"].startswith("image/svg+xml"), each.file
        assert each.title in drawing.text
        for file in each.csv:
            told = client.get(file)
            assert told.headers["content-type"].startswith("text/csv"), file
            assert len(list(csv.reader(io.StringIO(told.text)))) > 1, file


def test_no_public_page_of_prices_is_left_out() -> None:
    routes = [each for each in _pages() if each.path not in ELSEWHERE]
    asked = [path.partition("?")[0] for path in PAGES]
    unasked = [each.path for each in routes if not any(each.path_regex.match(path) for path in asked)]
    assert unasked == []
    assert len(routes) >= 13


def test_a_table_that_a_page_does_not_have_is_not_found(city: tuple[ForecastCity, str]) -> None:
    for path in ("/index/bozhou", "/index/bozhou/vintages", f"/warnings/{city[1]}"):
        assert city[0].client.get(path, params={"table": "nonsense"}).status_code == 404


def _pages() -> list[Route]:
    """Return the routes of HTML pages of prices: files have a suffix."""
    found = [each for router in all_routers() for each in router.routes if isinstance(each, Route)]
    places = re.compile(r"/(index|forecast|warnings|governance|track-record)(/|$)")
    return [
        each
        for each in found
        if places.match(each.path)
        and "GET" in (each.methods or ())
        and "." not in each.path.rpartition("/")[2]
    ]
