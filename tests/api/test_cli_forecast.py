"""`daodi forecast` without a running service: made, listed, shown, verified, scored, written out."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from api import clock
from api.cli import deployment
from api.cli.app import DONE, MISUSED, REFUSED, run
from priceindex.calendar import day_number
from priceindex.forecast.track.lateness import begins_ms
from tests.api.test_forecast_routes import MADE_MS, NEXT, THROUGH, quoted
from tests.api.two_vintages import HEADINGS

Told = Callable[..., str]


class Wall:
    """A clock that tests set, in place of the system's."""

    now_ms = MADE_MS

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    """The evening on which the quotes end."""
    made = Wall()
    monkeypatch.setattr(clock, "system_clock", made)
    from api import founding, station

    monkeypatch.setitem(station.Station.open.__kwdefaults__ or {}, "clock", made)
    monkeypatch.setitem(founding.found.__kwdefaults__ or {}, "clock", made)
    return made


@pytest.fixture
def told(
    wall: Wall,  # noqa: ARG001  sets the clock
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Told:
    """A founded service with half a year of quotes and their release; runs a command."""
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "service"))
    monkeypatch.setenv("DAODI_LANGUAGE", "en")
    monkeypatch.setenv("DAODI_FORECAST_FIT", "false")
    monkeypatch.setenv("COLUMNS", "200")

    def tell(*arguments: str, ends: int = DONE) -> str:
        outcome = run(list(arguments))
        said = capsys.readouterr()
        assert outcome == ends, said.out + said.err
        return said.out + said.err

    tell("init")
    publish(tell, tmp_path, quoted(THROUGH))
    return tell


def publish(tell: Told, folder: Path, lines: list[str]) -> None:
    sheet = folder / "quotes.csv"
    sheet.write_text("\n".join([HEADINGS, *lines]) + "\n", "utf-8")
    tell("import", "quotes", str(sheet), "--source", "fair")
    tell("index", "publish")


def test_a_forecast_is_made_shown_and_verified(told: Told) -> None:
    assert "there are no forecasts yet" in told("forecast", "list")
    assert "made bozhou-week-1: " in told("forecast", "make", "bozhou")
    assert "nothing made anew" in told("forecast", "make", "bozhou")
    listed = told("forecast", "list")
    assert "bozhou-week-1" in listed
    assert "2025-07-04 – 2025-09-19" in listed
    shown = told("forecast", "show", "bozhou", "--level", "herb", "--node", "当归")
    assert "2025-09-19" in shown
    heads = next(line for line in shown.splitlines() if "no change" in line and "┃" in line).split("┃")
    first = [line for line in shown.splitlines() if "2025-07-04" in line][1].split("│")
    told_of = {head.strip(): cell.strip() for head, cell in zip(heads, first, strict=True)}
    assert f"from {told_of['no change']} on 2025-06-27" in shown
    assert "as a year before" not in shown  # weeks have no season: it would say "no change" again
    assert shown.splitlines()[0].startswith("In 4 weeks (25 July 2025): ")
    assert shown == told("forecast", "show", "bozhou", "--node", "当归")  # the name tells the level
    told("forecast", "show", "bozhou", "--level", "herbs", ends=MISUSED)
    assert "there is no" in told("forecast", "list", "--family", "bozhu", ends=REFUSED)
    verified = told("forecast", "verify", "bozhou-week-1")
    assert "each before its target day" in verified
    assert "computed again: " in verified
    assert "none has come due" in told("forecast", "record", "bozhou")
    told("forecast", "verify", "bozhou-week-2", ends=REFUSED)
    told("forecast", "make", "bozhou", "--frequency", "year", ends=MISUSED)


def test_the_record_is_shown_and_written_out(told: Told, wall: Wall, tmp_path: Path) -> None:
    told("forecast", "make", "bozhou")
    wall.now_ms = begins_ms(day_number(NEXT)) + 18 * 3_600_000
    publish(told, tmp_path, quoted(NEXT, THROUGH.replace(month=7, day=1)))
    file = tmp_path / "record.csv"
    shown = told("forecast", "record", "bozhou", "--csv", str(file))
    assert "track record of bozhou, 1 forecasts" in shown
    assert "its target has not come" in shown
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert {row["state"] for row in rows} == {"scored", "waiting"}
    assert {row["target"] for row in rows if row["state"] == "scored"} == {"2025-07-04", "2025-07-11"}


def test_an_edited_forecast_fails_verification(told: Told) -> None:
    told("forecast", "make", "bozhou")
    with deployment.writing(deployment.settings()) as station:
        from sqlalchemy import text

        say = text("update price_forecast_series set told = replace(told, '\"damped\"', '\"theta\"')")
        back = text("update price_forecast_series set told = replace(told, '\"naive\"', '\"oracle\"')")
        station.writer.submit(
            lambda session: (session.connection().execute(say), session.connection().execute(back))
        )
    said = told("forecast", "verify", "bozhou-week-1", ends=REFUSED)
    assert "the log holds" in said
    assert "trust the log" in said
