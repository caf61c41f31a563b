"""Supervision counts what there is: each table against a count by hand or by brute force."""

from collections import defaultdict
from datetime import date

import pytest
from sqlmodel import Session, select

from ledger.errors import ManyFaults
from trace.integrity.integrity_errors import NotByRegulator
from trace.integrity.periods import day_ms, period
from trace.service import Recorder
from trace.supervision.code_use import code_use
from trace.supervision.coverage import coverage
from trace.supervision.late_steps import late_or_missing, late_shares
from trace.supervision.overselling import oversold
from trace.supervision.rates import rates
from trace.supervision.supervision_errors import BadUnit, UnitKnown, UnitUnknown
from trace.supervision.trade_register import TradeUnitNew, enter, enter_all, leave
from trace.supervision.trade_sheet import read_register
from trace.supervision.trade_tables import TradeUnitRow
from trace.supervision.usage import usage
from trace.tables import FindingRow, LotRow, SaleRow, StepLotRow, StepRow
from trace.vocabulary import Form, Stage

from .season import DAY, GROWER, MAKER, NOON, PHARMACY, at, lot, step, white_peony
from .supervised import AFTER, REGULATOR, SEASON, supervised, take

SHEET = f"""编号,类别,名称,行政区划代码,节点类型,起始日期,统一社会信用代码,来源
BASE-1,种养殖基地,谯城白芍基地,341602,药材种植,2024-01-01,{GROWER},名录
FIRM-1,企业,亳州饮片厂,341602,饮片生产,2024-01-01,{MAKER},名录
FIRM-2,企业,从未登记的厂,341602,饮片生产,2024-01-01,,名录
SHOP-1,企业,朝阳大药房,110105,医院药店,2024-01-01,{PHARMACY},名录
"""


def unit(name: str, **rest: object) -> TradeUnitNew:
    return TradeUnitNew.model_validate(
        {
            "unit": name,
            "kind": "firm",
            "name": name,
            "division": "341602",
            "node_type": "slice_maker",
            "since": "2024-01-01",
            "source": "test",
            **rest,
        }
    )


def registered(session: Session, by: Recorder) -> None:
    enter_all(session, by.declarer, read_register(SHEET.encode(), "r.csv"), REGULATOR, NOON)


def test_coverage_counts_who_recorded_of_who_is_in_the_register(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        registered(session, by)
        take(session, by, white_peony())
        found = {(each.area, each.node_type.value): each for each in coverage(session, SEASON)}
        assert [found["3416", "slice_maker"].registered, found["3416", "slice_maker"].active] == [2, 1]
        assert found["3416", "slice_maker"].per_mille == 500
        assert found["3416", "grower"].per_mille == 1000
        assert found["1101", "user"].active == 1
        quiet = {(each.area, each.node_type.value): each for each in coverage(session, period("2024Q4"))}
        assert [quiet["3416", "grower"].active, quiet["3416", "grower"].ever] == [0, 1]


def test_coverage_without_a_register_is_unknown_and_no_figure(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        take(session, by, white_peony())
        found = coverage(session, SEASON)
        assert {each.per_mille for each in found} == {None}
        assert sum(each.strangers for each in found) == len(
            set(
                session.exec(
                    select(StepRow.party).where(
                        StepRow.recorded_ms >= SEASON.since_ms, StepRow.recorded_ms < SEASON.until_ms
                    )
                )
            )
        )


def test_the_denominator_is_the_register_of_the_quarters_last_day() -> None:
    with supervised("sqlite://") as (session, by):
        enter(session, by.declarer, unit("OLD"), REGULATOR, NOON)
        leave(session, by.declarer, "OLD", date(2026, 7, 1), "关停", REGULATOR, AFTER)
        enter(session, by.declarer, unit("NEW", since="2026-09-30"), REGULATOR, AFTER)
        counts = {name: sum(c.registered for c in coverage(session, period(name))) for name in (
            "2023Q4", "2024Q1", "2026Q2", "2026Q3", "2026Q4")}  # fmt: skip
        assert counts == {"2023Q4": 0, "2024Q1": 1, "2026Q2": 1, "2026Q3": 1, "2026Q4": 1}
        enter(session, by.declarer, unit("OLD", since="2026-10-01"), REGULATOR, AFTER)
        assert sum(c.registered for c in coverage(session, period("2026Q4"))) == 2


def test_a_unit_that_names_its_place_is_covered_only_by_steps_there() -> None:
    with supervised("sqlite://") as (session, by):
        take(session, by, white_peony())
        enter(session, by.declarer, unit("B1", uscc=MAKER, place="WORKS"), REGULATOR, AFTER)
        enter(session, by.declarer, unit("B2", uscc=MAKER, place="ELSEWHERE"), REGULATOR, AFTER)
        cells = coverage(session, SEASON)
        assert (sum(each.registered for each in cells), sum(each.active for each in cells)) == (2, 1)


def test_the_register_refuses_what_cannot_be() -> None:
    with supervised("sqlite://") as (session, by):
        enter(session, by.declarer, unit("A"), REGULATOR, NOON)
        with pytest.raises(UnitKnown):
            enter(session, by.declarer, unit("A"), REGULATOR, NOON)
        with pytest.raises(UnitUnknown):
            leave(session, by.declarer, "B", date(2026, 1, 1), "x", REGULATOR, NOON)
        with pytest.raises(BadUnit):
            leave(session, by.declarer, "A", date(2023, 1, 1), "x", REGULATOR, NOON)
        leave(session, by.declarer, "A", date(2026, 1, 1), "x", REGULATOR, NOON)
        with pytest.raises(BadUnit):
            enter(session, by.declarer, unit("A", since="2025-06-01"), REGULATOR, NOON)
        with pytest.raises(NotByRegulator):
            enter(session, by.declarer, unit("C"), GROWER, NOON)


def test_the_same_file_again_enters_nothing_and_a_bad_row_refuses_all() -> None:
    with supervised("sqlite://") as (session, by):
        units = read_register(SHEET.encode(), "r.csv")
        assert enter_all(session, by.declarer, units, REGULATOR, NOON) == 4
        assert enter_all(session, by.declarer, units, REGULATOR, NOON) == 0
        assert len(session.exec(select(TradeUnitRow)).all()) == 4
    bad = SHEET.replace("2024-01-01", "gestern", 2)
    with pytest.raises(ManyFaults) as caught:
        read_register(bad.encode("gb18030"), "r.csv")
    assert [fault.at.row for fault in caught.value.faults] == [2, 3]


def test_usage_is_used_of_registered_for_each_stage(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        registered(session, by)
        take(session, by, white_peony())
        found = {(each.node_type.value, each.stage): each for each in usage(session, SEASON)}
        makers = found["slice_maker", Stage.PAOZHI]
        assert (makers.used, makers.registered, makers.steps, makers.per_mille) == (1, 2, 1, 500)
        assert found["grower", Stage.SHIP].used == 1
        assert ("grower", Stage.SEED) not in found  # two years before


def test_rates_are_counts_of_counts(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        registered(session, by)
        take(session, by, white_peony())
        found = rates(session, SEASON)
        assert (found.inspected.part, found.inspected.whole) == (0, 3)
        assert (found.tested.part, found.tested.whole) == (1, 1)
        assert (found.tests_passed.part, found.tests_passed.whole) == (1, 1)
        assert found.inspections_passed.per_mille is None


GONE = {
    "used": set(Stage) - {Stage.PACK, Stage.NEST, Stage.UNNEST},
    "seen": {Stage.SHIP, Stage.RETURN, Stage.DISPENSE, Stage.DESTROY, Stage.SAMPLING},
}
"""Stages by which goods of that role go."""


def brute_oversell(session: Session, since: int, until: int) -> dict[tuple[str, str, str], int]:
    """Add up every touch in Python: another way to the same figures."""
    net: dict[tuple[str, str, str], int] = defaultdict(int)
    lots = {row.lot_id: row for row in session.exec(select(LotRow))}
    steps = {row.step_id: row for row in session.exec(select(StepRow))}
    for touch in session.exec(select(StepLotRow)):
        one, goods = steps[touch.step_id], lots[touch.lot_id]
        if not since <= one.event_ms < until or not touch.grams or one.voided_by:
            continue
        key = (one.party, goods.herb, goods.form)
        if touch.role == "made" or (touch.role == "seen" and one.stage == "receive"):
            net[key] += touch.grams
        elif one.stage in GONE.get(touch.role, ()):
            net[key] -= touch.grams
    for sale in session.exec(select(SaleRow)):
        if since <= sale.event_ms < until and not sale.settled:
            net[sale.seller, lots[sale.lot_id].herb, lots[sale.lot_id].form] -= sale.grams
    return {key: -grams for key, grams in net.items() if grams < 0}


@pytest.mark.parametrize("window", [(0, AFTER), (at(910), AFTER), (at(918), at(930)), (at(913), at(916))])
def test_the_oversell_list_is_what_adding_up_by_hand_gives(
    database_url: str, window: tuple[int, int]
) -> None:
    with supervised(database_url) as (session, by):
        take(session, by, white_peony())
        greedy = step("sale", 920, "COUNTER", lots=[lot("YP-1", 560_000)], fields={"price_fen_per_kg": 9})
        by.record_step(session, greedy, at(920))
        found = {(each.party, each.herb, each.form.value): each.short for each in oversold(session, *window)}
        assert found == brute_oversell(session, *window)


def test_a_sale_beyond_the_stock_is_listed_and_not_explained_away() -> None:
    with supervised("sqlite://") as (session, by):
        take(session, by, white_peony())
        greedy = step("sale", 920, "COUNTER", lots=[lot("YP-1", 560_000)], fields={"price_fen_per_kg": 9})
        by.record_step(session, greedy, at(920))
        [one] = oversold(session, 0, AFTER)
        assert (one.party, one.form, one.came, one.went, one.short) == (
            PHARMACY, Form.SLICE, 550_000, 561_000, 11_000,
        )  # fmt: skip
        assert one.covered is False


def test_what_was_in_stock_before_the_window_explains_a_sale_within() -> None:
    with supervised("sqlite://") as (session, by):
        take(session, by, white_peony())
        [one] = oversold(session, NOON + 919 * DAY - DAY // 4, AFTER, party=PHARMACY)
        assert (one.short, one.before, one.covered) == (1_000, 550_000, True)


def test_late_and_missing_steps_are_listed_as_found(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        steps = white_peony()
        late = [(new, when + 30 * DAY if new.stage is Stage.FIELD_WORK else when) for new, when in steps]
        take(session, by, sorted(late, key=lambda each: each[1]))
        quarter = period("2024Q3")
        found = late_or_missing(session, quarter)
        assert [(each.rule, each.party, each.days) for each in found] == [("late.recorded", GROWER, 30)]
        everything = session.exec(select(FindingRow).where(FindingRow.rule == "late.recorded")).all()
        assert len(everything) == 1
        assert [(each.party, each.late) for each in late_shares(session, quarter)] == [(GROWER, 1)]


def test_paging_through_the_list_shows_each_finding_once() -> None:
    with supervised("sqlite://") as (session, by):
        for number in range(7):
            new = step(
                "seed", 0, minute=number, outputs=[lot(f"S{number}", 1_000, "白芍")],
                fields={"seed_source": "自购", "variety": "线条"},
            )  # fmt: skip
            by.record_step(session, new, at(40 + number // 3))
        seen: list[str] = []
        after = None
        while page := late_or_missing(session, period("2024Q2"), after=after, limit=2):
            seen += [each.finding_id for each in page]
            after = (page[-1].found_ms, page[-1].finding_id)
        assert len(seen) == len(set(seen)) == 7


def test_codes_are_counted_by_what_became_of_them(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        take(session, by, white_peony())
        [use] = code_use(session)
        assert (use.party, use.issued, use.used) == (MAKER, 20, 20)


def test_a_quarter_begins_at_midnight_in_china() -> None:
    assert day_ms(date(2026, 7, 1)) == SEASON.since_ms == 1_782_835_200_000
