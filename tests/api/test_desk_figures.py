"""The desk's figures: what the pages count is what is there, in the page and in the file alike."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest

from api.web.desk_lists import by_explanation, oversell_table
from api.web.words import words_in
from api.web.work_reader import WorkReader
from tests.api.desk_city import HOUR, DeskCity, desk_city
from tests.trace.holding import REGULATOR
from tests.trace.season import GROWER, MAKER
from tests.trace.supervised import SEASON
from trace.integrity.periods import quarter_of
from trace.supervision.overselling import Oversell
from trace.supervision.party_seats import Seat
from trace.vocabulary import Form

QUARTER = f"period={SEASON.name}"
AFTER = quarter_of(SEASON.until_ms).name
"""The quarter that began an hour ago."""
LISTS = (
    "coverage",
    "oversell",
    "late",
    "codes",
    "scans",
    "inspections",
    "draws",
    "recalls",
    "integrity",
    "complaints",
)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskCity]:
    with desk_city(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.fixture(scope="module")
def regulator(city: DeskCity) -> dict[str, str]:
    return city.as_regulator()


def told(city: DeskCity, headers: dict[str, str], path: str) -> str:
    answer = city.client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def table(city: DeskCity, headers: dict[str, str], path: str, name: str) -> list[dict[str, str]]:
    joint = "&" if "?" in path else "?"
    answer = city.client.get(f"{path}{joint}as=csv&table={name}", headers=headers)
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_desk_opens_on_the_last_whole_quarter_while_the_present_one_is_young(
    city: DeskCity, regulator: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    young = told(city, regulator, "/desk")
    assert (f"{SEASON.name} 的数字" in young, "本季度刚开始" in young) == (True, True)
    named = told(city, regulator, f"/desk?period={AFTER}")
    assert (f"{AFTER} 的数字" in named, "本季度刚开始" in named) == (True, False)
    assert '<strong class="unknown">未知</strong>' in named  # nothing was inspected in its first hour
    monkeypatch.setattr(city.clock, "now_ms", city.clock.now_ms + 14 * 24 * HOUR)
    assert f"{AFTER} 的数字" in told(city, regulator, "/desk")


def test_what_waits_long_is_counted_in_days(city: DeskCity, regulator: dict[str, str]) -> None:
    assert "5 天 1 小时" in told(city, regulator, "/desk/complaints")  # filed 120 hours before its end
    [row] = table(city, regulator, "/desk/complaints", "complaints")
    assert row["waits"] == "121"


@pytest.mark.parametrize(
    "path", ["/desk", *(f"/desk/{name}" for name in LISTS), "/desk/recall", "/desk/inspections/new"]
)
def test_nobody_but_a_regulator_sees_a_page_of_the_desk(city: DeskCity, path: str) -> None:
    clerk = {"Authorization": f"Bearer {city.token('clerk', 'steps:write', party=MAKER)}"}
    assert city.client.get(path, headers=clerk).status_code == 403
    away = city.client.get(path, follow_redirects=False)
    assert (away.status_code, away.headers["location"].partition("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("query", ["lang=zh", "lang=en&view=elder", f"{QUARTER}&area=34"])
@pytest.mark.parametrize("name", ["", *LISTS])
def test_every_page_stands_in_both_languages_views_and_an_area(
    city: DeskCity, regulator: dict[str, str], name: str, query: str
) -> None:
    page = told(city, regulator, f"/desk{'/' if name else ''}{name}?{query}")
    assert page.count("<h1") == 1
    assert "style=" not in page


def test_coverage_is_what_the_register_says_in_the_page_and_in_the_file(
    city: DeskCity, regulator: dict[str, str]
) -> None:
    rows = table(city, regulator, f"/desk/coverage?{QUARTER}", "areas")
    assert [(row["area"], row["registered"], row["active"], row["per_mille"]) for row in rows] == [
        ("13", "1", "0", "0"),
        ("34", "3", "2", "666"),
    ]
    page = told(city, regulator, f"/desk/coverage?{QUARTER}&lang=zh")
    assert "66.6 %（2 / 3）" in page
    assert "安徽省" in page
    assert page.count('<svg class="chart') == 2


def test_the_way_down_leads_from_province_to_county(city: DeskCity, regulator: dict[str, str]) -> None:
    for area, parts in (("", ["13", "34"]), ("34", ["3416"]), ("3416", ["341602", "341623"])):
        page = f"/desk/coverage?{QUARTER}&area={area}"
        assert [row["area"] for row in table(city, regulator, page, "areas")] == parts
        for part in parts:
            assert f"area={part}" in told(city, regulator, page)


def test_an_area_without_units_is_unknown_and_not_nought(city: DeskCity, regulator: dict[str, str]) -> None:
    rows = table(city, regulator, "/desk/coverage?period=2020Q1", "areas")
    assert rows == []
    assert "覆盖率" in told(city, regulator, "/desk?period=2020Q1&lang=zh")
    assert "未知" in told(city, regulator, "/desk?period=2020Q1&lang=zh")


def test_the_overview_counts_what_waits(city: DeskCity, regulator: dict[str, str]) -> None:
    page = told(city, regulator, f"/desk?{QUARTER}&lang=en")
    for name, value in (("Coverage", "50.0 %"), ("Complaints to decide", "1"), ("Inspections overdue", "1")):
        figure = page.split(f'<span class="figure-name">{name}</span>')[1]
        assert figure.startswith(f"<strong>{value}</strong>"), name
    assert "Open price warnings" not in page
    both = city.token("duty", "supervise", "warnings:read", party=REGULATOR)
    assert "Open price warnings" in told(city, {"Authorization": f"Bearer {both}"}, "/desk?lang=en")


def test_the_ranking_falls_and_each_score_is_the_sum_of_its_lines(
    city: DeskCity, regulator: dict[str, str]
) -> None:
    rows = table(city, regulator, "/desk/integrity", "ranking")
    scores = [int(row["score"]) for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert {GROWER, MAKER} <= {row["firm"] for row in rows}
    offices = table(city, regulator, "/desk/integrity?kind=regulator", "ranking")
    assert [row["firm"] for row in offices] == [REGULATOR]
    parts = city.client.get(f"/v1/parties/{MAKER}/integrity").json()
    assert sum(part["points"] for part in parts["parts"]) == int(
        next(row["score"] for row in rows if row["firm"] == MAKER)
    )
    page = told(city, regulator, "/desk/integrity?lang=zh")
    for part in parts["parts"]:
        assert part["name"] in page


def test_codes_in_use_are_those_packed(city: DeskCity, regulator: dict[str, str]) -> None:
    [row] = table(city, regulator, f"/desk/codes?{QUARTER}", "codes")
    assert (row["firm"], row["issued"]) == (MAKER, str(len(city.codes)))


@pytest.mark.parametrize("query", ["period=soon", "area=99", "area=3", "area=341x"])
def test_an_address_that_means_nothing_is_refused(
    city: DeskCity, regulator: dict[str, str], query: str
) -> None:
    assert city.client.get(f"/desk/coverage?{query}", headers=regulator).status_code == 422


@pytest.mark.parametrize("path", ["/desk/recalls/new", "/desk/complaints/x", "/desk/draws/draw-1"])
def test_a_mistyped_address_has_no_page_and_tells_no_pattern(
    city: DeskCity, regulator: dict[str, str], path: str
) -> None:
    answer = city.client.get(path, headers=regulator)
    assert (answer.status_code, "^" in answer.text) == (404, False)
    assert city.client.get(path, headers={**regulator, "Accept": "application/json"}).status_code == 422


def test_a_code_leads_to_its_lot_and_to_what_can_be_done(city: DeskCity, regulator: dict[str, str]) -> None:
    page = told(city, regulator, f"/desk/scans/{city.codes[0]}?lang=zh")
    assert "/lots/YP-1" in page
    assert "/desk/recall?" in page
    assert city.client.get("/desk/scans/NOSUCHCODE", headers=regulator).status_code in (404, 422)


def test_pages_turn_and_the_file_has_all(
    city: DeskCity, regulator: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.web.desk_asked.SHOWN", 1)
    first = told(city, regulator, "/desk/integrity?lang=zh")
    assert "start=1" in first
    assert "上一页" not in first
    second = told(city, regulator, "/desk/integrity?lang=zh&start=1")
    assert "上一页" in second
    assert len(table(city, regulator, "/desk/integrity", "ranking")) > 1


def test_what_nothing_explains_stands_first_and_alone_is_offered_an_inspection() -> None:
    seat = Seat(uscc=MAKER, name="亳州饮片厂", division="341602", node_types=())
    explained = Oversell(
        party=MAKER, herb="白芍", form=Form.SLICE, came=100, went=500, before=400, could_come=0
    )
    said = [explained, replace(explained, before=0, could_come=None), replace(explained, before=0)]
    rows = oversell_table(
        [(each, seat) for each in sorted(said, key=lambda each: by_explanation((each, seat)))],
        WorkReader(language="zh", elder=False, path="/desk/oversell", carried=()),
        words_in("zh"),
    ).rows
    assert [(row[-2].raw, bool(row[-1].href)) for row in rows] == [
        ("no", True),
        ("unknown", True),
        ("yes", False),
    ]


def test_a_long_table_is_turned_in_leaves_and_lower_ones_are_folded(
    city: DeskCity, regulator: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = told(city, regulator, f"/desk/coverage?{QUARTER}")
    usage = page[page.index('id="usage-heading"') :]
    assert re.search(r"<details>\s*<summary>展开 \d+ 行</summary>", usage)
    assert "<details>" not in page[: page.index('id="areas-heading"')]
    monkeypatch.setattr("api.web.desk_asked.SHOWN", 1)
    first = told(city, regulator, f"/desk/coverage?{QUARTER}")
    assert re.search(r'href="([^"]*start=1[^"]*)" rel="next"', first)
    second = told(city, regulator, f"/desk/coverage?{QUARTER}&start=1")
    assert re.findall(r'area=\d+">(\w+)</a><br>', first) == ["河北省"]
    assert re.findall(r'area=\d+">(\w+)</a><br>', second) == ["安徽省"]
