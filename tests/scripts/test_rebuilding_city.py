"""The demo city's tables, made again from its log, are those it was left with; what was altered is named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from api.cli.app import run
from api.settings import Settings, load_settings
from api.station import Station
from daodi_city.checks import run_checks
from daodi_city.city import City
from daodi_city.folder import DemoFolder
from daodi_city.town import CityClock

from .loaded_city import load_city


def _rebuilt(
    city: City, settings: Settings, monkeypatch: pytest.MonkeyPatch, said: Callable[[], str]
) -> None:
    monkeypatch.setenv("DAODI_FOLDER", str(settings.folder))
    monkeypatch.setenv("DAODI_DATABASE_URL", settings.database_address)
    monkeypatch.setenv("DAODI_ORIGIN", settings.origin)
    assert _ended(["rebuild"]) == 0, said()
    assert "every table says what the log says" in said()
    with Station.open(settings, clock=CityClock(city.now_ms), background=False) as station:
        station.writer.submit(_one_gram_more)
    assert _ended(["rebuild"]) == 1
    assert "differs trace_lot" in said()
    assert _ended(["rebuild", "--write"]) == 0
    assert _ended(["rebuild", "--check"]) == 0


def test_the_city_is_rebuilt_row_for_row_and_one_gram_too_many_is_found(
    city: City, copied: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _rebuilt(city, DemoFolder(copied).settings(), monkeypatch, lambda: capsys.readouterr().out)


@pytest.mark.postgresql
def test_a_city_in_postgresql_passes_every_check_and_is_rebuilt(
    city: City,
    postgresql_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = load_settings(folder=tmp_path / "demo", database_url=postgresql_url, redis_url=None, demo=True)
    load_city(city, settings)
    with Station.open(settings, clock=CityClock(city.now_ms), background=False) as station:
        outcomes = run_checks(city, station)
    assert [outcome.figures("en") for outcome in outcomes if not outcome.passed] == []
    _rebuilt(city, settings, monkeypatch, lambda: capsys.readouterr().out)


def _one_gram_more(session: object) -> None:
    changed = "UPDATE trace_lot SET grams = grams + 1 WHERE lot_id = (SELECT min(lot_id) FROM trace_lot"
    session.execute(text(f"{changed} WHERE grams > 0)"))  # type: ignore[attr-defined]


def _ended(arguments: list[str]) -> int:
    return run(["--language", "en", *arguments])
