"""Ratios between grades, from quotes in the book: matched by origin and month, at one market."""

import datetime
from collections.abc import Sequence

from priceindex.intake.taking_in import take_in
from priceindex.quality.grade_pairs import GradePair, grade_pairs
from priceindex.quality.grade_prices import herb_prices
from priceindex.quotes import Quote
from tests.priceindex.small_market import KNOWN, NOW_MS, SmallMarket, quote

LATER_MS = NOW_MS + 1_000


def pairs_of(market: SmallMarket, quotes: Sequence[Quote], at_ms: int = LATER_MS) -> tuple[GradePair, ...]:
    with market.write() as session:
        take_in(session, list(quotes), "test", NOW_MS, known=KNOWN)
    with market.read() as session:
        return grade_pairs(herb_prices(session, "白芍", as_of_ms=at_ms))


def both(month: int, own: int, other: int, **cell: str) -> list[Quote]:
    day = datetime.date(2025, month, 5).isoformat()
    return [quote(own, day, grade="统", **cell), quote(other, day, grade="选", **cell)]


def test_two_grades_quoted_of_one_origin_have_a_ratio(market: SmallMarket) -> None:
    found = pairs_of(market, [*both(3, 1000, 1500), *both(4, 1000, 1500), *both(5, 1100, 1650)])
    assert len(found) == 1
    pair = found[0]
    assert (pair.market, pair.grade, pair.other) == ("亳州", "统", "选")
    assert [(each.month.month, round(each.ratio.ratio, 6), each.ratio.matched) for each in pair.months] == [
        (3, 1.5, 1),
        (4, 1.5, 2),
        (5, 1.5, 3),
    ]


def test_grades_of_different_origins_or_markets_are_never_matched(sqlite_market: SmallMarket) -> None:
    own, _ = both(3, 1000, 1500)
    _, elsewhere = both(3, 1000, 1500, origin="四川")
    _, at_another = both(3, 1000, 1500, market="安国")
    assert pairs_of(sqlite_market, [own, elsewhere, at_another]) == ()


def test_only_what_was_known_then_counts(sqlite_market: SmallMarket) -> None:
    assert pairs_of(sqlite_market, both(3, 1000, 1500), at_ms=NOW_MS - 1) == ()


def test_another_herb_and_a_market_left_out_do_not_show(sqlite_market: SmallMarket) -> None:
    pairs_of(sqlite_market, [*both(3, 1000, 1500), *both(3, 10, 20, herb="白术")])
    with sqlite_market.read() as session:
        found = grade_pairs(herb_prices(session, "白术", as_of_ms=LATER_MS))
        assert [pair.months[0].ratio.ratio for pair in found] == [2.0]
        assert grade_pairs(herb_prices(session, "白芍", as_of_ms=LATER_MS, market="安国")) == ()
        assert grade_pairs(herb_prices(session, "无此药", as_of_ms=LATER_MS)) == ()
