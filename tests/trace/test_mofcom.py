"""XML with the national system's fields: read like a sheet, row for row, every fault with its line."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, col, func, select

from ledger.errors import ManyFaults
from trace.imports import ReadResult, read_steps, take_in
from trace.links.link_tables import OtherCodeRow
from trace.private_values import private_values
from trace.tables import LotRow, ShipmentRow, StepRow

from .mofcom_season import (
    ADJUSTED,
    FIELD,
    MEDICINE,
    MESSAGES,
    PARTIES,
    PLACES,
    PLANT,
    RECEIVED,
    SHIPPED,
    TABLET,
    document,
)
from .season import DAY, MAKER, NOON, VAULT, founded, recorder

LATER = NOON + 400 * DAY


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    with founded(database_url) as opened:
        yield opened


def read(*messages: str, encoding: str = "UTF-8") -> ReadResult:
    return read_steps(document(*messages, encoding=encoding), "season.xml")


def grams(session: Session) -> dict[str, int | None]:
    rows = session.exec(select(LotRow.lot_id, LotRow.grams).where(col(LotRow.lot_id).like("M-%"))).all()
    return dict(rows)


def test_a_season_of_the_national_system_comes_in_whole_and_once(session: Session) -> None:
    found = read(*MESSAGES)
    assert found.faults == ()
    report = take_in(session, recorder(), found, LATER)
    assert (report.accepted, report.rejected, len(report.codes)) == (15, 0, 40)
    # in grams: 300 kg bought, 100 used, 200 corrected to 199.5; 80 kg made, 20 packed, 2 destroyed
    assert grams(session) == {"M-HERB-F": 0, "M-HERB": 199_500, "M-SLICE": 58_000}
    stages = session.exec(select(StepRow.stage).order_by(StepRow.event_ms, StepRow.nth)).all()
    assert stages == [
        "seed", "planting", "field_work", "field_work", "harvest", "primary_processing", "test", "sale",
        "ship", "receive", "paozhi", "test", "pack", "destroy", "stock_adjust",
    ]  # fmt: skip
    again = take_in(session, recorder("again"), found, LATER)
    assert (again.accepted, again.duplicates, again.rejected) == (0, 15, 0)
    assert session.exec(select(func.count()).select_from(StepRow)).one() == 15


def test_units_of_the_national_system_are_converted(session: Session) -> None:
    take_in(session, recorder(), read(*MESSAGES), LATER)
    seed = session.exec(select(LotRow.grams_in).where(LotRow.lot_id == f"{FIELD}-S")).one()
    assert seed == 5_000  # 种子重量 counts grams, all else kilograms
    planted = session.exec(select(StepRow.public).where(StepRow.stage == "planting")).one()
    assert '"expected_grams":912500' in planted
    assert '"cycle_months":36' in planted
    sale = session.exec(select(StepRow.statement_id).where(StepRow.stage == "sale")).one()
    values = {
        each.name: each.disclosure and each.disclosure.value for each in private_values(session, VAULT, sale)
    }
    assert values == {"price_fen_per_kg": 8_550}  # 85.5 元/公斤


def test_prices_and_addresses_stay_out_of_every_row_and_statement(session: Session) -> None:
    take_in(session, recorder(), read(*MESSAGES), LATER)
    for public in session.exec(select(StepRow.public)):
        assert "8550" not in public
        assert "十八里镇" not in public
        assert "张三丰" not in public


def test_a_batch_code_of_the_national_system_is_kept_beside_ours(session: Session) -> None:
    take_in(session, recorder(), read(*MESSAGES), LATER)
    linked = session.exec(select(OtherCodeRow)).all()
    assert [(row.scheme, row.value) for row in linked] == [("cpc", FIELD)]


def test_a_lot_bought_without_its_past_comes_in_as_opening_stock_and_is_never_complete(
    session: Session,
) -> None:
    bought = MEDICINE.replace(f"<种植批次>{FIELD}</种植批次>", "").replace("<鲜重>900</鲜重>", "")
    bought = bought.replace(
        "<粗加工方法>煮后晒干</粗加工方法><加工时间>2023-09-20</加工时间>", "<种子来源>野生</种子来源>"
    )
    report = take_in(session, recorder(), read(PARTIES, PLACES, bought), LATER)
    assert report.accepted == 2
    row = session.get(LotRow, "M-HERB")
    assert row is not None
    assert (row.origin_kind, row.grams) == (None, 300_000)
    public = session.exec(select(StepRow.public).where(StepRow.stage == "opening")).one()
    assert "野生" not in public  # 备注 is for partners


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030", "GBK", "gb2312"])
def test_the_encodings_of_chinese_files_read_the_same(encoding: str) -> None:
    assert read(PLANT, encoding=encoding).steps == read(PLANT).steps


@pytest.mark.parametrize(
    ("message", "field", "key"),
    [
        (PLANT.replace("种植时间>", "种植日期>"), "种植日期", "unknown-column"),
        (PLANT.replace("<种植面积>12.5</种植面积>", ""), "种植面积", "empty-cell"),
        (
            PLANT.replace("<种植周期>36</种植周期>", "<种植周期>三年</种植周期>"),
            "种植周期 cycle_months",
            "bad-field",
        ),
        (PLANT.replace("2021-03-05", "去年"), "时间 time", "bad-cell"),
        (MEDICINE.replace("<重量>300<", "<重量>很多<"), "产出批次 outputs", "bad-mass"),
        (SHIPPED.replace("<总重量>300", "<总重量>301"), "总重量", "bad-cell"),
        (SHIPPED.replace("85.5", "便宜"), "单价 price_fen_per_kg", "bad-field"),
        (RECEIVED.replace("<时间>", "<时间/><时间>"), "时间", "repeated-column"),
        (TABLET.replace("薄片", "薄片</规格><规格>厚片"), "规格", "repeated-column"),
        (ADJUSTED.replace("<新重量>199.5</新重量>", ""), "新重量", "empty-cell"),
    ],
)
def test_every_fault_names_its_element_and_line(message: str, field: str, key: str) -> None:
    found = read(PARTIES, PLACES, message)
    assert (field, key) in [(fault.at.field, fault.key()) for fault in found.faults]
    assert all(fault.at.row is not None and fault.at.row >= 5 for fault in found.faults)
    assert all(fault.at.file == "season.xml" for fault in found.faults)


def test_a_price_that_cannot_be_read_is_repeated_to_nobody() -> None:
    (fault,) = read(SHIPPED.replace("85.5", "八十五")).faults
    assert "八十五" not in fault.message("zh")
    assert fault.at.value == "…"


def test_a_bad_message_keeps_its_file_out_unless_the_caller_proceeds(session: Session) -> None:
    bad = TABLET.replace("<待包装重量>80</待包装重量>", "")
    found = read(PARTIES, PLACES, PLANT, MEDICINE, SHIPPED, RECEIVED, bad)
    with pytest.raises(ManyFaults):
        take_in(session, recorder(), found, LATER)
    assert session.exec(select(StepRow.step_id)).all() == []
    report = take_in(session, recorder("two"), found, LATER, proceed=True)
    assert (report.accepted, report.rejected) == (10, 1)


def test_a_message_without_an_id_gets_one_from_what_it_says(session: Session) -> None:
    bare = [message.replace(' 编号="', ' 备用="') for message in MESSAGES]
    assert take_in(session, recorder(), read(*bare), LATER).accepted == 15
    again = take_in(session, recorder("two"), read(*bare), LATER)
    assert (again.accepted, again.duplicates) == (0, 15)


def test_goods_shipped_to_the_maker_wait_for_it(session: Session) -> None:
    take_in(session, recorder(), read(PARTIES, PLACES, PLANT, MEDICINE, SHIPPED), LATER)
    (shipment,) = session.exec(select(ShipmentRow)).all()
    assert (shipment.receiver, shipment.grams, shipment.received_step) == (MAKER, 300_000, None)
