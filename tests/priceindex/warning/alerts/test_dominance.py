"""A release that one source makes is found by leaving the source out."""

import pytest

from priceindex.families import family
from priceindex.intake.taking_in import take_in
from priceindex.releases import drafts
from priceindex.releases.dominance import Dominance, dominances, dominant
from priceindex.releases.persons import Person
from priceindex.service import IndexRun
from priceindex.service import compute as compute_from_book
from tests.priceindex.small_market import CLASS_OF, KNOWN, NOW_MS, SmallMarket, daily, day

STILL = [4000] * 40
JUMPED = [*[4000] * 38, 4000, 5000]


def run_of(market: SmallMarket, **prices: list[int]) -> IndexRun:
    """A family from quotes of one herb by source, and two herbs that stand still."""
    with market.write() as session:
        for source, fen in prices.items():
            found = daily(fen, "2025-11-20")
            take_in(session, found, source, NOW_MS, known=KNOWN, proceed=True)
            for herb in ("白术", "当归"):
                still = daily(STILL, "2025-11-20", herb)
                take_in(session, still, source, NOW_MS, known=KNOWN, proceed=True)
        return compute_from_book(session, family("bozhou"), CLASS_OF, day("2025-12-29"), NOW_MS)


def test_the_source_that_made_the_move_is_named_with_its_share(sqlite_market: SmallMarket) -> None:
    found = dominant(run_of(sqlite_market, a=STILL, b=STILL, c=JUMPED))
    assert found is not None
    assert found.source == "c"


def test_sources_that_agree_dominate_nothing(sqlite_market: SmallMarket) -> None:
    run = run_of(sqlite_market, a=STILL, b=STILL)
    assert dominant(run) is None
    assert [one.holds for one in dominances(run)] == [False, False]


def test_a_single_source_is_no_news(sqlite_market: SmallMarket) -> None:
    assert dominant(run_of(sqlite_market, a=JUMPED)) is None


@pytest.mark.parametrize("share", [None, 5_001])
@pytest.mark.parametrize("difference", [None, 0, 250])
def test_why_a_release_is_held_can_be_stored_and_said(share: int | None, difference: int | None) -> None:
    one = Dominance(source="market-a", share_bp=share, difference_bp=difference)
    assert Dominance.read(one.text()) == one
    assert one.words("zh").startswith("来源 market-a")
    assert one.words("en").startswith("source market-a")
    assert one.holds is (share is not None or difference != 0)


def test_a_held_draft_says_which_source_and_waits_for_a_second_person(sqlite_market: SmallMarket) -> None:
    run = run_of(sqlite_market, a=STILL, b=STILL, c=JUMPED)
    held = dominant(run)
    with sqlite_market.write() as session:
        made = drafts.make(session, run, Person("Li", "0a0a0a0a"), NOW_MS, held=held)
    with sqlite_market.read() as session:
        assert drafts.draft(session, made.release_id).held == held
