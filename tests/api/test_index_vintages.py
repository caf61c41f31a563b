"""What was known then beside today, the way to a node by name, and drawings as files."""

import csv
import io
import re
from xml.etree import ElementTree as ET

import pytest

from api.web.chart_frame import WIDE
from api.web.charts import Chart, Mark, draw_steps
from tests.api.test_charts import FIRST, chart, parsed
from tests.api.two_vintages import Published


def test_the_corrected_day_stands_with_both_values(published: Published) -> None:
    client, told = published
    body = client.get(f"/index/bozhou/revisions.csv?as_of={told.first}").content.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(body))
    # 白芍 was corrected from 44 to 50 yuan: 1000 · (50/40 + 80/100) / 2 = 1025
    assert (row["day"], row["then"], row["now"], row["revision_points"]) == (
        "2025-06-25", "950.0000", "1025.0000", "75.0000",
    )  # fmt: skip
    assert (row["then_release"], row["now_release"]) == (told.first, told.second)


def test_the_page_offers_every_release_and_marks_the_one_chosen(published: Published) -> None:
    client, told = published
    page = client.get(f"/index/bozhou/vintages?as_of={told.first}").text
    assert re.findall(r'<option value="(bozhou-[^"]+)"', page) == [told.second, told.first]
    assert f'<option value="{told.first}" selected' in page
    assert 'class="series beside"' in page
    assert page.count('class="revised"') == 2  # one day, in either size


def test_a_node_that_did_not_change_says_so(published: Published) -> None:
    client, told = published
    page = client.get(f"/index/bozhou/vintages?as_of={told.first}&level=herb&node=当归").text
    assert "至今没有改动" in page


def test_todays_vintage_beside_itself_differs_in_nothing(published: Published) -> None:
    client, told = published
    assert "所选即最新版次" in client.get(f"/index/bozhou/vintages?as_of={told.second}").text


@pytest.mark.parametrize("query", ["level=herb&node=none", "level=none"])
def test_a_node_there_is_not_has_no_vintages(published: Published, query: str) -> None:
    assert published[0].get(f"/index/bozhou/vintages?{query}").status_code == 404
    assert published[0].get(f"/index/bozhou/revisions.csv?{query}").status_code == 404


@pytest.mark.parametrize("asked", ["白芍", "Baishao", "BAI SHAO", "bs"])
def test_a_herb_is_found_by_name_pinyin_and_initials(published: Published, asked: str) -> None:
    answer = published[0].get("/index/bozhou/find", params={"asked": asked}, follow_redirects=False)
    assert answer.headers["location"] == "/index/bozhou?level=herb&node=%E7%99%BD%E8%8A%8D"


def test_what_nothing_matches_is_said_and_escaped(published: Published) -> None:
    page = published[0].get("/index/bozhou/find", params={"asked": "<b>蟠桃"}).text
    assert "没有与“&lt;b&gt;蟠桃”相符" in page


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/index/bozhou", "level"),
        ("/index/bozhou/movers", "movers"),
        ("/index/bozhou/heat", "markets"),
        ("/index/bozhou/heat", "months"),
        ("/index/bozhou/vintages", "vintages"),
        ("/index/compare", "compare"),
    ],
)
def test_a_drawing_is_a_file_with_title_unit_and_source(published: Published, path: str, name: str) -> None:
    answer = published[0].get(f"{path}?drawing={name}")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "script" not in answer.headers["content-security-policy"]
    drawn = ET.fromstring(answer.content)  # noqa: S314  drawn by us
    said = [text.text or "" for text in drawn if text.tag.endswith("text")]
    assert said[0]
    assert "单位" in said[1]
    assert path in said[2]
    assert "var(" not in answer.text


@pytest.mark.parametrize("name", ["nothing", "", "level-wide", "(.*)", "a" * 60])
def test_a_drawing_there_is_not_is_not_found(published: Published, name: str) -> None:
    assert published[0].get("/index/bozhou", params={"drawing": name}).status_code == 404


def test_events_bear_their_numbers_and_those_that_would_touch_stand_apart() -> None:
    marks = [Mark(FIRST, 1, "甲"), Mark(FIRST, 2, "<乙>")]
    made: Chart = chart([1000.0, 1010.0, 990.0], marks=marks)
    drawn = draw_steps(made, WIDE)
    assert re.findall(r"<title>([^<]*)</title><path class=\"event-line\"", drawn) == ["甲", "&lt;乙&gt;"]
    heights = {each.attrib["cy"] for each in parsed(drawn).iter() if each.attrib.get("r") == "8"}
    assert len(heights) == 2


def test_an_event_outside_the_days_drawn_has_no_mark() -> None:
    assert "event-line" not in draw_steps(
        chart([1.0, 2.0], marks=[Mark(FIRST.replace(year=2020), 1, "早")]), WIDE
    )
