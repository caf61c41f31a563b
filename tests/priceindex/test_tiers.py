"""Asked and paid are never compared with each other: a change of tier is no change of price."""

import dataclasses
import datetime
from collections.abc import Callable

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.calendar import day_number, day_of
from priceindex.engine.index_run import IndexRun
from priceindex.engine.inputs import Inputs, QuoteColumns, Source
from priceindex.engine.next_day import LaterDays, extended
from priceindex.engine.run import run
from priceindex.families import Family, family
from priceindex.releases.series import digest
from tests.priceindex.drawn_market import CELLS, CLASS_OF, THEMES

START = day_number(datetime.date(2025, 1, 1))
LENGTH = 180
STEPS = (day_number(datetime.date(2025, 4, 1)), day_number(datetime.date(2025, 6, 1)))
TRADE, MARKET, WEB = 0, 1, 2
WIDE = family("herbs")
QUIET = dataclasses.replace(
    WIDE,
    missing=WIDE.missing.model_copy(update={"carry_days": 9, "suppress_imputed_over": "1"}),
    minimum=WIDE.minimum.model_copy(update={"cells": 1, "herbs": 1}),
)
"""Tiers fall silent soon, and every value is told however little it rests on."""
Spoken = list[tuple[int, int, int, int]]
"""Cell, day, tier, fen."""


def inputs_of(spoken: Spoken, chosen: Family = QUIET) -> Inputs:
    told = np.array(sorted(set(spoken)), dtype=np.int64).T
    cells = sorted(set(told[0].tolist()))
    named = tuple(CELLS[cell] for cell in cells)
    ones = np.ones_like(told[0])
    return Inputs(
        family=chosen,
        until=day_of(START + LENGTH - 1),
        as_of_ms=0,
        class_of={herb: CLASS_OF[herb] for herb in sorted({cell.herb for cell in named})},
        themes=THEMES,
        weight_sets=(),
        sources=(Source("own"),),
        cells=named,
        quotes=QuoteColumns(
            cell=np.searchsorted(cells, told[0]),
            day=told[1],
            source=0 * ones,
            tier=told[2],
            fen=told[3],
            deals=ones,
        ),
        left_out=(),
    )


def drawn(seed: int, level: Callable[[int], float]) -> Spoken:
    """Cells told in some tiers over some stretches, each tier at its own price times the level of the day.

    Whoever speaks at all also speaks on the days of the steps, so that asked and paid move alike.
    """
    draw = np.random.default_rng(seed)
    found: Spoken = []
    for cell in range(6):
        price = draw.uniform(1e6, 9e6)
        for tier, every in ((TRADE, 7), (MARKET, 1), (WEB, 3)):
            own = price * draw.uniform(0.7, 1.3)
            starts = draw.integers(0, LENGTH, 2).tolist()
            days = {day for at in starts for day in range(at, at + int(draw.integers(5, 90)), every)}
            days |= {step - START for step in STEPS if any(abs(step - START - day) <= 9 for day in days)}
            found += [
                (cell, START + day, tier, round(own * level(START + day))) for day in days if day < LENGTH
            ]
    return found


def all_values(found: IndexRun) -> set[str]:
    return {
        str(point.value)
        for series in found.all_series()
        for point in series.points
        if point.value is not None
    }


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_constant_prices_make_a_constant_index_whichever_tiers_come_and_go(seed: int) -> None:
    spoken = drawn(seed, lambda _: 1.0)
    found = run(inputs_of(spoken))
    assert all_values(found) == {"1000.0000"}
    assert all(point.up == point.down == 0 for point in found.series("composite", "all").points)


def test_asked_every_day_and_paid_every_sunday_make_no_saw() -> None:
    """10 000 asked and 9000 paid, told for the week on its Sunday: the index stands, and half is trades."""
    sundays = range(START + 4, START + LENGTH, 7)
    spoken = [(cell, START + day, MARKET, 10_000) for cell in (0, 1) for day in range(LENGTH)]
    found = run(inputs_of(spoken + [(0, day, TRADE, 9_000) for day in sundays], WIDE))
    assert all_values(found) == {"1000.0000"}
    grade = found.series("grade", found.tree.grades[0])
    assert {int(bp) for bp in grade.counts["trade_bp"][:31]} == {0}
    assert {int(bp) for bp in grade.counts["trade_bp"][31:]} == {5_000}
    assert {int(cells) for cells in grade.counts["quoted"]} == {2}


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**31), first=st.floats(0.5, 2.0), second=st.floats(0.5, 2.0))
def test_what_is_asked_and_paid_alike_moves_the_index_alike(seed: int, first: float, second: float) -> None:
    def level(day: int) -> float:
        return (first if day >= STEPS[0] else 1.0) * (second if day >= STEPS[1] else 1.0)

    market = [(5, START + day, MARKET, round(5e6 * level(START + day))) for day in range(LENGTH)]
    found = run(inputs_of([spoken for spoken in drawn(seed, level) if spoken[0] != 5] + market))
    days = [day_number(day) for day in found.days]
    for day, point in zip(days, found.series("composite", "all").points, strict=True):
        assert point.value is not None
        assert abs(float(point.value) / (1000 * level(day)) - 1) < 1e-5


def test_a_price_paid_counts_from_the_month_after_it_first_stood_beside_one_asked() -> None:
    """Paid doubles on 8 February while asked stands: the index doubles with what is paid."""
    asked = [(0, START + day, MARKET, 10_000) for day in range(LENGTH)]
    paid = [(0, START + day, TRADE, 9_000 if day < 38 else 18_000) for day in range(12, LENGTH, 2)]
    found = run(inputs_of(asked + paid, QUIET))
    values = found.series("composite", "all").units
    assert {int(unit) for unit in values[:38]} == {10_000_000}
    assert {int(unit) for unit in values[38:]} == {20_000_000}


def test_what_was_asked_meanwhile_does_not_come_in_when_nothing_is_paid_any_more() -> None:
    """Paid stands while asked falls by half in March; trades end in May: the index stands all the while."""
    asked = [(0, START + day, MARKET, 10_000 if day < 70 else 5_000) for day in range(LENGTH)]
    paid = [(0, START + day, TRADE, 9_000) for day in range(0, 130, 3)]
    found = run(inputs_of(asked + paid, QUIET))
    assert all_values(found) == {"1000.0000"}
    last = found.series("composite", "all").points[-1]
    assert (last.market_bp, last.trade_bp) == (10_000, 0)


def test_a_tier_that_never_stood_beside_another_enters_after_a_month() -> None:
    """Asked until February, paid from April: April is without, May is compared with April."""
    asked = [(0, START + day, MARKET, 10_000) for day in range(40)]
    paid = [(0, START + day, TRADE, 9_000 if day < 130 else 18_000) for day in range(90, LENGTH)]
    other = [(3, START + day, MARKET, 700) for day in range(LENGTH)]
    found = run(inputs_of(asked + paid + other, QUIET))
    grade = found.series("grade", found.tree.grades[0])
    at = {day: place for place, day in enumerate(grade.days.tolist())}
    assert int(grade.counts["imputed_bp"][at[START + 119]]) == 10_000
    assert int(grade.counts["imputed_bp"][at[START + 120]]) == 0
    assert str(grade.points[at[START + 129]].value) == "1000.0000"
    assert str(grade.points[at[START + 130]].value) == "2000.0000"


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**31), cut=st.integers(32, 150), step=st.integers(5, 60))
def test_an_extended_run_links_the_tiers_as_the_full_run_does(seed: int, cut: int, step: int) -> None:
    always = [(place, START, MARKET, 5_000_000 + place) for place in range(6)]
    whole = inputs_of(always + drawn(seed, lambda day: 1 + (day % 17) / 100))
    known = whole.quotes.day < START + cut
    before = dataclasses.replace(
        whole, until=day_of(START + cut - 1), quotes=whole.quotes.taken(np.flatnonzero(known))
    )
    found: IndexRun | None = run(before)
    for first in range(START + cut, START + LENGTH, step):
        last = min(first + step, START + LENGTH) - 1
        inside = (whole.quotes.day >= first) & (whole.quotes.day <= last)
        assert found is not None
        later = LaterDays(until=day_of(last), as_of_ms=0, quotes=whole.quotes.taken(np.flatnonzero(inside)))
        found = extended(found, later)
    assert found is not None
    assert digest(found.all_series()) == digest(run(whole).all_series())
