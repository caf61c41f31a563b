"""Contributions that add up to the last digit between any two days; cuts, weeks and months by hand."""

import dataclasses
import datetime
import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.calendar import day_of, mondays
from priceindex.classification import TREE_LEVELS, Level
from priceindex.engine.contributions import contributions
from priceindex.engine.engine_errors import DaysInWrongOrder, NotAnIndexDay, ValueNotPublished
from priceindex.engine.index_run import IndexRun
from priceindex.engine.movers import between, last_day, movers
from priceindex.engine.run import run
from priceindex.families import family, family_version
from priceindex.family_text import Minimum
from priceindex.quotes import Cell
from tests.priceindex.drawn_market import THEMES, drawn
from tests.priceindex.small_market import day
from tests.priceindex.test_chain_rules import A, B, flat, index_of, inputs_of

TWO = family("herbs")


def value(found: IndexRun, on: datetime.date) -> Decimal:
    told = found.series("composite", "all").points[found.days.index(on)].value
    assert told is not None
    return told


@settings(max_examples=15)
@given(
    seed=st.integers(0, 2**31),
    order=st.sampled_from([1, 0, -1]),
    ends=st.tuples(st.integers(0, 118), st.integers(1, 119)),
)
def test_the_parts_add_up_to_the_published_change_at_every_level(
    seed: int, order: int, ends: tuple[int, int]
) -> None:
    """Any two days, over up to four links, entries of herbs and days on which half is imputed."""
    first, last = sorted(ends) if ends[0] != ends[1] else (ends[0], ends[0] + 1)
    found = run(drawn(seed, 120, dataclasses.replace(TWO, aggregation_order=order)))
    days = found.days
    parts = contributions(found, days[first], days[last])
    change = value(found, days[last]) - value(found, days[first])
    for level in TREE_LEVELS[1:]:
        assert sum((part.points for part in parts if part.level is level), Decimal(0)) == change


@settings(max_examples=10)
@given(seed=st.integers(0, 2**31))
def test_a_parent_contributes_what_its_children_do(seed: int) -> None:
    found = run(drawn(seed, 100, TWO))
    told = {
        (part.level, part.node): part.points for part in contributions(found, found.days[5], found.days[-1])
    }
    for level, below in ((Level.CLASS, Level.HERB), (Level.HERB, Level.GRADE)):
        for place, node in enumerate(found.keys(level)):
            children = [
                told[below, child]
                for at, child in enumerate(found.keys(below))
                if found.tree.parent(below, at) == node
            ]
            assert sum(children, Decimal(0)) == told[level, node], (place, node)


def test_an_arithmetic_contribution_is_weight_times_change() -> None:
    """白芍 doubles, 茯苓 halves: +500 and -250 of a composite of two equal herbs."""
    found = index_of(
        {A: {"2025-01-10": 100, "2025-02-01": 200}, B: {"2025-01-10": 100, "2025-02-01": 50}},
    )
    parts = contributions(found, day("2025-01-10"), day("2025-02-01"), Level.HERB)
    assert {part.node: part.points for part in parts} == {"白芍": Decimal(500), "茯苓": Decimal(-250)}


def test_a_geometric_contribution_is_the_logarithmic_mean_times_the_weighted_growth() -> None:
    """ln 2 and ln ½ with equal weights: the composite stands; the parts are +1000·ln 2/2 and its negative."""
    chosen = dataclasses.replace(family_version("bozhou@1"), aggregation_order=0)
    found = index_of(
        {A: {"2025-01-10": 100, "2025-02-01": 200}, B: {"2025-01-10": 100, "2025-02-01": 50}}, chosen
    )
    parts = contributions(found, day("2025-01-10"), day("2025-02-01"), Level.HERB)
    assert [float(part.points) for part in parts] == pytest.approx(
        [500 * math.log(2), -500 * math.log(2)], abs=1e-7
    )


def test_what_cannot_be_taken_apart_is_refused() -> None:
    found = index_of({A: {"2025-01-10": 100, "2025-02-01": 200}, B: {"2025-01-10": 100}})
    first, last = found.days
    with pytest.raises(NotAnIndexDay):
        contributions(found, first, day("2025-02-02"))
    with pytest.raises(NotAnIndexDay):
        movers(found, day("2025-01-11"), last)
    with pytest.raises(DaysInWrongOrder):
        contributions(found, last, first)
    strict = dataclasses.replace(family_version("bozhou@1"), minimum=Minimum(cells=3))
    few = index_of({A: {"2025-01-10": 100, "2025-02-01": 200}, B: {"2025-01-10": 100}}, strict)
    with pytest.raises(ValueNotPublished):
        between(few, first, last)
    assert last_day(few).contributions == ()
    assert [mover.cell for mover in last_day(few).movers] == [A]


def test_movers_between_any_two_days_are_sorted_by_their_move() -> None:
    found = index_of(
        {
            A: {"2025-01-10": 100, "2025-02-01": 150, "2025-02-02": 200},
            B: {"2025-01-10": 100, "2025-02-01": 300, "2025-02-02": 110},
        }
    )
    span = between(found, day("2025-01-10"), day("2025-02-02"), limit=1)
    assert [(mover.cell, mover.now_fen_per_kg) for mover in span.movers] == [(A, 200)]
    assert [mover.cell for mover in movers(found, day("2025-01-10"), day("2025-02-02"))] == [A, B]


def test_a_value_that_rests_on_too_little_is_withheld_with_its_reason() -> None:
    strict = dataclasses.replace(family_version("bozhou@1"), minimum=Minimum(cells=2, herbs=2, sources=1))
    found = index_of({A: {"2025-01-10": 100, "2025-03-20": 200}, B: {"2025-01-10": 100}}, strict)
    assert [(one.day, one.code, one.found, one.needed) for one in found.withheld] == [
        (day("2025-03-20"), "cells", 1, 2)
    ]
    assert [point.value is None for point in found.series("composite", "all").points] == [False, True]
    assert found.series("herb", "白芍").last.value is not None


# -- cuts ------------------------------------------------------------------------------------------


@settings(max_examples=10)
@given(seed=st.integers(0, 2**31), length=st.integers(15, 100))
def test_a_market_of_a_cut_is_the_family_with_that_market_alone(seed: int, length: int) -> None:
    """The same cells, grades and weights: the digits of the cut and of the narrower family are equal."""
    whole = drawn(seed, length, TWO)
    found = run(whole)
    for market in found.keys(Level.MARKET):
        kept = [place for place, cell in enumerate(whole.cells) if cell.market == market]
        chosen = np.isin(whole.quotes.cell, kept)
        quotes = whole.quotes.taken(chosen)
        alone = dataclasses.replace(
            whole,
            cells=tuple(whole.cells[place] for place in kept),
            quotes=dataclasses.replace(quotes, cell=np.searchsorted(kept, quotes.cell)),
        )
        narrow = run(alone).series("composite", "all")
        series = found.series(Level.MARKET, market)
        days = np.isin(series.days, narrow.days)
        assert series.units[days].tolist() == narrow.units.tolist()
        for name in ("quotes", "sources", "grades", "imputed_bp", "market_bp"):
            assert series.counts[name][days].tolist() == narrow.counts[name].tolist(), name


def test_a_theme_takes_its_herbs_and_a_cell_without_origin_is_in_no_origin() -> None:
    nameless = Cell("茯苓", "丁", "", "亳州")
    prices = {A: {"2025-01-10": 100, "2025-02-01": 200}, nameless: {"2025-01-10": 100, "2025-02-01": 50}}
    inputs = dataclasses.replace(inputs_of(prices, TWO), themes=THEMES)
    found = run(inputs)
    assert found.keys(Level.THEME) == ("food_medicine",)
    assert found.series("theme", "food_medicine").last.value == Decimal(500)
    assert found.keys(Level.ORIGIN) == ("安徽",)
    assert found.series("origin", "安徽").last.value == Decimal(2000)
    assert found.series("origin", "安徽").parent == "all"


# -- weeks and months --------------------------------------------------------------------------------


def test_a_weeks_value_is_its_mean_price_against_the_month_of_its_thursday() -> None:
    """The week of 2025-01-27 has its Thursday in January; the next is held against January's mean.

    January: 100 on each day quoted, so the reference is 100. Week of 3 February: 200 and 800, mean 400.
    """
    prices = {
        A: {"2025-01-10": 100, "2025-01-31": 100, "2025-02-01": 100, "2025-02-04": 200, "2025-02-06": 800}
        | {"2025-02-14": 100}
    }
    weekly = dataclasses.replace(family_version("bozhou@1"), values=TWO.values, minimum=Minimum(), cuts=())
    found = index_of(prices, weekly)
    series = found.series("composite", "all", "week")
    assert [str(point.day) for point in series.points] == ["2025-01-06", "2025-01-27", "2025-02-03"]
    assert [point.value for point in series.points] == [Decimal(1000), Decimal(1000), Decimal(4000)]
    monthly = found.series("composite", "all", "month")
    assert [str(point.day) for point in monthly.points] == ["2025-01-01"]


@settings(max_examples=10)
@given(seed=st.integers(0, 2**31))
def test_a_months_value_is_the_link_value_that_the_next_month_starts_from(seed: int) -> None:
    found = run(drawn(seed, 110, TWO))
    monthly = found.series("composite", "all", "month")
    links = [part.standing.links[-1][0] for part in found.main.segments[1:]]
    if found.main.opened:
        links.append(found.main.opened.links[-1][0])
    assert monthly.units.tolist() == [round(link * 10_000) for link in links]


def test_a_week_that_is_not_over_is_not_told() -> None:
    found = run(drawn(1, 60, TWO))
    last = int(found.series("composite", "all", "week").days[-1])
    assert day_of(last + 6) <= found.inputs.until
    assert mondays(np.array([last])).tolist() == [last]


def test_shares_of_the_tiers_and_what_is_imputed_make_up_the_whole() -> None:
    found = run(drawn(9, 90, TWO))
    for level in Level:
        for node in found.keys(level):
            counts = found.series(level, node).counts
            told = sum(counts[f"{tier}_bp"] for tier in ("trade", "market", "web", "judgement"))
            assert np.all(np.abs(told + counts["imputed_bp"] - 10_000) <= 2), (level, node)


def test_flat_prices_give_the_level_whatever_the_frequency() -> None:
    found = run(inputs_of({A: flat({"2025-01-01": 100}), B: flat({"2025-01-01": 700})}, TWO))
    for series in found.all_series():
        assert set(series.units.tolist()) <= {10_000_000}, (series.level, series.node, series.frequency)
