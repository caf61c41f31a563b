"""What a clerk's spreadsheet can look like, and that nothing of it is guessed, lost or half written."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from time import thread_time

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import Session, func, select

from ledger.errors import DaodiError, ManyFaults
from tests.trace.season import GROWER, NOON, founded, recorder
from trace.cells import read_count, read_results, read_time
from trace.errors import BadCell, BadMass, UnreadableFile
from trace.imports import ReadResult, read_steps, take_in
from trace.quantities import parse_mass
from trace.tables import LotRow, StepRow

HEADINGS = ["环节", "主体", "地点", "时间", "产出批次", "药材", "采集区域"]
GOOD = ["野生采集", GROWER, "PLOT", "2024-03-02 08:00", "A=10公斤", "白芍", "大别山"]
LATER = NOON + 30 * 86_400_000


@pytest.fixture
def session() -> Iterator[Session]:
    with founded("sqlite://") as opened:
        yield opened


def sheet_of(*rows: list[object], headings: list[str] | None = None) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "环节"
    for row in (HEADINGS if headings is None else headings, *rows):
        sheet.append(row)
    return book, sheet


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(*rows: list[object], headings: list[str] | None = None) -> ReadResult:
    return read_steps(saved(sheet_of(*rows, headings=headings)[0]), "台账.xlsx")


def with_cell(name: str, value: object) -> list[object]:
    row: list[object] = list(GOOD)
    row[HEADINGS.index(name)] = value
    return row


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-05 08:00", "2026-03-05T08:00:00+08:00"),
        ("2026/3/5 8:05", "2026-03-05T08:05:00+08:00"),
        ("2026.3.5", "2026-03-05T00:00:00+08:00"),
        ("2026年3月5日 8时05分", "2026-03-05T08:05:00+08:00"),
        ("２０２６－０３－０５　０８：００", "2026-03-05T08:00:00+08:00"),
        ("2026-03-05T08:00:00Z", "2026-03-05T08:00:00+00:00"),
        ("2026-03-05T08:00:00.083000", "2026-03-05T08:00:00+08:00"),
        ("2026-03-05T08:00:00.0830+08:00", "2026-03-05T08:00:00+08:00"),
        ("2026-03-05 08:00 -0330", "2026-03-05T08:00:00-03:30"),
    ],
)
def test_a_time_is_read_as_it_was_meant(written: str, meant: str) -> None:
    assert read_time(written).isoformat() == meant


@pytest.mark.parametrize(
    "written",
    ["2026-03-05 20.08", "45000.333", "2026-02-30", "2026-03-05 25:00", "05/03/2026", "26-3-5", "三月五日",
     "2026-W10-4", "2026-03-05 08:00 +99:00", "9" * 5000],
)  # fmt: skip
def test_a_time_that_could_mean_two_things_is_refused(written: str) -> None:
    with pytest.raises(BadCell):
        read_time(written)


@pytest.mark.parametrize("written", ["9" * 5000, "0", "-1", "1.5", "1e3", "2²", "①", "两百"])
def test_a_count_that_is_none_is_refused_and_never_breaks(written: str) -> None:
    with pytest.raises(BadCell):
        read_count(written, "packs")


@pytest.mark.parametrize("written", ["10²公斤", "①公斤", "5公斤" + " " * 80 + "半"])
def test_a_mass_that_is_none_is_never_read_as_another(written: str) -> None:
    with pytest.raises(BadMass):
        parse_mass(written)


def test_full_width_digits_are_read() -> None:
    assert read_count("２００", "packs") == 200
    assert read_results("二氧化硫＝１２０．５　ｍｇ／ｋｇ（通则２３３１）") == [
        {"measurand": "二氧化硫", "value": "120.5", "unit": "mg/kg", "method": "通则2331"}
    ]


def test_a_real_date_in_a_cell_is_a_date() -> None:
    headings = ["环节", "主体", "地点", "时间", "投入批次", "产出批次", "采收结束日期"]
    row = ["采收", GROWER, "PLOT", "2024-03-02 08:00", "P", "F=10公斤"]
    for cell in (date(2024, 3, 1), "2024-03-01T00:00:00", "2024/3/1", "2024年3月1日", "２０２４．３．１"):
        [got] = read([*row, cell], headings=headings).steps
        assert got.new.fields == {"end_date": "2024-03-01"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("时间", 45000.333),
        ("时间", "=NOW()"),
        ("产出批次", "A=10"),
        ("产出批次", "甲=10公斤"),
        ("环节", "采摘"),
        ("药材", "#N/A"),
        ("采集区域", "#REF!"),
        ("采集区域", "=A1"),
        ("主体", 9.1341602e17),
    ],
)
def test_a_bad_cell_says_where_it_is_and_what_to_do(session: Session, name: str, value: object) -> None:
    faults: tuple[DaodiError, ...]
    try:
        found = read(list(GOOD), with_cell(name, value))
        faults = found.faults
        take_in(session, recorder(), found, LATER)
    except ManyFaults as error:
        faults = tuple(error.faults)
    assert len(faults) == 1
    at = faults[0].at
    assert (at.file, at.row) == ("台账.xlsx［环节］", 3)
    assert at.field
    assert at.value
    assert faults[0].message("zh") != faults[0].message("en")
    assert faults[0].remedy("zh") != faults[0].remedy("en")
    assert session.execute(select(func.count()).select_from(StepRow)).scalar_one() == 0


@pytest.mark.parametrize("twin", ["时间", "time", "时间 time", "采集区域", "area_name"])
def test_a_column_that_stands_there_twice_is_refused(session: Session, twin: str) -> None:
    other = "2023-01-01 08:00" if "时间" in twin or twin == "time" else "岷县"
    with pytest.raises(ManyFaults) as caught:
        take_in(session, recorder(), read([*GOOD, other], headings=[*HEADINGS, twin]), LATER)
    assert len(caught.value.faults) == 1


def test_a_value_under_no_heading_is_not_dropped() -> None:
    with pytest.raises(ManyFaults) as caught:
        read([*GOOD, None, "复称后为 8 公斤"])
    assert [fault.message("zh") for fault in caught.value.faults] == ["工作表“环节”第 9 列有内容却没有列名"]


def test_merged_and_blank_rows_are_seen_as_the_sheet_counts_them() -> None:
    book, sheet = sheet_of(list(GOOD), [], [], list(GOOD))
    sheet.merge_cells("B5:C5")
    found = read_steps(saved(book), "台账.xlsx")
    assert [(fault.at.row, fault.at.field) for fault in found.faults] == [(5, "地点 place")]


def test_what_a_hidden_sheet_says_is_not_taken_in() -> None:
    book, _ = sheet_of(list(GOOD))
    hidden = book.create_sheet("地点")
    hidden.append(["地点编号", "名称", "主体", "行政区划"])
    hidden.append(["X-1", "暗处", GROWER, "341602"])
    hidden.sheet_state = "veryHidden"
    found = read_steps(saved(book), "台账.xlsx")
    assert (len(found.steps), found.places, found.faults) == (1, (), ())


def test_headings_may_be_mixed_and_csv_may_be_gb18030() -> None:
    text = "stage,主体,place,时间 time,outputs,药材,area_name\n" + ",".join(map(str, GOOD))
    [row] = read_steps(text.encode("gb18030"), "台账.csv").steps
    assert row.new.fields == {"area_name": "大别山"}


def test_a_zip_bomb_is_refused_by_what_it_says_it_unpacks_to() -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(3):
            archive.writestr(f"xl/worksheets/sheet{part}.xml", bytes(100 * 1024 * 1024))
    assert len(body.getvalue()) < 400_000
    with pytest.raises(UnreadableFile, match="96 MB"):
        read_steps(body.getvalue(), "台账.xlsx")


def test_a_million_rows_are_refused_before_they_are_kept() -> None:
    with pytest.raises(UnreadableFile):
        read_steps(("环节,主体,地点,时间\n" + "a\n" * 1_000_000).encode(), "台账.csv")


def tiny_workbook(sheet: str) -> bytes:
    """A workbook of one sheet that does not say how large it is, which openpyxl then reads to its end."""
    whole = io.BytesIO(saved(sheet_of()[0]))
    body = io.BytesIO()
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in archive.namelist():
            own = part == "xl/worksheets/sheet1.xml"
            copy.writestr(part, sheet if own else archive.read(part))
    return body.getvalue()


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ("<row><c/></row>" * 500_000, "100000 rows"),
        ("<x:row />" * 500_000, "100000 rows"),
        (("<row>" + "<c/>" * 250 + "</row>") * 10_000, "2000000 cells"),
    ],
)
def test_a_sheet_of_too_many_rows_or_cells_costs_no_minutes(rows: str, word: str) -> None:
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    body = tiny_workbook(f"<worksheet {main} xmlns:x={main[6:]}><sheetData>{rows}</sheetData></worksheet>")
    began = thread_time()
    with pytest.raises(UnreadableFile, match=word):
        read_steps(body, "台账.xlsx")
    assert thread_time() - began < 2


def test_a_csv_file_of_too_many_columns_is_refused_before_they_are_kept() -> None:
    with pytest.raises(UnreadableFile, match="256 columns"):
        read_steps(("环节," * 200_000).encode(), "台账.csv")


def test_one_bad_row_of_many_leaves_nothing_written(session: Session) -> None:
    rows = [with_cell("产出批次", f"A{number}=10公斤") for number in range(50)]
    rows.insert(25, with_cell("药材", "龙肉"))
    with pytest.raises(ManyFaults) as caught:
        take_in(session, recorder(), read(*rows), LATER)
    assert [fault.at.row for fault in caught.value.faults] == [27]
    for table in (StepRow, LotRow):
        assert session.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_a_bad_price_does_not_come_back_in_any_word_of_the_report() -> None:
    headings = ["环节", "主体", "地点", "时间", "所涉批次", "单价", "购货人"]
    row = ["销售", GROWER, "PLOT", "2024-03-02", "A=1公斤", "七七七元一箱", "金丝雀" * 200]
    faults = read(list(row), headings=headings).faults
    said = " ".join(
        fault.message(language) + fault.remedy(language) + str(fault.at)
        for fault in faults
        for language in ("zh", "en")
    )
    assert len(faults) == 2
    assert "七七七" not in said
    assert "金丝雀" not in said
