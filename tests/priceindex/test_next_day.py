"""A run extended day by day says what a full run says, to the last digit and in every column."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.calendar import day_number, day_of
from priceindex.engine.index_run import IndexRun
from priceindex.engine.inputs import Inputs, LeftOut
from priceindex.engine.next_day import LaterDays, extended
from priceindex.engine.run import run
from priceindex.families import family, family_version
from priceindex.family_text import Outliers
from priceindex.releases.bundle import encode
from priceindex.releases.series import digest
from tests.priceindex.drawn_market import CELLS, START, drawn, through


def later_days(whole: Inputs, first: int, last: int) -> LaterDays:
    """The quotes of the days first..last."""
    inside = (whole.quotes.day >= first) & (whole.quotes.day <= last)
    return LaterDays(until=day_of(last), as_of_ms=0, quotes=whole.quotes.taken(inside))


def grown(whole: Inputs, start: int, steps: list[int]) -> IndexRun:
    """A run through day number `start`, extended by each of these numbers of days."""
    found = run(through(whole, start))
    for step in steps:
        longer = extended(found, later_days(whole, start + 1, start + step))
        assert longer is not None
        found, start = longer, start + step
    return found


@settings(max_examples=12)
@given(seed=st.integers(0, 2**31), steps=st.lists(st.integers(1, 40), min_size=1, max_size=4))
def test_a_run_extended_is_the_full_run(seed: int, steps: list[int]) -> None:
    strict = dataclasses.replace(
        family("herbs"), outliers=Outliers(rule="quartile", cut_off="2", floor="0.02", effect="left_out")
    )
    whole = drawn(seed, 20 + sum(steps), strict)
    found = grown(whole, START + 19, steps)
    full = run(whole)
    assert digest(found.all_series()) == digest(full.all_series())
    assert (found.changes, found.outliers, found.withheld) == (full.changes, full.outliers, full.withheld)
    assert found.bundle == full.bundle == encode(whole)


def test_a_day_without_quotes_may_still_end_a_week_and_a_month() -> None:
    """2025-02-28 is a Friday without quotes: February is over with it, the week on Sunday."""
    whole = drawn(7, 39, family("herbs"))
    start = run(through(whole, START + 38))
    last = day_number(start.days[-1])
    assert day_of(last).isoformat() == "2025-02-27"
    months = len(start.series("composite", "all", "month").days)
    friday = extended(start, later_days(whole, last + 1, last + 1))
    sunday = extended(start, later_days(whole, last + 1, last + 3))
    assert friday is not None
    assert sunday is not None
    assert len(friday.series("composite", "all", "month").days) == months + 1
    assert (
        len(sunday.series("composite", "all", "week").days)
        == len(friday.series("composite", "all", "week").days) + 1
    )
    full = run(dataclasses.replace(whole, until=day_of(last + 3)))
    assert digest(sunday.all_series()) == digest(full.all_series())


@pytest.mark.parametrize("back", [0, 1])
def test_a_quote_of_a_day_already_told_asks_for_a_full_run(back: int) -> None:
    whole = drawn(3, 50, family("herbs"))
    start = run(through(whole, START + 40))
    assert extended(start, later_days(whole, START + 40 - back, START + 45)) is None


def test_a_quote_kept_out_of_a_day_already_told_asks_for_a_full_run() -> None:
    whole = drawn(3, 50, family("herbs"))
    start = run(through(whole, START + 40))
    out = LeftOut(cell=CELLS[0], day=day_of(START + 30), fen_per_kg=1, rules=("unit-slip-x10",))
    new = dataclasses.replace(later_days(whole, START + 41, START + 42), left_out=(out,))
    assert extended(start, new) is None


def test_within_the_base_month_nothing_is_extended() -> None:
    """The base price is the mean of the month: each new day of January moves all values of January."""
    whole = drawn(3, 10, family_version("herbs@1"))
    assert extended(run(through(whole, START + 5)), later_days(whole, START + 6, START + 6)) is None
