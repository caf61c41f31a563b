"""The warning pages: public rules alone for the public, words beside every colour, whole evidence."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.warning_work import watch_family
from api.web.formats import Formats
from api.web.warning_words import band_name, band_rows
from api.web.words import words_in
from priceindex import service
from priceindex.classification import Level
from priceindex.warning.alerts.warning_store import Asking, open_warnings
from priceindex.warning.alerts.warning_tables import WarningWatchRow
from priceindex.warning.hysteresis import State
from tests.api.forecast_city import ForecastCity, forecast_city, last_value
from tests.api.warning_city import sighting, warn

Warned = tuple[ForecastCity, dict[str, str]]
"""The city and the ids of its open warnings by rule."""
HIDDEN = "某某药材信息网"
RISE, FALL, HIDDEN_RULE = "三个月涨幅", "三个月跌幅", "单一来源主导"


def open_some(city: ForecastCity) -> dict[str, str]:
    """A rise, a fall and what only regulators see; their ids by rule."""
    sources = {"sources": [{"source": HIDDEN, "share": "0.75"}]}
    alert, day = State.ALERT, city.now
    rise = sighting("growth-up", State.CRISIS, day, score=0.45)
    fall = sighting("growth-down", alert, day, node="当归")
    hidden = sighting(
        "source-dominance", alert, day, level="source", node=HIDDEN, private=sources, score=0.75
    )
    warn(city.station, [rise, fall, hidden])
    with city.station.database.read() as session:
        return {each.key.rule: each.warning_id for each in open_warnings(session, Asking(regulator=True))}


@pytest.fixture
def city(tmp_path: Path) -> Iterator[ForecastCity]:
    with forecast_city(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def warned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warned]:
    """A city with three open warnings, read by many tests and changed by none."""
    with forecast_city(tmp_path_factory.mktemp("warned")) as made:
        yield made, open_some(made)


def test_before_any_release_nothing_was_looked_at_and_that_is_no_good_news(client: TestClient) -> None:
    told = client.get("/warnings?lang=zh")
    assert told.status_code == 200
    assert "这不等于没有异常" in told.text
    assert "verdict good" not in told.text


def test_nothing_open_is_a_good_state_that_says_so(city: ForecastCity) -> None:
    watch_family(city.station, "bozhou")
    told = city.client.get("/warnings?lang=zh").text
    assert re.search(r'class="verdict good">\s*<h2>今天没有预警', told)


def test_the_public_list_has_public_rules_alone_the_worst_first(
    warned: Warned,
) -> None:
    told = warned[0].client.get("/warnings?lang=zh").text
    assert told.index(">白芍<") < told.index(">当归<")
    for kept in (HIDDEN, HIDDEN_RULE, warned[1]["source-dominance"]):
        assert kept not in told


def test_each_line_of_the_list_has_its_score_in_the_unit_of_the_rule_and_its_day(warned: Warned) -> None:
    city, _ = warned
    day = Formats("zh").day(city.now)
    told = city.client.get("/warnings?lang=zh").text
    assert f"{RISE} 45.0 %（{day}）" in told
    assert f"{FALL} 25.0 %（{day}）" in told


def test_an_old_warning_says_how_it_stands_today(city: ForecastCity) -> None:
    opened = city.now
    rise = open_some(city)["growth-up"]
    city.reach(opened + timedelta(days=60))
    assert "规则最近一次查看" not in city.client.get(f"/warnings/{rise}?lang=zh").text
    with city.station.database.read() as session:
        release = service.latest(session, "bozhou", public_at_ms=city.clock())
    assert release is not None
    looked = WarningWatchRow(
        release_id=release.release_id, rules_sha256="0" * 64, day=1, watched_ms=city.clock(), outcome="{}"
    )
    city.station.writer.submit(lambda session: session.add(looked))
    told = city.client.get(f"/warnings/{rise}?lang=zh").text
    value = last_value(city.station, release, Level.HERB, "白芍", city.clock())
    assert f"时仍为“严重”。下面的图和数字以 {Formats('zh').day(opened)} 为准" in told
    assert f"指数现为 {value:,.2f} 点（{Formats('zh').day(city.now)}）" in told


def test_every_state_has_its_word_beside_its_colour(warned: Warned) -> None:
    told = warned[0].client.get("/warnings?lang=zh").text
    assert '<span class="state-badge">严重 · 红色预警</span>' in told
    assert '<span class="state-badge">预警 · 蓝色预警</span>' in told
    for band, name in band_rows("zh"):
        assert f'class="band-{band.word}"' in told
        assert name in told


def test_bands_have_the_names_the_rules_give_them() -> None:
    for band, _ in band_rows("zh"):
        assert words_in("zh")(f"warning.band_{band.word}") == band_name(band, "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_evidence_says_what_was_seen_with_every_bound_and_number(warned: Warned, language: str) -> None:
    city, ids = warned
    told = city.client.get(f"/warnings/{ids['growth-up']}?lang={language}").text
    for shown in ("45.0 %", "1250", "unheard_of", "1,450.00", ids["growth-up"]):
        assert shown in told
    assert told.count('<svg class="chart') == 4
    [receipt] = set(re.findall(r'href="(/v1/receipts/[^"]+)"', told))
    assert city.client.get(receipt.replace("&amp;", "&")).status_code == 200


def test_the_table_twin_of_the_charts_has_every_period(warned: Warned) -> None:
    city, ids = warned
    told = city.client.get(f"/warnings/{ids['growth-up']}?lang=zh").text
    assert told.count('<tr><th scope="row">20') == 40


def test_a_warning_the_public_may_not_see_is_not_found(warned: Warned) -> None:
    city, ids = warned
    hidden = city.client.get(f"/warnings/{ids['source-dominance']}?lang=zh")
    nothing = city.client.get(f"/warnings/warning-{'0' * 32}?lang=zh")
    assert hidden.status_code == nothing.status_code == 404
    assert HIDDEN not in hidden.text
    assert city.client.get("/warnings/" + "x" * 5000).status_code == 404


@pytest.mark.parametrize("query", ["?lang=zh", "?lang=en&view=elder"])
def test_the_list_stands_in_both_languages_and_views(warned: Warned, query: str) -> None:
    assert warned[0].client.get("/warnings" + query).status_code == 200
