"""A week's trades as quotes: value over mass, and silence where few would be seen through."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priceindex.family_text import Trades
from priceindex.feeds.feed_errors import MalformedWeek, WeekNotOver
from priceindex.feeds.traced_trades import (
    TradedCell,
    ended_week,
    last_ended_week,
    trade_quotes,
    vwap,
    week_of,
)
from priceindex.quotes import Cell, Tier
from tests.priceindex.small_market import NOW_MS, day

CELL = Cell("白芍", "统", "安徽", "bozhou")
SUNDAY = day("2025-12-28")
RULE = Trades()


def traded(
    trades: int = 3, sellers: int = 2, grams: int = 3000, fen: int = 25_500, cell: Cell = CELL
) -> TradedCell:
    return TradedCell(cell=cell, grams=grams, fen=fen, trades=trades, sellers=sellers)


def test_a_week_of_a_cell_is_one_quote_of_the_highest_tier_that_knows_its_trades() -> None:
    """255 yuan for 3 kg are 85 a kilogram."""
    [quote] = trade_quotes([traded()], SUNDAY, RULE).quotes
    assert (quote.fen_per_kg, quote.tier, quote.deals, quote.day) == (8500, Tier.TRADE, 3, SUNDAY)
    assert quote.cell == CELL


@pytest.mark.parametrize(
    ("line", "few"),
    [
        (traded(trades=2), (1, 0, 0)),
        (traded(trades=30, sellers=1), (0, 1, 0)),
        (traded(cell=CELL._replace(grade="")), (0, 0, 1)),
        (traded(cell=CELL._replace(market="")), (0, 0, 1)),
    ],
)
def test_no_single_deal_or_seller_shows(line: TradedCell, few: tuple[int, int, int]) -> None:
    made = trade_quotes([line], SUNDAY, RULE)
    assert (made.few_trades, made.few_sellers, made.unnamed) == few
    assert made.quotes == ()


def test_lines_of_one_cell_are_added_and_sellers_never_counted_twice() -> None:
    county, other = (
        traded(trades=2, sellers=2, grams=1000, fen=8000),
        traded(trades=1, sellers=1, grams=1000, fen=9000),
    )
    [quote] = trade_quotes([county, other], SUNDAY, RULE).quotes
    assert (quote.fen_per_kg, quote.deals) == (8500, 3)
    assert trade_quotes([traded(trades=2, sellers=1)] * 2, SUNDAY, RULE).few_sellers == 1


@given(fen=st.integers(1, 10**15), grams=st.integers(1, 10**12))
def test_the_mean_price_is_exact_and_rounded_half_even(fen: int, grams: int) -> None:
    assert vwap(fen, grams) == round(Fraction(fen * 1000, grams))


def test_weeks_are_iso_weeks_and_only_those_that_have_ended_in_china() -> None:
    """NOW is 2026-01-02 08:00 in China, a Friday of 2026-W01; 2020 had a week 53."""
    assert week_of("2020-W53") == (date(2020, 12, 28), date(2021, 1, 3))
    assert last_ended_week(NOW_MS) == "2025-W52"
    assert ended_week("2025-W52", NOW_MS) == (day("2025-12-22"), SUNDAY)
    with pytest.raises(WeekNotOver):
        ended_week("2026-W01", NOW_MS)


@pytest.mark.parametrize("text", ["2025-W54", "2021-W53", "2025-W00", "2025-52", "2025-W5", "", "٢٠٢٥-W52"])
def test_what_is_no_iso_week_is_refused(text: str) -> None:
    with pytest.raises(MalformedWeek):
        week_of(text)
