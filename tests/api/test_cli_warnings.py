"""`daodi warnings` at the console: watched, listed, decided, measured."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from api.cli.app import MISUSED, run
from api.releasing import release_or_make
from api.settings import Settings
from api.station import Station
from priceindex.releases.drafts import Draft
from priceindex.releases.persons import Person
from tests.api.warned_station import FIRST_DAY, HEADINGS, LAST_DAY, NOON_MS, RISE, publish_risen, take_in

Told = Callable[..., str]


def test_a_warning_from_watching_to_its_rule_s_record(told: Told, tmp_path: Path) -> None:
    days = [FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days + 1)]
    lines = [f"白芍,统,安徽,亳州,{day},{'52.0' if day >= RISE else '40.0'}" for day in days]
    lines += [f"当归,统,甘肃,亳州,{day},100.0" for day in days]
    quotes = tmp_path / "quotes.csv"
    quotes.write_text("\n".join([HEADINGS, *lines]) + "\n", "utf-8")
    told("import", "quotes", str(quotes), "--source", "fair")
    told("index", "publish")
    assert "opened" in told("warnings", "watch")
    assert "nothing changed" in told("warnings", "watch")
    found = re.search(r"warning-[0-9a-f]{32}", told("warnings", "list"))
    assert found is not None
    assert "from release bozhou-2025-06-27" in told("warnings", "show", found[0])
    assert "acknowledged" in told("warnings", "acknowledge", found[0])
    told("warnings", "close", found[0], "--reason", "true", "--words", "seen at the market")
    assert "closed: true" in told("warnings", "list", "--all")
    assert "100 % (n=1)" in told("warnings", "rules")
    assert "open again" in told("warnings", "reopen", found[0], "--words", "closed the wrong one")
    told("warnings", "health-list", "连翘", "--source", "notice 12 of 2025-03-01")
    assert "notice 12" in told("warnings", "health-list")
    assert "open" in told("warnings", "digest", "--day", "2025-06-27")


def test_a_name_mistyped_is_never_read_as_calm(refused: Told, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["warnings", "list", "--rule", "growth"]) == MISUSED
    assert "growth-up" in capsys.readouterr().err
    assert "bozhou" in refused("warnings", "list", "--family", "bozhu")
    assert "--day" in refused("warnings", "digest", "--day", "June")


@pytest.mark.usefixtures("told")
def test_blanks_are_no_reason(capsys: pytest.CaptureFixture[str]) -> None:
    unknown = "warning-" + "0" * 32
    assert run(["warnings", "explain", unknown, "--words", "   "]) == MISUSED
    assert "need words" in capsys.readouterr().err


def test_the_switch_holds_a_release_that_one_source_makes(station: Station, settings: Settings) -> None:
    station.settings = settings.model_copy(update={"hold_dominated_releases": True})
    publish_risen(station)
    day = LAST_DAY + timedelta(days=1)
    station.clock = lambda: NOON_MS + 86_400_000
    for source, price in (("a", 52), ("b", 52), ("c", 90)):
        take_in(station, [HEADINGS, f"白芍,统,安徽,亳州,{day},{price}.0"], source)
    take_in(station, [HEADINGS, f"当归,统,甘肃,亳州,{day},100.0"], "a")
    made = release_or_make(station, "bozhou", day, Person("Li", "0a0a0a0a"))
    assert isinstance(made, Draft)
    assert made.held is not None
