"""A spreadsheet is taken in whole or not at all, and every bad cell is named with its way out."""

import io
from collections.abc import Iterator
from pathlib import Path

import example_season
import pytest
from openpyxl import load_workbook
from sqlmodel import Session, func, select

from ledger.errors import DaodiError, ManyFaults
from trace.coding.code_keys import CodeKeys
from trace.errors import (
    AwaitsRow,
    BadCell,
    BadIdentifier,
    BadMass,
    EmptyCell,
    MissingColumn,
    RuleRefused,
    UnknownColumn,
)
from trace.identifiers import make_uscc
from trace.imports import read_steps, take_in
from trace.service import Recorder
from trace.story import Verdict, story
from trace.tables import PartyRow, StepRow
from trace.vocabulary import Stage
from trace.workbook import write_workbook

from .csv_rows import DRIED, GOOD, HEADINGS, OVERDRAWN, csv_of
from .season import GROWER, MAKER, NOON, ORIGIN, VAULT, Stream, founded, operator_key, recorder, signer_of

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "steps-season.xlsx"
LATER = NOON + 400 * 86_400_000


@pytest.fixture
def session() -> Iterator[Session]:
    with founded("sqlite://") as opened:
        yield opened


@pytest.fixture
def by() -> Recorder:
    return recorder()


def test_the_example_file_loads_into_an_empty_deployment(database_url: str) -> None:
    read = read_steps(EXAMPLE)
    assert read.faults == ()
    with founded(database_url) as session:
        by = Recorder(
            origin=ORIGIN,
            base_url="https://trace.example",
            signer_of=signer_of,
            operator_key=operator_key,
            code_keys=CodeKeys.from_secrets([bytes(32)]),
            randomness=Stream(),
            vault=VAULT,
        )
        report = take_in(session, by, read, LATER)
        assert (report.accepted, report.duplicates, len(report.codes)) == (37, 0, 80)
        peony, angelica = (story(session, code, by.code_keys) for code in (report.codes[0], report.codes[-1]))
        assert (peony.herb, angelica.herb) == ("白芍", "当归")
        assert peony.verdict is angelica.verdict is Verdict.MATCHES
        assert {each.stage for each in peony.steps} >= {
            Stage.SEED,
            Stage.SPLIT,
            Stage.MERGE,
            Stage.PACK,
            Stage.SALE,
        }
        assert [origin.place_id for origin in peony.origins] == ["BS-PLOT-1", "BS-PLOT-2"]
        assert angelica.origins[0].division_name == "甘肃省定西市岷县"
        assert peony.completeness.missing == angelica.completeness.missing == ()
        again = take_in(session, by, read, LATER)
        assert (again.accepted, again.duplicates, again.codes) == (0, 37, ())


def test_the_committed_example_is_what_its_script_writes(tmp_path: Path) -> None:
    example_season.main(tmp_path / "again.xlsx")
    assert read_steps(tmp_path / "again.xlsx").steps == tuple(
        row for row in read_steps(EXAMPLE.read_bytes(), "again.xlsx").steps
    )


def test_a_written_workbook_reads_back_the_same() -> None:
    steps = example_season.steps()
    read = read_steps(write_workbook(example_season.parties(), example_season.places(), steps), "x.xlsx")
    assert [row.new.model_dump(exclude={"fields"}) for row in read.steps] == [
        new.model_dump(exclude={"fields"}) for new in steps
    ]
    assert [row.new.fields.keys() for row in read.steps] == [new.fields.keys() for new in steps]
    assert [row.new for row in read.parties] == example_season.parties()
    assert [row.new for row in read.places] == example_season.places()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_reads_in_the_encodings_people_save(encoding: str, session: Session, by: Recorder) -> None:
    read = csv_of(DRIED, GOOD, encoding=encoding)
    assert [row.at.row for row in read.steps] == [2, 3]
    assert take_in(session, by, read, LATER).accepted == 2


def test_english_headings_and_words_read_the_same() -> None:
    headings = "stage,party,place,time,inputs,outputs,herb,area_name,method\n"
    english = GOOD.replace("野生采集", "wild gathering").replace("10公斤", "10 kg")
    assert csv_of(english, headings=headings).steps == csv_of(GOOD).steps


@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        (GOOD.replace("野生采集", "采野草"), "环节 stage", "采野草"),
        (GOOD.replace("2024-03-02 08:00", "去年春天"), "时间 time", "去年春天"),
        (GOOD.replace("10公斤", "十公斤"), "产出批次 outputs", "A=十公斤"),
        (GOOD.replace("10公斤", "10"), "产出批次 outputs", "A=10"),
        (GOOD.replace("A=10公斤", "甲批=10公斤"), "产出批次 outputs", "甲批=10公斤"),
        (GOOD.replace(GROWER, "123"), "主体 party", "123"),
    ],
)
def test_a_bad_cell_is_named_by_file_row_field_and_value(row: str, field: str, value: str) -> None:
    (fault,) = csv_of(GOOD.replace("A=", "Z="), row).faults
    assert (fault.at.file, fault.at.row, fault.at.field, fault.at.value) == ("steps.csv", 3, field, value)
    assert all((fault.message("zh"), fault.message("en"), fault.remedy("zh"), fault.remedy("en")))


def test_every_fault_of_a_file_is_found_at_once() -> None:
    worst = f"采野草,{GROWER},,去年春天,,A=十公斤,,,"
    read = csv_of(GOOD, worst, worst)
    assert len(read.steps) == 1
    assert [type(fault) for fault in read.faults if fault.at.row == 3].count(EmptyCell) == 1
    assert {(fault.at.row, fault.at.field) for fault in read.faults} == {
        (row, field)
        for row in (3, 4)
        for field in ("环节 stage", "地点 place", "时间 time", "产出批次 outputs")
    }


def test_the_words_a_cell_may_hold_are_listed_in_the_asked_language() -> None:
    (fault,) = csv_of(GOOD.replace("野生采集", "采野草")).faults
    assert all(stage.zh in fault.remedy("zh") and stage.en in fault.remedy("en") for stage in Stage)
    assert not {stage.zh for stage in Stage} & set(fault.remedy("en").split(", "))


def test_a_bad_private_cell_does_not_show_its_value() -> None:
    headings = HEADINGS.strip() + ",单价,所涉批次\n"
    row = f"销售,{GROWER},PLOT,2024-03-02 08:00,,,,,,一百二十块八,A=1公斤"
    (fault,) = csv_of(row, headings=headings).faults
    assert "一百二十块八" not in str(fault.at)


def heading_faults(headings: str, row: str = GOOD) -> tuple[DaodiError, ...]:
    with pytest.raises(ManyFaults) as caught:
        csv_of(row, row, row, headings=headings)
    return caught.value.faults


def test_missing_and_unknown_columns_are_named_with_what_stands_there() -> None:
    faults = heading_faults("环节,地点,颜色\n", "采收,PLOT,红")
    assert [(type(fault), fault.at.row, fault.at.field, fault.at.value) for fault in faults] == [
        (UnknownColumn, 1, "颜色", "颜色"),
        (MissingColumn, 1, "主体 party", None),
        (MissingColumn, 1, "时间 time", None),
    ]
    assert "环节、地点、颜色" in faults[1].message("zh")


@pytest.mark.parametrize(
    ("right", "wrong", "label"),
    [
        ("时间", "时问", "时间 time"),
        ("主体", "主休", "主体 party"),
        ("采集区域", "采集区", "采集区域 area_name"),
        ("药材", "药材名", "药材 herb"),
    ],
)
def test_a_misspelt_heading_is_one_fault_that_names_the_nearest(right: str, wrong: str, label: str) -> None:
    (fault,) = heading_faults(HEADINGS.replace(right, wrong, 1))
    assert isinstance(fault, UnknownColumn)
    assert (fault.at.file, fault.at.row, fault.at.field, fault.at.value) == ("steps.csv", 1, wrong, wrong)
    for language in ("zh", "en"):
        assert wrong in fault.message(language)
        assert label in fault.remedy(language)


def test_a_misspelt_heading_does_not_hide_a_whole_sheet() -> None:
    book = load_workbook(EXAMPLE)
    book["环节 steps"]["B1"] = "环芦"
    book["环节 steps"].title = "Sheet3"
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(ManyFaults) as caught:
        read_steps(stream.getvalue(), "x.xlsx")
    assert [(fault.at.file, fault.at.field) for fault in caught.value.faults] == [
        ("x.xlsx［Sheet3］", "环芦")
    ]


def test_headings_and_ids_typed_full_width_are_read() -> None:
    wide = (
        GOOD.replace("A=10公斤", "Ａ＝１０公斤").replace("PLOT", "ＰＬＯＴ").replace(GROWER, wide_of(GROWER))
    )
    headings = HEADINGS.replace("主体", "ｐａｒｔｙ").replace("采集区域", "ａｒｅａ＿ｎａｍｅ")
    assert csv_of(wide, headings=headings).steps == csv_of(GOOD).steps


def wide_of(text: str) -> str:
    """The same text as a Chinese keyboard may type it."""
    return "".join(chr(ord(each) + 0xFEE0) for each in text)


FIRST = GOOD.replace("2024-03-02 08:00", "某日")
LAST = f"产地初加工,{GROWER},PLOT,2024-03-04 08:00,B,C=2公斤,,,切"


@pytest.mark.parametrize("first", [FIRST, GOOD.replace("白芍", "龙肉"), GOOD.replace("PLOT", "NOWHERE")])
def test_rows_that_only_lack_what_a_bad_row_makes_point_at_it(
    session: Session, by: Recorder, first: str
) -> None:
    with pytest.raises(ManyFaults) as caught:
        take_in(session, by, csv_of(first, DRIED, LAST), LATER)
    cause, *others = caught.value.faults
    assert (cause.at.row, type(cause) is AwaitsRow) == (2, False)
    assert [(type(fault), fault.at.row, fault.at.field) for fault in others] == [
        (AwaitsRow, 3, "投入批次 inputs"),
        (AwaitsRow, 4, "投入批次 inputs"),
    ]
    for fault in others:
        assert "第 2 行" in fault.remedy("zh")
        assert "row 2" in fault.remedy("en")


def test_a_receipt_of_a_shipment_that_was_kept_out_points_at_it(session: Session, by: Recorder) -> None:
    headings = "环节,主体,地点,时间,产出批次,药材,采集区域,所涉批次,对方主体\n"
    rows = (
        f"野生采集,{GROWER},PLOT,2024-03-02 08:00,A=10公斤,白芍,大别山,,",
        f"发货,{GROWER},PLOT,2024-03-03 08:00,,,,A=4公斤,{MAKER}",
        f"收货,{MAKER},WORKS,2024-03-04 08:00,,,,A,{GROWER}",
    )
    with pytest.raises(ManyFaults) as caught:
        take_in(session, by, csv_of(*rows, headings=headings), LATER)
    assert [(type(fault), fault.at.row) for fault in caught.value.faults] == [
        (RuleRefused, 3),
        (AwaitsRow, 4),
    ]


def test_a_lot_that_no_row_makes_is_nobody_elses_fault(session: Session, by: Recorder) -> None:
    with pytest.raises(ManyFaults) as caught:
        take_in(session, by, csv_of(FIRST, DRIED.replace(",A,", ",X,"), LAST.replace(",B,", ",X,")), LATER)
    assert [type(fault) for fault in caught.value.faults] == [BadCell, RuleRefused, RuleRefused]


def test_a_bad_party_row_is_told_once_and_its_places_point_at_it(session: Session, by: Recorder) -> None:
    wrong = make_uscc("9", "3", "341602", "MA2DE001")[:-1] + "?"
    parties = [party.model_copy(update={"uscc": wrong}) for party in example_season.parties()[:1]]
    places = [place.model_copy(update={"party": wrong}) for place in example_season.places()[:2]]
    with pytest.raises(ManyFaults) as caught:
        take_in(session, by, read_steps(write_workbook(parties, places, []), "x.xlsx"), LATER)
    first, *others = caught.value.faults
    assert (type(first), first.at.field, first.at.value) == (BadIdentifier, "统一社会信用代码 uscc", wrong)
    assert [(type(fault), fault.at.row, fault.at.field) for fault in others] == [
        (AwaitsRow, 2, "主体 party"),
        (AwaitsRow, 3, "主体 party"),
    ]
    assert "主体 parties］，第 2 行" in others[0].message("zh")


def test_a_slip_in_a_party_s_code_is_told_once_and_counts_its_rows_apart(
    session: Session, by: Recorder
) -> None:
    right, places = example_season.PEONY_GROWER, example_season.places()[:1]
    wrong = right[:7] + ("1" if right[7] != "1" else "2") + right[8:]
    parties = [party.model_copy(update={"uscc": wrong}) for party in example_season.parties()[:1]]
    read = read_steps(write_workbook(parties, places, example_season.steps()[:3]), "x.xlsx")
    report = take_in(session, by, read, LATER, proceed=True)
    assert [type(fault) for fault in report.faults] == [BadIdentifier, *[AwaitsRow] * 4]
    assert [fault.at.row for fault in report.faults] == [2, 2, 2, 3, 4]
    assert report.rejected == 5


@pytest.mark.parametrize(
    ("member", "value", "label"),
    [("division", "990000", "行政区划 division"), ("market", "月球", "市场 market")],
)
def test_a_fault_of_a_place_row_names_its_column(
    session: Session, by: Recorder, member: str, value: str, label: str
) -> None:
    bad = example_season.places()[4].model_copy(update={member: value})
    read = read_steps(write_workbook(example_season.parties(), [bad], []), "x.xlsx")
    with pytest.raises(ManyFaults) as caught:
        take_in(session, by, read, LATER)
    (fault,) = caught.value.faults
    assert (fault.at.field, fault.at.value) == (label, value)


def test_a_column_has_one_name_in_every_message(session: Session, by: Recorder) -> None:
    rows = (
        GOOD.replace("2024-03-02 08:00", "某日"),
        GOOD.replace("A=", "Z=").replace("2024-03-02 08:00", ""),
        GOOD.replace("A=", "Y=").replace("大别山", ""),
        f"产地初加工,{GROWER},PLOT,2024-03-03 08:00,A=很多,B=3公斤,,,晒干",
    )
    with pytest.raises(ManyFaults) as caught:
        take_in(session, by, csv_of(*rows), LATER)
    for fault in caught.value.faults:
        named = str(fault.at.field)
        assert " " in named
        if not isinstance(fault, BadMass):  # says what a mass looks like, wherever it stands
            assert named in fault.message("zh")
            assert named in fault.message("en")
    assert len(caught.value.faults) == len(rows)


def test_a_field_of_another_stage_is_refused_for_this_one(session: Session, by: Recorder) -> None:
    read = csv_of(GOOD[:-1] + ",晒干")
    with pytest.raises(ManyFaults) as caught:
        take_in(session, by, read, LATER)
    assert "粗加工方法" in caught.value.faults[0].message("zh")


def count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(StepRow)).one()


def test_one_bad_row_keeps_the_whole_file_out(session: Session, by: Recorder) -> None:
    with pytest.raises(ManyFaults) as caught:
        take_in(session, by, csv_of(GOOD, OVERDRAWN, DRIED), LATER)
    (fault,) = caught.value.faults
    assert isinstance(fault, RuleRefused)
    assert (fault.at.row, fault.at.field) == (3, "投入批次 inputs")
    assert count(session) == 0


def test_proceeding_takes_the_good_rows_and_reports_the_bad(session: Session, by: Recorder) -> None:
    report = take_in(session, by, csv_of(GOOD, OVERDRAWN, DRIED, "采野草,,,,"), LATER, proceed=True)
    assert report.accepted == count(session) == 2
    assert {fault.at.row for fault in report.faults} == {3, 5}
    assert [fault.at.row for fault in report.faults] == sorted(fault.at.row or 0 for fault in report.faults)


def test_rows_are_recorded_by_their_times_not_their_places(session: Session, by: Recorder) -> None:
    assert take_in(session, by, csv_of(DRIED, GOOD), LATER).accepted == 2


def test_a_row_for_another_party_can_be_forbidden(session: Session, by: Recorder) -> None:
    def nobody(uscc: str) -> None:
        raise BadCell(
            column="party",
            value=uscc,
            fault_zh="无权",
            fault_en="not yours",
            wanted_zh="无",
            wanted_en="none",
        )

    with pytest.raises(ManyFaults):
        take_in(session, by, csv_of(GOOD), LATER, allow=nobody)
    assert session.exec(select(func.count()).select_from(PartyRow)).one() == 4
