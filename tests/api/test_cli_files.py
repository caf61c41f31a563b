"""A file that cannot be read or written is named with its reason, before anything else happens."""

from pathlib import Path

import pytest

from api.cli import files
from api.cli.app import DONE, REFUSED, run
from api.cli.errors import FileTooLarge, FileUnreadable, FileUnwritable
from tests.api.spreadsheet import season, write


@pytest.fixture(autouse=True)
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "service"))
    monkeypatch.setenv("DAODI_LANGUAGE", "en")
    assert run(["init"]) == DONE


def test_the_systems_reason_is_told_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable) as absent:
        files.read(tmp_path / "absent.csv")
    assert absent.value.message("zh").endswith("：没有这个文件或文件夹")
    assert absent.value.message("en").endswith(": No such file or directory")
    with pytest.raises(FileUnreadable) as folder:
        files.read(tmp_path)
    assert folder.value.message("zh").endswith("：这是一个文件夹")


def test_a_report_that_cannot_be_written_stops_the_import_before_it_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = write(tmp_path / "season.xlsx", season())
    for report in (tmp_path / "absent" / "faults.csv", tmp_path):
        assert run(["import", "steps", str(workbook), "--report", str(report)]) == REFUSED
        assert f"the file {report} cannot be written" in capsys.readouterr().err
    assert run(["import", "steps", str(workbook)]) == DONE
    assert "steps: 36 recorded" in capsys.readouterr().out  # none was recorded before


def test_a_report_that_fails_at_the_end_hides_no_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise FileUnwritable(file=path, reason=str(len(content)))

    monkeypatch.setattr(files, "write", full)
    workbook = write(tmp_path / "season.xlsx", season())
    assert run(["import", "steps", str(workbook), "--report", str(tmp_path / "faults.csv")]) == REFUSED
    assert "steps: 36 recorded" in capsys.readouterr().out


def test_what_is_wrong_with_the_whole_file_is_in_the_report_too(tmp_path: Path) -> None:
    empty = tmp_path / "quotes.csv"
    empty.write_bytes(b"")
    report = tmp_path / "faults.csv"
    assert run(["import", "quotes", str(empty), "--source", "bozhou", "--report", str(report)]) == REFUSED
    assert len(report.read_text("utf-8-sig").splitlines()) == 2


def test_proving_that_a_file_can_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    before = list(tmp_path.iterdir())
    files.prove_writable(tmp_path / "faults.csv")
    assert list(tmp_path.iterdir()) == before


def test_a_file_too_large_for_the_service_is_too_large_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DAODI_MAX_BODY_BYTES", "2048")
    monkeypatch.setenv("DAODI_MAX_UPLOAD_BYTES", "2048")
    path = tmp_path / "quotes.csv"
    path.write_bytes(b"x" * 2049)
    assert run(["import", "quotes", str(path), "--source", "bozhou"]) == REFUSED
    said = capsys.readouterr().err
    assert "2049 bytes; at most 2048" in said
    assert "split it by rows" in said
    with pytest.raises(FileTooLarge):
        files.read(path, limit=2048)
