"""`daodi supervision`, `integrity` and `inspections`: tables, files, a register and a draw."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.settings import load_settings
from api.station import Station
from tests.trace.season import GROWER, MAKER, register_all, white_peony
from tests.trace.supervised import SEASON

Tell = Callable[..., str]
QUARTER = ("--period", SEASON.name)
HEADS = "unit,kind,name,division,node_type,since,uscc,source"


@pytest.fixture
def season(told: Tell) -> Tell:
    """The season recorded in the service the commands belong to."""
    with Station.open(load_settings(), background=False) as station:

        def work(session: object) -> None:
            register_all(session, station.recorder)  # type: ignore[arg-type]
            for step, recorded_ms in white_peony():
                station.recorder.record_step(session, step, recorded_ms)  # type: ignore[arg-type]

        station.writer.submit(work)
        station.settle()
    return told


def test_a_register_taken_in_gives_coverage_its_denominator(season: Tell, tmp_path: Path) -> None:
    sheet = tmp_path / "register.csv"
    sheet.write_text(f"{HEADS}\nF-1,firm,works,341602,slice_maker,2024-01-01,{MAKER},list\n", "utf-8")
    before = season("supervision", "coverage", *QUARTER)
    assert "unknown" in before
    assert "1 units in the file, 1 entered" in season("supervision", "register", str(sheet))
    assert "1 units in the file, 0 entered" in season("supervision", "register", str(sheet))
    assert "1000" in season("supervision", "coverage", *QUARTER)
    assert "paozhi" in season("supervision", "usage", *QUARTER)


def test_a_table_goes_to_the_screen_or_into_a_file(season: Tell, tmp_path: Path) -> None:
    assert MAKER in season("supervision", "codes", *QUARTER)
    out = tmp_path / "codes.csv"
    assert "1 rows" in season("supervision", "codes", *QUARTER, "--csv", str(out))
    heads, row, *_ = out.read_text("utf-8-sig").splitlines()
    assert dict(zip(heads.split(","), row.split(","), strict=True))["issued"] == "20"
    for name in ("oversell", "late", "scans"):
        season("supervision", name, *QUARTER)


def test_a_period_is_scored_and_shown(season: Tell) -> None:
    assert "not scored yet" in season("integrity", "show", GROWER)
    assert f"scored {SEASON.name}: 1 statements" in season("integrity", "score", SEASON.name)
    shown = season("integrity", "show", GROWER)
    assert "stars" in shown
    assert "600000/600000" in shown


def test_a_draw_keeps_its_seed_for_itself_and_waits_for_the_log(
    season: Tell, refused: Tell, tmp_path: Path
) -> None:
    season("integrity", "score", SEASON.name)
    seed = tmp_path / "seed"
    said = season(
        "inspections", "announce", "--period", SEASON.name, "--parties", "1",
        "--inspector", "J-1", "--inspector", "J-2", "--seed", str(seed),
    )  # fmt: skip
    draw_id = said.split()[1].rstrip(":")
    assert seed.stat().st_mode & 0o077 == 0
    assert "awaits" in refused("inspections", "draw", draw_id, "--seed", str(seed))
    assert "awaits" in refused("inspections", "verify", draw_id)


def test_an_unfinished_period_is_refused_with_words(season: Tell, refused: Tell) -> None:
    assert season
    assert "not over" in refused("integrity", "score", "2999")
    assert "neither a year nor a quarter" in refused("supervision", "coverage", "--period", "soon")
