"""A file sent twice says everything once, whoever gave its rows their ids."""

import uuid
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, func, select

from ledger.errors import ManyFaults
from ledger.tables import PendingRow
from trace.imports import take_in
from trace.links.link_tables import OtherCodeRow
from trace.row_ids import RowIds
from trace.steps import StepNew
from trace.tables import LotRow, StepRow

from .csv_rows import DRIED, GOOD, HEADINGS, csv_of
from .season import COOP, GROWER, NOON, founded, lot, recorder, step, white_peony

LATER = NOON + 400 * 86_400_000
SALE_HEADINGS = "环节,主体,地点,时间,所涉批次,单价\n"
SALE = f"销售,{GROWER},PLOT,2024-03-05 08:00,B=100克,"


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    with founded(database_url) as opened:
        yield opened


def counted(session: Session) -> tuple[int, int]:
    steps = session.exec(select(func.count()).select_from(StepRow)).one()
    return steps, session.exec(select(func.count()).select_from(PendingRow)).one()


def test_a_file_without_ids_writes_nothing_the_second_time(session: Session) -> None:
    read = csv_of(DRIED, GOOD)
    assert take_in(session, recorder(), read, LATER).accepted == 2
    before = counted(session)
    again = take_in(session, recorder("again"), csv_of(DRIED, GOOD), LATER + 1)
    assert (again.accepted, again.duplicates) == (0, 2)
    assert counted(session) == before


def test_rows_in_another_order_or_another_file_are_known_too(session: Session) -> None:
    take_in(session, recorder(), csv_of(DRIED, GOOD), LATER)
    other = csv_of(GOOD, "", DRIED, headings=HEADINGS, encoding="gb18030")
    assert take_in(session, recorder("again"), other, LATER).duplicates == 2


def test_two_rows_alike_are_two_steps_and_stay_two(session: Session) -> None:
    take_in(session, recorder(), csv_of(DRIED, GOOD), LATER)
    sold = csv_of(f"{SALE}85元/公斤", f"{SALE}85元/公斤", headings=SALE_HEADINGS)
    assert take_in(session, recorder("a"), sold, LATER).accepted == 2
    assert take_in(session, recorder("b"), sold, LATER).duplicates == 2
    state = session.get(LotRow, "B", populate_existing=True)
    assert state is not None
    assert state.sold_grams == 200


def test_a_row_whose_price_was_changed_is_a_conflict_and_no_second_sale(session: Session) -> None:
    take_in(session, recorder(), csv_of(DRIED, GOOD), LATER)
    take_in(session, recorder("a"), csv_of(f"{SALE}85元/公斤", headings=SALE_HEADINGS), LATER)
    with pytest.raises(ManyFaults) as told:
        take_in(session, recorder("b"), csv_of(f"{SALE}58元/公斤", headings=SALE_HEADINGS), LATER)
    assert [fault.key() for fault in told.value.faults] == ["step-conflict"]


@given(price=st.integers(1, 10**6), name=st.text("张王李", min_size=1, max_size=5))
def test_an_id_made_from_a_row_tells_nothing_private(price: int, name: str) -> None:
    sale = step("sale", 1, lots=[lot("A", 5)])
    private = sale.model_copy(update={"fields": {"price_fen_per_kg": price, "customer": name}})
    assert RowIds().named(sale).id == RowIds().named(private).id


@given(left=st.sampled_from([each[0] for each in white_peony()]), place=st.sampled_from(["PLOT", "X"]))
def test_rows_that_say_something_else_have_other_ids(left: StepNew, place: str) -> None:
    plain = left.model_copy(update={"id": None})
    other = plain.model_copy(update={"place": place})
    ids = RowIds().named(plain).id, RowIds().named(other).id
    assert (ids[0] == ids[1]) is (plain == other)
    assert all(each is not None and len(each) <= 64 for each in ids)


def test_the_partys_own_id_stays_and_a_uuid_becomes_the_steps_id(session: Session) -> None:
    own, named = str(uuid.UUID(int=7 << 64, version=4)), "2024-0001"
    headings = f"编号,{HEADINGS}"
    report = take_in(
        session, recorder(), csv_of(f"{own},{GOOD}", f"{named},{DRIED}", headings=headings), LATER
    )
    assert report.steps[0].step_id == own
    assert report.steps[1].step_id != named
    assert take_in(session, recorder("b"), csv_of(f"{own},{GOOD}", headings=headings), LATER).duplicates == 1


def test_a_uuid_another_party_used_is_a_conflict(session: Session) -> None:
    own, headings = str(uuid.UUID(int=9 << 64, version=4)), f"编号,{HEADINGS}"
    take_in(session, recorder(), csv_of(f"{own},{GOOD}", headings=headings), LATER)
    theirs = GOOD.replace(GROWER, COOP).replace("PLOT", "PLOT-D").replace("A=10", "Z=10")
    with pytest.raises(ManyFaults) as told:
        take_in(session, recorder("b"), csv_of(f"{own},{theirs}", headings=headings), LATER)
    assert [fault.key() for fault in told.value.faults] == ["step-conflict"]


def test_codes_of_other_systems_come_in_beside_ours(session: Session) -> None:
    headings = HEADINGS.strip() + ",原追溯系统,原追溯码\n"
    read = csv_of(f"{GOOD},x-gansu,GS-2024-77", f"{DRIED},,", headings=headings)
    assert read.faults == ()
    for seed in ("a", "b"):
        take_in(session, recorder(seed), read, LATER)
    (linked,) = session.exec(select(OtherCodeRow)).all()
    assert (linked.scheme, linked.value) == ("x-gansu", "GS-2024-77")


@pytest.mark.parametrize("cells", [",GS-1", "x-gansu,", "x-gansu,GS-1；GS-2", "x-gansu,GS-1;GS-2;GS-3"])
def test_foreign_codes_must_be_one_for_each_lot_of_a_named_system(cells: str) -> None:
    headings = HEADINGS.strip() + ",原追溯系统,原追溯码\n"
    (fault,) = csv_of(f"{GOOD},{cells}", headings=headings).faults
    assert fault.key() == "bad-cell"
    assert fault.at.row == 2


def test_a_foreign_code_that_is_no_code_of_its_system_keeps_the_row_out(session: Session) -> None:
    headings = HEADINGS.strip() + ",原追溯系统,原追溯码\n"
    with pytest.raises(ManyFaults):
        take_in(
            session, recorder(), csv_of(f"{GOOD},商务部,1101273001145961401070050", headings=headings), LATER
        )
    assert session.exec(select(LotRow).where(col(LotRow.lot_id) == "A")).first() is None


def test_old_stock_comes_in_without_an_origin_and_says_so(session: Session) -> None:
    headings = "环节,主体,地点,时间,产出批次,药材,形态\n"
    stock = f"期初库存,{GROWER},PLOT,2022-12-31 08:00,OLD-1=50公斤,白芍,药材"
    report = take_in(session, recorder(), csv_of(stock, headings=headings), LATER)
    assert "late.recorded" in {each.rule.code for each in report.steps[0].findings}
    row = session.get(LotRow, "OLD-1")
    assert row is not None
    assert (row.origin_kind, row.origin, row.grams) == (None, None, 50_000)
