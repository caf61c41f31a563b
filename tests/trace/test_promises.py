"""A purchase binds: the same goods are not bought twice, nor sold or shipped past who bought them, unsaid."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.corrections.correcting import Corrector
from trace.corrections.correction_words import CorrectionNew, Reason
from trace.promises import Promised
from trace.steps import StepNew
from trace.turnover import turnover

from .book import Book, dried, opened
from .handling import receive, ship
from .rebuilt import rebuilt
from .season import COOP, DAY, GROWER, MAKER, NOON, PHARMACY, at, lot, step

PROMISED = "balance.promised"


@pytest.fixture
def book() -> Iterator[Book]:
    """The grower holds 100 g of dried 白芍."""
    with opened() as book:
        dried(book, "H", 100)
        yield book
        assert rebuilt(book.session).equal


def purchase(grams: int | None, place: str = "WORKS", day: int = 3, seller: str = GROWER) -> StepNew:
    return step("purchase", day, place, lots=[lot("H", grams)], counterparty=seller)


def sale(grams: int, buyer: str | None = None, day: int = 4) -> StepNew:
    return step("sale", day, lots=[lot("H", grams)], counterparty=buyer, fields={"price_fen_per_kg": 9_000})


def test_the_same_goods_are_not_bought_twice_unsaid(book: Book) -> None:
    assert book.flags(purchase(90), 3) == []
    assert book.flags(purchase(90, "COUNTER"), 3) == [PROMISED]


def test_what_two_buyers_share_is_nothing_to_point_at(book: Book) -> None:
    assert book.flags(purchase(60), 3) == []
    assert book.flags(purchase(40, "COUNTER"), 3) == []
    assert book.flags(purchase(1, "PLOT-D"), 3) == [PROMISED]


def test_a_purchase_that_says_no_mass_is_of_all_there_is(book: Book) -> None:
    book.record(purchase(None), 3)
    assert book.flags(purchase(1, "COUNTER"), 3) == [PROMISED]


def test_goods_bought_by_one_are_not_sold_to_another_unsaid(book: Book) -> None:
    book.record(purchase(90), 3)
    assert book.flags(sale(90, PHARMACY), 4) == [PROMISED]


def test_goods_sold_by_their_holder_are_not_bought_by_another_unsaid(book: Book) -> None:
    book.record(sale(90, PHARMACY, day=2), 2)
    assert book.flags(purchase(90), 3) == [PROMISED]


def test_both_sides_telling_of_one_deal_make_one_promise(book: Book) -> None:
    assert book.flags(sale(90, MAKER, day=2), 2) == []
    assert book.flags(purchase(90), 3) == []
    assert book.flags(sale(10, PHARMACY), 4) == []
    assert book.flags(sale(1, PHARMACY, day=5), 5) == ["balance.oversold"]


def test_goods_bought_by_one_are_not_shipped_to_another_unsaid(book: Book) -> None:
    book.record(purchase(90), 3)
    assert book.flags(ship("H", 4, to=PHARMACY), 4) == [PROMISED]


def test_who_bought_gets_the_goods_and_the_promise_is_kept(book: Book) -> None:
    book.record(purchase(100), 3)
    assert book.flags(ship("H", 4, to=MAKER), 4) == []
    book.record(receive("H", 5), 5)
    again = step("sale", 6, "WORKS", lots=[lot("H", 100)], counterparty=PHARMACY)
    assert PROMISED not in book.flags(again, 6)
    assert book.flags(purchase(100, "COUNTER", 7, seller=MAKER), 7) == []


def test_a_purchase_holds_nothing_back_since_only_the_buyer_vouches_for_it(book: Book) -> None:
    """Else anybody could keep a grower from shipping by saying to have bought everything."""
    book.record(purchase(100, "COUNTER"), 3)
    book.record(ship("H", 4, to=MAKER), 4)
    book.record(receive("H", 5, grams=100), 5)


def test_packs_sent_to_the_buyer_are_what_he_bought(book: Book) -> None:
    packing = step("pack", 2, inputs=[lot("H", 100)], packs=10, grams_per_pack=10)
    codes = list(book.record(packing, 2).codes)
    assert book.flags(purchase(50), 3) == []
    book.record(step("ship", 4, codes=codes[:5], counterparty=MAKER), 4)
    assert PROMISED not in book.flags(sale(50, PHARMACY, day=5), 5)


def test_a_purchase_taken_back_binds_nobody(book: Book) -> None:
    told = book.record(purchase(90), 3)
    asked = CorrectionNew(reason=Reason.DID_NOT_OCCUR, instead=None)
    Corrector(recorder=book.by, by=MAKER).correct(book.session, told.step_id, asked, at(4))
    assert book.flags(purchase(90, "COUNTER", 5), 5) == []


def test_a_purchase_is_no_turnover(book: Book) -> None:
    book.record(purchase(90), 3)
    book.record(sale(90, MAKER), 4)
    [found] = turnover(book.session, book.by.vault, NOON - DAY, NOON + 10 * DAY)
    assert found.grams == 90


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_one_deal_told_by_both_weighs_as_much_as_the_greater_word(sold: int, bought: int, more: int) -> None:
    promised = Promised(sold={MAKER: sold}, bought={MAKER: bought, COOP: more})
    assert promised.to_others(PHARMACY) == max(sold, bought) + more
    assert promised.to_others(MAKER) == more
