"""How the index behaves when quotes lag, vanish, return and appear: small panels worked out by hand."""

import dataclasses
import datetime
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.calendar import day_number
from priceindex.engine.inputs import Inputs, QuoteColumns, Source
from priceindex.engine.movers import last_day
from priceindex.engine.run import IndexRun, run
from priceindex.engine.weights import GradeTurnover, WeightSet
from priceindex.errors import NothingInBase, UnclassifiedHerb, UnknownClass, WeightsMissing, WeightsWrong
from priceindex.families import Family, family_version
from priceindex.family_text import Base
from priceindex.quotes import Cell
from tests.priceindex.small_market import day

Prices = dict[Cell, dict[str, int]]
A, B = Cell("白芍", "统", "安徽", "亳州"), Cell("茯苓", "丁", "安徽", "亳州")
A2 = Cell("白芍", "选", "安徽", "亳州")
A_ELSEWHERE = Cell("白芍", "统", "四川", "亳州")
CLASS_OF = {"白芍": "root", "白术": "root", "茯苓": "fungus_alga"}


def inputs_of(prices: Prices, chosen: Family | None = None, weights: WeightSet | None = None) -> Inputs:
    cells = tuple(sorted(prices))
    told = [
        (place, day_number(day(text)), fen)
        for place, cell in enumerate(cells)
        for text, fen in sorted(prices[cell].items())
    ]
    columns = np.array(told, dtype=np.int64).reshape(-1, 3).T
    ones = np.ones(len(told), dtype=np.int64)
    return Inputs(
        family=chosen or family_version("bozhou@1"),
        until=max(day(text) for quotes in prices.values() for text in quotes),
        as_of_ms=0,
        class_of=CLASS_OF,
        themes={},
        weight_sets=(weights,) if weights else (),
        sources=(Source("test"),),
        cells=cells,
        quotes=QuoteColumns(
            cell=columns[0], day=columns[1], source=0 * ones, tier=ones, fen=columns[2], deals=ones
        ),
        left_out=(),
    )


def index_of(prices: Prices, chosen: Family | None = None, weights: WeightSet | None = None) -> IndexRun:
    return run(inputs_of(prices, chosen, weights))


def turnover(*lines: GradeTurnover) -> WeightSet:
    """What was traded in 2025, as a weight set."""
    first, last = day("2025-01-01"), day("2025-12-31")
    return WeightSet(
        rule="turnover", source="trades in the log", first=first, last=last, effective=first, lines=lines
    )


def values(found: IndexRun, level: str = "composite", node: str = "all") -> list[float | None]:
    points = found.series(level, node).points
    return [None if point.value is None else round(float(point.value), 6) for point in points]


def flat(prices: dict[str, int], until: str = "2025-06-15", step: int = 5) -> dict[str, int]:
    """A price every few days, changing on the days named."""
    found, now, at = {}, 0, day("2025-01-01")
    while at <= day(until):
        now = prices.get(at.isoformat(), now)
        if now:
            found[at.isoformat()] = now
        at += datetime.timedelta(days=1)
    return {
        text: fen for place, (text, fen) in enumerate(found.items()) if place % step == 0 or text in prices
    }


def test_the_base_month_averages_to_the_level() -> None:
    """Two prices of 100 and 400 in January have the geometric mean 200: the days stand at 500 and 2000."""
    found = index_of({A: {"2025-01-10": 100, "2025-01-20": 400, "2025-02-01": 200}})
    assert values(found) == [500.0, 2000.0, 1000.0]


def test_equal_weights_are_equal_for_herbs_however_many_grades_they_have() -> None:
    """白芍 doubles in one of two grades (1.5 times), 茯苓 stands: (1.5 + 1) / 2."""
    found = index_of(
        {
            A: {"2025-01-10": 100, "2025-02-01": 200},
            A2: {"2025-01-10": 300, "2025-02-01": 300},
            B: {"2025-01-10": 700, "2025-02-01": 700},
        }
    )
    assert values(found)[-1] == 1250.0
    assert values(found, "herb", "白芍")[-1] == 1500.0
    assert values(found, "class", "fungus_alga")[-1] == 1000.0


def test_origins_of_one_grade_meet_in_a_geometric_mean() -> None:
    """One origin quadruples, the other stands: √4 = 2."""
    found = index_of(
        {A: {"2025-01-10": 100, "2025-02-01": 400}, A_ELSEWHERE: {"2025-01-10": 300, "2025-02-01": 300}}
    )
    assert values(found, "grade", "白芍|统")[-1] == 2000.0


def test_a_basket_once_matched_is_the_same_basket_over_any_number_of_links() -> None:
    """Fixed basket: after three monthly links the composite is still the mean of the direct relatives."""
    found = index_of(
        {
            A: flat({"2025-01-01": 100, "2025-02-10": 150, "2025-04-03": 50}),
            B: flat({"2025-01-01": 700, "2025-03-01": 1400}),
        }
    )
    assert values(found)[-1] == round(1000 * (0.5 + 2.0) / 2, 6)


def test_an_old_quote_stands_in_for_thirty_days_and_is_shown_as_stale() -> None:
    found = index_of({A: {"2025-01-10": 100, "2025-03-12": 100}, B: {"2025-01-10": 50, "2025-02-09": 50}})
    points = found.series("composite", "all").points
    counts = [(point.quoted, point.carried, point.missing) for point in points]
    assert counts == [(2, 0, 0), (1, 1, 0), (1, 0, 1)]
    assert [point.stale_bp for point in points] == [0, 5000, 0]
    assert [point.imputed_bp for point in points] == [0, 0, 5000]


def test_a_value_that_is_mostly_imputed_is_not_published() -> None:
    """The limit of the family is 40 % of the weight; here half of it is imputed on the last day."""
    found = index_of(
        {
            A: {"2025-01-10": 100, "2025-02-09": 100, "2025-03-12": 110},
            B: {"2025-01-10": 50, "2025-02-09": 50},
        }
    )
    assert values(found)[-1] is None
    assert values(found, "herb", "白芍")[-1] == 1100.0
    assert values(found, "herb", "茯苓")[-1] is None


def test_a_cell_that_returns_after_two_months_brings_its_whole_move_with_it() -> None:
    """茯苓 is silent in February and March while 白芍 stands, and returns doubled: nothing is lost."""
    found = index_of(
        {
            A: flat({"2025-01-01": 100}),
            B: {"2025-01-10": 50, "2025-04-20": 100, "2025-06-10": 100},
        }
    )
    assert values(found, "herb", "茯苓")[-1] == 2000.0
    assert values(found)[-1] == 1500.0


def test_a_cell_silent_for_longer_than_three_links_starts_anew() -> None:
    """After four closed months without a price its old price no longer counts."""
    found = index_of(
        {
            A: flat({"2025-01-01": 100}, "2025-09-15"),
            B: {"2025-01-10": 50, "2025-07-20": 100, "2025-09-10": 100},
        }
    )
    assert values(found)[-1] == 1000.0


def test_a_new_herb_enters_at_the_next_link_and_changes_no_earlier_value() -> None:
    old = {A: flat({"2025-01-01": 100, "2025-02-10": 150, "2025-04-03": 120})}
    new = old | {B: flat({"2025-02-20": 800, "2025-05-01": 1600})}
    before, after = index_of(old), index_of(new)
    assert before.days == after.days
    entered = before.days.index(day("2025-03-02"))
    assert values(after)[:entered] == values(before)[:entered]
    assert after.series("herb", "茯苓").points[entered - 1].value is None
    # At the February link 白芍 stands at R/100 of its base and 茯苓 gets the same weight, so the end is
    # 10·R·(120/R + 1600/800)/2 = 600 + 10·R, R the geometric mean of 白芍 over the February days.
    february = [100 if each < day("2025-02-10") else 150 for each in after.days if each.month == 2]
    mean = math.exp(math.fsum(map(math.log, february)) / len(february))
    assert values(after)[-1] == pytest.approx(600 + 10 * mean, abs=1e-5)


def test_a_herb_quoted_in_one_more_grade_gains_no_weight_by_it() -> None:
    old = {A: flat({"2025-01-01": 100}), B: flat({"2025-01-01": 700, "2025-05-01": 1400})}
    more = old | {A2: flat({"2025-02-20": 300})}
    assert values(index_of(more))[-1] == values(index_of(old))[-1] == 1500.0


@settings(max_examples=20)
@given(
    prices=st.lists(st.tuples(st.integers(50, 500), st.integers(50, 500)), min_size=30, max_size=150),
    cut=st.integers(5, 29),
)
def test_later_days_never_change_earlier_values(prices: list[tuple[int, int]], cut: int) -> None:
    """Every value rests on completed months and its own day, so an index computed later agrees."""
    start = day("2025-01-20")
    days = [(start + datetime.timedelta(days=place)).isoformat() for place in range(len(prices))]
    whole = {
        cell: {text: pair[at] for text, pair in zip(days, prices, strict=True)}
        for at, cell in ((0, A), (1, B))
    }
    # The base period is January: it must be over before anything is final.
    length = max(cut, 12)
    short = {cell: dict(list(quotes.items())[:length]) for cell, quotes in whole.items()}
    assert values(index_of(whole))[:length] == values(index_of(short))


@settings(max_examples=20)
@given(prices=st.lists(st.tuples(st.integers(50, 500), st.integers(50, 500)), min_size=2, max_size=60))
def test_the_parts_of_the_last_change_add_up_to_the_whole(prices: list[tuple[int, int]]) -> None:
    start = day("2025-01-20")
    days = [(start + datetime.timedelta(days=place)).isoformat() for place in range(len(prices))]
    found = index_of(
        {
            cell: {text: pair[at] for text, pair in zip(days, prices, strict=True)}
            for at, cell in ((0, A), (1, B))
        }
    )
    moved = last_day(found)
    composite = found.series("composite", "all").points
    assert float(moved.change_points) == pytest.approx(
        float((composite[-1].value or 0) - (composite[-2].value or 0)), abs=1e-6
    )
    for level in ("class", "herb", "grade"):
        parts = [float(part.points) for part in moved.contributions if str(part.level) == level]
        assert sum(parts) + float(moved.link_points) == pytest.approx(float(moved.change_points), abs=1e-6)
    assert len(moved.movers) == sum(now != before for now, before in zip(prices[-1], prices[-2], strict=True))


def test_counts_say_how_many_cells_rose_fell_and_stood() -> None:
    found = index_of(
        {
            A: {"2025-01-10": 100, "2025-01-11": 101},
            A2: {"2025-01-10": 100, "2025-01-11": 99},
            B: {"2025-01-10": 100, "2025-01-11": 100},
        }
    )
    last = found.series("composite", "all").last
    assert (last.up, last.down, last.flat) == (1, 1, 1)
    assert (found.series("herb", "白芍").last.up, found.series("herb", "白芍").last.flat) == (1, 0)


def test_turnover_weighs_the_grades_and_a_grade_without_any_stays_out() -> None:
    lines = (GradeTurnover("白芍", "统", 300), GradeTurnover("茯苓", "丁", 100))
    prices: Prices = {
        A: {"2025-01-10": 100, "2025-02-01": 200},
        A2: {"2025-01-10": 100, "2025-02-01": 900},
        B: {"2025-01-10": 100, "2025-02-01": 100},
    }
    found = index_of(prices, family_version("herbs-turnover@1"), turnover(*lines))
    assert values(found)[-1] == 1750.0
    assert values(found, "grade", "白芍|选") == [None, None]


def test_turnover_that_is_missing_negative_or_zero_is_refused() -> None:
    prices: Prices = {A: {"2025-01-10": 100}}
    chosen = family_version("herbs-turnover@1")
    with pytest.raises(WeightsMissing):
        index_of(prices, family_version("herbs-entered@1"))
    assert index_of(prices, chosen).weights_words == "declared_equal"
    for fen in (0, -1):
        with pytest.raises(WeightsWrong):
            index_of(prices, chosen, turnover(GradeTurnover("白芍", "统", fen)))


def test_a_base_period_may_be_named_by_its_days() -> None:
    chosen = dataclasses.replace(
        family_version("bozhou@1"), base=Base(rule="days", first=day("2025-02-01"), last=day("2025-02-28"))
    )
    found = index_of({A: {"2025-01-10": 100, "2025-02-10": 200, "2025-03-01": 300}}, chosen)
    assert values(found) == [500.0, 1000.0, 1500.0]
    empty = dataclasses.replace(
        chosen, base=Base(rule="days", first=day("2024-02-01"), last=day("2024-02-28"))
    )
    with pytest.raises(NothingInBase):
        index_of({A: {"2025-01-10": 100}}, empty)


def test_herbs_without_a_class_or_with_a_thirteenth_are_refused() -> None:
    inputs = inputs_of({A: {"2025-01-10": 100}})
    with pytest.raises(UnclassifiedHerb):
        run(dataclasses.replace(inputs, class_of={}), b"")
    with pytest.raises(UnknownClass):
        run(dataclasses.replace(inputs, class_of={"白芍": "tea"}), b"")


@pytest.mark.parametrize(("order", "expected"), [(1, 1250.0), (0, 1000.0), (-1, 800.0)])
def test_the_order_of_the_mean_above_the_grade_is_a_parameter(order: int, expected: float) -> None:
    """Relatives 2 and ½: arithmetic 1.25, geometric 1, harmonic 0.8."""
    chosen = dataclasses.replace(family_version("bozhou@1"), aggregation_order=order)
    found = index_of(
        {A: {"2025-01-10": 100, "2025-02-01": 200}, B: {"2025-01-10": 100, "2025-02-01": 50}}, chosen
    )
    assert values(found)[-1] == expected


@pytest.mark.parametrize(("name", "expected"), [("jevons", 2000.0), ("carli", 2500.0), ("dutot", 1750.0)])
def test_the_elementary_formula_is_a_parameter(name: str, expected: float) -> None:
    """Relatives 4 and 1 from 100 and 300: √4 = 2, mean 2.5, 700/400 = 1.75."""
    chosen = dataclasses.replace(family_version("bozhou@1"), elementary=name)
    found = index_of(
        {A: {"2025-01-10": 100, "2025-02-01": 400}, A_ELSEWHERE: {"2025-01-10": 300, "2025-02-01": 300}},
        chosen,
    )
    assert values(found)[-1] == expected


def test_the_cells_of_a_grade_that_fell_silent_are_imputed_share_of_it() -> None:
    """Of two cells of 白芍 one is quoted on 10 January only: it stands for 30 days, then half is imputed.

    After three links without a price, from July on, it is no longer in.
    """
    often, other = flat({"2025-01-01": 100}, "2025-07-20"), flat({"2025-01-01": 700}, "2025-07-20")
    found = index_of({A: often, A_ELSEWHERE: {"2025-01-10": 300}, B: other})
    standing = range(31)
    expected = [
        0 if (each - day("2025-01-10")).days in standing or each.month > 6 else 5_000 for each in found.days
    ]
    assert [point.imputed_bp for point in found.series("grade", "白芍|统").points] == expected
    halves = [share // 2 for share in expected]
    assert [point.imputed_bp for point in found.series("composite", "all").points] == halves
