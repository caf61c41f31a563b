"""Packs by their codes: shipped, received, sold, nested and unpacked one by one, and never twice."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

from ledger.errors import DaodiError, ManyFaults
from ledger.tables import PendingRow
from trace.coding.code_reading import CodeState, code_state
from trace.coding.code_words import CodeStatus, Level
from trace.coding.status_changes import change_status
from trace.coding.trace_code import encode
from trace.replaying.rebuilding import rebuild
from trace.service import RecordedStep
from trace.story import story
from trace.tables import LotRow

from .season import GROWER, MAKER, PHARMACY, at, founded, lot, recorder, step


class Packed:
    """Six packs of ten grams of the grower's lot H, and codes for what they can stand in."""

    def __init__(self, session: Session) -> None:
        self.session, self.by, self.minute = session, recorder(), 0
        gathered = step("gathering", 1, outputs=[lot("A", 1000, "白芍")], fields={"area_name": "山里"})
        dried = step(
            "primary_processing",
            1,
            minute=1,
            inputs=[lot("A")],
            outputs=[lot("H", 1000)],
            fields={"method": "晒"},
        )
        for new in (gathered, dried):
            self.by.record_step(session, new, at(1))
        packing = step("pack", 2, inputs=[lot("H")], packs=6, grams_per_pack=10)
        self.codes = list(self.by.record_step(session, packing, at(2)).codes)
        self.boxes = self.issued(GROWER, Level.BOX, 3)
        self.bulk = self.issued(GROWER, Level.BULK, 1)[0]

    def issued(self, party: str, level: Level, count: int) -> list[str]:
        return list(self.by.issuer.codes(self.by.issue_codes(self.session, party, count, at(1), level)))

    def do(self, stage: str, codes: list[str], place: str = "PLOT", **rest: object) -> RecordedStep:
        self.minute += 1
        new = step(stage, 3, place, minute=self.minute, codes=codes, **rest)
        return self.by.record_step(self.session, new, at(4))

    def refused(self, stage: str, codes: list[str], place: str = "PLOT", **rest: object) -> set[str]:
        """The rules that refuse a step, of which nothing is then written."""
        with pytest.raises(DaodiError) as caught, self.session.begin_nested():
            self.do(stage, codes, place, **rest)
        fault = caught.value
        faults = fault.faults if isinstance(fault, ManyFaults) else (fault,)
        return {str(each.parts.get("rule", each.key())) for each in faults}

    def state(self, code: str) -> CodeState:
        return code_state(self.session, code, self.by.code_keys)

    def lot(self) -> LotRow:
        row = self.session.get(LotRow, "H", populate_existing=True)
        assert row is not None
        return row


@pytest.fixture
def packed(database_url: str) -> Iterator[Packed]:
    with founded(database_url) as session:
        yield Packed(session)


def holder(state: CodeState) -> tuple[str | None, str | None]:
    return state.run.holder, state.run.in_transit_to


def test_a_pack_shipped_by_its_code_leaves_its_lot(packed: Packed) -> None:
    packed.do("ship", packed.codes[:2], counterparty=PHARMACY)
    assert holder(packed.state(packed.codes[0])) == (GROWER, PHARMACY)
    assert holder(packed.state(packed.codes[2])) == (None, None)
    assert (packed.lot().packed_grams, packed.lot().in_transit) == (40, False)


def test_a_pack_is_received_by_whom_it_was_shipped_to_and_nobody_else(packed: Packed) -> None:
    packed.do("ship", packed.codes[:1], counterparty=PHARMACY)
    assert packed.refused("receive", packed.codes[:1], "WORKS", counterparty=GROWER) == {"receipt.3"}
    assert packed.refused("receive", packed.codes[:1], "COUNTER", counterparty=MAKER) == {"receipt.3"}
    assert packed.refused("receive", packed.codes[1:2], "COUNTER", counterparty=GROWER) == {"receipt.2"}
    packed.do("receive", packed.codes[:1], "COUNTER", counterparty=GROWER)
    assert holder(packed.state(packed.codes[0])) == (PHARMACY, None)
    assert packed.lot().packed_grams == 50


def test_what_is_on_the_road_cannot_be_shipped_or_sold_again(packed: Packed) -> None:
    packed.do("ship", packed.codes[:1], counterparty=PHARMACY)
    for stage, other in (("ship", MAKER), ("sale", None), ("destroy", None)):
        named = {} if other is None else {"counterparty": other}
        fields = {"reason": "expired", "method": "焚毁"} if stage == "destroy" else {}
        assert packed.refused(stage, packed.codes[:1], fields=fields, **named) >= {"pack.in_transit"}


def test_only_the_holder_may_sell_a_pack(packed: Packed) -> None:
    assert packed.refused("sale", packed.codes[:1], "COUNTER") == {"pack.not_holder"}
    packed.do("sale", packed.codes[:1])
    assert packed.state(packed.codes[0]).status is CodeStatus.SOLD
    assert packed.lot().packed_grams == 50
    assert packed.refused("sale", packed.codes[:1]) == {"pack.status"}


@pytest.mark.parametrize("packs", [1, 3])
def test_a_refusal_says_of_one_pack_and_of_many_how_many_there_are(packed: Packed, packs: int) -> None:
    with pytest.raises(DaodiError) as caught, packed.session.begin_nested():
        packed.do("sale", packed.codes[:packs], "COUNTER")
    said = f"held by {GROWER} and not by {PHARMACY}: {packed.codes[0]} (packs concerned: {packs})"
    assert caught.value.message("en").startswith(said)


def test_a_pack_sold_to_a_firm_is_sold_to_nobody_else_and_goes_there(packed: Packed) -> None:
    packed.do("sale", packed.codes[:1], counterparty=PHARMACY)
    assert packed.state(packed.codes[0]).status is CodeStatus.ACTIVATED
    assert packed.refused("sale", packed.codes[:1], counterparty=MAKER) == {"pack.promised"}
    assert packed.refused("ship", packed.codes[:1], counterparty=MAKER) == {"pack.promised"}
    packed.do("ship", packed.codes[:1], counterparty=PHARMACY)
    packed.do("receive", packed.codes[:1], "COUNTER", counterparty=GROWER)
    packed.do("sale", packed.codes[:1], "COUNTER")
    assert packed.state(packed.codes[0]).status is CodeStatus.SOLD


def test_a_pack_sold_to_a_firm_and_shipped_there_leaves_its_lot_once(packed: Packed) -> None:
    packed.do("sale", packed.codes[:4], counterparty=PHARMACY)
    packed.do("ship", packed.codes[:4], counterparty=PHARMACY)
    assert packed.lot().packed_grams == 20  # two packs of ten grams are left of six
    packed.do("sale", packed.codes[4:], counterparty=MAKER)
    packed.do("ship", packed.codes[4:], counterparty=MAKER)
    assert packed.lot().packed_grams == 0


def test_a_box_stands_for_all_that_is_in_it(packed: Packed) -> None:
    packed.do("nest", packed.codes[:4], container=packed.boxes[0])
    assert packed.state(packed.boxes[0]).status is CodeStatus.ACTIVATED
    packed.do("ship", [packed.boxes[0]], counterparty=PHARMACY)
    assert packed.lot().packed_grams == 20
    packed.do("receive", [packed.boxes[0]], "COUNTER", counterparty=GROWER)
    for code in (packed.boxes[0], *packed.codes[:4]):
        assert holder(packed.state(code)) == (PHARMACY, None)
    assert holder(packed.state(packed.codes[4])) == (None, None)


def test_boxes_nest_as_deep_as_there_are_levels(packed: Packed) -> None:
    [bag] = packed.issued(GROWER, Level.BAG, 1)
    packed.do("nest", packed.codes[:2], container=packed.boxes[0])
    packed.do("nest", packed.codes[2:3], container=packed.boxes[1])
    packed.do("nest", packed.boxes[:2], container=bag)
    packed.do("nest", [bag], container=packed.bulk)
    packed.do("ship", [packed.bulk], counterparty=PHARMACY)
    assert {holder(packed.state(code)) for code in packed.codes[:3]} == {(GROWER, PHARMACY)}
    assert packed.lot().packed_grams == 30


def test_no_pack_stands_in_two_things(packed: Packed) -> None:
    packed.do("nest", packed.codes[:2], container=packed.boxes[0])
    assert packed.refused("nest", packed.codes[1:3], container=packed.boxes[1]) == {"pack.nested"}
    assert packed.refused("ship", packed.codes[:1], counterparty=PHARMACY) == {"pack.nested"}
    assert packed.refused("nest", [packed.boxes[0], packed.codes[0]], container=packed.bulk) >= {
        "pack.nested"
    }


def test_things_nest_from_small_to_large_only(packed: Packed) -> None:
    packed.do("nest", packed.codes[:1], container=packed.boxes[0])
    packed.do("nest", packed.codes[1:2], container=packed.boxes[1])
    assert packed.refused("nest", [packed.boxes[0]], container=packed.boxes[1]) == {"pack.level"}
    assert packed.refused("nest", packed.codes[2:3], container=packed.codes[3]) == {"pack.level"}


def test_a_box_nobody_filled_holds_nothing_to_ship(packed: Packed) -> None:
    assert packed.refused("ship", [packed.boxes[0]], counterparty=PHARMACY) == {"pack.status"}


def test_boxes_of_another_party_are_not_to_be_had(packed: Packed) -> None:
    [other] = packed.issued(MAKER, Level.BOX, 1)
    assert packed.refused("nest", packed.codes[:1], container=other) == {"pack.not_holder"}


def test_what_was_taken_out_of_a_box_does_not_go_with_it(packed: Packed) -> None:
    packed.do("nest", packed.codes[:4], container=packed.boxes[0])
    packed.do("unnest", packed.codes[:1], container=packed.boxes[0])
    assert packed.refused("unnest", packed.codes[:1], container=packed.boxes[0]) == {"pack.not_inside"}
    packed.do("ship", [packed.boxes[0]], counterparty=PHARMACY)
    assert holder(packed.state(packed.codes[0])) == (None, None)
    assert holder(packed.state(packed.codes[1])) == (GROWER, PHARMACY)


def test_a_box_emptied_at_once_lets_all_go_and_may_be_filled_again(packed: Packed) -> None:
    packed.do("nest", packed.codes[:4], container=packed.boxes[0])
    packed.do("unnest", [], container=packed.boxes[0])
    assert [packed.state(code).run.parent_serial for code in packed.codes] == [None] * 6
    packed.do("nest", packed.codes[3:5], container=packed.boxes[0])
    serial = packed.state(packed.boxes[0]).serial
    assert [packed.state(code).run.parent_serial for code in packed.codes] == [None] * 3 + [serial] * 2 + [
        None
    ]


def test_a_pack_sold_over_the_counter_is_out_of_its_box(packed: Packed) -> None:
    packed.do("nest", packed.codes[:3], container=packed.boxes[0])
    packed.do("sale", packed.codes[:1])
    assert packed.state(packed.codes[0]).run.parent_serial is None
    packed.do("ship", [packed.boxes[0]], counterparty=PHARMACY)
    assert packed.state(packed.codes[0]).status is CodeStatus.SOLD
    assert packed.lot().packed_grams == 30


def test_a_pack_goes_back_only_where_it_came_from(packed: Packed) -> None:
    packed.do("ship", packed.codes[:2], counterparty=PHARMACY)
    packed.do("receive", packed.codes[:2], "COUNTER", counterparty=GROWER)
    fields = {"reason": "quality"}
    returned = packed.refused("return", packed.codes[:1], "COUNTER", counterparty=MAKER, fields=fields)
    assert returned == {"pack.return_elsewhere"}
    packed.do("return", packed.codes[:1], "COUNTER", counterparty=GROWER, fields=fields)
    packed.do("receive", packed.codes[:1], counterparty=PHARMACY)
    assert holder(packed.state(packed.codes[0])) == (GROWER, None)


def test_a_code_never_issued_is_not_received(packed: Packed) -> None:
    stranger = encode(10**6, packed.by.code_keys)
    assert packed.refused("receive", [stranger], "COUNTER", counterparty=GROWER) == {"receipt.0"}
    assert packed.refused("sale", [stranger, packed.codes[0]]) == {"pack.unknown"}


def test_forged_and_mistyped_codes_are_said_each(packed: Packed) -> None:
    wrong = packed.codes[0][:-1] + ("0" if packed.codes[0][-1] != "0" else "1")
    assert packed.refused("sale", [wrong, "NONSENSE"]) == {"malformed-code"}


def test_a_step_by_code_says_ranges_of_serials_and_no_code(packed: Packed) -> None:
    packed.do("ship", [packed.codes[0], packed.codes[1], packed.codes[4]], counterparty=PHARMACY)
    leaf = packed.session.exec(select(PendingRow.leaf).order_by(PendingRow.pending_id.desc())).first()
    assert leaf is not None
    assert b'"tcm:codes":[[0,1],[4,4]]' in leaf
    assert not any(code.encode() in leaf for code in packed.codes)


def test_a_pack_and_its_box_are_not_both_named(packed: Packed) -> None:
    packed.do("nest", packed.codes[:2], container=packed.boxes[0])
    fields = {"reason": "expired", "method": "焚毁"}
    assert "pack.named_twice" in packed.refused("destroy", [packed.boxes[0], packed.codes[0]], fields=fields)


def test_a_pack_is_not_shipped_before_it_was_packed(packed: Packed) -> None:
    early = step("ship", 1, minute=30, codes=packed.codes[:1], counterparty=PHARMACY)
    with pytest.raises(DaodiError) as caught:
        packed.by.record_step(packed.session, early, at(4))
    assert "pack.too_early" in str(caught.value.parts.get("rule", ""))


def test_a_box_tells_the_way_of_the_one_lot_in_it_and_of_several_nothing(packed: Packed) -> None:
    keys = packed.by.code_keys
    packed.do("nest", packed.codes[:2], container=packed.boxes[0])
    told = story(packed.session, packed.boxes[0], keys)
    assert (told.lot, told.pack_grams) == ("H", None)
    assert "pack" in [found.stage for found in told.steps]
    other = step("gathering", 1, outputs=[lot("B", 1000, "白芍")], fields={"area_name": "山里"})
    packed.by.record_step(packed.session, other, at(1))
    inputs, outputs = [lot("B")], [lot("K", 1000)]
    dried = step("primary_processing", 1, minute=1, inputs=inputs, outputs=outputs, fields={"method": "晒"})
    packed.by.record_step(packed.session, dried, at(1))
    more = step("pack", 2, inputs=[lot("K")], packs=1, grams_per_pack=10)
    packed.do(
        "nest", list(packed.by.record_step(packed.session, more, at(2)).codes), container=packed.boxes[0]
    )
    assert story(packed.session, packed.boxes[0], keys).lot is None


def test_what_was_done_with_packs_is_built_again_from_the_log(packed: Packed) -> None:
    packed.do("nest", packed.codes[:4], container=packed.boxes[0])
    packed.do("unnest", packed.codes[:1], container=packed.boxes[0])
    packed.do("sale", packed.codes[1:2])
    packed.do("ship", [packed.boxes[0], packed.codes[4]], counterparty=PHARMACY)
    packed.do("receive", [packed.boxes[0]], "COUNTER", counterparty=GROWER)
    packed.do("dispense", packed.codes[2:3], "COUNTER", fields={"purpose": "decoction"})
    packed.do("sale", packed.codes[5:6], counterparty=MAKER)
    change_status(
        packed.session,
        packed.by.declarer,
        packed.by.code_keys,
        CodeStatus.RETIRED,
        [(0, 0)],
        by=GROWER,
        at_ms=at(5),
    )
    made = rebuild(packed.session, write=False, counting=_silent, replaying=_silent, begin=lambda *_: None)
    unlike = {table.table: table.named for table in made.tables if table.unlike}
    assert unlike == {}
    assert made.equal


def _silent(_: int) -> None:
    """Nobody watches."""
