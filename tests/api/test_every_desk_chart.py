"""Every chart of the desk has its seven parts, and its files are for those who may see the page."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from api.routes.all_routes import all_routers
from priceindex.warning.alerts.warning_store import Asking, open_warnings
from priceindex.warning.hysteresis import State
from tests.api.desk_city import DeskCity, desk_city
from tests.api.forecast_city import ForecastCity, forecast_city
from tests.api.page_charts import Chart, charts, lacking
from tests.api.test_desk_warnings import bearer
from tests.api.test_warning_pages import open_some
from tests.api.warning_city import class_sighting, warn
from tests.trace.holding import REGULATOR

Warned = tuple[ForecastCity, dict[str, str]]
WARNINGS = {"growth-up": ("values", "scores"), "source-dominance": ("values", "scores"), "class": ("values",)}
"""What the desk draws of each warning."""
LISTS = {"/desk/coverage": ("areas",)}
"""What the pages draw that are no warning's; all others nothing."""


@pytest.fixture(scope="module")
def warned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warned]:
    """A city with warnings of herbs, of a source, and of a class."""
    with forecast_city(tmp_path_factory.mktemp("desk-charts")) as made:
        yield made, {**open_some(made), "class": class_warning(made)}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskCity]:
    with desk_city(tmp_path_factory.mktemp("desk")) as made:
        yield made


def class_warning(city: ForecastCity) -> str:
    """Open the warning of a whole class; returns its id."""
    warn(city.station, [class_sighting("ifpa", State.ALERT, city.now, ["白芍", "当归"])])
    with city.station.database.read() as session:
        found = open_warnings(session, Asking(regulator=True, level="class"))
    [one] = [each for each in found if each.key.level == "class"]
    return one.warning_id


def whole(client: TestClient, headers: dict[str, str], path: str, language: str) -> list[Chart]:
    """Return the charts of a page after asking every part and file of each."""
    answer = client.get(path, params={"lang": language}, headers=headers)
    assert answer.status_code == 200, path
    found = charts(answer.text)
    assert {each.name: missed for each in found if (missed := lacking(each, language))} == {}
    assert set(re.findall(r'<svg class="(chart[^"]*)"', answer.text)) <= {"chart narrow", "chart wide"}
    for each in found:
        drawing = client.get(each.file, headers=headers)
        assert drawing.headers["content-type"].startswith("image/svg+xml"), each.file
        assert each.title in drawing.text
        for file in each.csv:
            told = client.get(file, headers=headers)
            assert told.headers["content-type"].startswith("text/csv"), file
            assert len(list(csv.reader(io.StringIO(told.text)))) > 1, file
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("named", WARNINGS)
def test_each_chart_of_a_warnings_evidence_has_its_seven_parts(
    warned: Warned, named: str, language: str
) -> None:
    city, ids = warned
    found = whole(city.client, bearer(city, "warnings:read"), f"/desk/warnings/{ids[named]}", language)
    assert tuple(each.name for each in found) == WARNINGS[named]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_chart_of_the_desks_other_pages_has_its_seven_parts_and_no_page_is_left_out(
    desk: DeskCity, language: str
) -> None:
    scopes = ("supervise", "warnings:read", "quotes:decide")
    officer = desk.token("officer", *scopes, party=REGULATOR)
    headers = {"Authorization": f"Bearer {officer}", "Accept": "text/html"}
    drawn = {path: whole(desk.client, headers, path, language) for path in _lists()}
    assert {path: tuple(each.name for each in found) for path, found in drawn.items() if found} == LISTS
    assert len(drawn) >= 12


def test_a_charts_files_keep_the_quarter_and_the_area(desk: DeskCity) -> None:
    page = desk.client.get("/desk/coverage?period=2024Q3&area=34", headers=desk.as_regulator())
    [bars] = charts(page.text)
    for file in (bars.file, *bars.csv):
        assert "period=2024Q3" in file
        assert "area=34" in file


@pytest.mark.parametrize("named", WARNINGS)
def test_the_files_of_a_chart_are_for_those_who_may_see_its_page(warned: Warned, named: str) -> None:
    city, ids = warned
    path = f"/desk/warnings/{ids[named]}"
    other, reader = bearer(city, "quotes:decide"), bearer(city, "warnings:read")
    for query in ("drawing=values", "table=window"):
        nobody = city.client.get(f"{path}?{query}", headers={"Accept": "text/html"}, follow_redirects=False)
        assert (nobody.status_code, nobody.headers["location"].partition("?")[0]) == (303, "/sign-in")
        assert city.client.get(f"{path}?{query}", headers=other).status_code == 403
        told = city.client.get(f"{path}?{query}", headers=reader)
        assert told.status_code == 200
        assert told.headers["cache-control"].startswith("private")


def test_a_rule_the_public_does_not_know_has_no_public_files(warned: Warned) -> None:
    city, ids = warned
    for query in ("drawing=values", "table=window"):
        assert city.client.get(f"/warnings/{ids['source-dominance']}?{query}").status_code == 404


def test_a_table_the_desks_page_does_not_have_is_not_found(warned: Warned) -> None:
    city, ids = warned
    path = f"/desk/warnings/{ids['growth-up']}?table=nonsense"
    assert city.client.get(path, headers=bearer(city, "warnings:read")).status_code == 404


def _lists() -> list[str]:
    """Return the pages of the desk that stand at an address of their own; files have a suffix."""
    found = [each for router in all_routers() for each in router.routes if isinstance(each, Route)]
    return sorted(
        {
            each.path
            for each in found
            if re.match(r"/desk(/|$)", each.path)
            and "GET" in (each.methods or ())
            and "{" not in each.path
            and not Path(each.path).suffix
        }
    )
