"""The demo city goes in through the product's doors, passes every check, and fails them when it should."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from api.cli.demo import run_demo
from api.settings import Settings
from api.station import Station
from daodi_city.checks import run_checks
from daodi_city.city import City, build
from daodi_city.errors import ChecksFailed, DemoRunning, FolderNotOurs
from daodi_city.fault_checks import try_all
from daodi_city.folder import DemoFolder
from daodi_city.outcome import Outcome
from daodi_city.town import CityClock, Town


def _outcomes(city: City, settings: Settings) -> tuple[Outcome, ...]:
    with Station.open(settings, clock=CityClock(city.now_ms), background=False) as station:
        return run_checks(city, station)


def _failed(city: City, folder: Path) -> list[str]:
    outcomes = _outcomes(city, DemoFolder(folder).settings())
    return [outcome.name("en") for outcome in outcomes if not outcome.passed]


def _alter(folder: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(folder / "daodi.sqlite")) as connection, connection:
        for statement in statements:
            assert connection.execute(statement).rowcount > 0


def test_a_city_in_sqlite_passes_every_check_and_does_so_again(city: City, copied: Path) -> None:
    outcomes = _outcomes(city, DemoFolder(copied).settings())
    assert [outcome.figures("en") for outcome in outcomes if not outcome.passed] == []
    assert len(outcomes) >= len(city.faults) + 7 + 1 + 3 + 1
    again = _outcomes(city, DemoFolder(copied).settings())
    assert [each.figures("zh") for each in again] == [each.figures("zh") for each in outcomes]


def test_a_changed_entry_fails_the_audit_and_a_changed_value_the_index(city: City, copied: Path) -> None:
    changed = "CAST(replace(CAST(leaf AS TEXT), 'lot/', 'lat/') AS BLOB)"
    herbs = "SELECT series_id FROM price_series WHERE level = 'herb'"
    _alter(
        copied,
        f"UPDATE ledger_entry SET leaf = {changed} WHERE entry_index = 400",  # noqa: S608  no input
        f"UPDATE price_point SET units = units + 1 WHERE series_id IN ({herbs})",  # noqa: S608  no input
    )
    failed = _failed(city, copied)
    assert "the log audits clean" in failed
    assert "the index recomputes to its published value" in failed


def test_a_lost_finding_fails_the_check_of_its_fault_and_lost_single_scans_fail_none(
    city: City, copied: Path
) -> None:
    _alter(copied, "DELETE FROM trace_finding WHERE rule = 'balance.oversold'", "DELETE FROM trace_scan")
    assert _failed(city, copied) == ["planted fault found: oversold lot"]


def test_a_closed_shipment_makes_the_wrong_receipt_be_refused_by_another_rule(
    city: City, copied: Path
) -> None:
    _alter(copied, "DELETE FROM trace_shipment WHERE received_step IS NULL")
    clock = CityClock(city.now_ms)
    with Station.open(DemoFolder(copied).settings(), clock=clock, background=False) as station:
        town = Town(station=station, clock=clock, rolls=city.rolls, boxes=city.chapters.boxes)
        told = [outcome.figures("en") for outcome in try_all(city, town)]
    assert any("receipt.2" in figures for figures in told)


def test_a_loaded_city_is_used_again_and_another_seed_is_not_taken_for_it(city: City, loaded: Path) -> None:
    folder = DemoFolder(loaded)
    assert folder.holds(city)
    assert not folder.holds(build(99, small=True))


def test_a_load_cut_short_is_not_taken_for_a_whole_one(city: City, tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path / "demo")
    folder.begin(city)
    assert not folder.holds(city)
    folder.clear()
    assert not folder.path.exists()


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderNotOurs):
        DemoFolder(tmp_path).clear()
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_a_city_that_is_being_served_is_neither_dropped_nor_opened_twice(city: City, copied: Path) -> None:
    settings = DemoFolder(copied).settings()
    with Station.open(settings, clock=CityClock(city.now_ms)), pytest.raises(DemoRunning, match="is running"):
        run_demo(
            dry_run=False,
            check=True,
            seed=1,
            small=True,
            serve=False,
            folder=copied,
            language="en",
            fresh=True,
        )
    assert DemoFolder(copied).holds(city)


def test_check_raises_when_a_check_fails_and_names_it(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _alter(copied, "DELETE FROM trace_finding WHERE rule = 'late.recorded'")
    with pytest.raises(ChecksFailed, match="late record"):
        run_demo(dry_run=False, check=True, seed=1, small=True, serve=False, folder=copied, language="en")
    assert "FAILED" in capsys.readouterr().out


def test_a_dry_run_counts_the_city_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run_demo(dry_run=True, check=False, seed=1, small=False, serve=True, folder=None, language="en")
    told = capsys.readouterr().out
    assert "nothing was written" in told
    assert f"{build().packs:,}" in told
    assert list(tmp_path.iterdir()) == []


def test_showing_a_loaded_city_without_serving_prints_the_addresses(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_demo(
        dry_run=False, check=False, seed=1, small=True, serve=False, folder=copied, language="zh", port=8123
    )
    told = capsys.readouterr().out
    assert "http://127.0.0.1:8123/s/" in told
    for path in ("recalls/", "lots/", "parties/", "sensors/", "index", "governance", "stages", "api-docs"):
        assert f"http://127.0.0.1:8123/{path}" in told
