"""The main job by command alone: a spreadsheet of three lots, from seed to the code on a pack; and quotes."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.app import DONE, REFUSED, run
from tests.api.spreadsheet import season, write

Told = Callable[..., str]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return write(tmp_path / "season.xlsx", season())


def codes_of(said: str) -> str:
    found = re.search(r"the first is (\w+)", said)
    assert found, said
    return found[1]


def test_a_workbook_of_three_lots_leads_to_packs_that_show_the_whole_way(told: Told, workbook: Path) -> None:
    said = told("import", "steps", str(workbook))
    assert "registered: 4 parties, 5 places" in said
    assert "steps: 36 recorded" in said
    assert "findings of late.recorded: 36" in said  # the season was over long before it was recorded
    assert "trace codes: 30 issued" in said
    story = json.loads(told("trace", codes_of(said), "--json"))
    assert story["verdict"]["key"] == "matches"
    assert story["herb"] == "白芍"
    stages = [step["stage"]["key"] for step in story["steps"]]
    assert stages[0] == "seed"
    assert {"split", "merge", "paozhi", "pack"} <= set(stages)
    assert {place["place"] for place in story["origins"]} == {"PLOT-1", "PLOT-2"}
    assert {edge["target"] for edge in story["lineage"]} >= {"BS-M", "BSY"}
    drawn = told("trace", codes_of(said))
    assert "matches the record" in drawn
    late = [line for line in drawn.splitlines() if "days after it happened" in line]
    assert len(late) == 1, drawn  # one rule, one line, however many steps broke it
    assert f"({len(story['steps'])} under this rule)" in late[0]
    assert "pending" not in drawn
    for word in ("harvest", "谯城白芍种植合作社", "BS1-B 150 kg + BS2-H 300 kg → BS-M 450 kg", "86.5"):
        assert word in drawn


def test_every_step_is_in_a_log_that_audits_clean(told: Told, workbook: Path) -> None:
    told("import", "steps", str(workbook))
    entries = int(re.search(r"the log is clean: (\d+) entries", told("fsck"))[1])  # type: ignore[index]
    assert entries > len(season())


@pytest.mark.postgresql
def test_the_same_commands_work_on_postgresql(
    told: Told, workbook: Path, postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAODI_DATABASE_URL", postgresql_url)
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "another"))
    told("init")
    said = told("import", "steps", str(workbook))
    assert "steps: 36 recorded" in said
    assert "谯城白芍种植合作社" in told("trace", codes_of(said))
    assert "the log is clean" in told("fsck")


def test_importing_twice_records_once(told: Told, workbook: Path) -> None:
    told("import", "steps", str(workbook))
    said = told("import", "steps", str(workbook))
    assert "steps: 0 recorded" in said
    assert "36 seen before" in said


def test_a_file_with_one_bad_row_leaves_nothing_behind(
    told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = season()
    steps[3]["产出批次"] = "BS1-F=很多"
    path = write(tmp_path / "bad.xlsx", steps)
    report = tmp_path / "faults.csv"
    assert run(["import", "steps", str(path), "--report", str(report)]) == REFUSED
    said = capsys.readouterr().err
    assert "nothing was written" in said
    assert "--proceed takes in the good rows" in said
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["sheet"], row["row"]) for row in rows if "很多" in row["fault"]] == [("环节", "5")]
    assert all(row["fault"] and row["remedy"] for row in rows)
    good = write(tmp_path / "good.xlsx", season())
    assert "steps: 36 recorded" in told("import", "steps", str(good))


def test_with_proceed_the_good_rows_go_in_and_the_bad_ones_come_back(told: Told, tmp_path: Path) -> None:
    steps = season()
    steps[-1]["所涉批次"] = "NO-SUCH-LOT=1公斤"
    path = write(tmp_path / "bad.xlsx", steps)
    report = tmp_path / "faults.csv"
    said = told("import", "steps", str(path), "--proceed", "--report", str(report))
    assert "steps: 35 recorded" in said
    assert "1 faulty" in said
    with report.open(encoding="utf-8-sig", newline="") as file:
        assert [row["row"] for row in csv.DictReader(file)] == ["37"]


def test_the_empty_spreadsheet_can_be_read_back(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    told("import", "template", str(path))
    assert "steps: 0 recorded" in told("import", "steps", str(path))


def test_a_receipt_is_checked_with_the_logs_key_and_nothing_else(
    told: Told,
    workbook: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from api.cli import deployment
    from ledger import log

    said = told("import", "steps", str(workbook))
    story = json.loads(told("trace", codes_of(said), "--json"))
    settings = deployment.settings()
    with deployment.reading(settings) as session:
        text = log.receipt(session, story["steps"][0]["statement_id"]).to_text()
    key = deployment.trusted_key(settings)
    receipt = tmp_path / "receipt.txt"
    receipt.write_text(text, "utf-8", newline="\n")
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "elsewhere"))
    assert "the receipt holds: entry" in told("verify", str(receipt), "--trust", key)
    assert run(["verify", str(receipt)]) == REFUSED
    assert "--trust" in capsys.readouterr().err
    receipt.write_text(text.replace("index ", "index 1", 1), "utf-8", newline="\n")
    assert run(["verify", str(receipt), "--trust", key]) == REFUSED


@pytest.mark.shared
def test_real_quotes_make_an_index_that_recomputes(told: Told, shared: Path, tmp_path: Path) -> None:
    from api.cli import deployment
    from priceindex import service

    prices = str(shared / "data" / "prices" / "bozhou_daily_2025.csv")
    said = told("import", "quotes", prices)
    counted = [int(number) for number in re.findall(r"\d+", said)]
    assert sum(counted[:3]) == 11_396
    assert "11396 seen before" in told("import", "quotes", prices, "--source", "bozhou-daily-2025")
    assert "composite" in told("index", "compute")
    release = re.search(r"published (\S+): ([\d.]+)", told("index", "publish"))
    assert release
    assert release[1] in told("index", "list")
    assert "试运行" in told("index", "list", "--language", "zh")
    assert "values are equal" in told("index", "verify", release[1])
    with deployment.reading(deployment.settings()) as session:
        bundle = service.bundle(session, release[1])
    path = tmp_path / "bundle.json"
    path.write_bytes(bundle)
    assert f"composite {release[2]} on" in told("verify", str(path))
    assert "the log is clean: 2 entries" in told("fsck")


def test_quotes_that_did_not_count_are_told_with_their_reason(
    told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [f"白芍,统,安徽,亳州,2025-03-{day:02},30.0" for day in range(2, 32) if day != 16]
    lines += [f"茯苓,丁,安徽,亳州,2025-03-{day:02},24.0" for day in range(2, 32)]
    quotes = tmp_path / "quotes.csv"
    heading = "herb,spec,origin,market,date,price_yuan_per_kg"
    quotes.write_text("\n".join([heading, *lines, "白芍,统,安徽,亳州,2025-03-16,300.0"]) + "\n", "utf-8")
    assert "1 quarantined" in told("import", "quotes", str(quotes))
    for command in ("compute", "publish"):
        assert run(["index", command]) == DONE
        said = capsys.readouterr().err
        assert "quotes left out: 1, " in said
        assert "(白芍)" in said


def test_a_token_is_shown_once_and_listed_without_its_secret(told: Told) -> None:
    token = told("keys", "issue-token", "feed", "--scope", "quotes:write", "--days", "7").strip()
    prefix = re.fullmatch(r"daodi_([0-9a-f]{8})_[0-9a-f]{64}", token)
    assert prefix
    listed = told("keys", "list")
    assert prefix[1] in listed
    assert token not in listed
    assert "active" in listed
    told("keys", "revoke-token", prefix[1])
    assert "ended" in told("keys", "list")


def test_setting_up_twice_changes_nothing(told: Told) -> None:
    key = re.search(r"localhost/daodi\+\S+", told("keys", "list"))
    again = told("init")
    assert key
    assert key[0] in again
    assert "is ready" in again


@pytest.mark.parametrize(("origin", "warned"), [("", True), ("herbs.example.org/log", False)])
def test_a_name_for_trying_out_is_called_one(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    origin: str,
    warned: bool,
) -> None:
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "service"))
    if origin:
        monkeypatch.setenv("DAODI_ORIGIN", origin)
    assert run(["init"]) == DONE
    assert ("DAODI_ORIGIN" in capsys.readouterr().err) is warned
