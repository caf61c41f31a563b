"""A firm that wants more goods than it got: counted up, swollen with excipient, used twice, bought twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, select

from ledger.errors import DaodiError
from tests.trace.book import Book, dried, gathered, opened
from tests.trace.rebuilt import rebuilt
from tests.trace.season import MAKER, at, lot, recorder, step
from trace.projections import lots_named
from trace.service import turnover
from trace.steps import StepNew
from trace.tables import SaleRow

PACKS = 4


@pytest.fixture
def book() -> Iterator[Book]:
    with opened() as book:
        yield book
        assert rebuilt(book.session).equal


def counted(name: str, old: int, new: int, day: int) -> StepNew:
    return step("stock_adjust", day, lots=[lot(name, new)], fields={"reason": "盘点差异", "old_grams": old})


def packed(book: Book) -> list[str]:
    """Four packs of ten grams of the lot H, all there is of it."""
    dried(book, "H", 40)
    return list(book.record(step("pack", 2, inputs=[lot("H")], packs=PACKS, grams_per_pack=10), 2).codes)


def test_stock_counted_up_under_one_lot_id_after_another_is_flagged(book: Book) -> None:
    """5 % a lot, and a new lot each time: by the law of each lot alone 1000 g would grow without end."""
    gathered(book, "L0", 1_000_000)
    grams, flagged = 1_000_000, []
    for turn in range(3):
        more = grams * 104 // 100
        flagged.append("balance.adjusted_up" in book.flags(counted(f"L{turn}", grams, more, 2), 2))
        split = step("split", 2, inputs=[lot(f"L{turn}")], outputs=[lot(f"L{turn + 1}", more)])
        book.record(split, 2)
        grams = more
    assert flagged == [False, True, True]


def test_stock_counted_up_before_the_split_leaves_the_parts_their_own_small_error(book: Book) -> None:
    """A part answers for its part of what was added, not for all of it."""
    gathered(book, "L", 1_000_000)
    book.record(counted("L", 1_000_000, 1_010_000, 2), 2)
    book.record(step("split", 2, inputs=[lot("L", 10_000)], outputs=[lot("P", 10_000)]), 2)
    assert "balance.adjusted_up" not in book.flags(counted("P", 10_000, 10_300, 2), 2)


def test_slices_swollen_with_excipient_again_and_again_are_flagged(book: Book) -> None:
    dried(book, "H", 1_000)
    fields = {"method": "蜜炙", "standard": "药典"}
    source, grams, flagged = "H", 1_000, []
    for turn in range(3):
        honey = {**fields, "excipient": "蜂蜜", "excipient_grams": grams // 2}
        grams += grams // 2
        new = step("paozhi", 2, inputs=[lot(source)], outputs=[lot(f"S{turn}", grams)], fields=honey)
        flagged.append("balance.excipient" in book.flags(new, 2))
        source = f"S{turn}"
    assert flagged == [False, True, True]


def test_a_herb_bought_as_an_excipient_is_marked_like_any_herb_of_unknown_way(book: Book) -> None:
    new = step("purchase", 2, outputs=[lot("X", 10_000, "白芍")], fields={"seller_name": "路人"})
    assert "order.untraced" in book.flags(new, 2)


def test_an_excipient_named_like_a_herb_moves_no_price_of_that_herb(book: Book) -> None:
    bought = step("purchase", 2, outputs=[lot("X", 10_000, "白芍")], fields={"seller_name": "路人"})
    book.record(bought, 2)
    book.record(step("sale", 3, lots=[lot("X", 10_000)], fields={"price_fen_per_kg": 9}), 3)
    assert turnover(book.session, book.by.vault, 0, at(9)) == []


@pytest.mark.parametrize("stage", ["dispense", "sampling", "destroy"])
def test_packs_used_up_by_lot_are_not_sold_again_by_code(book: Book, stage: str) -> None:
    codes = packed(book)
    fields = {
        "dispense": {"purpose": "汤剂调剂"},
        "sampling": {"plan": "自检", "sample_number": "1"},
        "destroy": {"reason": "质量原因"},
    }
    book.record(step(stage, 3, lots=[lot("H", 40)], fields=fields[stage]), 3)
    assert "balance.overdrawn" in book.refusals(step("sale", 4, codes=codes), 4)
    assert lots_named(book.session, ["H"])["H"].at_hand == 0


def test_packs_sold_by_lot_and_sold_again_by_code_are_oversold(book: Book) -> None:
    codes = packed(book)
    book.record(step("sale", 3, lots=[lot("H", 40)]), 3)
    assert "balance.oversold" in book.flags(step("sale", 4, codes=codes[:1]), 4)


def test_packs_sold_by_code_take_nothing_off_the_rest_of_the_lot(book: Book) -> None:
    """What left pack by pack is not taken off the shipment of the rest a second time."""
    codes = packed(book)
    book.record(step("sale", 3, codes=codes[:1]), 3)
    book.record(step("ship", 4, lots=[lot("H")], counterparty=MAKER), 4)
    book.record(step("receive", 5, "WORKS", lots=[lot("H")]), 5)
    assert lots_named(book.session, ["H"])["H"].at_hand == 30
    sales = book.session.execute(select(SaleRow.settled)).scalars().all()
    assert sales == [False]


def test_a_field_sown_as_many_lots_gives_no_more_than_a_field(book: Book) -> None:
    """One planting of one 亩 under ten lot ids is still one 亩."""
    names = [f"P{number}" for number in range(10)]
    new = step("planting", 1, outputs=[lot(name, herb="白芍") for name in names], fields={"area_mu": "1"})
    book.record(new, 1)
    flagged = [
        "area.yield"
        in book.flags(step("harvest", 200, inputs=[lot(name)], outputs=[lot(f"F{name}", 4_000_000)]), 200)
        for name in names
    ]
    assert flagged[0] is False
    assert flagged[-1] is True


def test_a_cooperative_that_harvests_all_its_fields_at_once_is_not_blamed(book: Book) -> None:
    names = [f"P{number}" for number in range(10)]
    for number, name in enumerate(names):
        sown = step("planting", 1, outputs=[lot(name, herb="白芍")], fields={"area_mu": "1"}, minute=number)
        book.record(sown, 1)
    cut = step("harvest", 200, inputs=[lot(name) for name in names], outputs=[lot("F", 10_000_000)])
    assert "area.yield" not in book.flags(cut, 200)


def test_expired_goods_go_into_nothing_that_has_a_new_last_day(book: Book) -> None:
    dried(book, "H", 1_000)
    fields = {"method": "切片", "standard": "药典"}
    book.record(step("paozhi", 2, inputs=[lot("H")], outputs=[lot("S", 900)], fields=fields), 2)
    packing = step(
        "pack", 3, inputs=[lot("S")], packs=1, grams_per_pack=100, fields={"expiry_date": "2024-03-10"}
    )
    book.record(packing, 3)
    again = step("paozhi", 30, inputs=[lot("S", 700)], outputs=[lot("S2", 700)], fields=fields, minute=1)
    assert "order.expired" in book.refusals(again, 30)
    granules = step(
        "granule", 30, inputs=[lot("S", 700)], outputs=[lot("G", 200)],
        fields={"standard": "国家标准", "expiry_date": "2027-01-01"},
    )  # fmt: skip
    assert "order.expired" in book.refusals(granules, 30)
    repacked = step(
        "pack", 30, inputs=[lot("S")], packs=1, grams_per_pack=100, fields={"expiry_date": "2027-03-10"}
    )
    assert "order.expired" in book.refusals(repacked, 30)


def test_a_field_of_no_size_is_no_way_around_the_bound(book: Book) -> None:
    book.record(step("planting", 1, outputs=[lot("P", herb="白芍")], fields={"area_mu": "0"}), 1)
    for number in range(2):
        cut = step("harvest", 200, inputs=[lot("P")], outputs=[lot(f"F{number}", 10)], minute=number)
        assert "area.yield" in book.flags(cut, 200)


@pytest.mark.parametrize("offset", ["-12:00", "-14:00", "+00:00"])
def test_no_zone_of_the_clock_lengthens_a_last_day(book: Book, offset: str) -> None:
    """A last day ends at midnight in Beijing, whatever offset the seller writes."""
    dried(book, "H", 1_000)
    packing = step(
        "pack", 3, inputs=[lot("H")], packs=1, grams_per_pack=100, fields={"expiry_date": "2024-03-10"}
    )
    book.record(packing, 3)
    new = step("sale", 10, lots=[lot("H", 10)])  # 2024-03-11 12:00 +08:00
    hours = int(offset[:3])
    late = new.model_dump(mode="json") | {
        "time": f"2024-03-{10 if hours < 0 else 11:02}T{(4 + hours) % 24:02}:00:00{offset}"
    }
    if hours == 0:
        late["time"] = "2024-03-10T16:00:00+00:00"
    assert "order.expired" in book.refusals(StepNew.model_validate(late), 11)


def test_many_splits_of_one_lot_at_once_give_no_gram_more_than_it_has(database_url: str) -> None:
    # SQLite has one writer, and who waits for it too long is turned away.
    rounds, hands = (4, 32) if database_url.startswith("postgresql") else (20, 4)
    with opened(database_url) as book:
        gathered(book, "ROOT", 1_000)
        book.session.commit()
        engine = book.session.get_bind()

        def take(hand: int) -> int:
            taken = 0
            for turn in range(rounds):
                new = step(
                    "split", 2, inputs=[lot("ROOT", 17)], outputs=[lot(f"S{hand}-{turn}", 17)], minute=turn
                )
                with Session(engine) as own:
                    try:
                        recorder(f"hand{hand}-{turn}").record_step(own, new, at(2))
                    except DaodiError:
                        continue
                    own.commit()
                    taken += 17
            return taken

        with ThreadPoolExecutor(hands) as pool:
            taken = sum(pool.map(take, range(hands)))
        book.session.rollback()
        left = lots_named(book.session, ["ROOT"])["ROOT"].grams
        assert taken == 1_000 // 17 * 17
        assert left == 1_000 - taken
