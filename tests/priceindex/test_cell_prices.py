"""Many quotes of one cell and day become one price, and old prices stand in for a while."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.engine.cell_prices import CellDays, SourceWeights
from priceindex.engine.cell_prices import priced as priced_by
from priceindex.engine.inputs import QuoteColumns
from priceindex.engine.panel import (
    CarryRule,
    LastQuotes,
    Panel,
    build_panel,
    by_period,
    mean_price,
)
from priceindex.formulas.relatives import Floats

Quoted = list[tuple[int, int, int, int, int]]
"""Cell, day, source, tier, fen."""


def columns(quotes: Quoted) -> QuoteColumns:
    told = np.array(sorted(quotes), dtype=np.int64).T
    return QuoteColumns(
        cell=told[0], day=told[1], source=told[2], tier=told[3], fen=told[4], deals=np.ones_like(told[0])
    )


def priced(quotes: QuoteColumns, weights: Floats, cap: float) -> CellDays:
    """Price quotes whose sources are all different."""
    return priced_by(quotes, SourceWeights(weights, cap, np.arange(len(weights))))


def test_several_quotes_of_one_tier_are_one_price_and_each_tier_has_its_own() -> None:
    """√(400·900) = 600 from the better tier; the third quote, of a lower tier, is a price by itself."""
    found = priced(columns([(1, 0, 0, 0, 400), (1, 0, 1, 0, 900), (1, 0, 2, 3, 1)]), np.ones(3), 1.0)
    assert (found.cell.tolist(), found.fen.tolist(), found.tier.tolist()) == ([1, 1], [600.0, 1.0], [0, 3])
    assert (found.quotes.tolist(), found.sources.tolist()) == ([2, 1], [[0b11], [0b100]])


@settings(max_examples=50)
@given(fen=st.integers(1, 10**11))
def test_a_single_quote_is_its_own_price_to_the_fen(fen: int) -> None:
    assert priced(columns([(0, 0, 0, 1, fen)]), np.ones(1), 1.0).fen.tolist() == [fen]


def test_a_source_of_little_weight_moves_the_price_little() -> None:
    """Weights 3 and 1: 100^(3/4)·1600^(1/4) = 200."""
    found = priced(columns([(0, 0, 0, 1, 100), (0, 0, 1, 1, 1600)]), np.array([9000.0, 3000.0]), 1.0)
    assert found.fen.tolist() == [200.0]


def test_no_source_weighs_more_than_the_cap_and_two_are_equal_under_a_half() -> None:
    """Capped at a half, the loud one of three has 1/2 and the others 1/4 each: √100·⁴√(1600·1600)."""
    loud = np.array([10_000.0, 1.0, 1.0])
    three = columns([(0, 0, 0, 1, 100), (0, 0, 1, 1, 1600), (0, 0, 2, 1, 1600)])
    assert priced(three, loud, 0.5).fen.tolist() == [400.0]
    two = columns([(0, 0, 0, 1, 100), (0, 0, 1, 1, 1600)])
    assert priced(two, loud, 0.5).fen.tolist() == [400.0]


@settings(max_examples=60)
@given(
    quotes=st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10_000)), min_size=2, max_size=6),
    cap=st.sampled_from([0.34, 0.5, 0.75, 1.0]),
)
def test_a_cell_price_is_the_weighted_mean_worked_out_with_forty_digits(
    quotes: list[tuple[int, int]], cap: float
) -> None:
    made = columns([(0, 0, place, 1, fen) for place, (fen, _) in enumerate(quotes)])
    weights = np.array([float(weight) for _, weight in quotes])
    found = float(priced(made, weights, cap).fen[0])
    shares = capped([weight for _, weight in quotes], max(Decimal(str(cap)), 1 / Decimal(len(quotes))))
    with localcontext() as context:
        context.prec = 40
        mean = sum(
            (share * Decimal(fen).ln() for share, (fen, _) in zip(shares, quotes, strict=True)), Decimal(0)
        )
        exact = mean.exp()
    assert abs(Decimal(found) - exact) <= Decimal("0.500001")


def capped(weights: list[int], cap: Decimal) -> list[Decimal]:
    """Shares by the definition: cap the largest, share the rest out among the others, until none is above."""
    free, held = set(range(len(weights))), set[int]()
    while True:
        left = 1 - cap * len(held)
        total = sum(weights[place] for place in free)
        share = {place: left * weights[place] / total for place in free}
        over = {place for place in free if share[place] > cap + Decimal("1e-20")}
        if not over:
            return [share.get(place, cap) for place in range(len(weights))]
        held |= over
        free -= over
        if not free:
            return [cap] * len(weights)


def panel(days: list[int], prices: list[float], carry: int = 30, *, seasonal: bool = False) -> Panel:
    """One cell, quoted where its price is a number; an index day each because another cell is."""
    quoted = [(day, fen) for day, fen in zip(days, prices, strict=True) if not math.isnan(fen)]
    told: Quoted = [(0, day, 0, 1, int(fen)) for day, fen in quoted]
    told += [(1, day, 0, 1, 7) for day in days]
    priced_days = priced(columns(told), np.ones(1), 1.0)
    order = np.lexsort((priced_days.cell, priced_days.day))
    assert order.tolist() == list(range(len(order)))
    rule = CarryRule(carry, np.array([seasonal, False]))
    return build_panel(priced_days, rule, LastQuotes.none(2), np.full(2, np.nan))[0]


NONE = math.nan


def test_carrying_ends_after_the_limit_and_starts_anew_with_each_quote() -> None:
    found = panel([0, 30, 31, 40, 70, 71], [5, NONE, NONE, 6, NONE, NONE])
    assert found.stale[:, 0].tolist() == [False, True, False, False, True, False]
    assert np.nan_to_num(found.carried[:, 0]).tolist() == [5, 5, 0, 6, 6, 0]
    assert found.seen.all()


def test_a_seasonal_quote_never_stands_in_beyond_its_own_month() -> None:
    """Days 28, 30 and 31 are 29 January, 31 January and 1 February 1970."""
    found = panel([28, 30, 31], [5, NONE, NONE], seasonal=True)
    assert np.nan_to_num(found.carried[:, 0]).tolist() == [5, 5, 0]
    assert np.nan_to_num(panel([28, 30, 31], [5, NONE, NONE]).carried[:, 0]).tolist() == [5, 5, 5]


def test_a_cell_is_seen_from_its_first_quote_on() -> None:
    found = panel([0, 1], [NONE, 5])
    assert found.seen[:, 0].tolist() == [False, True]
    assert math.isnan(mean_price(found.carried[:1])[0])


@settings(max_examples=30)
@given(
    prices=st.lists(st.one_of(st.just(NONE), st.integers(1, 99).map(float)), min_size=4, max_size=30),
    cut=st.integers(1, 3),
)
def test_a_panel_built_in_two_parts_is_the_panel_built_at_once(prices: list[float], cut: int) -> None:
    days = [3 * place for place in range(len(prices))]
    whole = panel(days, prices, 10)
    told: Quoted = [
        (0, day, 0, 1, int(fen)) for day, fen in zip(days, prices, strict=True) if not math.isnan(fen)
    ]
    told += [(1, day, 0, 1, 7) for day in days]
    priced_days = priced(columns(told), np.ones(1), 1.0)
    rule = CarryRule(10, np.zeros(2, dtype=bool))

    nothing = np.full(2, np.nan)
    early, left = build_panel(priced_days.between(0, days[cut - 1]), rule, LastQuotes.none(2), nothing)
    late, _ = build_panel(priced_days.between(days[cut], days[-1]), rule, left, nothing)
    joined = early.joined(late)
    for name in ("carried", "stale", "tier", "seen", "quoted", "quotes", "sources"):
        np.testing.assert_array_equal(getattr(joined, name), getattr(whole, name))


def test_a_weeks_price_is_the_geometric_mean_of_its_days() -> None:
    """4, 9 and 6 in the first week: ∛216 = 6; one day alone keeps its price to the last bit."""
    found = by_period(
        panel([0, 1, 2, 7], [4, 9, 6, 11]), np.array([0, 0, 0, 1]), np.array([0, 7]), np.full(2, np.nan)
    )
    assert found.carried[:, 0].tolist() == [pytest.approx(6, rel=1e-15), 11.0]
    assert found.quotes.tolist() == [[3, 3], [1, 1]]
