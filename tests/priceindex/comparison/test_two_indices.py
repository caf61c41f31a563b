"""Quote index beside transaction index: the same cells from the same month, and the spread between them."""

import datetime
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priceindex.calendar import day_number
from priceindex.classification import Level
from priceindex.comparison.two_indices import ASKED, PAID, Comparison, compare, gap_bp, of_tiers
from priceindex.engine.inputs import Inputs, QuoteColumns, Source
from priceindex.errors import NothingQuoted
from priceindex.families import family_version
from priceindex.quotes import Cell, Tier

FIRST = datetime.date(2025, 1, 6)
"""A Monday."""
SECOND = Cell("当归", "统", "甘肃", "亳州")
CELLS = (Cell("白芍", "统", "安徽", "亳州"), Cell("白芍", "选", "安徽", "亳州"), SECOND)
LISTED = tuple(sorted(CELLS))
Told = tuple[Cell, int, Tier, int]
"""Cell, days after the first, tier, fen per kilogram."""


def inputs(quotes: list[Told], method: str = "bozhou@1") -> Inputs:
    """Quotes as the inputs of a computation through half a year."""
    first = day_number(FIRST)
    rows = sorted((LISTED.index(cell), first + day, tier.rank, fen) for cell, day, tier, fen in quotes)
    cell, day, tier, fen = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    used, place = np.unique(cell, return_inverse=True)
    return Inputs(
        family=family_version(method),
        until=FIRST + datetime.timedelta(days=180),
        as_of_ms=0,
        class_of={"白芍": "root", "当归": "root"},
        themes={},
        weight_sets=(),
        sources=(Source("one"), *(Source(f"s{rank}") for rank in range(1, 4))),
        cells=tuple(LISTED[at] for at in used.tolist()),
        quotes=QuoteColumns(
            cell=place.astype(np.int64), day=day, source=tier, tier=tier, fen=fen, deals=np.ones_like(fen)
        ),
        left_out=(),
    )


def weekly(cell: Cell, tier: Tier, prices: list[int], start: int = 0) -> list[Told]:
    """A price a week."""
    return [(cell, start + 7 * place, tier, fen) for place, fen in enumerate(prices)]


def ends(found: Comparison, level: Level = Level.HERB, node: str = "白芍") -> tuple[int, int, int]:
    last = found.spread(level, node, "day")[-1]
    return last.asked, last.paid, last.spread_bp


def test_equal_movements_have_no_spread_whatever_the_gap_of_prices() -> None:
    prices = [1000] * 5 + [1100] * 5
    found = compare(
        inputs(
            weekly(CELLS[0], Tier.MARKET, [2 * each for each in prices])
            + weekly(CELLS[0], Tier.TRADE, prices)
        )
    )
    assert {point.spread_bp for point in found.spread(Level.HERB, "白芍", "day")} == {0}
    assert found.prices is not None
    assert (found.prices.pairs, found.prices.median_bp) == (10, 10_000)


def test_what_only_one_side_has_moves_neither() -> None:
    """A grade without trades doubles: it is in the sample, and in no comparison."""
    quotes = weekly(CELLS[0], Tier.MARKET, [1000] * 10) + weekly(CELLS[0], Tier.TRADE, [900] * 10)
    alone = weekly(CELLS[1], Tier.WEB, [1000] * 5 + [2000] * 5)
    assert compare(inputs(quotes + alone)).spread(Level.HERB, "白芍", "day") == compare(
        inputs(quotes)
    ).spread(Level.HERB, "白芍", "day")
    assert compare(inputs(quotes + alone)).cells == 1


def test_both_begin_in_the_first_month_both_were_quoted() -> None:
    """Quotes doubled before the first trade: that is no spread."""
    quotes = weekly(CELLS[0], Tier.MARKET, [1000] * 8 + [2000] * 12)
    trades = weekly(CELLS[0], Tier.TRADE, [1900] * 12, start=56)
    found = compare(inputs(quotes + trades))
    assert found.base == datetime.date(2025, 3, 1)
    assert ends(found)[2] == 0


def test_a_tenth_more_asked_and_the_same_paid_is_a_spread_of_a_tenth() -> None:
    quotes = weekly(CELLS[0], Tier.MARKET, [1000] * 5 + [1100] * 5)
    found = compare(inputs(quotes + weekly(CELLS[0], Tier.TRADE, [900] * 10)))
    level = 1000 * 10**found.kept
    assert ends(found) == (level + level // 10, level, 1000)


def test_judgement_is_neither_asked_nor_paid() -> None:
    quotes = weekly(CELLS[0], Tier.MARKET, [1000] * 10) + weekly(CELLS[0], Tier.TRADE, [900] * 10)
    judged = weekly(CELLS[0], Tier.JUDGEMENT, [5000] * 10, start=1)
    assert compare(inputs(quotes + judged)).lines == compare(inputs(quotes)).lines


@pytest.mark.parametrize("tier", [Tier.MARKET, Tier.TRADE])
def test_one_side_alone_cannot_be_compared(tier: Tier) -> None:
    with pytest.raises(NothingQuoted):
        compare(inputs(weekly(CELLS[0], tier, [1000] * 5)))


def test_two_sides_without_a_cell_in_common_cannot_be_compared() -> None:
    with pytest.raises(NothingQuoted):
        compare(inputs(weekly(CELLS[0], Tier.MARKET, [1000] * 5) + weekly(CELLS[1], Tier.TRADE, [1000] * 5)))


def test_tiers_are_taken_apart_without_loss() -> None:
    whole = inputs(weekly(CELLS[0], Tier.MARKET, [1000] * 5) + weekly(CELLS[0], Tier.TRADE, [900] * 4))
    assert [len(of_tiers(whole, tiers).quotes) for tiers in (ASKED, PAID)] == [5, 4]


def test_the_nodes_told_are_those_both_have_without_grades() -> None:
    quotes = [
        *weekly(CELLS[0], Tier.MARKET, [1000] * 5),
        *weekly(CELLS[0], Tier.TRADE, [900] * 5),
        *weekly(SECOND, Tier.MARKET, [1000] * 5),
    ]
    told = compare(inputs(quotes)).nodes("day")
    assert (Level.HERB, "白芍") in told
    assert (Level.HERB, "当归") not in told
    assert all(level is not Level.GRADE for level, _ in told)


@given(asked=st.integers(1, 10**9), paid=st.integers(1, 10**9))
def test_the_spread_is_rounded_half_even_in_whole_numbers(asked: int, paid: int) -> None:
    exact = (Decimal(asked) - paid) * 10_000 / paid
    assert gap_bp(asked, paid) == int(exact.quantize(Decimal(1), ROUND_HALF_EVEN))
