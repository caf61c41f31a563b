"""`daodi redact`, `disclose`, `verify` and `keys rotate-vault`, by a person at a keyboard."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from api.cli.app import DONE, INTERRUPTED, REFUSED, run

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "steps-season.xlsx"
Outcome = tuple[int, str, str]
Ran = Callable[..., Outcome]


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ran:
    """Run a command and return its exit code and what it printed; the service has a season in it."""
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "service"))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")

    def run_it(*arguments: str) -> Outcome:
        outcome = run(arguments)
        said = capsys.readouterr()
        return outcome, said.out, said.err

    assert run_it("init")[0] == DONE
    assert run_it("import", "steps", str(EXAMPLE))[0] == DONE
    return run_it


@pytest.fixture
def statement(ran: Ran, tmp_path: Path) -> str:  # noqa: ARG001  what was imported
    """A statement that keeps private values."""
    connection = sqlite3.connect(tmp_path / "service" / "daodi.sqlite")
    [found] = connection.execute(
        "SELECT min(statement_id) FROM trace_disclosure WHERE name = 'responsible'"
    ).fetchone()
    connection.close()
    return str(found)


def test_a_file_for_a_buyer_is_written_checked_and_bound_to_its_statement(
    ran: Ran, statement: str, tmp_path: Path
) -> None:
    out = tmp_path / "name.json"
    assert ran("disclose", statement, "--field", "responsible", "-o", str(out))[0] == DONE
    assert out.stat().st_mode & 0o777 == 0o600
    assert len(json.loads(out.read_text())["disclosures"]) == 1
    outcome, said, refused = ran("verify", str(out))
    assert outcome == DONE, refused
    assert "responsible" in said
    altered = json.loads(out.read_text())
    altered["statement"] = "step/other"
    out.write_text(json.dumps(altered))
    assert ran("verify", str(out))[0] == REFUSED


def test_erasing_asks_first_and_cannot_be_undone(
    ran: Ran, statement: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = str(tmp_path / "file.json")
    erase = ("redact", statement, "--field", "responsible", "--reason", "subject-request")
    monkeypatch.setattr("typer.confirm", _say_no)
    assert ran(*erase)[0] == INTERRUPTED
    assert ran("disclose", statement, "--field", "responsible", "-o", out)[0] == DONE
    outcome, said, remarks = ran(*erase, "--yes")
    assert outcome == DONE, remarks
    assert "responsible" in said
    assert "rotate-vault" in remarks
    assert ran("disclose", statement, "--field", "responsible", "-o", out)[0] == REFUSED
    assert ran(*erase, "--yes")[0] == REFUSED
    # What was handed out before is out of our hands, and still proves itself.
    assert ran("verify", out)[0] == DONE
    assert ran("fsck")[0] == DONE


def test_a_reason_in_words_is_refused_before_anything_is_asked(ran: Ran, statement: str) -> None:
    outcome, _, refused = ran("redact", statement, "--reason", "Mr Zhang asked us")
    assert outcome == REFUSED
    assert "subject-request" in refused
    assert "Zhang" not in refused


def test_the_wrapping_key_is_replaced_and_values_stay_readable(
    ran: Ran, statement: str, tmp_path: Path
) -> None:
    key_file = next((tmp_path / "service").rglob("vault.json"))
    before = key_file.read_bytes()
    outcome, said, _ = ran("keys", "rotate-vault")
    assert outcome == DONE
    assert "data keys" in said
    assert key_file.read_bytes() != before
    assert ran("disclose", statement, "-o", str(tmp_path / "file.json"))[0] == DONE


def _say_no(*_: object, **__: object) -> bool:
    raise typer.Abort
