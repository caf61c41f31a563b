"""A lot destroyed by its mass takes its packs along, though no code is named."""

from collections.abc import Iterator

import pytest

from trace.recalls.portions import portions_of
from trace.story import story
from trace.story_parts import Verdict

from .book import Book, opened
from .handling import gather, process
from .season import MAKER, lot, step


@pytest.fixture
def book() -> Iterator[Book]:
    with opened() as fresh:
        yield fresh


@pytest.fixture
def codes(book: Book) -> tuple[str, ...]:
    """Ten packs of half a kilogram with the maker; a kilogram of the lot stays loose."""
    gather(book, "F", 30_000)
    process(book, "F", "H", 10_000)
    book.record(step("ship", 3, lots=[lot("H")], counterparty=MAKER), 3)
    book.record(step("receive", 4, "WORKS", lots=[lot("H")]), 4)
    fields = {"method": "切薄片", "standard": "中国药典2020年版"}
    book.record(step("paozhi", 5, "WORKS", inputs=[lot("H")], outputs=[lot("Y", 6_000)], fields=fields), 5)
    return book.record(step("pack", 6, "WORKS", inputs=[lot("Y")], packs=10, grams_per_pack=500), 6).codes


def destroyed(book: Book, grams: int | None) -> None:
    book.record(step("destroy", 7, "WORKS", lots=[lot("Y", grams)], fields={"reason": "quality"}), 7)


def judged(book: Book, code: str) -> tuple[Verdict | None, list[str]]:
    told = story(book.session, code, book.by.code_keys)
    return told.verdict, [reason.rule for reason in told.reasons]


def packs_left(book: Book) -> int:
    return sum(each.packs for each in portions_of(book.session, ["Y"]))


def test_a_pack_of_a_lot_destroyed_whole_is_doubtful(book: Book, codes: tuple[str, ...]) -> None:
    assert judged(book, codes[3])[0] is Verdict.MATCHES
    destroyed(book, None)
    verdict, rules = judged(book, codes[3])
    assert verdict is Verdict.DOUBTFUL
    assert "code.lot_destroyed" in rules


def test_while_packs_are_left_nobody_knows_which_were_destroyed(book: Book, codes: tuple[str, ...]) -> None:
    destroyed(book, 3_500)
    assert judged(book, codes[3]) == (Verdict.MATCHES, [])


@pytest.mark.usefixtures("codes")
@pytest.mark.parametrize(("grams", "left"), [(500, 10), (1_000, 10), (3_500, 5), (3_600, 5), (None, 0)])
def test_packs_are_counted_off_by_the_mass_that_is_gone(book: Book, grams: int | None, left: int) -> None:
    """Loose goods go first: of 6 kg one is loose, and half a kilogram is a pack."""
    destroyed(book, grams)
    assert packs_left(book) == left
