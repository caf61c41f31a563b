"""What `daodi forecast show` says of direction: either kind where it is published, and a dash where not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from api.cli.forecast_lines import show_chances, show_track
from api.cli.screen import Screen
from priceindex.forecast.method import forecast_method
from priceindex.forecast.track import reading
from priceindex.forecast.track.reading import NodeForecast
from priceindex.forecast.track.track_record import track_record
from tests.api.forecast_city import ForecastCity, forecast_city


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForecastCity]:
    """A city with one forecast of whose targets the first has come."""
    with forecast_city(Path(tmp_path_factory.mktemp("once"))) as made:
        made.forecast()
        made.reach(made.now.replace(day=9))
        yield made


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")


def found(city: ForecastCity, level: str, node: str) -> NodeForecast:
    with city.station.database.read() as session:
        return reading.newest(session, "bozhou", level, node, "week", as_of_ms=city.clock())


def said(
    city: ForecastCity, capsys: pytest.CaptureFixture[str], language: Literal["zh", "en"], **parts: object
) -> str:
    told = found(city, "herb", "白芍")
    capsys.readouterr()
    show_chances(Screen(language), replace(told, series=replace(told.series, **parts)))  # type: ignore[arg-type]
    output = capsys.readouterr()
    return output.out + output.err


def test_both_kinds_stand_side_by_side(once: ForecastCity, capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(once, capsys, "zh")
    [first] = [line for line in shown.splitlines() if "2025-05-09" in line]
    assert [cell.strip() for cell in first.split("│")[2:6]] == ["45.0 %", "40.0 %", "15.0 %", "75.0 %"]
    [third] = [line for line in shown.splitlines() if "2025-05-23" in line]
    assert third.split("│")[5].strip() == "–"
    assert "若价格变动，上涨" in shown
    assert "“–”：未显示预测能力" in shown
    assert "通常变动 5.1 %" in shown


def test_up_given_a_change_alone_is_shown(once: ForecastCity, capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(once, capsys, "en", chances_bp=(None,) * 12)
    [first] = [line for line in shown.splitlines() if "2025-05-09" in line]
    assert [cell.strip() for cell in first.split("│")[2:6]] == ["–", "–", "–", "75.0 %"]
    assert "no demonstrated skill, not published" in shown


def test_without_either_it_is_said_why(once: ForecastCity, capsys: pytest.CaptureFixture[str]) -> None:
    nothing = (None,) * 12
    assert "未显示预测能力" in said(once, capsys, "zh", chances_bp=nothing, rise_if_changed_bp=nothing)
    show_chances(Screen("zh"), found(once, "composite", "all"))
    assert "只对价格常常不动的药材与规格给出" in capsys.readouterr().err


def test_the_record_tells_the_skill_of_both_kinds(
    once: ForecastCity, capsys: pytest.CaptureFixture[str]
) -> None:
    with once.station.database.read() as session:
        track = track_record(session, "bozhou", "week", forecast_method(), as_of_ms=once.clock())
    show_track(Screen("zh"), track)
    shown = capsys.readouterr().out
    assert "方向的成绩" in shown
    [rise] = [line for line in shown.splitlines() if "若变动，上涨" in line]
    assert "0.000" in rise
    assert any("涨、平、跌" in line for line in shown.splitlines())
