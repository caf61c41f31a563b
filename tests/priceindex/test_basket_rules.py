"""What enters and leaves the basket, how weights are renewed and capped: small panels worked out by hand."""

import dataclasses
import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.calendar import month_of
from priceindex.classification import classify
from priceindex.engine.caps import capped
from priceindex.engine.engine_errors import ReviewMissing
from priceindex.engine.index_run import IndexRun
from priceindex.engine.run import run
from priceindex.engine.selection import Review, selected, turnover_of_herbs
from priceindex.engine.weights import GradeTurnover, WeightSet
from priceindex.families import Family, family, family_version
from priceindex.family_text import Selection, Weights
from priceindex.quotes import Cell
from tests.priceindex.small_market import day
from tests.priceindex.test_chain_rules import A2, A, B, Prices, flat, inputs_of, values

OLD = family_version("bozhou@1")
SILENT = dataclasses.replace(OLD, chain=OLD.chain.model_copy(update={"leaves_after_months": 2}))


def computed(prices: Prices, chosen: Family, *sets: WeightSet) -> IndexRun:
    return run(dataclasses.replace(inputs_of(prices, chosen), weight_sets=sets))


def turnover(effective: str, first: str, last: str, **fen: int) -> WeightSet:
    """A set by herb: `A` for 白芍 统, `B` for 茯苓 丁."""
    cells = {"A": A, "B": B}
    lines = tuple(GradeTurnover(cells[name].herb, cells[name].grade, value) for name, value in fen.items())
    return WeightSet(
        rule="turnover", source="own", first=day(first), last=day(last), effective=day(effective), lines=lines
    )


BY_SHARE = dataclasses.replace(
    OLD,
    selection=Selection(rule="share_of_quotes", share="0.85", reviewed="yearly"),
    weights=Weights(rule="declared_equal", renewed="yearly", month=12),
)


def review(effective: str, sizes: dict[str, int]) -> Review:
    return Review(effective=day(effective), as_of_ms=0, sizes=tuple(sorted(sizes.items())))


def told(found: IndexRun) -> list[tuple[str, str, bool, str]]:
    return [(each.grade, f"{each.month:%Y-%m}", each.entered, each.why) for each in found.changes]


def test_entries_are_told_with_their_month_and_reason() -> None:
    prices = {
        A: flat({"2025-01-01": 100}),
        A2: flat({"2025-02-20": 300}),
        B: flat({"2025-03-10": 50}),
    }
    assert told(computed(prices, OLD)) == [
        ("白芍|选", "2025-02", True, "new_grade"),
        ("茯苓|丁", "2025-03", True, "new_herb"),
    ]


def test_a_grade_silent_for_two_months_leaves_and_its_return_brings_nothing_in() -> None:
    """茯苓 is silent in February and March, leaves, and returns doubled: the composite stands."""
    prices = {
        A: flat({"2025-01-01": 100}, "2025-08-20"),
        B: {"2025-01-10": 50, **flat({"2025-05-10": 100}, "2025-08-20")},
    }
    found = computed(prices, SILENT)
    assert told(found) == [("茯苓|丁", "2025-03", False, "silent"), ("茯苓|丁", "2025-05", True, "returned")]
    assert values(found)[-1] == 1000.0
    assert [change.why for change in found.left] == ["silent"]


def test_a_herb_keeps_its_weight_when_one_of_its_grades_leaves() -> None:
    """白芍 loses its second grade in March; in June it doubles: (2 + 1) / 2 as before."""
    prices = {
        A: flat({"2025-01-01": 100, "2025-06-01": 200}),
        A2: {"2025-01-10": 300},
        B: flat({"2025-01-01": 700}),
    }
    found = computed(prices, SILENT)
    assert told(found) == [("白芍|选", "2025-03", False, "silent")]
    assert values(found)[-1] == 1500.0


def test_a_seasonal_herb_waits_a_year_longer_and_is_never_carried_out_of_season() -> None:
    seasonal = dataclasses.replace(
        SILENT, seasonal=OLD.seasonal.model_copy(update={"rule": "fixed_annual_weights", "herbs": ("茯苓",)})
    )
    prices = {
        A: flat({"2025-01-01": 100}, "2026-02-10"),
        B: {"2025-01-28": 50, "2026-01-20": 100, "2026-02-10": 100},
    }
    found = computed(prices, seasonal)
    assert told(found) == []
    assert values(found, "herb", "茯苓")[-1] == 2000.0
    february = next(place for place, each in enumerate(found.days) if each.month == 2)
    assert found.series("herb", "茯苓").points[february].imputed_bp == 10_000


def test_equal_shares_are_put_back_to_equal_at_the_yearly_renewal() -> None:
    """白芍 doubles in 2025 and weighs two of three; renewed in December, its next doubling counts a half."""
    prices = {
        A: flat({"2025-01-01": 100, "2025-06-01": 200, "2026-02-01": 400}, "2026-02-10"),
        B: flat({"2025-01-01": 700}, "2026-02-10"),
    }
    yearly = dataclasses.replace(OLD, weights=Weights(rule="declared_equal", renewed="yearly", month=12))
    assert values(computed(prices, OLD))[-1] == 2500.0
    assert values(computed(prices, yearly))[-1] == 1500 * 1.5


def test_a_new_set_is_linked_in_at_its_month_moved_to_the_prices_of_the_link() -> None:
    """The set is of 2025, when 白芍 stood at 1000 and then 2000, as often: mean 1500; at the link 2000.

    Lowe: 300·2000/1500 = 400 beside 400 for 茯苓, so a doubling of 白芍 counts a half.
    """
    weights = Weights(rule="turnover", unit="grade", reference="price_updated", renewed="yearly", month=12)
    chosen = dataclasses.replace(family_version("herbs-turnover@1"), weights=weights)
    early = {f"2025-{month:02}-10": 100 for month in range(1, 7)}
    late = {f"2025-{month:02}-10": 200 for month in range(7, 13)}
    after = {"2026-01-05": 400}
    prices: Prices = {
        A: early | late | after,
        B: dict.fromkeys([*early, *late, *after], 700),
    }
    old = turnover("2025-01-01", "2024-01-01", "2024-12-31", A=1, B=1)
    new = turnover("2025-12-01", "2025-01-01", "2025-12-31", A=300, B=400)
    found = computed(prices, chosen, old, new)
    assert values(found)[-2:] == [1500.0, 1500 * 1.5]
    given = dataclasses.replace(chosen, weights=weights.model_copy(update={"reference": "as_given"}))
    assert values(computed(prices, given, old, new))[-1] == round(1500 * (2 * 300 + 400) / 700, 6)
    assert found.weights_words == "turnover: own, 2025-01-01/2025-12-31"


def test_a_set_does_not_count_before_its_month() -> None:
    weights = Weights(rule="turnover", unit="grade", renewed="yearly", month=12)
    chosen = dataclasses.replace(family_version("herbs-turnover@1"), weights=weights)
    prices: Prices = {A: flat({"2025-01-01": 100, "2025-06-01": 200}), B: flat({"2025-01-01": 700})}
    old = turnover("2025-01-01", "2024-01-01", "2024-12-31", A=1, B=3)
    new = turnover("2025-12-01", "2025-01-01", "2025-12-31", A=1000)
    assert values(computed(prices, chosen, old, new)) == values(computed(prices, chosen, old))


def test_the_selected_herbs_are_in_and_each_review_changes_them_at_its_link() -> None:
    """白芍 alone makes up 85 % of January's quotes. In December 茯苓 is needed too, and enters."""
    prices: Prices = {A: flat({"2025-01-01": 100}, "2026-02-10"), B: flat({"2025-01-10": 50}, "2026-02-10")}
    reviews = review("2025-01-01", {A.herb: 9, B.herb: 1}), review("2025-12-01", {A.herb: 6, B.herb: 6})
    found = run(dataclasses.replace(inputs_of(prices, BY_SHARE), reviews=reviews))
    assert told(found) == [("茯苓|丁", "2025-12", True, "selected")]
    assert found.series("herb", "茯苓").points[0].value is None


def test_a_review_that_finds_nothing_leaves_the_herbs_as_they_are() -> None:
    prices: Prices = {A: flat({"2025-01-01": 100}, "2026-02-10"), B: flat({"2025-01-10": 50}, "2026-02-10")}
    reviews = review("2025-01-01", {}), review("2025-12-01", {})
    assert told(run(dataclasses.replace(inputs_of(prices, BY_SHARE), reviews=reviews))) == []


def test_a_missing_review_is_refused() -> None:
    with pytest.raises(ReviewMissing):
        run(inputs_of({A: flat({"2025-01-01": 100})}, BY_SHARE))


def test_the_share_of_turnover_is_that_of_the_newest_set_in_force() -> None:
    sets = (
        turnover("2025-01-01", "2024-01-01", "2024-12-31", A=3),
        turnover("2025-12-01", "2025-01-01", "2025-12-31", A=5, B=4),
    )
    months = [month_of(day(text)) for text in ("2024-06-01", "2025-11-01", "2025-12-01")]
    assert [turnover_of_herbs(sets, month) for month in months] == [
        {"白芍": 3}, {"白芍": 3}, {"白芍": 5, "茯苓": 4},
    ]  # fmt: skip


def test_a_herb_enters_a_theme_at_the_end_of_the_year_it_was_listed() -> None:
    """茯苓 is put on the list in 2025: it is in from January 2026 on, and nothing before it moves."""
    prices: Prices = {A: flat({"2025-01-01": 100, "2025-06-01": 200}, "2026-02-10")}
    both = prices | {B: flat({"2025-12-01": 50}, "2026-02-10")}
    themes = {"food_medicine": {A.herb: 2002, B.herb: 2025}}
    theme = family("food-medicine")
    alone = run(dataclasses.replace(inputs_of(prices, theme), themes=themes))
    found = run(dataclasses.replace(inputs_of(both, theme), themes=themes))
    assert [(each.grade, f"{each.month:%Y-%m}") for each in found.changes] == [("茯苓|丁", "2025-12")]
    told_alone = dict(zip(alone.days, values(alone, "herb", A.herb), strict=True))
    told_now = dict(zip(found.days, values(found, "herb", A.herb), strict=True))
    assert {date: told_now[date] for date in told_alone} == told_alone
    entered = [point for point in found.series("herb", B.herb).points if point.value is not None]
    assert entered[0].day >= day("2026-01-01")


@settings(max_examples=60)
@given(
    size=st.lists(st.integers(0, 100), min_size=1, max_size=12), share=st.sampled_from(["0.5", "0.85", "1"])
)
def test_the_selected_make_up_the_share_and_no_smaller_number_of_herbs_does(
    size: list[int], share: str
) -> None:
    sizes = np.array(size, dtype=float)
    found = selected(Selection(rule="share_of_quotes", share=share), tuple(map(str, range(len(size)))), sizes)
    wanted = float(share) * sizes.sum()
    assert sizes[found].sum() >= wanted - 1e-9
    largest = np.sort(sizes)[::-1][: max(int(found.sum()) - 1, 0)]
    assert largest.sum() < wanted or not found.any() or wanted == 0


CELLS = [Cell(f"h{herb}", "统", "", "亳州") for herb in range(8)]
CLASS_OF = {f"h{herb}": ("root", "flower", "leaf")[herb % 3] for herb in range(8)}
TREE = classify(CELLS, CLASS_OF)


@settings(max_examples=60)
@given(
    weights=st.lists(st.floats(0.01, 100), min_size=8, max_size=8),
    herb_cap=st.sampled_from([0.2, 0.3, 1.0]),
    class_cap=st.sampled_from([0.4, 0.5, 1.0]),
)
def test_no_herb_and_no_class_is_above_its_cap(
    weights: list[float], herb_cap: float, class_cap: float
) -> None:
    given_weights = np.array(weights)
    found = capped(given_weights, TREE, herb_cap, class_cap)
    shares = found / found.sum()
    classes = np.bincount(np.array(TREE.class_of_herb), weights=shares)
    assert found.sum() == pytest.approx(given_weights.sum(), rel=1e-9)
    assert shares.max() <= herb_cap + 1e-6
    assert classes.max() <= class_cap + 1e-6
    if herb_cap == class_cap == 1:
        assert found.tolist() == weights


def test_a_cap_below_an_equal_share_becomes_the_equal_share() -> None:
    tree = classify(CELLS[:3], CLASS_OF)
    found = capped(np.array([8.0, 1.0, 1.0]), tree, 0.1, 0.2)
    assert (found / found.sum()).tolist() == pytest.approx([1 / 3] * 3)


def test_the_families_of_today_are_the_second_versions_and_the_first_still_stand() -> None:
    assert family("bozhou").method_id == "bozhou@2"
    assert family("herbs", datetime.date(2025, 6, 1)).method_id == "herbs@2"
    assert family_version("herbs-turnover@1").digits.kept == 8


def test_a_renewal_whose_month_has_no_quotes_waits_for_the_first_link_after_it() -> None:
    """白芍 doubles in June, December is without quotes: shares are equal again from the end of January."""
    until = "2026-03-10"
    rise = {"2025-01-01": 100, "2025-06-01": 200, "2026-02-01": 400}

    def without_december(prices: dict[str, int]) -> dict[str, int]:
        return {text: fen for text, fen in prices.items() if not text.startswith("2025-12")}

    prices = {A: without_december(flat(rise, until)), B: without_december(flat({"2025-01-01": 700}, until))}
    yearly = dataclasses.replace(OLD, weights=Weights(rule="declared_equal", renewed="yearly", month=12))
    found = computed(prices, yearly)
    assert values(found)[-1] == 1500 * 1.5
    later = {A: without_december(flat(rise | {"2026-01-01": 400}, until)), B: prices[B]}
    assert values(computed(later, yearly))[-1] == 2500.0, "not before the end of January"


def test_a_set_that_is_in_is_not_linked_in_again_and_weighs_what_enters() -> None:
    """The base of June has the set of March, so December renews nothing."""
    weights = Weights(rule="turnover", unit="grade", renewed="yearly", month=12)
    chosen = dataclasses.replace(family_version("herbs-turnover@1"), weights=weights)
    old = turnover("2024-01-01", "2023-01-01", "2023-12-31", A=1, B=9)
    in_use = turnover("2025-03-01", "2024-01-01", "2024-12-31", A=1, B=1)
    prices = {
        A: {f"{year}-{month:02}-10": 100 if (year, month) < (2025, 9) else 200
            for year, month in [*((2025, month) for month in range(6, 13)), (2026, 1)]},
    }  # fmt: skip
    prices[A]["2026-02-10"] = 400
    prices[B] = dict.fromkeys(prices[A], 700)
    found = computed(prices, chosen, old, in_use)
    assert values(found)[-1] == 2500.0, "the price-updated weights of two to one stay"


def test_what_enters_is_weighed_by_the_set_that_is_in_and_not_by_one_to_come() -> None:
    """茯苓 enters in August with the share of the set in force since June, not of the one of July."""
    weights = Weights(rule="turnover", unit="grade", renewed="yearly", month=12)
    chosen = dataclasses.replace(family_version("herbs-turnover@1"), weights=weights)
    in_use = turnover("2025-03-01", "2024-01-01", "2024-12-31", A=1, B=1)
    to_come = turnover("2025-07-01", "2025-01-01", "2025-06-30", A=1, B=99)
    a = {f"2025-{month:02}-10": 100 for month in range(6, 10)}
    b = {"2025-08-10": 700, "2025-09-10": 1400}
    assert values(computed({A: a, B: b}, chosen, in_use, to_come))[-1] == 1500.0


@settings(max_examples=4)
@given(least=st.integers(1, 4))
def test_a_node_that_rests_on_fewer_cells_than_the_text_asks_is_not_told(least: int) -> None:
    """白芍 has three cells in two grades, 茯苓 one; the composite has its own minimum."""
    prices = {A: flat({"2025-01-01": 100}), A2: flat({"2025-01-01": 300}), B: flat({"2025-01-01": 700})}
    prices[Cell("白芍", "统", "四川", "亳州")] = flat({"2025-01-01": 200})
    strict = dataclasses.replace(OLD, minimum=OLD.minimum.model_copy(update={"node_cells": least}))
    found = computed(prices, strict)
    cells = {"白芍|统": 2, "白芍|选": 1, "茯苓|丁": 1, "白芍": 3, "茯苓": 1}
    for node, count in cells.items():
        told_values = set(values(found, "grade" if "|" in node else "herb", node))
        assert told_values == ({1000.0} if count >= least else {None})
    assert set(values(found)) == {1000.0}
