"""What a reader learns of a code that no goods should carry any more, and of goods that are recalled."""

from collections.abc import Iterator

import pytest

from trace.coding.code_words import CodeStatus
from trace.coding.pack_rules import PACK_RULES
from trace.coding.pack_selection import PackSelection
from trace.coding.status_changes import change_status
from trace.intake import read_step
from trace.recalls.recalls import RecallNew, open_recall
from trace.story import story
from trace.world import Before, Site

from .bad_field import season_of_a_bad_field
from .book import Book, dried, opened
from .holding import regulator
from .season import GROWER, Stream, at, lot, step


@pytest.fixture
def book() -> Iterator[Book]:
    with opened() as book:
        dried(book, "H", 1000)
        yield book


def packed(book: Book) -> str:
    packing = step("pack", 2, inputs=[lot("H", 100)], packs=1, grams_per_pack=100)
    return book.record(packing, 2).codes[0]


def reasons(book: Book, code: str) -> list[str]:
    return [reason.rule for reason in story(book.session, code, book.by.code_keys).reasons]


def test_a_destroyed_pack_should_be_on_no_shelf(book: Book) -> None:
    code = packed(book)
    assert "code.destroyed" not in reasons(book, code)
    book.record(step("destroy", 3, codes=[code], fields={"reason": "quality"}), 3)
    assert "code.destroyed" in reasons(book, code)


@pytest.mark.parametrize(
    ("status", "rule"), [(CodeStatus.SPOILED, "code.spoiled"), (CodeStatus.RETIRED, "code.retired")]
)
def test_a_label_put_aside_before_it_was_used_should_be_on_no_pack(
    book: Book, status: CodeStatus, rule: str
) -> None:
    batch = book.by.issue_codes(book.session, GROWER, 1, at(1))
    [code] = book.by.issuer.codes(batch)
    assert rule not in reasons(book, code)
    change_status(book.session, book.declarer, book.by.code_keys, status, [(0, 0)], by=GROWER, at_ms=at(2))
    assert rule in reasons(book, code)


def test_a_pack_of_recalled_goods_says_so() -> None:
    with season_of_a_bad_field("sqlite://", packs=1) as (session, by):
        packing = step("pack", 10, "WORKS", inputs=[lot("S1", 1000)], packs=1, grams_per_pack=1000)
        [code] = by.record_step(session, packing, at(10)).codes
        assert "recall.open" not in [each.rule for each in story(session, code, by.code_keys).reasons]
        new = RecallNew.model_validate({"lots": ["FIELD"], "class": 1, "reason": "农残超标"})
        open_recall(session, by.declarer, new, regulator(), at(11))
        assert "recall.open" in [each.rule for each in story(session, code, by.code_keys).reasons]


def test_nothing_is_nested_where_the_container_or_what_goes_in_is_not_known() -> None:
    """The shape of the step says so first; a step that came past that is refused all the same."""
    new = step("nest", 1, codes=["0BHQ0000000000000000"], container="0BHQ0000000000000001")
    world = Before(
        recorded_ms=at(1),
        site=Site(division="341602", market=None, party=GROWER),
        packs=PackSelection(),
    )
    found = [each for rule in PACK_RULES for each in rule(read_step(new, Stream()), world)]
    assert [(each.rule.code, each.refuses) for each in found] == [("pack.no_container", True)]
