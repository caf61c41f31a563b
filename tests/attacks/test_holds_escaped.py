"""Who holds stopped goods wants them on the market: in boxes, inside their lot, by words that undo a step."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from ledger.errors import DaodiError
from tests.trace.bad_field import season_of_a_bad_field
from tests.trace.holding import REGULATOR, hold, lifted, owner, register_regulator, regulator
from tests.trace.season import GROWER, MAKER, PHARMACY, at, founded, lot, step
from tests.trace.test_code_packs import Packed
from trace.coding.code_words import CodeStatus
from trace.coding.status_changes import change_status, ranges_named
from trace.corrections.correcting import Corrector
from trace.corrections.correction_errors import CorrectionHeld
from trace.corrections.correction_words import CorrectionNew
from trace.recalls.persons import Person
from trace.recalls.recall_ending import ask_to_close, close_recall
from trace.recalls.recall_errors import NotYourGoods, SamePerson
from trace.recalls.recall_progress import progress_of
from trace.recalls.recalls import RecallNew, open_recall
from trace.tables import StepRow

NOTHING_HAPPENED = CorrectionNew.model_validate({"reason": "did_not_occur"})
BACK = {"reason": "recall"}


@pytest.fixture
def packed(database_url: str) -> Iterator[Packed]:
    with founded(database_url) as session:
        yield Packed(session)


def _recalled(packed: Packed, *lots: str) -> str:
    register_regulator(packed.session, packed.by, at(4))
    new = RecallNew.model_validate({"lots": lots, "class": 1, "reason": "农残"})
    return open_recall(packed.session, packed.by.declarer, new, regulator(), at(5)).recall_id


def test_packs_leave_a_held_box_neither_with_it_nor_one_by_one(packed: Packed) -> None:
    box, bulk = packed.boxes[0], packed.bulk
    packed.do("nest", packed.codes[:2], container=box)
    packed.do("nest", [box], container=bulk)
    held = hold(packed.session, packed.by, "code", bulk, "串货", at(4))
    for codes in ([bulk], [box], packed.codes[:1]):
        assert packed.refused("sale", codes) == {"freeze.frozen"}
    assert "freeze.frozen" in packed.refused("unnest", [], container=box)
    assert "freeze.frozen" in packed.refused("ship", packed.codes[:1], counterparty=PHARMACY)
    packed.do("sale", packed.codes[2:3])
    lifted(packed.session, packed.by, held, at(5))
    packed.do("sale", packed.codes[:1])


def test_a_held_pack_does_not_leave_in_its_box(packed: Packed) -> None:
    packed.do("nest", packed.codes[:2], container=packed.boxes[0])
    hold(packed.session, packed.by, "code", packed.codes[0], "破损", at(4))
    assert packed.refused("ship", [packed.boxes[0]], counterparty=PHARMACY) == {"freeze.frozen"}
    assert packed.refused("unnest", [], container=packed.boxes[0]) == {"freeze.frozen"}
    packed.do("unnest", packed.codes[1:2], container=packed.boxes[0])


def test_a_held_pack_does_not_leave_with_its_whole_lot(packed: Packed) -> None:
    placed = hold(packed.session, packed.by, "code", packed.codes[0], "破损", at(4))
    new = step("ship", 4, lots=[lot("H")], counterparty=PHARMACY)
    with pytest.raises(DaodiError) as caught, packed.session.begin_nested():
        packed.by.record_step(packed.session, new, at(4))
    assert caught.value.parts["rule"] == "freeze.frozen"
    packed.do("ship", packed.codes[1:], counterparty=PHARMACY)
    lifted(packed.session, packed.by, placed, at(5))
    packed.by.record_step(packed.session, new, at(4))


def test_packs_of_a_held_lot_are_not_sold_by_their_codes(packed: Packed) -> None:
    packed.do("nest", packed.codes[:2], container=packed.boxes[0])
    hold(packed.session, packed.by, "lot", "A", "农残", at(4))
    for codes in (packed.codes[2:3], packed.codes[:1], packed.boxes[:1]):
        assert "freeze.frozen" in packed.refused("sale", codes)
        assert "freeze.frozen" in packed.refused("ship", codes, counterparty=PHARMACY)


def test_retired_codes_bring_no_recalled_pack_back(packed: Packed) -> None:
    """Whose codes they are may retire them wherever the packs are: on paper the shelves would be empty."""
    packed.do("ship", packed.codes[:4], counterparty=PHARMACY)
    packed.do("receive", packed.codes[:4], "COUNTER")
    recall = _recalled(packed, "A")
    before = progress_of(packed.session, recall).effectiveness
    retired = ranges_named(packed.session, packed.codes[:4], packed.by.code_keys)
    change_status(
        packed.session, packed.by.declarer, packed.by.code_keys, CodeStatus.RETIRED, retired,
        by=GROWER, at_ms=at(6),
    )  # fmt: skip
    after = progress_of(packed.session, recall).effectiveness
    assert (before.distributed_packs, before.recovered_packs, before.recovered_grams) == (4, 0, 0)
    assert after == before
    burnt = step("destroy", 7, "COUNTER", codes=packed.codes[:1], fields={"reason": "recall"})
    packed.by.record_step(packed.session, burnt, at(7))
    assert progress_of(packed.session, recall).effectiveness.recovered_packs == 1


def test_recalled_goods_drawn_as_samples_did_not_come_back() -> None:
    with season_of_a_bad_field("sqlite://") as (session, by):
        new = RecallNew.model_validate({"lots": ["FIELD"], "class": 1, "reason": "农残"})
        recall = open_recall(session, by.declarer, new, regulator(), at(10)).recall_id
        drawn = step(
            "sampling", 11, "COUNTER", lots=[lot("S2", 39_000)], fields={"plan": "own", "sample_number": "1"}
        )
        by.record_step(session, drawn, at(11))
        assert progress_of(session, recall).effectiveness.recovered_grams == 0


@pytest.mark.parametrize("word", ["unpacked", "plant", "misprint"])
def test_recalled_goods_are_not_used_up_under_the_name_of_destruction(word: str) -> None:
    """销毁 also stands for codes that are used up: sold unpacked, taken by a plant, misprinted."""
    with season_of_a_bad_field("sqlite://") as (session, by):
        hold(session, by, "lot", "FIELD", "农残", at(10))
        gone = step("destroy", 11, "COUNTER", lots=[lot("S2", 100)], fields={"reason": word})
        with pytest.raises(DaodiError) as caught, session.begin_nested():
            by.record_step(session, gone, at(11))
        assert caught.value.parts["rule"] == "freeze.frozen"
        by.record_step(session, gone.model_copy(update={"fields": {"reason": "recall"}}), at(11))


@pytest.mark.parametrize("undone", ["receive", "pack", "split"])
def test_nobody_undoes_the_way_of_held_goods_but_a_regulator_may(undone: str) -> None:
    with season_of_a_bad_field("sqlite://") as (session, by):
        hold(session, by, "lot", "FIELD", "农残", at(10))
        rows = session.exec(select(StepRow).where(StepRow.stage == undone)).all()
        row = max(rows, key=lambda row: row.event_ms)
        with pytest.raises(CorrectionHeld), session.begin_nested():
            Corrector(recorder=by, by=row.party).correct(session, row.step_id, NOTHING_HAPPENED, at(11))
        wrong = CorrectionNew.model_validate({"reason": "incorrect_data"})
        Corrector(recorder=by, by=REGULATOR, supervising=True).correct(session, row.step_id, wrong, at(11))


def test_one_name_written_two_ways_is_one_person(packed: Packed) -> None:
    recall = _recalled(packed, "A")
    first = regulator("Ｌｉ Ｗｅｉ")
    ask_to_close(packed.session, packed.by.declarer, recall, "lifted", "合格", first, at(6))
    for name in ("li wei", "LiWei", "Li\u200bWei", "LI\u3000WEI"):
        with pytest.raises(SamePerson):
            close_recall(packed.session, packed.by.declarer, recall, regulator(name, "ffffffff"), at(7))


def test_a_second_person_does_not_confirm_what_was_swapped_meanwhile(packed: Packed) -> None:
    """The second read "completed"; the first asks anew for "lifted" before the second confirms."""
    recall = _recalled(packed, "A")
    by = packed.by.declarer
    ask_to_close(packed.session, by, recall, "completed", "已收回", regulator(), at(6))
    ask_to_close(packed.session, by, recall, "lifted", "合格", regulator(), at(6) + 1)
    second: Person = regulator("科员乙", "ffffffff")
    with pytest.raises(DaodiError) as caught:
        close_recall(packed.session, by, recall, second, at(7), "completed")
    assert caught.value.key() == "closing-changed"
    close_recall(packed.session, by, recall, second, at(7), "lifted")


def test_an_owner_of_other_goods_holds_no_empty_box(packed: Packed) -> None:
    hold(packed.session, packed.by, "code", packed.boxes[0], "失窃", at(4), owner(GROWER))
    with pytest.raises(NotYourGoods):
        hold(packed.session, packed.by, "code", packed.boxes[1], "失窃", at(4), owner(MAKER))


def test_held_packs_are_not_sent_on_under_the_name_of_a_return(packed: Packed) -> None:
    """A return passes a hold; to who never had the goods it would be a shipment."""
    assert packed.refused("return", packed.codes[:1], counterparty=PHARMACY, fields=BACK) == {
        "owner.never_received"
    }
    hold(packed.session, packed.by, "lot", "A", "农残", at(4))
    assert "owner.never_received" in packed.refused(
        "return", packed.codes[:1], counterparty=PHARMACY, fields=BACK
    )


def test_packs_that_came_with_their_lot_go_back_one_by_one_to_its_sender_alone(packed: Packed) -> None:
    session, by = packed.session, packed.by
    by.record_step(session, step("ship", 4, lots=[lot("H")], counterparty=PHARMACY), at(4))
    by.record_step(session, step("receive", 5, "COUNTER", lots=[lot("H")]), at(5))
    hold(session, by, "lot", "A", "农残", at(5))

    def back(stage: str, place: str, **rest: object) -> None:
        by.record_step(session, step(stage, 6, place, codes=packed.codes[:2], **rest), at(6))

    for wrong in (MAKER, PHARMACY):
        with pytest.raises(DaodiError), session.begin_nested():
            back("return", "COUNTER", counterparty=wrong, fields=BACK)
    back("return", "COUNTER", counterparty=GROWER, fields=BACK)
    back("receive", "PLOT", counterparty=PHARMACY, minute=5)
    assert packed.state(packed.codes[0]).run.holder == GROWER


@pytest.mark.parametrize("boxed", [False, True])
def test_a_held_pack_is_not_unpacked_by_a_word_and_packed_anew(sqlite_url: str, boxed: bool) -> None:
    """The packing "did not occur": its goods would be loose again, for packs with other codes."""
    with founded(sqlite_url) as session:
        packed = Packed(session)
        packed.do("nest", packed.codes[:2], container=packed.boxes[0])
        target = packed.boxes[0] if boxed else packed.codes[0]
        hold(session, packed.by, "code", target, "破损", at(4))
        row = session.exec(select(StepRow).where(StepRow.stage == "pack")).one()
        with pytest.raises(CorrectionHeld):
            Corrector(recorder=packed.by, by=GROWER).correct(session, row.step_id, NOTHING_HAPPENED, at(5))
