"""The report of faulty rows opens in a spreadsheet and carries no formula of a stranger."""

import csv
from pathlib import Path

import pytest

from api.cli.errors import FileUnwritable
from api.cli.files import write
from api.cli.reports import write_report
from api.cli.screen import Screen
from ledger.errors import DaodiError, Location


class Bad(DaodiError):
    zh = "有误"
    en = "wrong"
    remedy_zh = "改正"
    remedy_en = "correct it"


def test_a_report_names_sheet_row_field_value_fault_and_remedy(tmp_path: Path) -> None:
    path = tmp_path / "faults.csv"
    at = Location(file="a.xlsx［环节］", row=3, field="重量", value="五斤")
    write_report(path, [Bad(at=at)], Screen("zh"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["表", "行", "列", "内容", "错误", "处理"],
            ["环节", "3", "重量", "五斤", "有误", "改正"],
        ]


def test_the_screen_names_the_sheet_where_there_is_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    Screen("zh").faults([Bad(at=Location(file="a.xlsx［主体］", row=3))])
    assert "主体" in capsys.readouterr().err
    Screen("zh").faults([Bad(at=Location(file="a.csv", row=3))])
    assert "表" not in capsys.readouterr().err


def test_excel_can_tell_that_a_report_is_utf8(tmp_path: Path) -> None:
    path = tmp_path / "faults.csv"
    write_report(path, [], Screen("zh"))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_strangers_formula_is_shown_and_not_run(tmp_path: Path, value: str) -> None:
    path = tmp_path / "faults.csv"
    write_report(path, [Bad(at=Location(value=value))], Screen("en"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1][3] == f"'{value}"


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(FileUnwritable) as raised:
        write(tmp_path / "absent" / "faults.csv", b"x")
    assert "absent" in raised.value.message("en")
    assert list(tmp_path.iterdir()) == []
