"""The track record page: empty, young and full, each said as what it is; no claim without its figures."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.web.track_claims import LEAST_ORIGINS, claims_of
from api.web.words import words_in
from priceindex.classification import Level
from priceindex.forecast.scoring.block_bootstrap import LEVEL, SkillInterval
from priceindex.forecast.track.track_record import TrackLine
from tests.api.forecast_city import ForecastCity, forecast_city

ZH = words_in("zh")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[ForecastCity]:
    with forecast_city(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForecastCity]:
    """A city with one forecast, the first of whose days has come; changed by no test."""
    with forecast_city(tmp_path_factory.mktemp("once")) as made:
        made.forecast()
        made.reach(made.now + timedelta(days=7))
        yield made


def line(step: int, figure: float, high: float, origins: int) -> TrackLine:
    return TrackLine(
        level=Level.COMPOSITE,
        step=step,
        errors=origins,
        nodes=1,
        first_target=date(2025, 1, 3),
        last_target=date(2025, 12, 26),
        relative_mae=SkillInterval(figure=figure, low=figure - 0.1, high=high, origins=origins),
        coherent=SkillInterval(figure=1.0, low=0.9, high=1.1, origins=origins),
        mase=1.0,
        smape=1.0,
        inside_80=0.81,
        inside_95=0.95,
        msis=5.0,
        unskilled=0,
        direction=None,
        rise_if_changed=None,
    )


def test_without_an_index_there_is_a_page_that_says_so(client: TestClient) -> None:
    answer = client.get("/track-record?lang=zh")
    assert (answer.status_code, "还没有发布过指数" in answer.text) == (200, True)
    assert client.get("/track-record?family=bozhou").status_code == 404


def test_before_any_target_has_come_the_first_one_is_named(city: ForecastCity) -> None:
    assert "还没有作过预测" in city.client.get("/track-record?lang=zh").text
    city.forecast()
    told = city.client.get("/track-record?lang=zh").text
    assert "已有 1 次预测写入账本" in told
    assert "2025年5月9日" in told
    assert "<svg" not in told


def test_a_young_record_shows_its_figures_and_claims_nothing(city: ForecastCity) -> None:
    for _ in range(3):
        city.forecast()
        city.reach(city.now + timedelta(days=7))
    told = city.client.get("/track-record?lang=zh").text
    assert "最多只有 3 个起点，不到 52 个" in told
    assert "还没有任何一句" in told
    record = city.client.get("/v1/track-record/bozhou").json()
    [first] = [each for each in record["lines"] if each["level"] == "composite" and each["step"] == 1]
    assert f"{float(first['relative_mae']):.3f}" in told
    assert f"{float(first['mase']):.3f}" in told
    assert str(first["origins"]) == "3"


def test_both_kinds_of_chances_have_their_own_skill_and_table(once: ForecastCity) -> None:
    told = once.client.get("/track-record?lang=zh&level=herb").text
    record = once.client.get("/v1/track-record/bozhou").json()
    [first] = [each for each in record["lines"] if each["level"] == "herb" and each["step"] == 1]
    # 白芍 rose, which had been told with 0.45 of three and with 0.75 of two.
    assert (first["direction"]["forecasts"], first["rise_if_changed"]["forecasts"]) == (1, 1)
    assert first["rise_if_changed"]["brier_skill"] == "0.0000"
    [only] = first["rise_if_changed"]["reliability"]["up_if_changed"]
    assert (only["mean_chance"], only["share_came"]) == ("0.7500", "1.0000")
    three, rise = told.split("若价格变动，往哪边</h3>")
    assert f"{float(first['direction']['brier_skill']):.3f}" in three
    assert "价格变动时，上涨的可能与实际" in rise
    assert "若价格变动，上涨的可能性" in rise
    composite = once.client.get("/track-record?lang=zh").text
    assert "还没有公布过带可能的预测" in composite


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("asked", ["level=herb", "actuals=first", "frequency=month", "level=none&actuals=x"])
def test_every_choice_has_a_page_in_both_languages(once: ForecastCity, language: str, asked: str) -> None:
    answer = once.client.get(f"/track-record?lang={language}&{asked}")
    assert answer.status_code == 200
    assert ("预测成绩" if language == "zh" else "Track record") in answer.text


def test_better_is_said_only_with_enough_origins_and_an_interval_below_one() -> None:
    said = claims_of([line(1, 0.8, 0.9, 60), line(2, 0.9, 1.02, 60)], "week", ZH)
    assert any("第 1 周" in each and "0.800" in each for each in said.may)
    assert not any("第 2 周" in each and "误差小于" in each for each in said.may)
    assert any("第 2 周" in each for each in said.may_not)
    assert said.few is None


def test_one_origin_short_of_a_year_nothing_is_better() -> None:
    said = claims_of([line(1, 0.5, 0.6, LEAST_ORIGINS - 1)], "week", ZH)
    assert said.few is not None
    assert not any("误差小于" in each for each in said.may)
    assert any("起点太少" in each for each in said.may_not)
    assert claims_of([line(1, 0.5, 0.6, LEAST_ORIGINS)], "week", ZH).few is None


def test_what_may_never_be_said_stands_in_every_record() -> None:
    for lines in ([], [line(1, 0.5, 0.6, 500)]):
        assert any("能预测药材价格" in each for each in claims_of(lines, "week", ZH).may_not)


def test_the_interval_is_of_the_level_the_words_say() -> None:
    assert f"{LEVEL:.0%}".replace("%", " %") in ZH("track_record.interval")
