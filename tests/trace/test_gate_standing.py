"""The standing gates: who is suspended or closed does no work, and cannot slip in what it did before."""

from collections.abc import Iterator

import pytest

from trace.registers.holdings import holdings
from trace.registers.register_errors import StandingUnchanged, SuspensionNotYours
from trace.registers.register_words import Registered, StandingKind
from trace.registers.standing import close, resume, standing_now, standings, suspend

from .book import Book, dried, gathered, opened
from .season import COOP, GROWER, MAKER, PHARMACY, at, lot, step

WATER = [{"measurand": "水分", "value": "10", "unit": "%"}]


@pytest.fixture
def book() -> Iterator[Book]:
    with opened() as book:
        yield book


def suspended(
    book: Book, target: str, day: int, sort: Registered = Registered.PARTY, by: str | None = None
) -> None:
    suspend(book.session, book.declarer, sort, target, reason="抽检不合格", at_ms=at(day), by=by)


def resumed(
    book: Book, target: str, day: int, sort: Registered = Registered.PARTY, by: str | None = None
) -> None:
    resume(book.session, book.declarer, sort, target, reason="整改完成", at_ms=at(day), by=by)


@pytest.mark.parametrize(("sort", "target"), [(Registered.PARTY, GROWER), (Registered.PLACE, "PLOT")])
def test_nothing_is_made_under_a_suspension_and_work_goes_on_after(
    book: Book, sort: Registered, target: str
) -> None:
    gathered(book, "A", 100)
    suspended(book, target, 2, sort)
    split = step("split", 3, inputs=[lot("A", 10)], outputs=[lot("B", 10)])
    assert book.refusals(split, 3) == ["standing.suspended"]
    resumed(book, target, 4, sort)
    assert book.refusals(split, 5) == ["standing.suspended"]  # what happened meanwhile stays refused
    later = step("split", 5, inputs=[lot("A", 10)], outputs=[lot("B", 10)])
    assert book.flags(later, 5) == []


def test_goods_may_be_tested_while_their_holder_is_suspended(book: Book) -> None:
    gathered(book, "A", 100)
    suspended(book, GROWER, 2)
    test = step("test", 3, lots=[lot("A")], fields={"report_number": "1"}, results=WATER)
    assert "standing.suspended" not in book.flags(test, 3)


def test_what_happened_before_a_suspension_and_is_recorded_under_it_is_flagged(book: Book) -> None:
    gathered(book, "A", 100)
    suspended(book, GROWER, 3)
    split = step("split", 2, inputs=[lot("A", 10)], outputs=[lot("B", 10)])
    assert book.flags(split, 4) == ["standing.backdated"]
    resumed(book, GROWER, 5)
    again = step("split", 2, inputs=[lot("A", 10)], outputs=[lot("C", 10)])
    assert book.flags(again, 6) == []


def test_a_shipment_to_a_suspended_party_is_flagged(book: Book) -> None:
    gathered(book, "A", 100)
    suspended(book, MAKER, 2)
    assert book.flags(step("ship", 3, lots=[lot("A")], counterparty=MAKER), 3) == ["standing.counterparty"]


def test_after_closing_no_step_counts_and_what_is_left_is_listed(book: Book) -> None:
    dried(book, "H", 100)
    dried(book, "SENT", 50)
    book.record(step("ship", 2, lots=[lot("SENT")], counterparty=MAKER), 2)
    gathered_by_maker = holdings(book.session, MAKER)
    assert (gathered_by_maker.lots, gathered_by_maker.awaited) == ((), ("SENT",))
    close(book.session, book.declarer, Registered.PARTY, GROWER, reason="歇业", at_ms=at(3), by=GROWER)
    left = holdings(book.session, GROWER)
    assert [(each.lot, each.grams, each.in_transit) for each in left.lots] == [
        ("H", 100, False),
        ("SENT", 50, True),
    ]
    assert left.places == ("PLOT",)
    test = step("test", 4, lots=[lot("H")], fields={"report_number": "1"}, results=WATER)
    assert book.refusals(test, 4) == ["standing.closed"]
    with pytest.raises(StandingUnchanged):
        suspended(book, GROWER, 5)
    with pytest.raises(StandingUnchanged):
        resumed(book, GROWER, 5)


def test_nobody_lifts_a_suspension_it_did_not_impose_on_itself(book: Book) -> None:
    suspended(book, MAKER, 2, by=PHARMACY)  # as a regulator would
    with pytest.raises(SuspensionNotYours):
        resumed(book, MAKER, 3, by=MAKER)
    resumed(book, MAKER, 3)
    suspended(book, MAKER, 4, by=MAKER)
    resumed(book, MAKER, 5, by=MAKER)
    history = standings(book.session, Registered.PARTY, MAKER)
    assert [(each.kind, each.said_by, each.valid_until_ms) for each in history] == [
        (StandingKind.SUSPENDED, PHARMACY, at(3)),
        (StandingKind.SUSPENDED, MAKER, at(5)),
    ]


def test_a_second_suspension_is_none(book: Book) -> None:
    suspended(book, COOP, 2)
    with pytest.raises(StandingUnchanged) as caught:
        suspended(book, COOP, 3)
    assert "暂停" in caught.value.message("zh")
    assert standing_now(book.session, Registered.PARTY, COOP) is not None
