"""What is offered as the next step of a lot: nothing that the rules refuse as the lot stands."""

from dataclasses import replace

import pytest

from tests.trace.season import GROWER, MAKER
from trace.lots import LotState, Quality
from trace.next_steps import next_stages, open_stages
from trace.vocabulary import Form, Stage

HERB = LotState(
    lot="BS-1",
    herb="白芍",
    form=Form.HERB,
    grade=None,
    holder=GROWER,
    origin_kind=None,
    origin=None,
    grams_in=100_000,
    grams=100_000,
    made_ms=0,
    made_step="s",
    made_statement="t",
)
LOOKED_AT = (Stage.TEST, Stage.STORAGE)


def test_who_holds_goods_at_hand_is_offered_all_that_usually_follows() -> None:
    assert open_stages(HERB, GROWER) == next_stages(Form.HERB)
    assert open_stages(replace(HERB, form=Form.PLANT, grams_in=None, grams=None), GROWER) == (
        Stage.FIELD_WORK,
        Stage.HARVEST,
    )


@pytest.mark.parametrize(
    ("party", "changed"),
    [
        (MAKER, {}),
        (GROWER, {"in_transit": True}),
        (GROWER, {"grams": 0}),
    ],
    ids=["another's", "on the way", "used up"],
)
def test_of_goods_that_left_or_are_used_up_nothing_is_offered(party: str, changed: dict[str, object]) -> None:
    assert open_stages(replace(HERB, **changed), party) == ()  # type: ignore[arg-type]


def test_packed_goods_are_not_made_into_others_nor_packed_again() -> None:
    assert open_stages(replace(HERB, grams=0, packed_grams=80_000), GROWER) == (*LOOKED_AT, Stage.SHIP)


def test_goods_on_hold_are_looked_at_alone_and_failed_ones_not_packed() -> None:
    assert open_stages(replace(HERB, frozen=True), GROWER) == LOOKED_AT
    assert Stage.PACK not in open_stages(replace(HERB, quality=Quality.FAILED), GROWER)


def test_what_is_sold_is_shipped_and_not_sold_again() -> None:
    sold = replace(HERB, form=Form.SLICE, sold_grams=100_000)
    assert open_stages(sold, GROWER) == (Stage.TEST, Stage.SHIP)
