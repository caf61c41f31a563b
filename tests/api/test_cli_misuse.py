"""A misused command says what is wrong and what to do, in the person's language, without a traceback."""

from pathlib import Path

import pytest

from api.cli import app
from api.cli.app import BROKEN, MISUSED, REFUSED, run
from api.cli.screen import Screen
from ledger.errors import DaodiError, Location, ManyFaults


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No service was ever set up here."""
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "service"))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("TMPDIR", str(tmp_path))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["trace"], "the argument CODE is missing"),
        (["--nope"], "there is no option --nope"),
        (["bogus"], "there is no command bogus"),
        (["index"], "a command is missing"),
        (["fsck", "folder", "twice"], "the argument twice is one too many"),
        (["serve", "--port", "x"], "the value of --port is wrong: has to be a whole number"),
        (["--language", "fr", "fsck"], "the value of --language is wrong: fr (zh, en)"),
    ],
)
def test_a_wrong_command_line_is_explained(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == MISUSED
    told = capsys.readouterr()
    assert told.out == ""
    assert f"error: {said}\n" in told.err
    assert "remedy: run daodi" in told.err


def test_the_same_is_said_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--language", "zh", "trace"]) == MISUSED
    assert capsys.readouterr().err == "错误：缺少参数 CODE\n处理：运行 daodi trace --help 查看用法\n"


@pytest.mark.parametrize(
    "arguments",
    [["fsck"], ["index", "list"], ["trace", "00000000000000000000"], ["keys", "list"], ["index", "compute"]],
)
def test_what_needs_a_service_says_how_to_set_one_up(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == REFUSED
    assert "run daodi init first" in capsys.readouterr().err


def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DAODI_PORT", "many")
    assert run(["init"]) == REFUSED
    assert "DAODI_PORT" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["verify"], ["import", "quotes", "--source", "bozhou"], ["import", "steps"]]
)
def test_a_file_that_is_not_there_is_named(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*arguments, "nothing.csv"]) == REFUSED
    assert "the file nothing.csv cannot be read" in capsys.readouterr().err


def test_a_file_that_proves_nothing_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "note.txt"
    path.write_text("hello", "utf-8")
    assert run(["verify", str(path)]) == REFUSED
    said = capsys.readouterr().err
    assert "no evidence, receipt, disclosure, subject proof, printed text or release bundle" in said
    assert ".svg" in said


def test_a_reason_within_a_refusal_is_told_in_the_same_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "e.json"
    path.write_text("{}\n", "utf-8")
    assert run(["--language", "zh", "verify", str(path)]) == REFUSED
    said = capsys.readouterr().err
    assert "不是有效的发布包" in said
    assert "canonical" not in said
    assert run(["--language", "en", "verify", str(path)]) == REFUSED
    assert "canonical form" in capsys.readouterr().err


def test_our_own_mistake_shows_no_traceback_but_keeps_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(app, "command", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run(["fsck"]) == BROKEN
    said = capsys.readouterr().err
    assert "Traceback" not in said
    kept = next(tmp_path.glob("daodi-*.txt"))
    assert str(kept) in said
    assert "ZeroDivisionError" in kept.read_text("utf-8")


def test_many_faults_are_drawn_as_a_table_with_row_field_value_and_remedy(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crooked(DaodiError):
        zh = "歪了"
        en = "it is crooked"
        remedy_zh = "扶正"
        remedy_en = "straighten it"

    monkeypatch.setenv("COLUMNS", "160")
    at = Location(file="steps.csv", row=7, field="grams", value="[bold]12,5[/bold]")
    Screen("en").fault(ManyFaults([Crooked(at=at)] * 60))
    said = capsys.readouterr().err
    assert "60 faults were found; nothing was written" in said
    row = next(line for line in said.splitlines() if "it is crooked" in line)
    assert [cell.strip() for cell in row.split("│")[1:-1]] == [
        "7",
        "grams",
        "[bold]12,5[/bold]",
        "it is crooked",
        "straighten it",
    ]
    assert "and 10 more" in said
