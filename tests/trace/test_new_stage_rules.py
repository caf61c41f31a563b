"""Each rule of the later stages is broken once, and what the stages do to lots is what they say."""

from collections.abc import Iterator

import pytest

from trace.flows import FLOWS
from trace.lineage import ancestors
from trace.lots import LotState, Quality
from trace.projections import lots_named
from trace.service import turnover
from trace.steps import StepNew
from trace.vocabulary import Form, Stage

from .all_stages import SENSED
from .book import Book
from .handling import gather, process, receive, ship
from .holding import hold
from .rebuilt import rebuilt
from .season import COOP, GROWER, MAKER, PHARMACY, VAULT, at, founded, lot, recorder, step


@pytest.fixture
def book() -> Iterator[Book]:
    with founded("sqlite://") as session:
        yield Book(session, recorder())


def state(book: Book, name: str) -> LotState:
    return lots_named(book.session, [name])[name]


def slices(book: Book, name: str = "S", grams: int = 500, **fields: object) -> None:
    """Slices with their last day, in the hands of the maker."""
    gather(book, "A", 2 * grams)
    process(book, "A", "H", grams)
    book.record(ship("H", 3), 3)
    book.record(receive("H", 4), 4)
    new = step(
        "paozhi", 5, "WORKS", inputs=[lot("H")], outputs=[lot(name, grams)],
        fields={"method": "切片", "standard": "药典", **fields},
    )  # fmt: skip
    book.record(new, 5)


def excipient(
    book: Book, name: str = "HONEY", grams: int = 100, what: str = "蜂蜜", flags: tuple[str, ...] = ()
) -> None:
    new = step("purchase", 2, "WORKS", outputs=[lot(name, grams, what)], fields={"seller_name": "蜂场"})
    assert book.flags(new, 2) == list(flags)


def packed(book: Book, expiry: str, day: int = 6) -> None:
    slices(book)
    new = step(
        "pack", day, "WORKS", inputs=[lot("S")], packs=2, grams_per_pack=100, fields={"expiry_date": expiry}
    )
    book.record(new, day)


# Day 6 of the season is 2024-03-07, day 8 the 9th.
def test_nothing_is_sold_or_dispensed_after_its_last_day(book: Book) -> None:
    packed(book, "2024-03-09")
    sale = step("sale", 8, "WORKS", lots=[lot("S", 1)])
    assert "order.expired" not in book.flags(sale, 8)
    assert book.refusals(step("sale", 9, "WORKS", lots=[lot("S", 1)]), 9) == ["order.expired"]
    used = step("dispense", 9, "WORKS", lots=[lot("S", 1)], fields={"purpose": "其他"})
    assert book.refusals(used, 9) == ["order.expired"]


def test_of_two_packings_the_earlier_last_day_holds(book: Book) -> None:
    packed(book, "2024-03-09")
    later = step(
        "pack",
        7,
        "WORKS",
        inputs=[lot("S")],
        packs=1,
        grams_per_pack=100,
        fields={"expiry_date": "2030-01-01"},
    )
    book.record(later, 7)
    assert state(book, "S").expires == "2024-03-09"


def spray(day: int, interval: int) -> StepNew:
    fields = {"work": "农药", "material": "苦参碱", "interval_days": interval}
    return step("field_work", day, lots=[lot("P")], fields=fields)


def harvest(day: int, name: str = "F") -> StepNew:
    return step("harvest", day, inputs=[lot("P")], outputs=[lot(name, 1000)])


@pytest.fixture
def field(book: Book) -> Book:
    book.record(step("planting", 1, outputs=[lot("P", herb="白芍")], fields={"area_mu": "1"}), 1)
    return book


def test_a_harvest_within_the_interval_of_a_pesticide_is_flagged(field: Book) -> None:
    field.record(spray(2, 14), 2)
    assert "order.pesticide_interval" in field.flags(harvest(15), 15)
    assert "order.pesticide_interval" not in field.flags(harvest(16, "F2"), 16)


def test_a_pesticide_told_of_after_the_harvest_is_flagged_as_well(field: Book) -> None:
    field.record(harvest(15), 15)
    assert field.flags(spray(14, 7), 16) == ["order.pesticide_interval"]
    assert field.flags(spray(14, 1), 16) == []


def test_the_longest_interval_counts(field: Book) -> None:
    field.record(spray(2, 30), 2)
    field.record(spray(3, 1), 3)
    assert "order.pesticide_interval" in field.flags(harvest(20), 20)


def test_nothing_is_made_of_excipients_alone(book: Book) -> None:
    excipient(book)
    new = step(
        "paozhi", 5, "WORKS", inputs=[lot("HONEY")], outputs=[lot("X", 50, "白芍")],
        fields={"method": "炒", "standard": "药典"},
    )  # fmt: skip
    assert book.refusals(new, 5) == ["order.no_herb"]


def test_goods_from_outside_the_record_are_marked_for_good(book: Book) -> None:
    bought = step(
        "purchase",
        2,
        "WORKS",
        outputs=[lot("X", 50, "白芍") | {"form": "herb"}],
        fields={"moisture_pct": "11"},
    )
    assert book.flags(bought, 2) == ["order.untraced"]
    opened = step("opening", 2, "WORKS", outputs=[lot("Y", 50, "白芍")])
    assert book.flags(opened, 2) == ["order.untraced"]
    assert (state(book, "Y").form, state(book, "Y").origin_kind) == (Form.HERB, None)


def test_old_stock_never_looks_like_a_whole_way(book: Book) -> None:
    book.record(step("opening", 2, "WORKS", outputs=[lot("Y", 500, "白芍") | {"form": "slice"}]), 2)
    found = book.record(step("pack", 3, "WORKS", inputs=[lot("Y")], packs=1, grams_per_pack=10), 3).findings
    missing = next(each for each in found if each.rule.code == "completeness.missing_stage")
    assert str(missing.parts["stages"]).split() == [
        "seed", "planting", "field_work", "harvest", "primary_processing", "paozhi",
    ]  # fmt: skip


def test_goods_are_bought_from_who_holds_them(book: Book) -> None:
    gather(book, "A", 10)
    buying = step("purchase", 2, "WORKS", lots=[lot("A", 10)], counterparty=GROWER)
    assert book.flags(buying, 2) == []
    assert (state(book, "A").holder, state(book, "A").in_transit) == (GROWER, False)
    elsewhere = step("purchase", 2, "WORKS", lots=[lot("A", 10)], counterparty=COOP)
    assert book.refusals(elsewhere, 2) == ["owner.not_holder"]


def shipped(book: Book) -> None:
    gather(book, "A", 1000)
    book.record(ship("A", 3), 3)
    book.record(receive("A", 4), 4)


def back(to: str, day: int = 5, place: str = "WORKS", name: str = "A") -> StepNew:
    return step("return", day, place, lots=[lot(name)], counterparty=to, fields={"reason": "质量问题"})


def test_goods_go_back_to_who_had_sent_them_and_arrive_there(book: Book) -> None:
    shipped(book)
    assert book.flags(back(GROWER), 5) == []
    assert state(book, "A").in_transit
    assert book.flags(receive("A", 6, "PLOT"), 6) == []
    assert (state(book, "A").holder, state(book, "A").grams) == (GROWER, 1000)


def test_a_return_to_anybody_else_is_refused(book: Book) -> None:
    shipped(book)
    assert book.refusals(back(COOP), 5) == ["owner.return_elsewhere"]


def test_what_was_never_received_cannot_be_returned(book: Book) -> None:
    gather(book, "A", 10)
    assert book.refusals(back(MAKER, place="PLOT"), 5) == ["owner.never_received"]


def test_a_return_that_came_back_is_not_returned_again_to_who_sent_it_back(book: Book) -> None:
    shipped(book)
    book.record(back(GROWER), 5)
    book.record(receive("A", 6, "PLOT"), 6)
    assert book.refusals(back(MAKER, 7, "PLOT"), 7) == ["owner.never_received"]


def test_frozen_goods_can_go_back_and_be_received_there(book: Book) -> None:
    shipped(book)
    hold(book.session, book.by, "lot", "A", "抽检", at(4))
    assert book.flags(back(GROWER), 5) == []
    assert book.flags(receive("A", 6, "PLOT"), 6) == []
    assert book.refusals(ship("A", 7, to=PHARMACY), 7) == ["freeze.frozen"]


def test_more_than_fresh_goods_can_dry_to_is_flagged(book: Book) -> None:
    gather(book, "A", 1000)
    new = step("primary_processing", 2, inputs=[lot("A")], outputs=[lot("H", 990)], fields={"method": "晒"})
    found = book.record(new, 2).findings
    assert [each.rule.code for each in found] == ["balance.yield"]
    assert "假设" in found[0].message("zh")
    assert "assumption" in found[0].message("en")


def test_less_than_fresh_goods_can_dry_to_is_flagged(book: Book) -> None:
    gather(book, "A", 1000)
    new = step("primary_processing", 2, inputs=[lot("A")], outputs=[lot("H", 1)], fields={"method": "晒"})
    assert book.flags(new, 2) == ["balance.yield"]


def count(day: int, grams: int, **fields: object) -> StepNew:
    return step("stock_adjust", day, lots=[lot("A", grams)], fields={"reason": "盘点差异", **fields})


def test_an_adjustment_starts_from_what_the_books_say(book: Book) -> None:
    gather(book, "A", 1000)
    assert book.refusals(count(2, 990, old_grams=999), 2) == ["balance.old_weight"]
    assert book.flags(count(2, 990, old_grams=1000), 2) == []
    assert (state(book, "A").grams, state(book, "A").adjusted_grams) == (990, -10)


def test_small_adjustments_add_up_to_a_large_one(book: Book) -> None:
    gather(book, "A", 1000)
    assert book.flags(count(2, 970), 2) == []
    assert book.flags(count(3, 950), 3) == []
    assert book.flags(count(4, 949), 4) == ["balance.adjusted_down"]


def test_stock_that_grows_by_being_counted_makes_a_pack_doubtful(book: Book) -> None:
    gather(book, "A", 1000)
    found = book.record(count(2, 1051), 2).findings
    assert [(each.rule.code, each.rule.doubtful) for each in found] == [("balance.adjusted_up", True)]


SAMPLE = {"plan": "自检", "sample_number": "1"}


def taking(stage: str, day: int, grams: int | None, **rest: object) -> StepNew:
    fields = {
        "sampling": SAMPLE,
        "dispense": {"purpose": "其他"},
        "destroy": {"reason": "质量原因"},
    }[stage]
    return step(stage, day, lots=[lot("H", grams)], fields=fields, **rest)


@pytest.mark.parametrize("stage", ["sampling", "dispense", "destroy"])
def test_what_is_taken_out_is_gone_and_no_more_than_there_is(book: Book, stage: str) -> None:
    gather(book, "A", 1000)
    process(book, "A", "H", 300)
    book.record(step("pack", 3, inputs=[lot("H")], packs=10, grams_per_pack=10), 3)
    book.record(taking(stage, 4, 250), 4)
    assert (state(book, "H").grams, state(book, "H").packed_grams) == (0, 50)
    assert book.refusals(taking(stage, 5, 51), 5) == ["balance.overdrawn"]
    book.record(taking(stage, 5, 50), 5)
    assert state(book, "H").at_hand == 0


def test_what_is_sold_is_not_dispensed_again_but_can_be_destroyed(book: Book) -> None:
    gather(book, "A", 1000)
    process(book, "A", "H", 300)
    book.record(step("sale", 3, lots=[lot("H", 250)]), 3)
    assert book.refusals(taking("dispense", 4, 51), 4) == ["balance.overdrawn"]
    book.record(taking("destroy", 4, None), 4)
    assert state(book, "H").at_hand == 0


def test_observing_changes_nothing(book: Book) -> None:
    gather(book, "A", 1000)
    before = state(book, "A")
    book.record(step("storage", 2, lots=[lot("A")], fields={"care": "通风"}), 2)
    bill = {"voucher_kind": "收据", "voucher_number": "1", "amount_fen": 5}
    book.record(step("settlement", 2, lots=[lot("A")], fields=bill), 2)
    assert state(book, "A") == before


def medicine(inputs: list[dict], grams: int, **fields: object) -> StepNew:
    return step(
        "medicine", 8, "WORKS", inputs=inputs, outputs=[lot("ZY", grams, "六味地黄丸")],
        fields={"approval_number": "国药准字Z11020000", "standard": "药典", **fields},
    )  # fmt: skip


def test_a_medicine_is_made_of_several_herbs_and_excipients_kept_apart(book: Book) -> None:
    slices(book)
    opened = step("opening", 6, "WORKS", outputs=[lot("D", 300, "当归") | {"form": "slice"}])
    book.record(opened, 6)
    excipient(book)
    found = book.flags(medicine([lot("S", 200), lot("D", 100), lot("HONEY", 100)], 400), 8)
    assert [rule for rule in found if rule.startswith(("order", "balance", "owner"))] == []
    made = state(book, "ZY")
    assert (made.herb, made.form, made.quality) == ("六味地黄丸", Form.MEDICINE, Quality.UNTESTED)
    edges = [edge for edge in ancestors(book.session, ["ZY"]) if edge.target == "ZY"]
    assert {edge.source: edge.excipient for edge in edges} == {"S": False, "D": False, "HONEY": True}


def test_excipient_lots_count_as_mass_that_went_in_and_no_further(book: Book) -> None:
    slices(book)
    excipient(book)
    assert book.refusals(medicine([lot("S", 200), lot("HONEY", 100)], 301), 8) == ["balance.created"]
    book.record(medicine([lot("S", 200), lot("HONEY", 100)], 300), 8)


def test_granules_are_of_one_herb(book: Book) -> None:
    slices(book)
    book.record(step("opening", 6, "WORKS", outputs=[lot("D", 300, "当归") | {"form": "slice"}]), 6)
    fields = {"standard": "国家标准", "expiry_date": "2026-03-01"}
    both = step(
        "granule", 8, "WORKS", inputs=[lot("S", 100), lot("D", 100)], outputs=[lot("G", 50)], fields=fields
    )
    assert book.refusals(both, 8) == ["order.herb"]
    one = step("granule", 8, "WORKS", inputs=[lot("S", 100)], outputs=[lot("G", 50)], fields=fields)
    book.record(one, 8)
    made = state(book, "G")
    assert (made.herb, made.form, made.expires) == ("白芍", Form.GRANULE, "2026-03-01")


def test_a_product_of_failed_herb_has_failed_and_one_of_passed_herb_is_untested(book: Book) -> None:
    slices(book)
    for value, quality in (("401", Quality.FAILED), ("1", Quality.UNTESTED)):
        results = [{"measurand": "二氧化硫", "value": value, "unit": "mg/kg"}]
        tested = step("test", 6, "WORKS", lots=[lot("S")], fields={"report_number": value}, results=results)
        book.record(tested, 6)
        new = medicine([lot("S", 100)], 50)
        made = new.outputs[0].model_copy(update={"lot": f"ZY-{value}"})
        book.record(new.model_copy(update={"outputs": (made,)}), 8)
        assert state(book, f"ZY-{value}").quality is quality


def test_a_test_of_a_medicine_is_held_against_no_limit_of_herbs(book: Book) -> None:
    slices(book)
    book.record(medicine([lot("S", 100)], 50), 8)
    results = [{"measurand": "二氧化硫", "value": "9999", "unit": "mg/kg"}]
    tested = step("test", 9, "WORKS", lots=[lot("ZY")], fields={"report_number": "1"}, results=results)
    assert book.flags(tested, 9) == []
    assert state(book, "ZY").quality is Quality.UNTESTED


def test_every_form_a_stage_can_make_is_taken_by_some_stage() -> None:
    made = {flow.makes for flow in FLOWS.values()} - {None}
    taken = set().union(*(flow.takes for flow in FLOWS.values()))
    assert made <= taken
    assert {Stage.SALE, Stage.DESTROY} <= {
        stage for stage, flow in FLOWS.items() if Form.MEDICINE in flow.takes
    }


def test_a_product_named_like_a_herb_moves_no_price_of_that_herb(book: Book) -> None:
    slices(book)
    excipient(book, "FAKE", 100, what="白芍", flags=("order.untraced",))
    price = {"price_fen_per_kg": 9_999_999}
    book.record(step("sale", 6, "WORKS", lots=[lot("FAKE", 10)], fields=price), 6)
    assert turnover(book.session, VAULT, 0, at(2_000)) == []
    book.record(step("sale", 6, "WORKS", lots=[lot("S", 10)], fields=price), 6)
    assert [each.grams for each in turnover(book.session, VAULT, 0, at(2_000))] == [10]


def test_what_the_later_stages_did_can_be_built_again_from_the_log(book: Book) -> None:
    slices(book)
    excipient(book)
    book.record(step("opening", 6, "WORKS", outputs=[lot("D", 300, "当归") | {"form": "slice"}]), 6)
    for new, day in (
        (step("sensing", 6, "WORKS", sensors=[SENSED], fields={"subject": "库房"}), 6),
        (step("storage", 6, "WORKS", lots=[lot("S")], sensors=[SENSED], fields={"care": "通风"}), 6),
        (step("sampling", 6, "WORKS", lots=[lot("S", 5)], fields=SAMPLE), 6),
        (medicine([lot("S", 200), lot("D", 100), lot("HONEY", 100)], 400), 8),
        (step("stock_adjust", 9, "WORKS", lots=[lot("D", 180)], fields={"reason": "损耗"}), 9),
        (step("ship", 9, "WORKS", lots=[lot("ZY")], counterparty=PHARMACY), 9),
        (receive("ZY", 10, "COUNTER"), 10),
        (step("dispense", 11, "COUNTER", lots=[lot("ZY", 50)], fields={"purpose": "其他"}), 11),
        (back(MAKER, 12, "COUNTER", "ZY"), 12),
        (receive("ZY", 13), 13),
        (step("destroy", 14, "WORKS", lots=[lot("ZY")], fields={"reason": "召回"}), 14),
    ):
        book.record(new, day)
    made = rebuilt(book.session)
    assert [table for table in made.tables if table.unlike] == []
    assert state(book, "ZY").at_hand == 0
