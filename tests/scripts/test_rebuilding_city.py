"""The demo city's tables, made again from its log, are those it was left with; what was altered is named."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from api.cli.app import run
from api.founding import found
from api.settings import load_settings
from api.station import Station
from daodi_city.city import build
from daodi_city.load import load
from daodi_city.town import CityClock


class NoBars:
    """Shows nothing."""

    @contextlib.contextmanager
    def bar(self, key: str, total: int) -> Iterator[Callable[[int], None]]:
        assert key
        assert total >= 0
        yield lambda _: None


def test_the_city_is_rebuilt_row_for_row_and_one_gram_too_many_is_found(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "service"))
    monkeypatch.setenv("DAODI_DATABASE_URL", database_url)
    monkeypatch.setenv("DAODI_ORIGIN", "city.example/log")
    settings = load_settings()
    city = build(small=True)
    clock = CityClock(city.founded_ms)
    found(settings, clock)
    clock.now_ms = city.now_ms
    with Station.open(settings, clock=clock, background=False) as station:
        load(city, station, clock, NoBars())
    assert _ended(["rebuild"]) == 0, capsys.readouterr()
    assert "every table says what the log says" in capsys.readouterr().out
    with Station.open(settings, clock=clock, background=False) as station:
        station.writer.submit(_one_gram_more)
    assert _ended(["rebuild"]) == 1
    assert "differs trace_lot" in capsys.readouterr().out
    assert _ended(["rebuild", "--write"]) == 0
    assert _ended(["rebuild", "--check"]) == 0


def _one_gram_more(session: object) -> None:
    changed = "UPDATE trace_lot SET grams = grams + 1 WHERE lot_id = (SELECT min(lot_id) FROM trace_lot"
    session.execute(text(f"{changed} WHERE grams > 0)"))  # type: ignore[attr-defined]


def _ended(arguments: list[str]) -> int:
    return run(["--language", "en", *arguments])
