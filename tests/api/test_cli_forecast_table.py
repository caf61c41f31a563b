"""`daodi forecast table`: a table of one's own, forecast and written out, or refused with its fault."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import forecast_table

Told = Callable[..., str]
RISING = [100 + 2 * month for month in range(24)]


def table(folder: Path, rows: list[tuple[str, str, str]], head: str = "series,period,value") -> Path:
    file = folder / "series.csv"
    file.write_text("\n".join([head, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return file


def months(values: list[int], name: str = "白芍") -> list[tuple[str, str, str]]:
    return [
        (name, f"{2024 + place // 12}-{place % 12 + 1:02}", str(value)) for place, value in enumerate(values)
    ]


def test_drift_goes_on_by_the_mean_step_and_naive_stays(tmp_path: Path, told: Told) -> None:
    out = tmp_path / "out.csv"
    asked = ("--model", "naive", "--model", "drift", "--horizon", "3", "--out", str(out))
    told("forecast", "table", str(table(tmp_path, months(RISING))), *asked)
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    found = {(row["model"], row["step"]): float(row["value"]) for row in rows}
    assert found == {
        ("naive", "1"): 146.0, ("naive", "2"): 146.0, ("naive", "3"): 146.0,
        ("drift", "1"): 148.0, ("drift", "2"): 150.0, ("drift", "3"): 152.0,
    }  # fmt: skip


def test_several_processes_write_the_same_file(
    tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row for number in range(3) for row in months([v + 10 * number for v in RISING], f"药{number}")]
    file, one, many = table(tmp_path, rows), tmp_path / "one.csv", tmp_path / "many.csv"
    told("forecast", "table", str(file), "--out", str(one))
    monkeypatch.setattr(forecast_table, "_WORTH_A_POOL", 0)
    told("forecast", "table", str(file), "--out", str(many))
    assert many.read_bytes() == one.read_bytes()
    assert len(one.read_text("utf-8").splitlines()) == 1 + 3 * 7 * 12


def test_chinese_headings_and_a_long_table_are_shown_in_part(tmp_path: Path, told: Told) -> None:
    said = told("forecast", "table", str(table(tmp_path, months(RISING), "数列,期,数值")), "--horizon", "12")
    assert "白芍" in said
    assert "84" in said, "7 models of 12 steps, of which 40 rows are shown"


@pytest.mark.parametrize(
    ("rows", "head", "named"),
    [
        (months(RISING), "series,period,price", ("series, period, value", "series, period, price")),
        ([("白芍", "2024-13", "1")], "series,period,value", ("2", "period", "2024-13")),
        ([("白芍", "1", "1"), ("白芍", "2", "-3")], "series,period,value", ("3", "value", "-3")),
        ([("白芍", "1", "1"), ("白芍", "2", "")], "series,period,value", ("3", "value", "—")),
        ([("白芍", "1", "1"), ("白芍", "3", "2")], "series,period,value", ("白芍", "1", "3")),
    ],
)
def test_a_fault_is_told_with_its_place(
    rows: list[tuple[str, str, str]], head: str, named: tuple[str, ...], tmp_path: Path, refused: Told
) -> None:
    said = refused("forecast", "table", str(table(tmp_path, rows, head)), "--out", str(tmp_path / "out.csv"))
    assert [word for word in named if word not in said] == []
    assert not (tmp_path / "out.csv").exists()


def test_a_model_that_does_not_exist_is_refused(tmp_path: Path, refused: Told) -> None:
    assert "crystal_ball" in refused(
        "forecast", "table", str(table(tmp_path, months(RISING))), "--model", "crystal_ball"
    )
