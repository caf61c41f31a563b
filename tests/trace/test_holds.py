"""Holds: what they stop, what they let pass, how they overlap, and who lifts them."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, col, select

from ledger.errors import DaodiError, ManyFaults
from trace.errors import RuleRefused
from trace.recalls.hold_reading import hold_findings
from trace.recalls.holds import ask_to_lift, lift
from trace.recalls.recall_errors import HoldLifted, LiftNotAsked, NotYoursToLift, SamePerson, UnknownHold
from trace.recalls.recall_tables import HoldRow
from trace.service import Recorder
from trace.steps import StepNew
from trace.tables import LotRow, PartyRow

from .bad_field import season_of_a_bad_field
from .holding import FIRST, SECOND, hold, lifted, owner, regulator
from .season import COOP, GROWER, MAKER, PHARMACY, at, lot, step

Scene = tuple[Session, Recorder]
SO2 = [{"measurand": "二氧化硫残留量", "value": "12", "unit": "mg/kg"}]
SPLIT_REST = step("split", 20, inputs=[lot("REST", 10)], outputs=[lot("R1", 10)])


@pytest.fixture
def scene() -> Iterator[Scene]:
    with season_of_a_bad_field("sqlite://", packs=2) as opened:
        yield opened


@pytest.fixture
def both(database_url: str) -> Iterator[Scene]:
    """The same on each database."""
    with season_of_a_bad_field(database_url, packs=2) as opened:
        yield opened


def frozen(session: Session) -> set[str]:
    return set(session.exec(select(LotRow.lot_id).where(col(LotRow.frozen))))


def refusals(scene: Scene, new: StepNew, day: int) -> list[str]:
    with pytest.raises((RuleRefused, ManyFaults)) as caught, scene[0].begin_nested():
        scene[1].record_step(scene[0], new, at(day))
    error: DaodiError = caught.value
    faults = error.faults if isinstance(error, ManyFaults) else (error,)
    return [str(fault.parts["rule"]) for fault in faults]


def test_a_hold_on_a_lot_covers_all_that_was_made_from_it_and_nothing_else(scene: Scene) -> None:
    hold(*scene, "lot", "TO-MAKER", "农残", at(10))
    assert frozen(scene[0]) == {"TO-MAKER", "S1", "S2"}
    assert refusals(scene, step("sale", 20, "COUNTER", lots=[lot("S2", 5)]), 20) == ["freeze.frozen"]
    scene[1].record_step(scene[0], SPLIT_REST, at(20))


def test_what_two_holds_cover_stays_frozen_until_both_are_lifted(both: Scene) -> None:
    wide = hold(*both, "lot", "FIELD", "农残", at(10))
    narrow = hold(*both, "lot", "S1", "标签", at(11))
    lifted(*both, wide, at(12))
    assert frozen(both[0]) == {"S1"}
    lifted(*both, narrow, at(13))
    assert frozen(both[0]) == set()


def test_two_holds_on_one_party_are_lifted_one_by_one(scene: Scene) -> None:
    first, second = (hold(*scene, "party", GROWER, reason, at(10)) for reason in ("无证", "欠检"))
    lifted(*scene, first, at(11))
    assert scene[0].exec(select(PartyRow.frozen).where(PartyRow.uscc == GROWER)).one()
    assert refusals(scene, SPLIT_REST, 20) == ["freeze.frozen"]
    lifted(*scene, second, at(12))
    scene[1].record_step(scene[0], SPLIT_REST, at(20))


def test_a_hold_on_a_product_covers_its_makers_lots_and_forbids_new_ones(scene: Scene) -> None:
    product = f"白芍/slice/{MAKER}"
    placed = hold(*scene, "product", product, "超量添加", at(10))
    assert frozen(scene[0]) == {"S1", "S2"}
    scene[1].record_step(
        scene[0], step("split", 11, inputs=[lot("REST")], outputs=[lot("R1", 100_000)]), at(11)
    )
    scene[1].record_step(scene[0], step("ship", 12, lots=[lot("R1")], counterparty=MAKER), at(12))
    scene[1].record_step(
        scene[0], step("receive", 13, "WORKS", lots=[lot("R1")], counterparty=GROWER), at(13)
    )
    fields = {"method": "切制", "standard": "药典"}
    more = step("paozhi", 14, "WORKS", inputs=[lot("R1")], outputs=[lot("S3", 90_000)], fields=fields)
    assert refusals(scene, more, 14) == ["freeze.frozen"]
    lifted(*scene, placed, at(15))
    scene[1].record_step(scene[0], more, at(15))


@pytest.mark.parametrize(
    ("new", "day"),
    [
        (
            step("return", 20, "COUNTER", lots=[lot("S2")], counterparty=MAKER, fields={"reason": "recall"}),
            20,
        ),
        (step("destroy", 20, "COUNTER", lots=[lot("S2")], fields={"reason": "quality"}), 20),
        (step("test", 20, "COUNTER", lots=[lot("S2")], fields={"report_number": "B"}, results=SO2), 20),
    ],
    ids=["returned", "destroyed", "tested"],
)
def test_goods_on_hold_may_go_back_be_destroyed_or_be_tested(scene: Scene, new: StepNew, day: int) -> None:
    hold(*scene, "lot", "FIELD", "农残", at(10))
    scene[1].record_step(scene[0], new, at(day))


def test_returned_goods_are_received_though_frozen_and_others_are_not(scene: Scene) -> None:
    scene[1].record_step(scene[0], step("ship", 9, lots=[lot("REST")], counterparty=COOP), at(9))
    hold(*scene, "lot", "FIELD", "农残", at(10))
    back = step("return", 20, "COUNTER", lots=[lot("S2")], counterparty=MAKER, fields={"reason": "recall"})
    scene[1].record_step(scene[0], back, at(20))
    home = step("receive", 21, "WORKS", lots=[lot("S2")], counterparty=PHARMACY)
    scene[1].record_step(scene[0], home, at(21))
    onward = step("receive", 21, "PLOT-D", lots=[lot("REST")], counterparty=GROWER)
    assert refusals(scene, onward, 21) == ["receipt.1"]


def test_a_party_on_hold_destroys_nothing_and_takes_back_what_is_returned(scene: Scene) -> None:
    hold(*scene, "party", MAKER, "立案", at(10))
    destroyed = step("destroy", 20, "WORKS", lots=[lot("S1")], fields={"reason": "quality"})
    assert refusals(scene, destroyed, 20) == ["freeze.frozen"]
    back = step("return", 20, "COUNTER", lots=[lot("S2")], counterparty=MAKER, fields={"reason": "quality"})
    scene[1].record_step(scene[0], back, at(20))


def test_lots_made_before_the_hold_and_told_of_later_are_caught(both: Scene) -> None:
    placed = hold(*both, "lot", "FIELD", "农残", at(10))
    late = step("split", 8, inputs=[lot("REST", 60_000)], outputs=[lot("LATE", 60_000)])
    done = both[1].record_step(both[0], late, at(11))
    assert [finding.rule.code for finding in done.findings] == ["recall.late_made"]
    assert "LATE" in frozen(both[0])
    assert both[0].get_one(HoldRow, placed, populate_existing=True).lots == 7
    lifted(*both, placed, at(12))
    assert frozen(both[0]) == set()


def test_one_person_cannot_lift_whatever_name_or_token_they_show(scene: Scene) -> None:
    session, by = scene
    placed = hold(*scene, "lot", "S1", "抽检", at(10), person=regulator())
    with pytest.raises(LiftNotAsked):
        lift(session, by.declarer, placed, regulator(), at(11))
    ask_to_lift(session, by.declarer, placed, "合格", regulator(), at(11))
    for same in (
        regulator(),
        regulator("科员乙"),
        regulator(prefix="eeeeeeee"),
        regulator(" 科员甲 ", "eeeeeeee"),
    ):
        with pytest.raises(SamePerson):
            lift(session, by.declarer, placed, same, at(12))
    lift(session, by.declarer, placed, regulator("科员乙", "eeeeeeee"), at(13))
    assert frozen(session) == set()


def test_what_a_regulator_placed_neither_the_owner_nor_the_operator_alone_lifts(scene: Scene) -> None:
    session, by = scene
    placed = hold(*scene, "lot", "S1", "抽检", at(10), person=regulator())
    with pytest.raises(NotYoursToLift):
        ask_to_lift(session, by.declarer, placed, "误会", owner(MAKER), at(11))
    ask_to_lift(session, by.declarer, placed, "误会", FIRST, at(11))
    with pytest.raises(NotYoursToLift):
        lift(session, by.declarer, placed, SECOND, at(12))
    lift(session, by.declarer, placed, regulator(), at(12))


def test_what_is_lifted_or_was_never_placed_cannot_be_lifted(scene: Scene) -> None:
    placed = hold(*scene, "lot", "S1", "抽检", at(10))
    lifted(*scene, placed, at(11))
    with pytest.raises(HoldLifted):
        ask_to_lift(scene[0], scene[1].declarer, placed, "再次", FIRST, at(12))
    with pytest.raises(UnknownHold):
        ask_to_lift(scene[0], scene[1].declarer, "0" * 36, "再次", FIRST, at(12))


def test_a_story_names_each_hold_once_however_many_lots_it_covers(scene: Scene) -> None:
    hold(*scene, "lot", "FIELD", "农残", at(10))
    told = hold_findings(scene[0], ["FIELD", "HERB", "TO-MAKER", "S1"])
    assert [(finding.rule.code, finding.lot) for finding in told] == [("freeze.frozen", "FIELD")]
    assert "农残" in told[0].message("zh")
