"""The forecast pages: what stands in the store is what they say, no skill as loudly as skill."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from api.web.chances_shown import chances_shown
from api.web.words import words_in
from priceindex.forecast.track import reading
from tests.api.forecast_city import ForecastCity, forecast_city

PAGE = "/index/bozhou/forecast"
HERB = {"level": "herb", "node": "白芍"}


@pytest.fixture
def city(tmp_path: Path) -> Iterator[ForecastCity]:
    with forecast_city(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForecastCity]:
    """A city with one weekly forecast, read by many tests and changed by none."""
    with forecast_city(tmp_path_factory.mktemp("once")) as made:
        made.forecast()
        yield made


def get(city: ForecastCity, path: str, **asked: str) -> str:
    answer = city.client.get(path, params={"lang": "zh", **asked})
    assert answer.status_code == 200, answer.text[:300]
    return answer.text


def test_before_the_first_forecast_the_page_says_so(city: ForecastCity) -> None:
    answer = city.client.get(PAGE, params={"lang": "zh"})
    assert answer.status_code == 200  # every page of the index leads here
    assert "还没有预测" in answer.text
    assert city.client.get(PAGE, params={"level": "herb", "node": "无"}).status_code == 404
    assert "还没有作过这种预测" in get(city, "/index/bozhou")


def test_skill_and_its_want_are_said_in_boxes_of_the_same_kind(once: ForecastCity) -> None:
    told = get(once, PAGE)
    boxes = re.findall(r'<div class="verdict (\w+) skill">\s*<p><strong class="tone">([^<]+)</strong>', told)
    assert boxes == [("good", "已过准入门槛"), ("none", "未显示预测能力")]
    assert "第 1 至 8 周" in told
    assert "第 9 至 12 周" in told


def test_a_history_too_short_is_told_with_the_number_of_origins(city: ForecastCity) -> None:
    city.forecast(skill="too_short")
    told = get(city, PAGE)
    assert "未显示预测能力：历史太短" in told
    assert "起点只有 9 个" in told
    assert "已过准入门槛" not in told


def test_the_table_twin_holds_every_number_of_the_store(once: ForecastCity) -> None:
    forecast_id = "bozhou-week-1"
    told = get(once, PAGE)
    with once.station.database.read() as session:
        [series] = reading.series(session, forecast_id, "composite")
    for step in series.quantiles:
        for units in step:
            assert units is not None
            assert f"{units / 10**4:,.2f}" in told
    for name, values in series.baselines.items():
        assert name == "seasonal_naive" or f"{(values[0] or 0) / 10**4:,.2f}" in told


def test_the_file_holds_the_same_numbers_and_what_vouches_for_them(once: ForecastCity) -> None:
    forecast_id = "bozhou-week-1"
    answer = once.client.get(f"{PAGE}.csv", params=HERB)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    with once.station.database.read() as session:
        [series] = reading.series(session, forecast_id, "herb")
        run = reading.run(session, forecast_id)
    assert [int(float(row["median"]) * 10**4 + 0.5) for row in rows] == [step[2] for step in series.quantiles]
    assert [int(row["p_up_bp"] or -1) for row in rows[:5]] == [4500, 4000, 3500, 3000, -1]
    assert [int(row["p_up_if_changed_bp"] or -1) for row in rows[:3]] == [7500, 6250, -1]
    assert {row["usual_change_bp"] for row in rows} == {"510"}
    assert {row["rows_sha256"] for row in rows} == {run.rows_sha256}
    assert f'filename="{forecast_id}.csv"' in answer.headers["content-disposition"]


def test_chances_are_told_in_words_and_shares_where_there_are_any(once: ForecastCity) -> None:
    herb = get(once, PAGE, **HERB)
    assert "涨 45.0 %　平 40.0 %　跌 15.0 %" in herb
    assert "分辨不出比按历史频率猜好" in herb
    assert "只对价格常常不动的药材与规格给出" in get(once, PAGE)


def test_up_given_a_change_is_said_apart_from_up_flat_and_down(once: ForecastCity) -> None:
    herb = get(once, PAGE, **HERB)
    three, rise = herb.split("若价格变动，往哪边</h3>")
    assert "若价格变动，上涨的可能性 75.0 %" not in three
    assert "若价格变动，上涨的可能性 75.0 %" in rise
    assert "若价格变动，上涨的可能性 62.5 %" in rise
    assert "第 1 周：比按历史频率猜好，方向得分 0.22（90 % 区间 0.10 至 0.37；130 次预测，25 个起点）" in rise
    assert "第 3 周：分辨不出比按历史频率猜好，方向得分 0.04" in rise
    assert "同组规格一周之内若有变动，变动 5.1 % 左右" in herb
    english = once.client.get(PAGE, params={"lang": "en", **HERB}).text
    assert "if the price changes, up 75.0" in english
    assert "Usual size of a change" not in get(once, PAGE)


@pytest.mark.parametrize("shown", ["up_flat_down", "up_if_changed"])
def test_where_one_kind_has_no_skill_it_is_said_and_the_other_stands(once: ForecastCity, shown: str) -> None:
    with once.station.database.read() as session:
        found = reading.newest(session, "bozhou", "herb", "白芍", "week", as_of_ms=once.clock())
        told = reading.told(session, found.forecast.forecast_id)
    judged = [replace(line, published=line.kind == shown) for line in told.direction]
    nothing: tuple[None, ...] = (None,) * 12
    hidden = {"up_flat_down": "rise_if_changed_bp", "up_if_changed": "chances_bp"}[shown]
    series = replace(found.series, **{hidden: nothing})  # type: ignore[arg-type]
    parts = {
        each.kind: each
        for each in chances_shown(replace(found, series=series), judged, "白芍", words_in("zh"))
    }
    assert [kind for kind, part in parts.items() if part.picture] == [shown]
    assert [kind for kind, part in parts.items() if part.withheld] == [k for k in parts if k != shown]


def test_the_receipt_of_the_log_entry_is_linked_and_there(once: ForecastCity) -> None:
    told = get(once, PAGE)
    [link] = re.findall(r'href="(/v1/receipts/forecast:[^"]+)"', told)
    assert once.client.get(link.replace("&amp;", "&")).status_code == 200


def test_what_came_stands_beside_what_was_forecast(city: ForecastCity) -> None:
    first = city.forecast()
    assert ">实际</th>" not in get(city, PAGE)
    city.reach(city.now + timedelta(days=7))
    city.forecast()
    told = get(city, PAGE, forecast=first)
    assert ">实际</th>" in told
    assert "后来的实际值" in told


def test_forecasts_of_one_day_are_told_as_they_were_made(city: ForecastCity) -> None:
    made = []
    for _ in range(3):
        made.append(city.forecast())
        city.reach(city.now + timedelta(days=7))
    made.append(city.forecast())
    told = get(city, PAGE)
    target = (city.now + timedelta(days=7)).isoformat()
    for forecast_id in made:
        assert f"forecast={forecast_id}" in told
    assert f"target={target}" in told
    assert told.count('<circle class="dot"') == 2 * len(made)


def test_the_index_page_shows_the_forecast_made_from_its_release(city: ForecastCity) -> None:
    city.forecast()
    with city.station.database.read() as session:
        release = reading.run(session, "bozhou-week-1").release_id
    city.reach(city.now + timedelta(days=7))
    old = get(city, f"/index/{release}")
    assert "起点 05-02" in old
    assert "起点 05-02" in get(city, "/index/bozhou")
    city.forecast()
    assert "起点 05-09" in get(city, "/index/bozhou")
    assert "起点 05-02" in get(city, f"/index/{release}")


def test_a_language_switch_stays_with_the_forecast(once: ForecastCity) -> None:
    forecast_id = "bozhou-week-1"
    told = get(once, PAGE, forecast=forecast_id, target="2025-05-16", frequency="week", **HERB)
    [switch] = re.findall(r'<a href="([^"]+)" lang="en"', told)
    english = once.client.get(switch.replace("&amp;", "&")).text
    assert "Forecast of Baishao" in english
    assert re.search(r'target=2025-05-16[^>]*aria-current="true"', english)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"level": "none"}, 404),
        ({"level": "herb", "node": "没有"}, 404),
        ({"forecast": "bozhou-week-99"}, 404),
        ({"forecast": "x" * 500}, 404),
        ({"frequency": "<script>"}, 200),
        ({"target": "<script>"}, 200),
    ],
)
def test_what_there_is_not_has_no_page(once: ForecastCity, asked: dict[str, str], status: int) -> None:
    answer = once.client.get(PAGE, params=asked)
    assert answer.status_code == status
    assert "<script>" not in answer.text
    assert once.client.get(f"{PAGE}.csv", params=asked).status_code == status


def test_what_was_never_forecast_says_so_and_has_no_file(once: ForecastCity) -> None:
    assert "还没有" in get(once, PAGE, frequency="month")
    assert once.client.get(f"{PAGE}.csv", params={"frequency": "month"}).status_code == 404
