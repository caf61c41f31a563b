"""Origin fraud: claims of 道地 in other words, fields sown twice over, works under a borrowed name."""

from collections.abc import Iterator

import pytest

from tests.trace.book import Book, opened
from tests.trace.season import GROWER, MAKER, at, lot, step
from tests.trace.test_gate_origin import outlined
from trace.projections import lots_named
from trace.registers.register_words import Registered
from trace.registers.standing import suspend
from trace.steps import StepNew


@pytest.fixture
def book() -> Iterator[Book]:
    with opened() as book:
        yield book


def claimed(grade: str, **fields: object) -> StepNew:
    """三七 from Anhui, which is no area of true origin of it."""
    outputs = [lot("A", 10, "三七", grade=grade)]
    return step("gathering", 1, outputs=outputs, fields={"area_name": "山里", **fields})


@pytest.mark.parametrize(
    "grade", ["道地", "道 地药材", "道地（非道地包退）", "道\u3000地", "地道药材", "【道‧地】", "Daodi"]
)
def test_a_claim_of_true_origin_in_other_words_is_still_one(book: Book, grade: str) -> None:
    assert "origin.daodi_claim" in book.flags(claimed(grade), 1)


def test_who_says_it_is_not_of_true_origin_claims_nothing(book: Book) -> None:
    assert "origin.daodi_claim" not in book.flags(claimed("非道地统货"), 1)


def test_two_lots_of_one_origin_are_judged_alike(book: Book) -> None:
    """The second of two honest lots is not called mixed."""
    new = step("gathering", 1, "PLOT", outputs=[lot("A", 10, "白芍")], fields={"area_name": "山里"})
    book.record(new, 1)
    split = step("split", 2, inputs=[lot("A")], outputs=[lot(f"B{n}", 5, grade="道地") for n in range(2)])
    found = [each for each in book.findings(split, 2) if each.rule.code == "origin.daodi_claim"]
    assert found == []


def test_wild_goods_merged_with_sown_ones_are_called_neither(book: Book) -> None:
    book.record(step("gathering", 1, outputs=[lot("W", 10, "白芍")], fields={"area_name": "山里"}), 1)
    book.record(step("planting", 1, outputs=[lot("P", herb="白芍")], fields={"area_mu": "1"}, minute=1), 1)
    book.record(step("harvest", 200, inputs=[lot("P")], outputs=[lot("S", 10)]), 200)
    book.record(step("merge", 201, inputs=[lot("W"), lot("S")], outputs=[lot("M", 20)]), 201)
    assert lots_named(book.session, ["M"])["M"].origin_kind is None


def test_a_field_sown_over_and_over_is_no_larger(book: Book) -> None:
    """The plot has about 60 亩; what stands on it at one time is not more."""
    outlined(book)
    sown = [
        "area.exceeds"
        in book.flags(
            step("planting", 1, outputs=[lot(f"P{n}", herb="白芍")], fields={"area_mu": "50"}, minute=n), 1
        )
        for n in range(3)
    ]
    assert sown == [False, True, True]


def test_a_field_harvested_and_sown_again_is_in_order(book: Book) -> None:
    outlined(book)
    for year in range(3):
        day = 1 + 370 * year
        name = f"P{year}"
        sown = step("planting", day, outputs=[lot(name, herb="白芍")], fields={"area_mu": "50"})
        assert "area.exceeds" not in book.flags(sown, day)
        book.record(step("harvest", day + 200, inputs=[lot(name)], outputs=[lot(f"F{year}", 10)]), day + 200)


@pytest.mark.parametrize("place", ["PLOT", "PLOT-D"])
def test_who_is_suspended_works_at_nobody_else_s_place_either(book: Book, place: str) -> None:
    book.record(step("gathering", 1, outputs=[lot("A", 10, "白芍")], fields={"area_name": "山里"}), 1)
    suspend(book.session, book.declarer, Registered.PARTY, GROWER, reason="抽检不合格", at_ms=at(2), by=None)
    new = step("split", 3, place, party=GROWER, inputs=[lot("A", 5)], outputs=[lot("B", 5)])
    assert "standing.suspended" in book.refusals(new, 3)


def test_nobody_lends_goods_a_place_whose_party_is_suspended(book: Book) -> None:
    """The suspended maker's works go on under the name of another: said on every step there."""
    book.record(step("gathering", 1, outputs=[lot("A", 10, "白芍")], fields={"area_name": "山里"}), 1)
    suspend(book.session, book.declarer, Registered.PARTY, MAKER, reason="抽检不合格", at_ms=at(2), by=None)
    new = step("split", 3, "WORKS", party=GROWER, inputs=[lot("A", 5)], outputs=[lot("B", 5)])
    assert "standing.host" in book.flags(new, 3)
